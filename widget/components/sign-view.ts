import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { CoTalkError, type Client } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { explain } from '../explain.ts';
import { icons } from '../icons.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { FIELDS, problemsOf, type Field, type Phrase, type Problems } from '../sign-problems.ts';
import { SignWays } from '../sign-ways.ts';
import { base, view } from '../styles.ts';
import { closeButton } from './close-button.ts';
import { formStyles, signViewStyles } from './form.styles.ts';

/** What the form says to somebody who is here already, as a guest, under a title of their own. */
export interface Saving {
  text: string;
  action: string;
  nickname: string;
}

/** Sign in and sign up. What went wrong stands beside its field, and what was typed stays. Says `panel-close`, `accounts-change`. */
export class SignView extends LitElement {
  static override styles = [base, view, formStyles, signViewStyles];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    closable: { attribute: false },
    guest: { attribute: false },
    site: { attribute: false },
    saving: { attribute: false },
    mode: { state: true },
    busy: { state: true },
    shown: { state: true },
    problems: { state: true },
    failure: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  declare closable: boolean;
  /** The page lets guests in. */
  declare guest: boolean;
  /** The page says who is here: by now, that it is nobody. */
  declare site: boolean;
  /** A guest wants an account. */
  declare saving: Saving | null;
  declare mode: 'up' | 'in' | 'forgot';
  declare busy: boolean;
  declare shown: boolean;
  declare problems: Problems;
  declare failure: Phrase | null;

  readonly #ways = new SignWays(this);
  #typed = '';

