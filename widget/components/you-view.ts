import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { AuthState, Client, SessionInfo } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say, type InnerEvent, type Theme } from '../events.ts';
import { attempt, explain } from '../explain.ts';
import { icons } from '../icons.ts';
import { guestStrings } from '../locales/guests.ts';
import { mailStrings } from '../locales/mail.ts';
import { privacyStrings } from '../locales/privacy.ts';
import { badge, englishLocalizer, isolate, languageNames, type Localizer } from '../localize.ts';
import type { Prefs } from '../shared.ts';
import { StoreController } from '../store-controller.ts';
import { base, header, view } from '../styles.ts';
import { ago } from '../time.ts';
import { readUserAgent } from '../user-agent.ts';
import { avatar, avatarStyles } from './avatar.ts';
import { formStyles } from './form.styles.ts';
import { youViewStyles } from './you-view.styles.ts';
import './menus.ts';
import './picture-field.ts';
import './profile-form.ts';
import type { ProfileForm } from './profile-form.ts';
import type { Saving } from './sign-view.ts';
import { rowStyles } from './rows.styles.ts';

/** One's own profile, settings and devices. Says `prefs-change`, `panel-close`. */
export class YouView extends LitElement {
  static override styles = [base, header, view, avatarStyles, rowStyles, formStyles, youViewStyles];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    prefs: { attribute: false },
    closable: { attribute: false },
    now: { attribute: false },
    editing: { state: true },
    devices: { state: true },
    failure: { state: true },
    unsent: { state: true },
    mails: { state: true },
    saving: { state: true },
    privacy: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  declare prefs: Prefs;
  declare closable: boolean;
  declare now: Date;
  declare editing: boolean;
  declare devices: SessionInfo[] | null;
  declare failure: unknown;
  /** How many messages signing out would lose; `0` while nobody is asked. */
  declare unsent: number;
  /** The server can mail a link that confirms the address. */
  declare mails: boolean;

  /** A guest wants an account. */
  declare saving: boolean;
  /** One's data and its end stand in the place of the profile. */
  declare privacy: boolean;

  readonly #auth = new StoreController<AuthState>(this);

  constructor() {
    super();
    this.l = englishLocalizer;
    this.prefs = {};
    this.closable = false;
    this.now = new Date();
    this.editing = false;
    this.devices = null;
    this.failure = null;
    this.unsent = 0;
    this.mails = false;
    this.saving = false;
    this.privacy = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (this.saving && this.#auth.value?.me?.kind === 'account') {
      this.saving = false;
      say(this, 'notice', { text: this.l.s.saved });
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.list')?.focus());
    }
    if (!changed.has('client')) return;
    this.#auth.watch(this.client.auth.store);
    void this.#loadDevices();
    void this.#checkMail();
  }

