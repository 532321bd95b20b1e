import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { AppConfig, Client } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { explain, isSetup } from '../explain.ts';
import { icons } from '../icons.ts';
import { guestStrings } from '../locales/guests.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { base, view } from '../styles.ts';
import { closeButton } from './close-button.ts';
import { formStyles, signViewStyles } from './form.styles.ts';

/** Lets a visitor in without an account: a name, or none, and off they go. Says `accounts-change`, `panel-close`. */
export class GuestView extends LitElement {
  static override styles = [base, view, formStyles, signViewStyles];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    closable: { attribute: false },
    busy: { state: true },
    failure: { state: true },
    ways: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  declare closable: boolean;
  declare busy: boolean;
  declare failure: unknown;
  /** How people may come in; `null` while that is not known. */
  declare ways: AppConfig['signIn'] | null;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.closable = false;
    this.busy = false;
    this.failure = null;
    this.ways = null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('client')) void this.#check();
  }

  protected override render() {
    const { s } = this.l;
    const g = guestStrings(this.l);
    return html`
      ${closeButton(this, 'icon top')}
      <form part="sign" novalidate @submit=${this.#submit}>
        <div class="mark" aria-hidden="true">${icons.chat}</div>
        <h1>${g.title}</h1>
        <p class="lead">${g.text}</p>
        <div class="field">
          <label for="name">${g.name}</label>
          <span class="box"
            ><input
              id="name"
              autocomplete="nickname"
              dir="auto"
              spellcheck="false"
              aria-invalid=${this.failure ? 'true' : nothing}
              aria-describedby=${this.failure ? 'problem' : 'hint'}
          /></span>
          ${
            this.failure
              ? html`<p class="problem" id="problem" role="alert">${explain(this.failure, this.l)}</p>`
              : html`<p class="hint" id="hint">${g.nameHint}</p>`
          }
        </div>
        <button class="btn wide" type="submit" part="submit" ?disabled=${this.busy}>${g.start}</button>
        ${
          this.ways?.accounts
            ? html`<p class="or">
                ${g.haveAccount}
                <button class="link" type="button" @click=${this.#accounts}>${s.signIn}</button>
              </p>`
            : nothing
        }
      </form>
    `;
  }

  readonly #accounts = (): void => say(this, 'accounts-change', { accounts: true });

  /** Where guests are not let in, the other form says what is possible; being offline is no reason to say no. */
  async #check(): Promise<void> {
    try {
      this.ways = (await this.client.config()).signIn;
      if (!this.ways.guests) this.#accounts();
    } catch (error) {
      if (isSetup(error)) this.#accounts();
    }
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    if (!this.busy) void this.#send();
  };

  async #send(): Promise<void> {
    const input = this.renderRoot.querySelector('input');
    const nickname = input?.value.trim();
    this.busy = true;
    this.failure = null;
    try {
      await this.client.auth.signInAsGuest(nickname ? { nickname } : {});
    } catch (error) {
      this.failure = error;
      await this.updateComplete;
      input?.focus();
    } finally {
      this.busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-guest-view': GuestView;
  }
}

define('co-talk-guest-view', GuestView);
