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

/** A "more" button with a menu. Says `pick` with the item's id. Arrow keys, Home, End, Escape as in every menu. */
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
  };

  declare label: string;
  declare items: readonly MenuItem[];
  declare open: boolean;
  declare up: boolean;

  constructor() {
    super();
    this.label = '';
    this.items = [];
    this.open = false;
    this.up = false;
    this.addEventListener('focusout', (event) => {
      if (!(event.relatedTarget instanceof Node && this.renderRoot.contains(event.relatedTarget))) this.open = false;
    });
  }

  protected override render() {
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
      </button>
      ${
        this.open
          ? html`<div
              class="menu ${this.up ? 'up' : ''}"
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

  async #show(index: number): Promise<void> {
    // Safari does not focus a clicked button, and closing listens to focus.
    this.renderRoot.querySelector<HTMLElement>('.icon')?.focus();
    const room = this.offsetParent?.getBoundingClientRect().bottom ?? innerHeight;
    this.up = room - this.getBoundingClientRect().bottom < this.items.length * 40 + 24;
    this.open = true;
    await this.updateComplete;
    this.#entries().at(index)?.focus();
  }

  #close(): void {
    this.open = false;
    this.renderRoot.querySelector<HTMLElement>('.icon')?.focus();
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