  protected override render() {
    const { s } = this.l;
    const me = this.#auth.value?.me;
    if (!me) return nothing;
    if (this.privacy)
      return html`<co-talk-privacy-view
        .client=${this.client}
        .l=${this.l}
        .me=${me}
        .closable=${this.closable}
        exportparts="header, list"
        @privacy-close=${this.#leavePrivacy}
      ></co-talk-privacy-view>`;
    return html`
      <header class="head" part="header">
        <h1>${s.you}</h1>
        ${
          this.closable
            ? html`<button class="icon" aria-label=${s.close} @click=${() => say(this, 'panel-close', null)}>
                ${icons.close}
              </button>`
            : nothing
        }
      </header>
      <div class="list" part="list" tabindex="-1">
        <div class="card" part="profile">
          ${avatar({ id: me.id, name: me.nickname, url: me.avatarUrl, size: 'xl' })}
          <div class="who">
            <strong><bdi>${me.nickname}</bdi></strong>
            ${me.email ? html`<span class="mail">${me.email}</span>` : nothing}
            ${me.email && !me.emailVerified && me.kind === 'account' ? this.#unverified(me.email) : nothing}
            ${me.about && !this.editing ? html`<span><bdi>${me.about}</bdi></span>` : nothing}
          </div>
          ${
            this.editing
              ? nothing
              : html`<button class="btn ghost" aria-label=${s.editProfile} @click=${() => this.#edit(true)}>
                  ${s.edit}
                </button>`
          }
        </div>
        ${
          this.editing
            ? html`${
                  me.kind === 'host'
                    ? nothing
                    : html`<co-talk-picture-field
                        .client=${this.client}
                        .l=${this.l}
                        .present=${me.avatarUrl !== null}
                      ></co-talk-picture-field>`
                }<co-talk-profile-form
                  .l=${this.l}
                  .nickname=${me.nickname}
                  .about=${me.about ?? ''}
                  @profile-save=${(event: InnerEvent<'profile-save'>) => void this.#save(event)}
                  @profile-cancel=${() => this.#edit(false)}
                ></co-talk-profile-form>`
            : nothing
        }
        ${me.kind === 'guest' ? this.#account(me.nickname) : nothing}
        <fieldset>
          <legend class="section">${s.look}</legend>
          <div class="themes">${(['auto', 'light', 'dark'] as const).map((theme) => this.#theme(theme))}</div>
        </fieldset>
        <label class="section" for="lang">${s.language}</label>
        <span class="box">
          <select id="lang" @change=${this.#onLang}>
            <option value="" ?selected=${!this.prefs.lang}>${s.languageOfPage}</option>
            ${languageNames.map(
              ([tag, name]) =>
                html`<option value=${tag} lang=${tag} ?selected=${this.prefs.lang === tag}>${name}</option>`,
            )}
          </select>
          ${icons.chevron}
        </span>
        <h2 class="section">${s.devices}</h2>
        ${this.#deviceList()}
        <button class="btn ghost wide privacy" @click=${this.#openPrivacy}>
          ${privacyStrings(this.l).title}${icons.back}
        </button>
        ${
          this.unsent
            ? html`<co-talk-confirm
                .l=${this.l}
                .text=${me.kind === 'guest' ? guestStrings(this.l).signOutAsk : s.signOutAsk(badge(this.unsent))}
                .action=${s.signOut}
                @act=${this.#onAnswer}
              ></co-talk-confirm>`
            : html`<button class="btn danger wide out" @click=${() => void this.#ask()}>${s.signOut}</button>`
        }
      </div>
    `;
  }

  #unverified(email: string) {
    const m = mailStrings(this.l);
    return html`<span class="unverified">
      ${m.unverified}${
        this.mails
          ? html` · <button class="link" @click=${() => void this.#sendAgain(email)}>${m.sendAgain}</button>`
          : nothing
      }
    </span>`;
  }

  #account(nickname: string) {
    const g = guestStrings(this.l);
    if (!this.saving)
      return html`<div class="guest">
        <p>${g.saveText}</p>
        <button class="btn wide" @click=${this.#startSaving}>${g.saveTitle}</button>
      </div>`;
    const saving: Saving = { title: g.saveTitle, text: g.saveText, action: g.save, nickname };
    return html`<co-talk-sign-view .client=${this.client} .l=${this.l} .saving=${saving}></co-talk-sign-view>`;
  }

  readonly #startSaving = (): void => {
    import('./sign-view.ts').then(
      () => (this.saving = true),
      () => say(this, 'notice', { text: this.l.s.loadFailed }),
    );
  };

  readonly #openPrivacy = (): void => {
    import('./privacy-view.ts').then(
      () => (this.privacy = true),
      () => say(this, 'notice', { text: this.l.s.loadFailed }),
    );
  };

  readonly #leavePrivacy = (): void => {
    this.privacy = false;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.privacy')?.focus());
  };

  #theme(theme: Theme) {
    const { s } = this.l;
    const label = { auto: s.themeAuto, light: s.themeLight, dark: s.themeDark }[theme];
    return html`<label
      ><input
        class="sr"
        type="radio"
        name="theme"
        value=${theme}
        .checked=${(this.prefs.theme ?? 'auto') === theme}
        @change=${() => say(this, 'prefs-change', { theme })}
      />${label}</label
    >`;
  }

  #deviceList() {
    const { s } = this.l;
    if (this.failure) {
      return html`<p class="problem" role="alert">${explain(this.failure, this.l)}</p>
        <button class="btn ghost" @click=${() => void this.#loadDevices()}>${s.tryAgain}</button>`;
    }
    if (!this.devices)
      return html`<div class="bone" aria-hidden="true">
        <div><i class="w4"></i><i class="w3"></i></div>
      </div>`;
    return html`<ul role="list">
      ${this.devices.map((device) => html`<li>${this.#device(device)}</li>`)}
    </ul>`;
  }

  #device(device: SessionInfo) {
    const { s } = this.l;
    const agent = readUserAgent(device.userAgent);
    const name = agent ? s.browserOn(agent.browser, agent.system) : s.unknownDevice;
    const when = ago(device.lastUsedAt, this.l.locale, this.now);
    return html`<div class="row" part="device">
      <div class="text">
        <div class="l1"><span class="name">${name}</span></div>
        <div class="l2">
          <span class="what">${device.current ? s.thisDevice : when ? s.lastUsed(when) : s.lastSeenNow}</span>
        </div>
      </div>
      ${
        device.current
          ? nothing
          : html`<button class="btn ghost" aria-label=${s.signOutDevice(name)} @click=${() => void this.#end(device)}>
              ${s.signOut}
            </button>`
      }
    </div>`;
  }

  #edit(editing: boolean): void {
    this.editing = editing;
    if (editing) return;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.card .btn')?.focus());
  }

  async #save(event: InnerEvent<'profile-save'>): Promise<void> {
    const form = event.target as ProfileForm;
    try {
      await this.client.auth.updateMe(event.detail);
      this.#edit(false);
      say(this, 'notice', { text: this.l.s.saved });
    } catch (error) {
      form.refuse(error);
    }
  }

  async #loadDevices(): Promise<void> {
    this.failure = null;
    try {
      this.devices = await this.client.auth.sessions();
    } catch (error) {
      this.failure = error;
    }
  }

  async #checkMail(): Promise<void> {
    // Not known: then nothing is offered.
    this.mails = await this.client.config().then(
      ({ signIn }) => signIn.passwordReset ?? false,
      () => false,
    );
  }

  async #sendAgain(email: string): Promise<void> {
    const sent = await attempt(this, this.l, () => this.client.auth.sendVerification());
    if (sent) say(this, 'notice', { text: mailStrings(this.l).linkSent(isolate(email)) });
  }

  async #end(device: SessionInfo): Promise<void> {
    if (!(await attempt(this, this.l, () => this.client.auth.endSession(device.id)))) return;
    this.devices = this.devices?.filter(({ id }) => id !== device.id) ?? null;
    this.renderRoot.querySelector<HTMLElement>('.list')?.focus();
  }

  /** What is not sent yet would be lost: that is worth a question. */
  async #ask(): Promise<void> {
    const asGuest = this.#auth.value?.me?.kind === 'guest';
    this.unsent = (await this.client.messages.unsent()) || Number(asGuest);
    if (!this.unsent) await this.#signOut();
  }

  async #signOut(): Promise<void> {
    await attempt(this, this.l, () => this.client.auth.logOut());
  }

  readonly #onAnswer = (event: InnerEvent<'act'>): void => {
    this.unsent = 0;
    if (event.detail.action === 'yes') void this.#signOut();
    else void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.out')?.focus());
  };

  readonly #onLang = (event: Event): void => {
    if (event.target instanceof HTMLSelectElement) say(this, 'prefs-change', { lang: event.target.value || null });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-you-view': YouView;
  }
}

define('co-talk-you-view', YouView);
