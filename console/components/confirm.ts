import { css, html, nothing } from 'lit';
import { explain } from '../explain.ts';
import { View } from '../view.ts';
import './dialog.ts';

/** A question before something that cannot be undone. Runs it, shows why where it fails, and says `close` at the end. */
export class Confirm extends View {
  static override styles = [
    ...View.styles,
    css`
      p.text {
        margin-block-end: 20px;
        color: var(--text-2);
      }
      .failure {
        margin-block-end: 16px;
      }
      .acts {
        justify-content: flex-end;
      }
    `,
  ];

  static override properties = {
    heading: { attribute: false },
    text: { attribute: false },
    action: { attribute: false },
    word: { attribute: false },
    run: { attribute: false },
    busy: { state: true },
    failure: { state: true },
  };

  declare heading: string;
  declare text: string;
  declare action: string;
  /** Has to be typed first, where it is given. */
  declare word: string | null;
  declare run: () => Promise<unknown>;
  declare busy: boolean;
  declare failure: unknown;

  constructor() {
    super();
    this.heading = '';
    this.text = '';
    this.action = '';
    this.word = null;
    this.run = () => Promise.resolve();
    this.busy = false;
    this.failure = null;
  }

  protected override render() {
    const { s } = this.l;
    return html`<ct-dialog .heading=${this.heading} .l=${this.l} @close=${this.#close}>
      <form @submit=${this.#submit}>
        <p class="text">${this.text}</p>
        ${
          this.word === null
            ? nothing
            : html`<div class="field">
                <label for="word">${s.typeToConfirm(this.word)}</label>
                <input
                  id="word"
                  autocomplete="off"
                  autocapitalize="none"
                  spellcheck="false"
                  required
                  pattern=${escaped(this.word)}
                />
              </div>`
        }
        ${this.failure ? html`<p class="failure" role="alert">${explain(this.failure, this.l)}</p>` : nothing}
        <div class="acts">
          <button class="btn quiet" type="button" @click=${this.#close}>${s.cancel}</button>
          <button class="btn danger" ?disabled=${this.busy}>${this.action}</button>
        </div>
      </form>
    </ct-dialog>`;
  }

  readonly #close = (): void => {
    this.dispatchEvent(new Event('close'));
  };

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    this.busy = true;
    this.failure = null;
    try {
      await this.run();
      this.#close();
    } catch (error) {
      this.failure = error;
    }
    this.busy = false;
  };
}

const escaped = (text: string): string =>
  text.replaceAll(/[^\w]/g, (sign) => `\\u{${sign.codePointAt(0)?.toString(16) ?? ''}}`);

declare global {
  interface HTMLElementTagNameMap {
    'ct-confirm': Confirm;
  }
}

customElements.define('ct-confirm', Confirm);
