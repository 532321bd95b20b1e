import { css, html, LitElement, nothing } from 'lit';
import type { UserKind } from '@co-talk/sdk/protocol';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { privacyStrings } from '../locales/privacy.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';
import { formStyles } from './form.styles.ts';

/**
 * The question before one's own account goes, with what will happen. Accounts answer with their password. Says
 * `erase`, or `act` with `no`.
 */
export class EraseForm extends LitElement {
  static override styles = [
    base,
    formStyles,
    css`
      :host {
        display: block;
        padding: 16px;
        border-radius: 14px;
        background: var(--ct-surface-2);
      }
      h3 {
        font-size: 16px;
        line-height: 24px;
        font-weight: 640;
      }
      ul {
        display: grid;
        gap: 6px;
        margin-block: 8px 16px;
        padding-inline-start: 18px;
      }
      li {
        list-style: disc;
        color: var(--ct-text-2);
      }
      li::marker {
        color: var(--ct-danger);
      }
      .acts {
        scroll-margin-block-end: 32px;
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: 8px;
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

  static override properties = {
    l: { attribute: false },
    kind: { attribute: false },
    email: { attribute: false },
    busy: { state: true },
    failure: { state: true },
  };

  declare l: Localizer;
  /** What goes: an account, which has a password, or somebody whom the site or nobody knows. */
  declare kind: UserKind;
  declare email: string | null;
  declare busy: boolean;
  /** What went wrong; with the password where that was it. */
  declare failure: { text: (l: Localizer) => string; ofPassword: boolean } | null;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.kind = 'account';
    this.email = null;
    this.busy = false;
    this.failure = null;
  }

  /** It has not happened: say why, keep what is typed. */
  refuse(text: (l: Localizer) => string, ofPassword: boolean): void {
    this.busy = false;
    this.failure = { text, ofPassword };
    void this.updateComplete.then(() => this.#show('#password, [type=submit]'));
  }

  protected override firstUpdated(): void {
    this.#show('#password, .ghost');
  }

  protected override render() {
    const { s } = this.l;
    const p = privacyStrings(this.l);
    return html`<div role="alertdialog" aria-labelledby="ask" aria-describedby="what" @keydown=${this.#onKeydown}>
      <form novalidate @submit=${this.#submit}>
        <h3 id="ask">${p.eraseAsk}</h3>
        <ul id="what" role="list">
          <li>${p.eraseProfile}</li>
          <li>${p.eraseMessages(s.deletedUser)}</li>
          <li>${this.kind === 'host' ? p.eraseHost : p.eraseForGood}</li>
        </ul>
        ${this.kind === 'account' ? this.#password(this.email) : nothing}
        ${
          this.failure && !this.failure.ofPassword
            ? html`<p class="failure" role="alert">${this.failure.text(this.l)}</p>`
            : nothing
        }
        <div class="acts">
          <button class="btn ghost" type="button" ?disabled=${this.busy} @click=${this.#cancel}>${s.cancel}</button>
          <button class="btn" type="submit" aria-busy=${this.busy ? 'true' : 'false'} ?disabled=${this.busy}>
            ${p.eraseNow}
          </button>
        </div>
      </form>
    </div>`;
  }

  #password(email: string | null) {
    const wrong = this.failure?.ofPassword ? this.failure : null;
    // Password managers want to know whose it is.
    return html`<input type="email" autocomplete="username" hidden .value=${email ?? ''} />
      <div class="field">
        <label for="password">${privacyStrings(this.l).password}</label>
        <span class="box"
          ><input
            id="password"
            type="password"
            autocomplete="current-password"
            required
            dir="ltr"
            aria-invalid=${wrong ? 'true' : nothing}
            aria-describedby=${wrong ? 'problem' : nothing}
        /></span>
        ${wrong ? html`<p class="problem" id="problem" role="alert">${wrong.text(this.l)}</p>` : nothing}
      </div>`;
  }

  /** The focus goes to the answer, and nothing of the question stays out of sight. */
  #show(focused: string): void {
    this.renderRoot.querySelector<HTMLElement>(focused)?.focus();
    this.renderRoot.querySelector('.acts')?.scrollIntoView({ block: 'end' });
  }

  readonly #cancel = (): void => say(this, 'act', { id: '', action: 'no' });

  readonly #onKeydown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || this.busy) return;
    event.stopPropagation();
    this.#cancel();
  };

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    if (this.busy) return;
    const password = this.renderRoot.querySelector<HTMLInputElement>('#password')?.value;
    if (password === '') {
      this.refuse((l) => l.s.enterPassword, true);
      return;
    }
    this.busy = true;
    this.failure = null;
    say(this, 'erase', password === undefined ? {} : { password });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-erase-form': EraseForm;
  }
}

define('co-talk-erase-form', EraseForm);
