import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ConnectionStatus, Store } from '@co-talk/sdk';
import { StoreController } from './store-controller.ts';

/** Time in ms before a lost connection is spoken of: most come back at once. */
const PATIENCE = 1500;

/** Whether the connection has been away long enough to say so. */
export class Absence implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #status: StoreController<ConnectionStatus>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** `null` while all is well. */
  reason: 'offline' | 'connecting' | null = null;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    this.#status = new StoreController<ConnectionStatus>(host, () => this.#check());
    host.addController(this);
  }

  watch(status: Store<ConnectionStatus>): void {
    this.#status.watch(status);
  }

  hostConnected(): void {
    addEventListener('online', this.#check);
    addEventListener('offline', this.#check);
  }

  hostDisconnected(): void {
    removeEventListener('online', this.#check);
    removeEventListener('offline', this.#check);
    clearTimeout(this.#timer);
  }

  /** Without a network a socket may take a minute to notice; the browser knows at once. */
  readonly #check = (): void => {
    clearTimeout(this.#timer);
    const status = navigator.onLine ? this.#status.value : 'offline';
    if (status === 'online' || this.reason) this.#set(status);
    else this.#timer = setTimeout(() => this.#set(status), PATIENCE);
  };

  #set(status: ConnectionStatus | undefined): void {
    this.reason = status === 'online' || status === undefined ? null : status;
    this.#host.requestUpdate();
  }
}
