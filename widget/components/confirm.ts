import { css, html, LitElement } from 'lit';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';

/** A question in place, before something that is not undone by itself. Says `act` with `yes` or `no`. */
export class Confirm extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        flex: none;
        margin: 4px 8px;
        padding: 12px 14px;
        border-radius: 14px;
        background: var(--ct-surface-2);
      }
      .acts {
        display: flex;
        justify-content: flex-end;
        gap: 8px;
        margin-block-start: 12px;
      }
      .btn.ghost {
        background: var(--ct-surface-3);
      }
      .btn:not(.ghost),
      .btn:not(.ghost):hover:not(:disabled) {
        background: var(--ct-danger);
        color: var(--ct-surface);
      }
    `,
  ];

  static override properties = { l: { attribute: false }, text: { attribute: false }, action: { attribute: false } };

  declare l: Localizer;
  declare text: string;
  declare action: string;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.text = '';
    this.action = '';
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('.ghost')?.focus();
  }

  protected override render() {
    return html`<div
      role="alertdialog"
      aria-labelledby="ask"
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        this.#answer('no');
      }}
    >
      <p id="ask">${this.text}</p>
      <div class="acts">
        <button class="btn ghost" @click=${() => this.#answer('no')}>${this.l.s.cancel}</button>
        <button class="btn" @click=${() => this.#answer('yes')}>${this.action}</button>
      </div>
    </div>`;
  }

  #answer(action: 'yes' | 'no'): void {
    say(this, 'act', { id: '', action });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-confirm': Confirm;
  }
}

define('co-talk-confirm', Confirm);
