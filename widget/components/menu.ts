import { css, html, LitElement, nothing } from 'lit';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { icons } from '../icons.ts';
import { base } from '../styles.ts';

export interface MenuItem {
  id: string;
  label: string;
  danger?: boolean;
}

/** Inline pixels that a menu takes, about. */
const WIDTH = 180;

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
            ${this.items.map(
              (item) =>
                html`<button
                  class="item ${item.danger ? 'danger' : ''}"
                  role="menuitem"
                  tabindex="-1"
                  @click=${() => {
                    this.#close();
                    say(this, 'pick', { id: item.id });
                  }}
                >
                  ${item.label}
                </button>`,
            )}
          </div>`
        : nothing
    }`;
  }

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
    this.up = within.bottom - own.bottom < this.items.length * 40 + 24;
    this.start = this.matches(':dir(rtl)') ? within.right - own.left < WIDTH : own.right - within.left < WIDTH;
    this.open = true;
    await this.updateComplete;
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
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
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

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-menu': Menu;
  }
}

define('co-talk-menu', Menu);
