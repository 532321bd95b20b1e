import { css, html, LitElement, nothing } from 'lit';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { icons } from '../icons.ts';
import { base } from '../styles.ts';

export interface MenuItem {
  id: string;
  label: string;
  danger?: boolean;
  /** Stands in a row with its like, above the others; `on`: it is chosen already. */
  glyph?: unknown;
  on?: boolean;
}

/** Inline pixels that a menu takes, about; with a row of glyphs, more. */
const WIDTH = 180;
const ROW_WIDTH = 270;
/** Pixels that it keeps from the edge where neither side has room for it. */
const EDGE = 8;

/**
 * A "more" button with a menu, or the menu of a button elsewhere. Says `pick` with the item's id. Arrow keys, Home, End, Escape as in
 * every menu.
 */
export class Menu extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        position: relative;
        flex: none;
      }
      .menu {
        position: absolute;
        inset-block-start: calc(100% + 4px);
        inset-inline-end: 0;
        z-index: 3;
        min-inline-size: 168px;
        padding: 6px;
        border-radius: 14px;
        background: var(--ct-surface);
        border: 1px solid var(--ct-border);
        box-shadow: 0 12px 32px -6px rgb(16 24 40 / 0.24);
      }
      .menu.start {
        inset-inline: 0 auto;
      }
      .menu.up {
        inset-block: auto calc(100% + 4px);
      }
      .item {
        display: block;
        inline-size: 100%;
        padding: 8px 10px;
        border-radius: 9px;
        white-space: nowrap;
        color: var(--ct-text);
      }
      .glyphs {
        display: flex;
        padding-block-end: 6px;
        margin-block-end: 6px;
        border-block-end: 1px solid var(--ct-border);
      }
      .item.glyph {
        display: grid;
        place-items: center;
        inline-size: 36px;
        block-size: 36px;
        padding: 0;
        font-size: 20px;
        line-height: 1;
      }
      .item.glyph[aria-checked='true'] {
        background: var(--ct-accent-soft);
        box-shadow: inset 0 0 0 1px var(--ct-accent);
      }
      .item.danger {
        color: var(--ct-danger);
      }
      .item:focus-visible {
        outline-offset: -2px;
      }
      @media (hover: hover) {
        .item:hover {
          background: var(--ct-surface-2);
        }
      }
      @media (pointer: coarse) {
        .item {
          padding-block: 12px;
        }
        .item.glyph {
          inline-size: 44px;
          block-size: 44px;
          font-size: 24px;
        }
      }
    `,
  ];

  static override properties = {
    label: { attribute: false },
    items: { attribute: false },
    open: { state: true },
    up: { state: true },
    start: { state: true },
    opener: { state: true },
  };

  declare label: string;
  declare items: readonly MenuItem[];
  declare open: boolean;
  declare up: boolean;
  declare start: boolean;
  /** The button elsewhere that has opened it. */
  declare opener: HTMLElement | null;

  constructor() {
    super();
    this.label = '';
    this.items = [];
    this.open = false;
    this.up = false;
    this.start = false;
    this.opener = null;
    this.addEventListener('focusout', (event) => {
      if (!(event.relatedTarget instanceof Node && this.renderRoot.contains(event.relatedTarget))) this.open = false;
    });
  }

  /** Opens where it stands now, for a button elsewhere, which gets the focus back. */
  async openFor(opener: HTMLElement): Promise<void> {
    if (this.opener) this.opener.ariaExpanded = 'false';
    this.opener = opener;
    await this.#show(0);
  }

  /** Closes it, and the focus goes to where it came from. */
  close(): void {
    if (this.open) this.#close();
  }

  protected override updated(): void {
    if (this.opener) this.opener.ariaExpanded = this.open ? 'true' : 'false';
  }

  protected override render() {
    return html`${this.opener ? nothing : this.#button()}
    ${
      this.open
        ? html`<div
            class="menu ${this.up ? 'up' : ''} ${this.start ? 'start' : ''}"
            part="menu"
            role="menu"
            aria-label=${this.label}
            @keydown=${this.#onKeydown}
          >
            ${this.items.some(isGlyph) ? html`<div class="glyphs" role="group">${this.items.filter(isGlyph).map(this.#item)}</div>` : nothing}
            ${this.items.filter((item) => !isGlyph(item)).map(this.#item)}
          </div>`
        : nothing
    }`;
  }

  readonly #item = (item: MenuItem) =>
    html`<button
      class="item ${item.danger ? 'danger' : ''} ${isGlyph(item) ? 'glyph' : ''}"
      role=${item.on === undefined ? 'menuitem' : 'menuitemcheckbox'}
      aria-checked=${item.on === undefined ? nothing : item.on ? 'true' : 'false'}
      aria-label=${isGlyph(item) ? item.label : nothing}
      tabindex="-1"
      @click=${() => {
        this.#close();
        say(this, 'pick', { id: item.id });
      }}
    >
      ${item.glyph ?? item.label}
    </button>`;

  #button() {
    return html`<button
      class="icon"
      aria-label=${this.label}
      aria-haspopup="menu"
      aria-expanded=${this.open ? 'true' : 'false'}
      @click=${() => (this.open ? this.#close() : void this.#show(0))}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
        event.preventDefault();
        void this.#show(event.key === 'ArrowDown' ? 0 : -1);
      }}
    >
      ${icons.more}
    </button>`;
  }

  async #show(index: number): Promise<void> {
    // Safari does not focus a clicked button, and closing listens to focus.
    this.#origin?.focus({ preventScroll: true });
    const within = this.offsetParent?.getBoundingClientRect() ?? document.documentElement.getBoundingClientRect();
    const own = this.getBoundingClientRect();
    const glyphs = this.items.filter(isGlyph).length;
    const lines = this.items.length - glyphs + Math.sign(glyphs) * 1.3;
    this.up = within.bottom - own.bottom < lines * 40 + 24;
    const width = glyphs > 0 ? ROW_WIDTH : WIDTH;
    this.start = this.matches(':dir(rtl)') ? within.right - own.left < width : own.right - within.left < width;
    this.open = true;
    await this.updateComplete;
    const menu = this.renderRoot.querySelector<HTMLElement>('.menu');
    const box = menu?.getBoundingClientRect();
    if (menu && box) {
      const over = Math.min(0, within.right - EDGE - box.right) || Math.max(0, within.left + EDGE - box.left);
      if (over !== 0) menu.style.translate = `${String(over)}px`;
    }
    this.#entries().at(index)?.focus();
  }

  #close(): void {
    this.open = false;
    this.#origin?.focus({ preventScroll: true });
  }

  get #origin(): HTMLElement | null {
    return this.opener ?? this.renderRoot.querySelector<HTMLElement>('.icon');
  }

  #entries(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('.item')];
  }

  readonly #onKeydown = (event: KeyboardEvent): void => {
    const entries = this.#entries();
    const at = entries.findIndex((entry) => entry.matches(':focus'));
    const inRow = entries[at]?.matches('.glyph') === true;
    const glyphs = this.items.filter(isGlyph).length;
    const along = this.matches(':dir(rtl)') ? -1 : 1;
    const beside = inRow ? { ArrowRight: at + along, ArrowLeft: at - along } : {};
    const down = inRow ? glyphs : at + 1;
    const up = inRow ? -1 : at - 1;
    const places: Partial<Record<string, number>> = { ArrowDown: down, ArrowUp: up, Home: 0, End: -1, ...beside };
    const next = places[event.key];
    if (event.key === 'Tab') {
      // On from the button, as if the menu had not been there.
      this.#close();
      return;
    }
    if (event.key === 'Escape') this.#close();
    else if (next !== undefined) entries.at(next % entries.length)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

const isGlyph = ({ glyph }: MenuItem): boolean => glyph !== undefined;

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-menu': Menu;
  }
}

define('co-talk-menu', Menu);
