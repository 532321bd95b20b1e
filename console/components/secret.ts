import { css, html } from 'lit';
import { icons } from '../icons.ts';
import { View } from '../view.ts';
import './copy.ts';
import './dialog.ts';

/** A secret that is shown this once. Says `close` when it has been put away. */
export class Secret extends View {
  static override styles = [
    ...View.styles,
    css`
      .notice {
        margin-block-end: 16px;
      }
      .secret {
        display: flex;
        align-items: center;
        gap: 8px;
        padding: 8px 8px 8px 14px;
        border-radius: 12px;
        background: var(--surface-2);
        margin-block-end: 20px;
      }
      code {
        flex: 1;
        overflow-wrap: anywhere;
        user-select: all;
      }
    `,
  ];

  static override properties = { heading: { attribute: false }, secret: { attribute: false } };
  declare heading: string;
  declare secret: string;

  constructor() {
    super();
    this.heading = '';
    this.secret = '';
  }

  protected override render() {
    const { s } = this.l;
    const close = () => this.dispatchEvent(new Event('close'));
    return html`<ct-dialog .heading=${this.heading} .l=${this.l} .firm=${true} @close=${close}>
      <p class="notice">${icons.warn}<span>${s.secretOnce}</span></p>
      <div class="secret">
        <code>${this.secret}</code>
        <ct-copy .l=${this.l} .text=${this.secret} .label=${s.copySecret} .wide=${true}></ct-copy>
      </div>
      <button class="btn wide" @click=${close}>${s.stored}</button>
    </ct-dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-secret': Secret;
  }
}

customElements.define('ct-secret', Secret);
