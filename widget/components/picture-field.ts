import { css, html, LitElement, nothing } from 'lit';
import type { Client } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { attempt } from '../explain.ts';
import { pictureStrings } from '../locales/picture.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { shrink } from '../shrink.ts';
import { base } from '../styles.ts';

/** Chooses and removes a picture: one's own, unless `store` says otherwise. Says `notice`. */
export class PictureField extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin-block-end: 14px;
      }
    `,
  ];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    present: { attribute: false },
    store: { attribute: false },
    busy: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  /** There is a picture that can be removed. */
  declare present: boolean;
  declare store: (image: Blob | null) => Promise<unknown>;
  declare busy: boolean;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.present = false;
    this.store = (image) => this.client.auth.setAvatar(image);
    this.busy = false;
  }

  protected override render() {
    const p = pictureStrings(this.l);
    return html`<button class="btn ghost" ?disabled=${this.busy} @click=${() => this.#input?.click()}>
        ${this.present ? p.change : p.choose}
      </button>
      ${
        this.present
          ? html`<button class="btn ghost" ?disabled=${this.busy} @click=${() => void this.#store(null)}>
              ${p.remove}
            </button>`
          : nothing
      }
      <input type="file" accept="image/*" hidden @change=${this.#onFile} />`;
  }

  get #input(): HTMLInputElement | null {
    return this.renderRoot.querySelector('input');
  }

  readonly #onFile = async (): Promise<void> => {
    const input = this.#input;
    const file = input?.files?.[0];
    if (!input || !file) return;
    // The same file can be chosen again.
    input.value = '';
    const small = await shrink(file).catch(() => null);
    if (small) await this.#store(small);
    else say(this, 'notice', { text: this.l.s.errors.unsupported_media });
  };

  async #store(image: Blob | null): Promise<void> {
    this.busy = true;
    if (await attempt(this, this.l, () => this.store(image))) say(this, 'notice', { text: this.l.s.saved });
    this.busy = false;
    await this.updateComplete;
    // The button that was pressed may be gone.
    this.renderRoot.querySelector<HTMLElement>('button')?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-picture-field': PictureField;
  }
}

define('co-talk-picture-field', PictureField);
