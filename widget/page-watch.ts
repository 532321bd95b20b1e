import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Render again when the page's language or direction, or the person's colour scheme, changes. */
export class PageWatch implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  #scheme: MediaQueryList | undefined;
  #observer: MutationObserver | undefined;
  readonly #onChange = (): void => this.#host.requestUpdate();

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  /** Whether the person's system asks for dark colours. */
  get dark(): boolean {
    return this.#scheme?.matches === true;
  }

  /** The language of the place in the page where the element stands; the browser's where the page names none. */
  get lang(): string {
    let at: Element | null = this.#host;
    while (at) {
      const found: HTMLElement | null = at.closest<HTMLElement>('[lang]');
      if (found?.lang) return found.lang;
      const root: Node = at.getRootNode();
      at = root instanceof ShadowRoot ? root.host : null;
    }
    return navigator.language;
  }

  hostConnected(): void {
    this.#scheme = matchMedia('(prefers-color-scheme: dark)');
    this.#scheme.addEventListener('change', this.#onChange);
    this.#observer = new MutationObserver(this.#onChange);
    this.#observer.observe(document.documentElement, { attributeFilter: ['lang', 'dir'] });
  }

  hostDisconnected(): void {
    this.#scheme?.removeEventListener('change', this.#onChange);
    this.#observer?.disconnect();
  }
}
