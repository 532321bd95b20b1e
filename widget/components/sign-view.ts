import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { CoTalkError, type Client } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { explain, isSetup } from '../explain.ts';
import { icons } from '../icons.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { base, view } from '../styles.ts';
import { formStyles } from './form.styles.ts';
import { signViewStyles } from './sign-view.styles.ts';

type Field = 'email' | 'nickname' | 'password';

const FIELD_OF: Partial<Record<CoTalkError['code'], Field>> = {
  invalid_email: 'email',
  email_taken: 'email',
  invalid_nickname: 'nickname',
  nickname_taken: 'nickname',
  weak_password: 'password',
};

function isField(name: string): name is Field {
  return name === 'email' || name === 'nickname' || name === 'password';
}

/** What stands over the form for somebody who is here already, as a guest. */
export interface Saving {
  title: string;
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
    blocker: { state: true },
    mails: { state: true },
    advice: { state: true },
    checked: { state: true },
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
  /** What is wrong, by field. A function: the language may change meanwhile. */
  declare problems: Partial<Record<Field, (l: Localizer) => string>>;
  declare failure: ((l: Localizer) => string) | null;
  /** Why nobody can sign in here at all. */
  declare blocker: ((l: Localizer) => string) | null;
  /** The server can mail a link for a new password. */
  declare mails: boolean;
  /** What whoever has set the chat up must do. */
  declare advice: string;
  /** How people can sign in here is known, or cannot be learned. */
  declare checked: boolean;
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
    this.blocker = null;
    this.mails = false;
    this.advice = '';
    this.checked = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('client') && !this.saving) void this.#check();
  }

  protected override render() {
    const { s } = this.l;
    const up = this.mode === 'up';
    return html`
      ${
        this.closable
          ? html`<button class="icon top" aria-label=${s.close} @click=${() => say(this, 'panel-close', null)}>
              ${icons.close}
            </button>`
          : nothing
      }
      ${this.mode === 'forgot' ? this.#forgot() : this.#form(s, up)}
    `;
  }

  #forgot() {
    return html`<co-talk-forgot-view
      .client=${this.client}
      .l=${this.l}
      .email=${this.#typed}
      @forgot-close=${this.#switch}
    ></co-talk-forgot-view>`;
  }

  #form(s: Localizer['s'], up: boolean) {
    const { saving } = this;
    return html`
      <form part="sign" class=${this.blocker && !this.advice ? 'calm' : ''} novalidate @submit=${this.#submit}>
        <div class="mark" aria-hidden="true">${icons.chat}</div>
        ${saving ? html`<h2>${saving.title}</h2>` : html`<h1>${up ? s.joinTitle : s.welcomeTitle}</h1>`}
        ${
          this.blocker
            ? this.advice
              ? html`<p class="failure" role="alert">${this.blocker(this.l)}</p>
                  <p class="hint" dir="ltr" lang="en">${this.advice}</p>`
              : html`<p class="lead" role="status">${this.blocker(this.l)}</p>`
            : this.site && !this.checked
              ? nothing
              : html`
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
                  ${
                    !up && this.mails
                      ? html`<p class="or">
                          <button class="link" type="button" @click=${this.#forget}>${s.forgotPassword}</button>
                        </p>`
                      : nothing
                  }
                  ${
                    saving
                      ? nothing
                      : html`<p class="or">
                          ${up ? s.haveAccount : s.noAccount}
                          <button class="link" type="button" @click=${this.#switch}>
                            ${up ? s.signIn : s.createAccount}
                          </button>
                        </p>`
                  }
                  ${
                    this.guest
                      ? html`<p class="or">
                          <button
                            class="link"
                            type="button"
                            @click=${() => say(this, 'accounts-change', { accounts: false })}
                          >
                            ${s.asGuest}
                          </button>
                        </p>`
                      : nothing
                  }
                `
        }
      </form>
    `;
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

  /** Learn early whether anybody can sign in at all; being offline is no reason to say no. */
  async #check(): Promise<void> {
    this.blocker = null;
    this.advice = '';
    try {
      const { signIn } = await this.client.config();
      this.mails = signIn.passwordReset ?? false;
      this.guest &&= signIn.guests;
      if (signIn.accounts) return;
      this.blocker = (l) => (signIn.host ? l.s.signInOnSite : l.s.signInClosed);
      if (signIn.guests && !this.site)
        this.#advise('the app lets guests in; add the attribute guest to the co-talk tag');
    } catch (error) {
      if (!isSetup(error)) return;
      this.blocker = (l) => explain(error, l);
      this.#advise(error.message);
    } finally {
      this.checked = true;
    }
  }

  #advise(advice: string): void {
    this.advice = advice;
    console.error(`unable to let anybody into the chat; ${advice.replace(/^unable to [^;]*; /, '')}`);
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
    const known = error instanceof CoTalkError ? error : null;
    const field = known ? FIELD_OF[known.code] : undefined;
    // The account is there: from now on it is a matter of signing in.
    if (known?.code === 'email_unverified') this.mode = 'in';
    const paths = (known?.errors ?? []).map(({ path }) => path).filter(isField);
    if (field) this.problems = { [field]: (l: Localizer) => explain(error, l) };
    else if (paths.length) this.problems = Object.fromEntries(paths.map((path) => [path, FALLBACK[path]]));
    else if (known?.code === 'unauthenticated' && this.mode === 'in') this.failure = (l) => l.s.wrongCredentials;
    else this.failure = (l) => explain(error, l);
  }

  async #focusProblem(): Promise<void> {
    this.busy = false;
    await this.updateComplete;
    const first = (['email', 'nickname', 'password'] as const).find((name) => this.problems[name]);
    if (first) this.#focus(first);
  }

  #focus(name: Field): void {
    this.renderRoot.querySelector<HTMLElement>(`#${name}`)?.focus();
  }

  #value(name: Field): string {
    return this.renderRoot.querySelector<HTMLInputElement>(`#${name}`)?.value ?? '';
  }
}

/** Where the server names a field without a code of its own. */
const FALLBACK: Record<Field, (l: Localizer) => string> = {
  email: (l) => l.s.errors.invalid_email,
  nickname: (l) => l.s.errors.invalid_nickname,
  password: (l) => l.s.errors.weak_password,
};

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-sign-view': SignView;
  }
}

define('co-talk-sign-view', SignView);