  constructor() {
    super();
    this.l = englishLocalizer;
    this.closable = false;
    this.guest = false;
    this.site = false;
    this.saving = null;
    this.mode = 'up';
    this.busy = false;
    this.shown = false;
    this.problems = {};
    this.failure = null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('client') && !this.saving) void this.#ways.check(this.client, this.site);
  }

  protected override render() {
    return html`${closeButton(this, 'icon top')}${this.mode === 'forgot' ? this.#forgot() : this.#form()}`;
  }

  #forgot() {
    return html`<co-talk-forgot-view
      .client=${this.client}
      .l=${this.l}
      .email=${this.#typed}
      @forgot-close=${this.#switch}
    ></co-talk-forgot-view>`;
  }

  #form() {
    const { s } = this.l;
    const { blocker, advice, checked } = this.#ways;
    const title = this.mode === 'up' ? s.joinTitle : s.welcomeTitle;
    return html`<form
      part="sign"
      class=${this.saving ? 'page' : blocker && !advice ? 'calm' : ''}
      novalidate
      @submit=${this.#submit}
    >
      ${
        this.saving
          ? nothing
          : html`<div class="mark" aria-hidden="true">${icons.chat}</div>
              <h1>${title}</h1>`
      }
      ${blocker ? this.#stop(blocker, advice) : this.site && !checked ? nothing : this.#fields()}
    </form>`;
  }

  #stop(blocker: Phrase, advice: string) {
    return advice
      ? html`<p class="failure" role="alert">${blocker(this.l)}</p>
          <p class="hint" dir="ltr" lang="en">${advice}</p>`
      : html`<p class="lead" role="status">${blocker(this.l)}</p>`;
  }

  #fields() {
    const { s } = this.l;
    const { saving } = this;
    const up = this.mode === 'up';
    return html`
      <p class="lead">${saving?.text ?? (up ? s.joinText : s.welcomeText)}</p>
      ${this.#field('email', s.email, { type: 'email', autocomplete: up ? 'email' : 'username', inputmode: 'email' })}
      ${up ? this.#field('nickname', s.nickname, { type: 'text', autocomplete: 'nickname', hint: s.nicknameHint }) : nothing}
      ${this.#field('password', s.password, {
        type: this.shown ? 'text' : 'password',
        autocomplete: up ? 'new-password' : 'current-password',
        ...(up ? { hint: s.passwordHint } : {}),
      })}
      ${this.failure ? html`<p class="failure" role="alert">${this.failure(this.l)}</p>` : nothing}
      <button
        class="btn wide"
        type="submit"
        part="submit"
        aria-busy=${this.busy ? 'true' : 'false'}
        ?disabled=${this.busy}
      >
        ${saving?.action ?? (up ? s.createAccount : s.signIn)}
      </button>
      ${!up && this.#ways.mails ? this.#or('', s.forgotPassword, this.#forget) : nothing}
      ${saving ? nothing : this.#or(up ? s.haveAccount : s.noAccount, up ? s.signIn : s.createAccount, this.#switch)}
      ${this.guest && this.#ways.guests ? this.#or('', s.asGuest, this.#asGuest) : nothing}
    `;
  }

  #or(question: string, answer: string, onClick: () => void) {
    return html`<p class="or">${question} <button class="link" type="button" @click=${onClick}>${answer}</button></p>`;
  }

  #field(name: Field, label: string, o: { type: string; autocomplete: string; inputmode?: string; hint?: string }) {
    const { s } = this.l;
    const problem = this.problems[name]?.(this.l);
    const described = problem ? `${name}-problem` : o.hint ? `${name}-hint` : nothing;
    return html`<div class="field">
      <label for=${name}>${label}</label>
      <span class="box">
        <input
          id=${name}
          name=${name}
          type=${o.type}
          autocomplete=${o.autocomplete}
          inputmode=${o.inputmode ?? nothing}
          autocapitalize="none"
          value=${(name === 'nickname' && this.saving?.nickname) || nothing}
          spellcheck="false"
          required
          dir=${name === 'nickname' ? 'auto' : 'ltr'}
          aria-invalid=${problem ? 'true' : nothing}
          aria-describedby=${described}
          @input=${() => this.#settle(name)}
        />
        ${
          name === 'password'
            ? html`<button
                class="icon"
                type="button"
                aria-label=${this.shown ? s.hidePassword : s.showPassword}
                @click=${() => {
                  this.shown = !this.shown;
                }}
              >
                ${this.shown ? icons.eyeOff : icons.eye}
              </button>`
            : nothing
        }
      </span>
      ${
        problem
          ? html`<p class="problem" id="${name}-problem" role="alert">${problem}</p>`
          : o.hint
            ? html`<p class="hint" id="${name}-hint">${o.hint}</p>`
            : nothing
      }
    </div>`;
  }

  #settle(name: Field): void {
    if (!this.problems[name]) return;
    this.problems = Object.fromEntries(Object.entries(this.problems).filter(([key]) => key !== name));
  }

  readonly #switch = (): void => {
    this.mode = this.mode === 'in' ? 'up' : 'in';
    this.problems = {};
    this.failure = null;
    this.shown = false;
    void this.updateComplete.then(() => this.#focus('email'));
  };

  readonly #forget = (): void => {
    this.#typed = this.#value('email');
    import('./forgot-view.ts').then(
      () => (this.mode = 'forgot'),
      () => say(this, 'notice', { text: this.l.s.loadFailed }),
    );
  };

  readonly #asGuest = (): void => say(this, 'accounts-change', { accounts: false });

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    if (!this.busy) void this.#send();
  };

  async #send(): Promise<void> {
    const email = this.#value('email').trim();
    const nickname = this.#value('nickname').trim();
    const password = this.#value('password');
    this.failure = null;
    this.problems = {
      ...(email ? {} : { email: (l: Localizer) => l.s.enterEmail }),
      ...(nickname || this.mode === 'in' ? {} : { nickname: (l: Localizer) => l.s.enterNickname }),
      ...(password ? {} : { password: (l: Localizer) => l.s.enterPassword }),
    };
    if (Object.keys(this.problems).length) return this.#focusProblem();
    this.busy = true;
    try {
      if (this.saving) await this.client.auth.upgrade({ email, password, nickname });
      else if (this.mode === 'up') await this.client.auth.signUp({ email, password, nickname });
      else await this.client.auth.logIn({ email, password });
    } catch (error) {
      this.#explain(error);
      await this.#focusProblem();
    } finally {
      this.busy = false;
    }
  }

  #explain(error: unknown): void {
    const code = error instanceof CoTalkError ? error.code : '';
    // The account is there: from now on it is a matter of signing in.
    if (code === 'email_unverified') this.mode = 'in';
    this.problems = problemsOf(error);
    if (Object.keys(this.problems).length) return;
    const wrong = code === 'unauthenticated' && this.mode === 'in';
    this.failure = (l) => (wrong ? l.s.wrongCredentials : explain(error, l));
  }

  async #focusProblem(): Promise<void> {
    this.busy = false;
    await this.updateComplete;
    const first = FIELDS.find((name) => this.problems[name]);
    if (first) this.#focus(first);
  }

  #focus(name: Field): void {
    this.renderRoot.querySelector<HTMLElement>(`#${name}`)?.focus();
  }

  #value(name: Field): string {
    return this.renderRoot.querySelector<HTMLInputElement>(`#${name}`)?.value ?? '';
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-sign-view': SignView;
  }
}

define('co-talk-sign-view', SignView);
