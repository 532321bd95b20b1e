import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Store } from '@co-talk/sdk';

/**
 * The only bridge between the SDK's stores and Lit: the host renders again whenever the watched store changes,
 * and listens only while it is in the document.
 *
 * ```ts
 * readonly #rooms = new StoreController<RoomsState>(this);
 * willUpdate() { this.#rooms.watch(this.client.rooms.store); }
 * render() { return this.#rooms.value?.rooms.length; }
 * ```
 */
export class StoreController<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #onChange: ((value: T) => void) | undefined;
  #store: Store<T> | undefined;
  #stop: (() => void) | undefined;
  #connected = false;

  /** `onChange` is called with every value, the current one at once, before the host renders. */
  constructor(host: ReactiveControllerHost, onChange?: (value: T) => void) {
    this.#host = host;
    this.#onChange = onChange;
    host.addController(this);
  }

  /** The store's current value; `undefined` while none is watched. */
  get value(): T | undefined {
    return this.#store?.get();
  }

  /** Follow this store from now on; the same one again changes nothing. */
  watch(store: Store<T> | undefined): void {
    if (store === this.#store) return;
    this.#stop?.();
    this.#stop = undefined;
    this.#store = store;
    if (this.#connected) this.#start();
  }

  hostConnected(): void {
    this.#connected = true;
    this.#start();
  }

  hostDisconnected(): void {
    this.#connected = false;
    this.#stop?.();
    this.#stop = undefined;
  }

  #start(): void {
    this.#stop = this.#store?.subscribe((value) => {
      this.#onChange?.(value);
      this.#host.requestUpdate();
    });
  }
}
