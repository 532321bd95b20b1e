import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Something of the server's that a view shows: loaded when the view appears, and again when it is asked to. */
export class Resource<T> implements ReactiveController {
  value: T | undefined;
  error: unknown;

  readonly #host: ReactiveControllerHost;
  readonly #load: () => Promise<T>;
  readonly #everyMs: number | null;
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #connected = false;

  /** @param everyMs loads it again after so many milliseconds, while the page can be seen */
  constructor(host: ReactiveControllerHost, load: () => Promise<T>, everyMs: number | null = null) {
    this.#host = host;
    this.#load = load;
    this.#everyMs = everyMs;
    host.addController(this);
  }

  hostConnected(): void {
    this.#connected = true;
    document.addEventListener('visibilitychange', this.#onSeen);
    // Properties are set after the host is in the page.
    queueMicrotask(() => void this.reload());
  }

  hostDisconnected(): void {
    this.#connected = false;
    document.removeEventListener('visibilitychange', this.#onSeen);
    clearTimeout(this.#timer);
  }

  /** Takes what is known already, such as the answer to a change. */
  set(value: T): void {
    this.#asked += 1;
    this.value = value;
    this.error = undefined;
    this.#host.requestUpdate();
  }

  /** Never rejects: what went wrong is in `error`, and what was known stays. */
  async reload(): Promise<void> {
    if (!this.#connected) return;
    clearTimeout(this.#timer);
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const value = await this.#load();
      if (asked === this.#asked) this.set(value);
    } catch (error) {
      if (asked === this.#asked) this.error = error;
      this.#host.requestUpdate();
    }
    this.#wait();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    if (this.#everyMs === null || !this.#connected || document.visibilityState === 'hidden') return;
    this.#timer = setTimeout(() => void this.reload(), this.#everyMs);
  }

  readonly #onSeen = (): void => {
    if (this.#everyMs === null) return;
    if (document.visibilityState === 'visible') void this.reload();
    else clearTimeout(this.#timer);
  };
}

/** A list that goes on page by page. */
export interface Rows<T> {
  items: T[];
  next: string | null;
}

/** The rows known so far and a further page of them. */
export function joined<T>(before: Rows<T>, more: Rows<T>): Rows<T> {
  return { items: [...before.items, ...more.items], next: more.next };
}
