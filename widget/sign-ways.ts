import type { ReactiveControllerHost } from 'lit';
import type { Client } from '@co-talk/sdk';
import { explain, isSetup } from './explain.ts';
import type { Localizer } from './localize.ts';

/** How people can sign in here, if at all. */
export class SignWays {
  readonly #host: ReactiveControllerHost;
  /** Why nobody can sign in here at all. */
  blocker: ((l: Localizer) => string) | null = null;
  /** What whoever has set the chat up must do. */
  advice = '';
  /** Guests are let in, as far as is known. */
  guests = true;
  /** The server can mail a link for a new password. */
  mails = false;
  /** All of it is known, or cannot be learned. */
  checked = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
  }

  /** Learn it before anything is typed in vain; being offline is no reason to say no. `site`: the page says who is here. */
  async check(client: Client, site: boolean): Promise<void> {
    this.blocker = null;
    this.advice = '';
    try {
      const { signIn } = await client.config();
      this.mails = signIn.passwordReset ?? false;
      this.guests = signIn.guests;
      if (signIn.accounts) return;
      this.blocker = (l) => (signIn.host ? l.s.signInOnSite : l.s.signInClosed);
      if (signIn.guests && !site) this.#advise('the app lets guests in; add the attribute guest to the co-talk tag');
    } catch (error) {
      if (!isSetup(error)) return;
      this.blocker = (l) => explain(error, l);
      this.#advise(error.message);
    } finally {
      this.checked = true;
      this.#host.requestUpdate();
    }
  }

  #advise(advice: string): void {
    this.advice = advice;
    console.error(`unable to let anybody into the chat; ${advice.replace(/^unable to [^;]*; /, '')}`);
  }
}
