import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { countGraphemes, LIMITS } from '@co-talk/sdk/protocol';
import { define } from '../define.ts';
import { say, type InnerEvent } from '../events.ts';
import { icons } from '../icons.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';

/** Characters left at which the countdown begins. */
const COUNTDOWN = 100;
const MAX_HEIGHT = 120;

/** The field a message is written in. Says `send-text`, `draft-change`, `typing-change`. */
export class Composer extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        flex: none;
        padding: 8px 10px 12px;
        padding-inline-start: 12px;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: flex-end;
        gap: 8px;
      }
      ::slotted(co-talk-attach-view:not(:defined)) {
        inline-size: 36px;
      }
      textarea {
        flex: 1;
        min-inline-size: 0;
        min-block-size: 40px;
        max-block-size: ${MAX_HEIGHT}px;
        padding: 10px 16px;
        border-radius: 20px;
        background: var(--ct-surface-2);
        color: var(--ct-text);
        resize: none;
        overflow-y: hidden;
        overscroll-behavior: contain;
        scrollbar-width: thin;
        display: block;
      }
      textarea::placeholder {
        color: var(--ct-text-3);
        opacity: 1;
      }
      textarea:focus-visible {
        outline-width: 1.5px;
        outline-offset: -1.5px;
      }
      textarea[aria-invalid='true']:focus-visible {
        outline-color: var(--ct-danger);
      }
      .send {
        inline-size: 40px;
        block-size: 40px;
        flex: none;
        border-radius: 50%;
        background: var(--ct-accent);
        color: var(--ct-on-accent);
        display: grid;
        place-items: center;
      }
      .send:disabled {
        background: var(--ct-surface-2);
        color: var(--ct-text-3);
        opacity: 1;
      }
      .send svg {
        stroke-width: 2.2;
      }
      .note {
        padding: 4px 16px 0;
        font-size: 12px;
        line-height: 16px;
        color: var(--ct-text-3);
        font-variant-numeric: tabular-nums;
      }
      .note.over {
        color: var(--ct-danger);
        font-weight: 520;
      }
      @media (pointer: coarse) {
        textarea {
          font-size: 16px;
          min-block-size: 44px;
          padding-block: 12px;
          border-radius: 22px;
        }
        .send {
          inline-size: 44px;
          block-size: 44px;
        }
      }
      @media (prefers-reduced-motion: no-preference) {
        .send {
          transition: background-color 0.12s;
        }
      }
      @media (forced-colors: active) {
        textarea,
        .send {
          border: 1px solid ButtonText;
        }
      }
    `,
  ];

  static override properties = {
    l: { attribute: false },
    name: { attribute: false },
    draft: { attribute: false },
    limit: { attribute: false },
    value: { state: true },
    attached: { state: true },
  };

  declare l: Localizer;
  /** Whom the message is for, in the placeholder. */
  declare name: string;
  /** What the field begins with; a new value replaces what is typed. */
  declare draft: string;
  /** Graphemes a message may have. */
  declare limit: number;
  declare value: string;
  /** Files that the message will have. */
  declare attached: number;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.name = '';
    this.draft = '';
    this.limit = LIMITS.messageLength;
    this.value = '';
    this.attached = 0;
  }

  override focus(): void {
    this.#field()?.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('draft')) this.value = this.draft;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const field = this.#field();
    if (!field || !(changed.has('value') || changed.has('l'))) return;
    field.style.blockSize = 'auto';
    field.style.blockSize = `${field.scrollHeight}px`;
    field.style.overflowY = field.scrollHeight > MAX_HEIGHT ? 'auto' : 'hidden';
  }

  protected override render() {
    const { s } = this.l;
    const left = this.#left();
    const placeholder = s.messagePlaceholder(this.name);
    return html`
      <div class="bar" part="composer-bar">
        <slot name="attach" @attach-change=${this.#onAttach}></slot>
        <textarea
          part="input"
          rows="1"
          dir="auto"
          enterkeyhint="send"
          autocomplete="off"
          aria-label=${placeholder}
          aria-invalid=${left < 0 ? 'true' : nothing}
          aria-describedby=${left < COUNTDOWN ? 'note' : nothing}
          placeholder=${placeholder}
          .value=${this.value}
          @input=${this.#onInput}
          @keydown=${this.#onKeydown}
        ></textarea>
        <button
          class="send"
          part="send"
          aria-label=${s.send}
          ?disabled=${!this.#sendable()}
          @mousedown=${keepFocus}
          @click=${this.#send}
        >
          ${icons.send}
        </button>
      </div>
      ${
        left < COUNTDOWN
          ? html`<div id="note" class="note ${left < 0 ? 'over' : ''}" role=${left < 0 ? 'alert' : nothing}>
              ${left < 0 ? s.tooLong(String(-left)) : s.charactersLeft(String(left))}
            </div>`
          : nothing
      }
    `;
  }

  #field(): HTMLTextAreaElement | null {
    return this.renderRoot.querySelector('textarea');
  }

  #left(): number {
    // Graphemes never outnumber code units: short texts need no counting.
    if (this.value.length <= this.limit - COUNTDOWN) return this.limit;
    return this.limit - countGraphemes(this.value.trim());
  }

  #sendable(): boolean {
    return (this.value.trim() !== '' || this.attached > 0) && this.#left() >= 0;
  }

  readonly #onAttach = (event: InnerEvent<'attach-change'>): void => {
    this.attached = event.detail.count;
  };

  readonly #onInput = (event: Event): void => {
    if (!(event.target instanceof HTMLTextAreaElement)) return;
    this.value = event.target.value;
    say(this, 'draft-change', { text: this.value });
    say(this, 'typing-change', { typing: this.value.trim() !== '' });
  };

  readonly #onKeydown = (event: KeyboardEvent): void => {
    // 229: Safari ends a composition before its Enter arrives, and tells only by this code.
    const composing = event.isComposing || Reflect.get(event, 'keyCode') === 229;
    if (event.key !== 'Enter' || event.shiftKey || composing) return;
    event.preventDefault();
    this.#send();
  };

  readonly #send = (): void => {
    if (!this.#sendable()) return;
    const text = this.value.trim();
    this.value = '';
    say(this, 'draft-change', { text: '' });
    say(this, 'send-text', { text });
  };
}

/** A tap on the button must not close the on-screen keyboard. */
function keepFocus(event: Event): void {
  event.preventDefault();
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-composer': Composer;
  }
}

define('co-talk-composer', Composer);
