import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Whether somebody is looking at the newest message: it is in view, the element is on the screen, the page in front. */
export class Reading implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #onReading: () => void;
  #observer: IntersectionObserver | undefined;
  #onScreen = true;
  #atEnd = false;

  /** `onReading` is called whenever it may have become true. */
  constructor(host: ReactiveControllerHost & Element, onReading: () => void) {
    this.#host = host;
    this.#onReading = onReading;
    host.addController(this);
  }

  get now(): boolean {
    return this.#atEnd && this.#onScreen && document.visibilityState === 'visible';
  }

  set atEnd(atEnd: boolean) {
    this.#atEnd = atEnd;
    this.check();
  }

  hostConnected(): void {
    document.addEventListener('visibilitychange', this.check);
    this.#observer = new IntersectionObserver(([entry]) => {
      this.#onScreen = entry?.isIntersecting === true;
      this.check();
    });
    this.#observer.observe(this.#host);
  }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.check);
    this.#observer?.disconnect();
  }

  readonly check = (): void => {
    if (this.now) this.#onReading();
  };
}
