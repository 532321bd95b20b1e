import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Closer to the end than this, in px, counts as reading the newest message. */
const NEAR_END = 64;
/** Height in px above and below the view in which rows are drawn, and how much of it must be left before more are. */
const AHEAD = 800;
const LEFT = 300;
/** Time in ms that a smooth way to the end takes at most. */
const GLIDE = 800;

export interface HistoryHost extends ReactiveControllerHost {
  /** Render now, in this task: rows and scroll position must change in one paint. */
  flush(): void;
  /** The scrolling element, the element as tall as all rows, and the box of the rows that are drawn. */
  parts(): { scroller: HTMLElement; sizer: HTMLElement; box: HTMLElement } | null;
}

/** What is laid out. */
export interface HistoryLayout {
  keys: readonly string[];
  /** First guess of a row's height in px. */
  estimate: (index: number) => number;
  /** Room kept free above and below the rows, in px. */
  before: number;
  after: number;
  /** Whether the end stays in view while rows come in there: not while they are only a page on the way to it. */
  follow: boolean;
}

/**
 * Draws only the rows in view, of any number. The scroller is a reversed column: its position counts from the end of the
 * content, so whatever comes in or changes height above the view moves nothing, without a correction that could stop a
 * fling. Only what changes below the view has to be made up for.
 */
export class History implements ReactiveController {
  readonly #host: HistoryHost;
  readonly #measured = new Map<string, number>();
  readonly #observed = new Set<Element>();
  #layout: HistoryLayout = { keys: [], estimate: () => 40, before: 0, after: 0, follow: true };
  #heights: number[] = [];
  /** Distance in px from the end of the content to the lower edge of each row. */
  #below = new Float64Array(0);
  #total = 0;
  #from = 0;
  #to = -1;
  #pinned = true;
  /** A row in the middle of the view, and how far its lower edge is above that of the view. */
  #anchor: { key: string; gap: number } | null = null;
  #target: { key: string; middle: boolean } | null = null;
  #observer: ResizeObserver | undefined;
  #delivering = false;
  #rounds = 0;
  #glidingUntil = 0;

  constructor(host: HistoryHost) {
    this.#host = host;
    host.addController(this);
  }

  /** First and last row to draw; the last is before the first where there are none. */
  get range(): { from: number; to: number } {
    return { from: this.#from, to: this.#to };
  }

  /** Whether the newest row is in view, or nearly. */
  get pinned(): boolean {
    return this.#pinned;
  }

  /** Call before rendering. */
  lay(layout: HistoryLayout): void {
    const before = this.#layout.keys;
    this.#layout = layout;
    if (layout.keys !== before) this.#heights = this.#carry(before, layout.keys);
    this.#sum();
    const view = this.#view();
    // Above where the row being read will be, not where the content that has changed under the view is now.
    const anchor = this.#pinned && layout.follow ? -1 : this.#indexOf(this.#anchor?.key);
    const bottom =
      anchor < 0 ? (this.#pinned && layout.follow ? 0 : view.bottom) : this.#belowOf(anchor) - (this.#anchor?.gap ?? 0);
    this.#draw(Math.max(0, bottom), view.height);
  }

  toEnd(smooth = false): void {
    this.#pinned = true;
    this.#anchor = null;
    this.#target = null;
    const scroller = this.#host.parts()?.scroller;
    const near = scroller !== undefined && -scroller.scrollTop < scroller.clientHeight * 3;
    this.#glidingUntil = smooth && near ? performance.now() + GLIDE : 0;
    scroller?.scrollTo({ top: 0, behavior: smooth && near ? 'smooth' : 'instant' });
  }

  /** Bring a row to the top of the view, or to its middle. */
  toIndex(index: number, middle = false): void {
    const key = this.#layout.keys[index];
    if (key === undefined) return;
    this.#pinned = false;
    this.#target = { key, middle };
    this.#host.requestUpdate();
  }

  /** Call on every scroll event of the scroller. */
  scrolled(): void {
    const { bottom, height } = this.#view();
    this.#pinned = bottom <= NEAR_END;
    this.#remember(bottom, height);
    const from = this.#at(bottom + height + LEFT);
    const to = this.#at(Math.max(0, bottom - LEFT));
    if (from < this.#from || to > this.#to) this.#host.flush();
  }

  hostUpdated(): void {
    const parts = this.#host.parts();
    if (!parts) return;
    const changed = this.#measure(parts.box);
    if (changed) this.#sum();
    parts.sizer.style.height = `${this.#total}px`;
    parts.box.style.transform = `translateY(${-this.#belowOf(this.#to)}px)`;
    this.#settle(parts.scroller);
    this.#watch(parts.scroller, parts.box);
    const { bottom, height } = this.#view();
    const covered = !this.#heights.length || (this.#at(bottom + height) >= this.#from && this.#at(bottom) <= this.#to);
    if (covered && !changed) this.#target = null;
    if (covered && !this.#target) this.#rounds = 0;
    else this.#again();
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
    this.#observed.clear();
  }

  /** Draw once more before the next paint; should that never come to rest, the page must still breathe. */
  #again(): void {
    if (++this.#rounds < 5) this.#host.requestUpdate();
    else requestAnimationFrame(() => this.#host.requestUpdate());
  }

  /** Heights for new keys: those of the old ones moved along, where rows only came in at the ends. */
  #carry(before: readonly string[], now: readonly string[]): number[] {
    const shift = now.indexOf(before[0] ?? '');
    if (shift >= 0 && before.length && now[shift + before.length - 1] === before.at(-1)) {
      const { estimate } = this.#layout;
      const head = Array.from({ length: shift }, (_, i) => this.#height(now, i, estimate));
      const rest = now.length - shift - before.length;
      const tail = Array.from({ length: rest }, (_, i) => this.#height(now, shift + before.length + i, estimate));
      return [...head, ...this.#heights, ...tail];
    }
    return now.map((_, i) => this.#height(now, i, this.#layout.estimate));
  }

  #height(keys: readonly string[], index: number, estimate: (index: number) => number): number {
    return this.#measured.get(keys[index] ?? '') ?? estimate(index);
  }

  #sum(): void {
    const count = this.#heights.length;
    if (this.#below.length !== count) this.#below = new Float64Array(count);
    let sum = this.#layout.after;
    for (let i = count - 1; i >= 0; i--) {
      this.#below[i] = sum;
      sum += this.#heights[i] ?? 0;
    }
    this.#total = sum + this.#layout.before;
  }

  #belowOf(index: number): number {
    return this.#below[index] ?? 0;
  }

  #indexOf(key: string | undefined): number {
    return key === undefined ? -1 : this.#layout.keys.lastIndexOf(key);
  }

  /** The row at a distance from the end of the content. */
  #at(distance: number): number {
    let low = 0;
    let high = this.#below.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#belowOf(middle) <= distance) high = middle;
      else low = middle + 1;
    }
    return Math.max(0, low);
  }

  #view(): { bottom: number; height: number } {
    const scroller = this.#host.parts()?.scroller;
    // Past the end, in the bounce, is at the end.
    return { bottom: Math.max(0, -(scroller?.scrollTop ?? 0)), height: scroller?.clientHeight ?? AHEAD };
  }

  #draw(bottom: number, height: number): void {
    const count = this.#layout.keys.length;
    this.#from = count ? this.#at(bottom + height + AHEAD) : 0;
    this.#to = count ? this.#at(Math.max(0, bottom - AHEAD)) : -1;
  }

  #remember(bottom: number, height: number): void {
    const index = this.#at(bottom + height / 2);
    const key = this.#layout.keys[index];
    this.#anchor = key === undefined ? null : { key, gap: this.#belowOf(index) - bottom };
  }

