import { css, html, nothing } from 'lit';
import { ApiError } from '../api.ts';
import { explain } from '../explain.ts';
import { icons } from '../icons.ts';
import { View } from '../view.ts';

/** Who runs the server, signs in with the operator key. Says `signed-in`. */
export class SignIn extends View {
  static override styles = [
    ...View.styles,
    css`
      :host {
        display: grid;
        place-items: center;
        min-block-size: 100dvh;
        padding: 24px 16px;
      }
      main {
        inline-size: min(400px, 100%);
      }
      form {
        padding: 36px 32px 32px;
        border: 1px solid var(--border);
        border-radius: 20px;
        background: var(--surface);
        box-shadow: 0 16px 48px -16px rgb(16 24 40 / 0.14);
      }
      .mark {
        display: grid;
        place-items: center;
        inline-size: 44px;
        block-size: 44px;
        border-radius: 13px;
        background: var(--accent);
        color: var(--on-accent);
      }
      .mark svg {
        inline-size: 24px;
        block-size: 24px;
      }
      h1 {
        margin-block: 20px 4px;
        font-size: 22px;
        line-height: 30px;
        font-weight: 680;
        letter-spacing: -0.015em;
      }
      .intro {
        margin-block-end: 24px;
        color: var(--text-2);
      }
      .box {
        position: relative;
        display: block;
      }
      .box input {
        padding-inline-end: 48px;
        min-block-size: 44px;
      }
      .box .icon {
        position: absolute;
        inset-block: 0;
        inset-inline-end: 4px;
        margin-block: auto;
      }
      .failure,
      .notice {
        margin-block-end: 16px;
      }
    `,
  ];

  static override properties = {
    ended: { attribute: false },
    shown: { state: true },
    busy: { state: true },
    failure: { state: true },
  };

  /** Somebody was signed in a moment ago. */
  declare ended: boolean;
  declare shown: boolean;
  declare busy: boolean;
  declare failure: unknown;

  constructor() {
    super();
    this.ended = false;
    this.shown = false;
    this.busy = false;
    this.failure = null;
  }

  protected override render() {
    const { s } = this.l;
    return html`<main>
      <form @submit=${this.#submit} novalidate>
        <div class="mark" aria-hidden="true">${icons.chat}</div>
        <h1>${s.signInTitle}</h1>
        <p class="intro">${s.signInText}</p>
        ${this.ended && !this.failure ? html`<p class="notice" role="status">${s.signedOut}</p>` : nothing}
        <div class="field">
          <label for="key">${s.operatorKey}</label>
          <span class="box">
            <input
              id="key"
              type=${this.shown ? 'text' : 'password'}
              autocomplete="current-password"
              autocapitalize="none"
              spellcheck="false"
              aria-invalid=${this.failure ? 'true' : nothing}
              aria-describedby=${this.failure ? 'problem hint' : 'hint'}
            />
            <button
              class="icon"
              type="button"
              aria-label=${this.shown ? s.hideKey : s.showKey}
              @click=${() => {
                this.shown = !this.shown;
              }}
            >
              ${this.shown ? icons.eyeOff : icons.eye}
            </button>
          </span>
          ${this.failure ? html`<p class="problem" id="problem" role="alert">${this.#why()}</p>` : nothing}
          <p class="hint" id="hint">${s.operatorKeyHint}</p>
        </div>
        <button class="btn wide" ?disabled=${this.busy}>${s.signIn}</button>
      </form>
    </main>`;
  }

  protected override firstUpdated(): void {
    this.#input?.focus();
  }

  #why(): string {
    const wrong = this.failure instanceof ApiError && this.failure.code === 'unauthenticated';
    return wrong ? this.l.s.wrongKey : explain(this.failure, this.l);
  }

  get #input(): HTMLInputElement | null {
    return this.renderRoot.querySelector('#key');
  }

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const key = this.#input?.value.trim() ?? '';
    if (this.busy) return;
    this.busy = true;
    this.failure = null;
    try {
      if (key === '') throw new ApiError('unauthenticated', 'unable to sign in; the key is missing');
      await this.api.post('/session', { key });
      this.say('signed-in', null);
    } catch (error) {
      this.failure = error;
      this.#input?.focus();
    }
    this.busy = false;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-sign-in': SignIn;
  }
}

customElements.define('ct-sign-in', SignIn);
