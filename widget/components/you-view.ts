import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { AuthState, Client, Me } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say, type InnerEvent } from '../events.ts';
import { attempt } from '../explain.ts';
import { icons } from '../icons.ts';
import { guestStrings } from '../locales/guests.ts';
import { privacyStrings } from '../locales/privacy.ts';
import { youStrings } from '../locales/you.ts';
import { badge, englishLocalizer, type Localizer } from '../localize.ts';
import type { Prefs } from '../shared.ts';
import { StoreController } from '../store-controller.ts';
import { base, header, view } from '../styles.ts';
import { avatar, avatarStyles } from './avatar.ts';
import { closeButton } from './close-button.ts';
import './device-list.ts';
import './menus.ts';
import './picture-field.ts';
import './prefs-form.ts';
import './profile-form.ts';
import type { ProfileForm } from './profile-form.ts';
import './verify-hint.ts';
import { youViewStyles } from './you-view.styles.ts';

/** Pages in files of their own, in the place of the profile, and what leads to them. */
const PAGES = {
  privacy: { load: () => import('./privacy-view.ts'), door: '.privacy' },
  saving: { load: () => import('./guest-save-view.ts'), door: '.guest .btn' },
};

/** One's own profile, settings and devices. Says `prefs-change`, `panel-close`. */
export class YouView extends LitElement {
  static override styles = [base, header, view, avatarStyles, youViewStyles];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    prefs: { attribute: false },
    closable: { attribute: false },
    now: { attribute: false },
    editing: { state: true },
    unsent: { state: true },
    page: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  declare prefs: Prefs;
  declare closable: boolean;
  declare now: Date;
  declare editing: boolean;
  /** How many messages signing out would lose; `0` while nobody is asked. */
  declare unsent: number;
  declare page: keyof typeof PAGES | null;

  readonly #auth = new StoreController<AuthState>(this);

  constructor() {
    super();
    this.l = englishLocalizer;
    this.prefs = {};
    this.closable = false;
    this.now = new Date();
    this.editing = false;
    this.unsent = 0;
    this.page = null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('client')) this.#auth.watch(this.client.auth.store);
    if (this.page !== 'saving' || this.#auth.value?.me?.kind !== 'account') return;
    this.page = null;
    say(this, 'notice', { text: this.l.s.saved });
    this.#focus('.list');
  }

  protected override render() {
    const { s } = this.l;
    const words = youStrings(this.l);
    const me = this.#auth.value?.me;
    if (!me) return nothing;
    if (this.page) return this.#page(me);
    return html`
      <header class="head" part="header">
        <h1>${s.you}</h1>
        ${closeButton(this)}
      </header>
      <div class="list" part="list" tabindex="-1">
        ${this.#profile(me)} ${me.kind === 'guest' ? this.#guest() : nothing}
        <co-talk-prefs-form .l=${this.l} .prefs=${this.prefs}></co-talk-prefs-form>
        <h2 class="section">${words.devices}</h2>
        <co-talk-device-list
          exportparts="device"
          .client=${this.client}
          .l=${this.l}
          .now=${this.now}
        ></co-talk-device-list>
        <button class="btn ghost wide privacy" @click=${() => this.#open('privacy')}>
          ${privacyStrings(this.l).title}${icons.back}
        </button>
        ${
          this.unsent
            ? html`<co-talk-confirm
                .l=${this.l}
                .text=${me.kind === 'guest' ? guestStrings(this.l).signOutAsk : words.signOutAsk(badge(this.unsent))}
                .action=${s.signOut}
                @act=${this.#onAnswer}
              ></co-talk-confirm>`
            : html`<button class="btn danger wide out" @click=${() => void this.#ask()}>${s.signOut}</button>`
        }
      </div>
    `;
  }

  #page(me: Me) {
    return this.page === 'privacy'
      ? html`<co-talk-privacy-view
          .client=${this.client}
          .l=${this.l}
          .me=${me}
          .closable=${this.closable}
          exportparts="header, list"
          @page-close=${this.#leave}
        ></co-talk-privacy-view>`
      : html`<co-talk-guest-save-view
          .client=${this.client}
          .l=${this.l}
          .me=${me}
          .closable=${this.closable}
          exportparts="header, sign, submit"
          @page-close=${this.#leave}
        ></co-talk-guest-save-view>`;
  }

  #profile(me: Me) {
    const { s } = this.l;
    const words = youStrings(this.l);
    const unverified = me.kind === 'account' && !me.emailVerified && me.email;
    return html`<div class="card" part="profile">
        ${avatar({ id: me.id, name: me.nickname, url: me.avatarUrl, size: 'xl' })}
        <div class="who">
          <strong><bdi>${me.nickname}</bdi></strong>
          ${me.email ? html`<span class="mail">${me.email}</span>` : nothing}
          ${
            unverified
              ? html`<co-talk-verify-hint
                  .client=${this.client}
                  .l=${this.l}
                  .email=${unverified}
                ></co-talk-verify-hint>`
              : nothing
          }
          ${me.about && !this.editing ? html`<span><bdi>${me.about}</bdi></span>` : nothing}
        </div>
        ${
          this.editing
            ? nothing
            : html`<button class="btn ghost" aria-label=${words.editProfile} @click=${() => this.#edit(true)}>
                ${s.edit}
              </button>`
        }
      </div>
      ${this.editing ? this.#editor(me) : nothing}`;
  }

  #editor(me: Me) {
    return html`${
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
      ></co-talk-profile-form>`;
  }

  #guest() {
    const g = guestStrings(this.l);
    return html`<div class="guest">
      <p>${g.saveText}</p>
      <button class="btn wide" @click=${() => this.#open('saving')}>${g.saveTitle}</button>
    </div>`;
  }

  #open(page: keyof typeof PAGES): void {
    PAGES[page].load().then(
      () => (this.page = page),
      () => say(this, 'notice', { text: this.l.s.loadFailed }),
    );
  }

  readonly #leave = (): void => {
    const door = this.page && PAGES[this.page].door;
    this.page = null;
    if (door) this.#focus(door);
  };

  #edit(editing: boolean): void {
    this.editing = editing;
    if (!editing) this.#focus('.card .btn');
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
    else this.#focus('.out');
  };

  /** Once it is there. */
  #focus(selector: string): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(selector)?.focus());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-you-view': YouView;
  }
}

define('co-talk-you-view', YouView);
