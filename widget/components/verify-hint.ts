import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Client } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { attempt } from '../explain.ts';
import { mailStrings } from '../locales/mail.ts';
import { englishLocalizer, isolate, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';

/** Says that one's address is not confirmed, and mails another link. Says `notice`. */
export class VerifyHint extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        column-gap: 8px;
        font-size: 12px;
        line-height: 20px;
        color: var(--ct-text-2);
      }
      .link {
        font-size: inherit;
      }
    `,
  ];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    email: { attribute: false },
    mails: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  declare email: string;
  /** The server can mail a link that confirms the address. */
  declare mails: boolean;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.mails = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('client')) void this.#check();
  }

  protected override render() {
    const m = mailStrings(this.l);
    return html`<span>${m.unverified}</span>
      ${this.mails ? html`<button class="link" @click=${() => void this.#send()}>${m.sendAgain}</button>` : nothing}`;
  }

  async #check(): Promise<void> {
    // Not known: then nothing is offered.
    this.mails = await this.client.config().then(
      ({ signIn }) => signIn.passwordReset ?? false,
      () => false,
    );
  }

  async #send(): Promise<void> {
    const sent = await attempt(this, this.l, () => this.client.auth.sendVerification());
    if (sent) say(this, 'notice', { text: mailStrings(this.l).linkSent(isolate(this.email)) });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-verify-hint': VerifyHint;
  }
}

define('co-talk-verify-hint', VerifyHint);
