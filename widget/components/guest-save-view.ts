import { html, LitElement } from 'lit';
import type { Client, Me } from '@co-talk/sdk';
import { define } from '../define.ts';
import { guestStrings } from '../locales/guests.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { base, view } from '../styles.ts';
import { pageHead, pageHeadStyles } from './page-head.ts';
import './sign-view.ts';
import type { Saving } from './sign-view.ts';

/** Makes an account of a guest. Says `page-close`, `panel-close`. */
export class GuestSaveView extends LitElement {
  static override styles = [base, ...pageHeadStyles, view];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    me: { attribute: false },
    closable: { attribute: false },
  };

  declare client: Client;
  declare l: Localizer;
  declare me: Me;
  declare closable: boolean;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.closable = false;
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('.icon')?.focus();
  }

  protected override render() {
    const g = guestStrings(this.l);
    const saving: Saving = { text: g.saveText, action: g.save, nickname: this.me.nickname };
    return html`${pageHead(this, g.saveTitle)}
      <co-talk-sign-view
        exportparts="sign, submit"
        .client=${this.client}
        .l=${this.l}
        .saving=${saving}
      ></co-talk-sign-view>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-guest-save-view': GuestSaveView;
  }
}

define('co-talk-guest-save-view', GuestSaveView);
