import { css, html, LitElement } from 'lit';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { icons } from '../icons.ts';
import { messageStrings } from '../locales/messages.ts';
import { englishLocalizer, isolate, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';

/** What is being answered or changed, above the composer. Says `act` with `no` when it is not to be. */
export class ComposerContext extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex: none;
        align-items: center;
        gap: 8px;
        padding: 8px 10px 0;
        padding-inline-start: 12px;
      }
      .what {
        flex: 1;
        min-inline-size: 0;
        padding: 6px 12px;
        border-radius: 12px;
        border-inline-start: 3px solid var(--ct-accent);
        background: var(--ct-surface-2);
        font-size: 13px;
        line-height: 18px;
      }
      .what > * {
        overflow: hidden;
        white-space: nowrap;
        text-overflow: ellipsis;
      }
      b {
        display: block;
        font-weight: 600;
        color: var(--ct-accent);
      }
      p {
        color: var(--ct-text-2);
        unicode-bidi: isolate;
      }
      @media (forced-colors: active) {
        .what {
          border: 1px solid CanvasText;
        }
      }
    `,
  ];

  static override properties = {
    l: { attribute: false },
    kind: { attribute: false },
    name: { attribute: false },
    text: { attribute: false },
  };

  declare l: Localizer;
  declare kind: 'reply' | 'edit';
  /** Who wrote the message, and what. */
  declare name: string;
  declare text: string;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.kind = 'reply';
    this.name = '';
    this.text = '';
  }

  protected override render() {
    const m = messageStrings(this.l);
    const [title, cancel] =
      this.kind === 'reply' ? [m.replyTo(isolate(this.name)), m.cancelReply] : [m.editing, m.cancelEdit];
    return html`<div class="what" role="status">
        <b>${title}</b>
        <p dir="auto">${this.text || this.l.s.quotedFile}</p>
      </div>
      <button class="icon" aria-label=${cancel} @click=${() => say(this, 'act', { id: '', action: 'no' })}>
        ${icons.close}
      </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-composer-context': ComposerContext;
  }
}

define('co-talk-composer-context', ComposerContext);
