import { css, html, LitElement } from 'lit';
import { icons } from '../icons.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';

/** A window over the page: what stands inside of the element, under a heading. Says `close` when it is to go. */
export class Dialog extends LitElement {
  static override styles = [
    base,
    css`
      dialog {
        inline-size: min(520px, calc(100vw - 32px));
        max-block-size: calc(100dvh - 48px);
        padding: 0;
        border: 0;
        border-radius: 18px;
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
        overflow-y: auto;
        overscroll-behavior: contain;
      }
      dialog::backdrop {
        background: rgb(10 12 20 / 0.46);
      }
      header {
        display: flex;
        align-items: flex-start;
        gap: 12px;
        padding: 20px 16px 8px 24px;
      }
      h2 {
        flex: 1;
        padding-block: 2px;
        font-size: 18px;
        line-height: 26px;
        font-weight: 660;
        letter-spacing: -0.01em;
        overflow-wrap: anywhere;
      }
      .content {
        padding: 4px 24px 24px;
      }
      @media (max-width: 599px) {
        dialog {
          inline-size: 100vw;
          max-inline-size: 100vw;
          margin-block-end: 0;
          border-end-start-radius: 0;
          border-end-end-radius: 0;
          padding-block-end: env(safe-area-inset-bottom);
        }
      }
      @media (prefers-reduced-motion: no-preference) {
        dialog {
          animation: rise 0.16s ease-out;
        }
        @keyframes rise {
          from {
            opacity: 0;
            translate: 0 8px;
          }
        }
      }
    `,
  ];

  static override properties = { heading: { attribute: false }, l: { attribute: false }, firm: { attribute: false } };
  declare heading: string;
  /** A click beside it does not close it. */
  declare firm: boolean;
  declare l: Localizer;

  constructor() {
    super();
    this.heading = '';
    this.firm = false;
    this.l = englishLocalizer;
  }

  protected override render() {
    return html`<dialog
      aria-labelledby="heading"
      @close=${() => this.dispatchEvent(new Event('close'))}
      @click=${(event: MouseEvent) => {
        if (event.target === event.currentTarget && !this.firm) this.#close();
      }}
    >
      <header>
        <h2 id="heading">${this.heading}</h2>
        <button class="icon" aria-label=${this.l.s.close} @click=${() => this.#close()}>${icons.close}</button>
      </header>
      <div class="content"><slot></slot></div>
    </dialog>`;
  }

  protected override firstUpdated(): void {
    this.#dialog?.showModal();
    // The browser would take the button that closes it.
    const first = this.querySelector<HTMLElement>('[autofocus], input, select, textarea, button');
    first?.focus();
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  #close(): void {
    this.#dialog?.close();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-dialog': Dialog;
  }
}

customElements.define('ct-dialog', Dialog);
