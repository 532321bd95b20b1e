import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Width in px from which list and room stand side by side. */
const WIDE = 720;

/** Fits the panel to its box and to what the on-screen keyboard leaves of the screen. */
export class PanelFit implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #find: () => HTMLElement | null;
  #panel: HTMLElement | null = null;
  #observer: ResizeObserver | undefined;
  /** Wide enough for two panes. */
  wide = false;

  /** `find`: the panel, while there is one. */
  constructor(host: ReactiveControllerHost, find: () => HTMLElement | null) {
    this.#host = host;
    this.#find = find;
    host.addController(this);
  }

  hostConnected(): void {
    globalThis.visualViewport?.addEventListener('resize', this.#onViewport);
    globalThis.visualViewport?.addEventListener('scroll', this.#onViewport);
  }

  hostUpdated(): void {
    const panel = this.#find();
    if (panel === this.#panel) return;
    this.#observer?.disconnect();
    this.#panel = panel;
    if (!panel) return;
    this.#onViewport();
    this.#observer = new ResizeObserver(([entry]) => {
      const wide = (entry?.contentRect.width ?? 0) >= WIDE;
      if (wide === this.wide) return;
      this.wide = wide;
      this.#host.requestUpdate();
    });
    this.#observer.observe(panel);
  }

  hostDisconnected(): void {
    globalThis.visualViewport?.removeEventListener('resize', this.#onViewport);
    globalThis.visualViewport?.removeEventListener('scroll', this.#onViewport);
    this.#observer?.disconnect();
    this.#panel = null;
  }

  readonly #onViewport = (): void => {
    const viewport = globalThis.visualViewport;
    // A zoomed page also has a small visual viewport, but no keyboard.
    if (!this.#panel || !viewport || viewport.scale > 1.01) return;
    this.#panel.style.setProperty('--ct-visible', `${viewport.height}px`);
    this.#panel.style.setProperty('--ct-top', `${viewport.offsetTop}px`);
  };
}