  /** Take the heights of the rows that are drawn; whether any was another than thought. */
  #measure(box: HTMLElement): boolean {
    let changed = false;
    Array.from(box.children).forEach((row, i) => {
      changed = this.#take(this.#from + i, row.getBoundingClientRect().height) || changed;
    });
    return changed;
  }

  #take(index: number, height: number): boolean {
    const key = this.#layout.keys[index];
    if (key === undefined || height === 0) return false;
    this.#measured.set(key, height);
    const changed = Math.abs((this.#heights[index] ?? 0) - height) > 0.01;
    this.#heights[index] = height;
    return changed;
  }

  /** Put the view where it belongs: at the end, at what was asked for, or where the row being read has gone. */
  #settle(scroller: HTMLElement): void {
    const target = this.#indexOf(this.#target?.key);
    const anchor = this.#anchor ? this.#indexOf(this.#anchor.key) : -1;
    let bottom = -scroller.scrollTop;
    if (target >= 0) {
      const above = (this.#heights[target] ?? 0) - scroller.clientHeight;
      bottom = this.#belowOf(target) + (this.#target?.middle ? above / 2 : above);
    } else if (this.#pinned && this.#layout.follow) bottom = 0;
    else if (anchor >= 0 && this.#anchor) bottom = this.#belowOf(anchor) - this.#anchor.gap;
    bottom = Math.max(0, bottom);
    // On the way to the end a correction would stop it, and nobody is reading.
    const gliding = performance.now() < this.#glidingUntil;
    if (!gliding && Math.abs(-scroller.scrollTop - bottom) > 0.5) scroller.scrollTop = -bottom;
    this.#remember(Math.max(0, -scroller.scrollTop), scroller.clientHeight);
  }

  #watch(scroller: HTMLElement, box: HTMLElement): void {
    this.#observer ??= new ResizeObserver(() => {
      this.#delivering = true;
      this.#host.flush();
      this.#delivering = false;
    });
    for (const element of this.#observed) {
      if (element.isConnected) continue;
      this.#observer.unobserve(element);
      this.#observed.delete(element);
    }
    const observe = () => {
      for (const element of [scroller, ...box.children]) {
        if (this.#observed.has(element) || !element.isConnected) continue;
        this.#observed.add(element);
        this.#observer?.observe(element);
      }
    };
    // Rows that begin to be observed during a delivery make the browser complain of a loop.
    if (this.#delivering) requestAnimationFrame(observe);
    else observe();
  }
}
