import { css } from 'lit';

/** How the buttons look that stand beside messages. They take no room from the bubbles. */
export const toolStyles = css`
  .tool {
    align-self: center;
    inline-size: 28px;
    block-size: 28px;
    margin-inline-end: -36px;
    opacity: 0;
  }
  .own .tool {
    order: -1;
    margin-inline: -36px 0;
  }
  .row:hover .tool,
  .row:focus-within .tool,
  .tool[aria-expanded='true'] {
    opacity: 1;
  }
  @media (pointer: coarse) {
    /* Held bubbles open the menu, and do not mark words. */
    .tool:not(:focus-visible) {
      pointer-events: none;
      opacity: 0 !important;
    }
    .line {
      touch-action: pan-y;
    }
    .bubble {
      -webkit-touch-callout: none;
      -webkit-user-select: none;
      user-select: none;
    }
  }
`;

/** Milliseconds for which a bubble is held, and pixels that the finger may move. */
const HOLD_MS = 450;
const STILL_PX = 10;

const toolIn = (row: Element | null | undefined): HTMLElement | null | undefined =>
  row?.querySelector<HTMLElement>('.tool');

/** A bubble that is held opens its menu, as its button does. */
export class LongPress {
  readonly #root: ShadowRoot;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #from = { x: 0, y: 0 };
  #held = false;

  constructor(root: ShadowRoot) {
    this.#root = root;
    for (const [type, listener] of this.#listeners) root.addEventListener(type, listener);
  }

  readonly stop = (): void => {
    clearTimeout(this.#timer);
    for (const [type, listener] of this.#listeners) this.#root.removeEventListener(type, listener);
  };

  readonly #onDown = (event: Event): void => {
    this.#held = false;
    clearTimeout(this.#timer);
    if (!(event instanceof PointerEvent) || event.pointerType !== 'touch' || !event.isPrimary) return;
    const on = event.target instanceof Element ? event.target : null;
    // Links have a menu of the browser's own.
    const tool = on?.closest('.bubble') && !on.closest('a') ? toolIn(on.closest('.row')) : null;
    if (!tool) return;
    this.#from = { x: event.clientX, y: event.clientY };
    this.#timer = setTimeout(() => {
      this.#held = true;
      tool.click();
    }, HOLD_MS);
  };

  readonly #onMove = (event: Event): void => {
    if (!(event instanceof PointerEvent)) return;
    if (Math.hypot(event.clientX - this.#from.x, event.clientY - this.#from.y) > STILL_PX) clearTimeout(this.#timer);
  };

  readonly #onEnd = (): void => clearTimeout(this.#timer);

  /** What the browser would open for the same finger. */
  readonly #onContextMenu = (event: Event): void => {
    if (this.#held) event.preventDefault();
  };

  readonly #listeners: readonly [string, (event: Event) => void][] = [
    ['pointerdown', this.#onDown],
    ['pointermove', this.#onMove],
    ['pointerup', this.#onEnd],
    ['pointercancel', this.#onEnd],
    ['contextmenu', this.#onContextMenu],
  ];
}

/**
 * The buttons by keyboard: one of them is on the way of the Tab key, at first that of the lowest message in view; the arrow keys go from
 * message to message, and Escape back to the history.
 */
export class RovingTools {
  readonly #root: ShadowRoot;
  #current: HTMLElement | null = null;

  constructor(root: ShadowRoot) {
    this.#root = root;
    root.addEventListener('focusin', this.#onFocus);
    root.addEventListener('keydown', this.#onKeydown);
  }

  readonly stop = (): void => {
    this.#root.removeEventListener('focusin', this.#onFocus);
    this.#root.removeEventListener('keydown', this.#onKeydown);
  };

  get #scroller(): HTMLElement | null {
    return this.#root.querySelector<HTMLElement>('.scroller');
  }

  #tools(): HTMLElement[] {
    return [...this.#root.querySelectorAll<HTMLElement>('.tool')];
  }

  #choose(tool: HTMLElement | undefined): void {
    if (!tool || tool === this.#current) return;
    if (this.#current) this.#current.tabIndex = -1;
    this.#current = tool;
    tool.tabIndex = 0;
  }

  readonly #onFocus = ({ target }: Event): void => {
    if (!(target instanceof HTMLElement)) return;
    if (target.matches('.tool')) this.#choose(target);
    if (target !== this.#scroller) return;
    const { bottom } = target.getBoundingClientRect();
    this.#choose(this.#tools().findLast((tool) => tool.getBoundingClientRect().bottom <= bottom));
  };

  readonly #onKeydown = (event: Event): void => {
    if (!(event instanceof KeyboardEvent) || !(event.target instanceof HTMLElement) || !event.target.matches('.tool'))
      return;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === 'Escape') this.#scroller?.focus();
    else if (step !== undefined) {
      const tools = this.#tools();
      tools[tools.indexOf(event.target) + step]?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

/** How far in px a message is pulled aside to answer it, and how far it follows the finger. */
const SWIPE_PX = 56;
const PULL_PX = 72;

/** A message that is pulled aside, in the direction of reading, is to be answered: its button hears `swipe`. */
export class SwipeReply {
  readonly #root: ShadowRoot;
  #line: HTMLElement | null = null;
  #from = { x: 0, y: 0 };
  #pulled = 0;

  constructor(root: ShadowRoot) {
    this.#root = root;
    for (const [type, listener] of this.#listeners) root.addEventListener(type, listener);
  }

  readonly stop = (): void => {
    for (const [type, listener] of this.#listeners) this.#root.removeEventListener(type, listener);
  };

  readonly #onDown = (event: Event): void => {
    this.#end();
    if (!(event instanceof PointerEvent) || event.pointerType !== 'touch' || !event.isPrimary) return;
    const on = event.target instanceof Element ? event.target.closest<HTMLElement>('.line') : null;
    if (!on || !toolIn(on)) return;
    this.#line = on;
    this.#from = { x: event.clientX, y: event.clientY };
  };

  readonly #onMove = (event: Event): void => {
    const line = this.#line;
    if (!(event instanceof PointerEvent) || !line) return;
    const [x, y] = [event.clientX - this.#from.x, event.clientY - this.#from.y];
    const along = line.matches(':dir(rtl)') ? -x : x;
    if (Math.abs(y) > Math.max(STILL_PX, along)) {
      this.#end();
      return;
    }
    this.#pulled = Math.min(PULL_PX, Math.max(0, along - STILL_PX));
    line.style.translate = `${String(Math.sign(x) * this.#pulled)}px`;
  };

  readonly #onUp = (): void => {
    const tool = this.#pulled >= SWIPE_PX - STILL_PX ? toolIn(this.#line) : null;
    this.#end();
    tool?.dispatchEvent(new CustomEvent('swipe'));
  };

  readonly #end = (): void => {
    this.#line?.style.removeProperty('translate');
    this.#line = null;
    this.#pulled = 0;
  };

  readonly #listeners: readonly [string, (event: Event) => void][] = [
    ['pointerdown', this.#onDown],
    ['pointermove', this.#onMove],
    ['pointerup', this.#onUp],
    ['pointercancel', this.#end],
  ];
}
