import { css, html, LitElement, nothing } from 'lit';
import { LIMITS } from '@co-talk/sdk/protocol';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { icons } from '../icons.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';

/** A search field. Says `term-change` on every keystroke. */
export class SearchField extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex: none;
        align-items: center;
        gap: 8px;
        margin: 0 16px 8px;
        padding-inline: 12px 4px;
        block-size: 38px;
        border-radius: 12px;
        background: var(--ct-surface-2);
        color: var(--ct-text-3);
      }
      :host(:focus-within) {
        outline: 2px solid var(--ct-accent);
      }
      svg {
        inline-size: 17px;
        block-size: 17px;
      }
      input {
        flex: 1;
        min-inline-size: 0;
        block-size: 100%;
        color: var(--ct-text);
        appearance: none;
      }
      input::-webkit-search-cancel-button {
        display: none;
      }
      input::placeholder {
        color: var(--ct-text-3);
        opacity: 1;
      }
      input:focus-visible {
        outline: none;
      }
      button {
        inline-size: 30px;
        block-size: 30px;
        border-radius: 8px;
        display: grid;
        place-items: center;
      }
      @media (pointer: coarse) {
        :host {
          block-size: 44px;
        }
        input {
          font-size: 16px;
        }
        button {
          inline-size: 44px;
          block-size: 44px;
        }
      }
      @media (forced-colors: active) {
        :host {
          border: 1px solid ButtonText;
        }
      }
    `,
  ];

  static override properties = { l: { attribute: false }, label: { attribute: false }, term: { attribute: false } };

  declare l: Localizer;
  declare label: string;
  declare term: string;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.label = '';
    this.term = '';
  }

  override focus(): void {
    this.renderRoot.querySelector('input')?.focus();
  }

  protected override render() {
    return html`${icons.search}<input
        type="search"
        part="search"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        enterkeyhint="search"
        maxlength=${LIMITS.searchMax}
        aria-label=${this.label}
        placeholder=${this.label}
        .value=${this.term}
        @input=${(event: Event) => {
          if (event.target instanceof HTMLInputElement) say(this, 'term-change', { term: event.target.value });
        }}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key !== 'Escape' || !this.term) return;
          event.preventDefault();
          event.stopPropagation();
          say(this, 'term-change', { term: '' });
        }}
      />
      ${
        this.term
          ? html`<button
              aria-label=${this.l.s.clearSearch}
              @click=${() => {
                say(this, 'term-change', { term: '' });
                this.focus();
              }}
            >
              ${icons.close}
            </button>`
          : nothing
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-search-field': SearchField;
  }
}

define('co-talk-search-field', SearchField);
