import { html, LitElement, nothing } from 'lit';
import { CoTalkError, type Client } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { explain } from '../explain.ts';
import { icons } from '../icons.ts';
import { mailStrings } from '../locales/mail.ts';
import { englishLocalizer, isolate, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';
import { formStyles, signViewStyles } from './form.styles.ts';

/** Asks for the link that leads to a new password. Says `forgot-close`. */
export class ForgotView extends LitElement {
  static override styles = [base, formStyles, signViewStyles];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    email: { attribute: false },
    busy: { state: true },
    sent: { state: true },
    problem: { state: true },
    failure: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  /** What was typed already. */
  declare email: string;
  declare busy: boolean;
  /** The address that was asked about. */
  declare sent: string;
  /** What is wrong with what was typed. A function: the language may change meanwhile. */
  declare problem: ((l: Localizer) => string) | null;
  declare failure: unknown;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.email = '';
    this.busy = false;
    this.sent = '';
    this.problem = null;
    this.failure = null;
  }

  protected override firstUpdated(): void {
    this.#focus('input');
  }

  protected override render() {
    const { s } = this.l;
    const m = mailStrings(this.l);
    return html`<form part="sign" novalidate @submit=${this.#submit}>
      <div class="mark" aria-hidden="true">${icons.chat}</div>
      <h1 tabindex="-1">${this.sent ? m.sentTitle : m.forgotTitle}</h1>
      <p class="lead">${this.sent ? m.sentText(isolate(this.sent)) : m.forgotText}</p>
      ${
        this.sent
          ? nothing
          : html`<div class="field">
                <label for="email">${s.email}</label>
                <span class="box"
                  ><input
                    id="email"
                    type="email"
                    autocomplete="username"
                    inputmode="email"
                    autocapitalize="none"
                    spellcheck="false"
                    dir="ltr"
                    required
                    .value=${this.email}
                    aria-invalid=${this.problem ? 'true' : nothing}
                    aria-describedby=${this.problem ? 'problem' : nothing}
                    @input=${this.#onInput}
                /></span>
                ${this.problem ? html`<p class="problem" id="problem" role="alert">${this.problem(this.l)}</p>` : nothing}
              </div>
              ${this.failure ? html`<p class="failure" role="alert">${explain(this.failure, this.l)}</p>` : nothing}
              <button class="btn wide" type="submit" part="submit" ?disabled=${this.busy}>${m.sendLink}</button>`
      }
      <p class="or">
        <button class="link" type="button" @click=${() => say(this, 'forgot-close', null)}>${m.backToSignIn}</button>
      </p>
    </form>`;
  }

  #focus(selector: string): void {
    this.renderRoot.querySelector<HTMLElement>(selector)?.focus();
  }

  readonly #onInput = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) this.email = event.target.value;
    this.problem = null;
  };

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    if (!this.busy && !this.sent) void this.#send();
  };

  async #send(): Promise<void> {
    const email = this.email.trim();
    this.failure = null;
    this.problem = email ? null : (l) => l.s.enterEmail;
    this.busy = Boolean(email);
    try {
      if (!email) return;
      await this.client.auth.forgotPassword({ email });
      this.sent = email;
    } catch (error) {
      if (error instanceof CoTalkError && error.code === 'invalid_email') this.problem = (l) => explain(error, l);
      else this.failure = error;
    } finally {
      this.busy = false;
      await this.updateComplete;
      this.#focus(this.sent ? 'h1' : 'input');
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-forgot-view': ForgotView;
  }
}

define('co-talk-forgot-view', ForgotView);
