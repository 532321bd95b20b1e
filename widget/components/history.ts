import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer, type VirtualItem } from '@tanstack/virtual-core';

/** Closer to the end than this, in px, counts as reading the newest message. */
export const NEAR_END = 64;

export interface HistoryHost extends ReactiveControllerHost {
  /** Render now, in this task: rows and scroll position must change in one paint. */
  flush(): void;
  /** The scrolling element, the element as tall as all rows, and the box of the rows that are drawn. */
  parts(): { scroller: HTMLElement; sizer: HTMLElement; box: HTMLElement } | null;
}

/** What is laid out: rows by index, their keys and guessed heights, and the room kept free above and below, in px. */
export interface HistoryLayout {
  count: number;
  key: (index: number) => string;
  estimate: (index: number) => number;
  before: number;
  after: number;
}

/**
 * Draws only the rows in view of a list that is anchored at its end: the row being read stays where it is when older
 * rows come in above or rows change height, and the end stays in view while one is there.
 */
export class History implements ReactiveController {
  readonly #host: HistoryHost;
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  #layout: HistoryLayout = { count: 0, key: String, estimate: () => 40, before: 0, after: 0 };
  #drawing = false;
  #changed = false;
  #height = 0;
  #pinned = true;
  #resize: ResizeObserver | undefined;

  // Stable references: the virtualizer takes a new function for a new list and measures everything again.
  readonly #key = (index: number) => this.#layout.key(index);
  readonly #estimate = (index: number) => this.#layout.estimate(index);

  constructor(host: HistoryHost) {
    this.#host = host;
    this.#virtualizer = new Virtualizer(this.#options());
    host.addController(this);
  }

  /** The rows to draw. */
  get items(): VirtualItem[] {
    return this.#virtualizer.getVirtualItems();
  }

  /** Whether the newest row is in view, or nearly. */
  get pinned(): boolean {
    return this.#pinned;
  }

  /** Call before rendering. */
  lay(layout: HistoryLayout): void {
    this.#drawing = true;
    this.#layout = layout;
    this.#virtualizer.setOptions(this.#options());
  }

  toEnd(smooth = false): void {
    this.#pinned = true;
    this.#virtualizer.scrollToEnd({ behavior: smooth ? 'smooth' : 'auto' });
  }

  toIndex(index: number, align: 'start' | 'center'): void {
    this.#pinned = false;
    this.#virtualizer.scrollToIndex(index, { align });
  }

  /** Call on every scroll event of the scroller. */
  scrolled(): void {
    const scroller = this.#host.parts()?.scroller;
    if (scroller) this.#pinned = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight <= NEAR_END;
  }

  hostUpdated(): void {
    const parts = this.#host.parts();
    if (parts) {
      this.#place();
      this.#virtualizer._willUpdate();
      this.#watchHeight(parts.scroller);
      for (const row of parts.box.children) this.#virtualizer.measureElement(row as HTMLElement);
      this.#virtualizer.measureElement(null);
      this.#place();
    }
    this.#drawing = false;
    if (!this.#changed) return;
    this.#changed = false;
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#virtualizer._didMount()();
    this.#resize?.disconnect();
    this.#resize = undefined;
  }

  #options() {
    const { count, before, after } = this.#layout;
    return {
      count,
      paddingStart: before,
      paddingEnd: after,
      getItemKey: this.#key,
      estimateSize: this.#estimate,
      getScrollElement: () => this.#host.parts()?.scroller ?? null,
      initialOffset: Number.MAX_SAFE_INTEGER,
      overscan: 8,
      anchorTo: 'end' as const,
      followOnAppend: true,
      scrollEndThreshold: NEAR_END,
      observeElementRect,
      observeElementOffset,
      scrollToFn: elementScroll,
      onChange: () => {
        if (this.#drawing) this.#changed = true;
        // At once, even where it could wait: rows drawn in a microtask of a ResizeObserver's delivery upset the browser.
        else this.#host.flush();
      },
    };
  }

  #place(): void {
    const parts = this.#host.parts();
    if (!parts) return;
    const first = Number(parts.box.firstElementChild?.getAttribute('data-index') ?? -1);
    const start = this.items.find((item) => item.index === first)?.start;
    parts.sizer.style.height = `${this.#virtualizer.getTotalSize()}px`;
    if (start !== undefined) parts.box.style.transform = `translateY(${start}px)`;
  }

  /** The keyboard comes up, the composer grows: the last line in view stays the last line in view. */
  #watchHeight(scroller: HTMLElement): void {
    if (this.#resize) return;
    this.#height = scroller.clientHeight;
    this.#resize = new ResizeObserver(() => {
      const shrunk = this.#height - scroller.clientHeight;
      this.#height = scroller.clientHeight;
      if (shrunk === 0) return;
      if (this.#pinned) this.#virtualizer.scrollToEnd();
      else scroller.scrollTop += shrunk;
    });
    this.#resize.observe(scroller);
  }
}
