import type { ReactiveController, ReactiveControllerHost } from 'lit';

const SHOWN_MS = 5000;

/** A sentence for the person, shown for a moment. */
export class Notice implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #timer: ReturnType<typeof setTimeout> | undefined;
  text = '';

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  tell(text: string): void {
    clearTimeout(this.#timer);
    this.text = text;
    this.#host.requestUpdate();
    if (text) this.#timer = setTimeout(() => this.tell(''), SHOWN_MS);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
  }
}
