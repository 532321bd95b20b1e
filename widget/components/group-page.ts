import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import type { Client } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say, type Page } from '../events.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { base, view } from '../styles.ts';
import './add-people-view.ts';
import './channel-view.ts';
import './channels-view.ts';
import './invite-view.ts';
import './invites-view.ts';
import './new-group-view.ts';
import './room-details-view.ts';
import './start-view.ts';

/** Where "back" leads. */
const parentOf = (page: Page): Page | null => {
  if (page.kind === 'new-group' || page.kind === 'channels') return { kind: 'start' };
  if (page.kind === 'channel') return { kind: 'channels' };
  if (page.kind === 'add-people' || page.kind === 'invites') return { kind: 'details', roomId: page.roomId };
  return null;
};

/** Pages about groups, all in one file that is fetched with the first of them. Says `page-open`. */
export class GroupPage extends LitElement {
  static override styles = [base, view];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    page: { attribute: false },
    closable: { attribute: false },
    now: { attribute: false },
  };

  declare client: Client;
  declare l: Localizer;
  declare page: Page;
  declare closable: boolean;
  declare now: Date;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.page = { kind: 'start' };
    this.closable = false;
    this.now = new Date();
    this.addEventListener('page-close', (event) => {
      event.stopPropagation();
      say(this, 'page-open', { page: parentOf(this.page) });
    });
  }

  /** What was pressed to come here is gone with its page. */
  protected override updated(changed: PropertyValues<this>): void {
    const view = this.renderRoot.firstElementChild;
    if (!changed.has('page') || this.page.kind === 'invite' || !(view instanceof LitElement)) return;
    void view.updateComplete.then(() => {
      if (!view.shadowRoot?.activeElement) view.shadowRoot?.querySelector<HTMLElement>('.icon')?.focus();
    });
  }

  protected override render(): TemplateResult {
    const { client, l, closable, page, now } = this;
    const parts = 'header, list, person-row, avatar, search, menu';
    switch (page.kind) {
      case 'start':
        return html`<co-talk-start-view
          exportparts=${parts}
          .client=${client}
          .l=${l}
          .closable=${closable}
        ></co-talk-start-view>`;
      case 'new-group':
        return html`<co-talk-new-group-view
          exportparts=${parts}
          .client=${client}
          .l=${l}
          .type=${page.type}
          .closable=${closable}
        ></co-talk-new-group-view>`;
      case 'details':
        return html`<co-talk-room-details-view
          exportparts=${parts}
          .client=${client}
          .l=${l}
          .roomId=${page.roomId}
          .closable=${closable}
          .now=${now}
        ></co-talk-room-details-view>`;
      case 'channels':
        return html`<co-talk-channels-view
          exportparts=${parts}
          .client=${client}
          .l=${l}
          .closable=${closable}
        ></co-talk-channels-view>`;
      case 'channel':
        return html`<co-talk-channel-view
          exportparts=${parts}
          .client=${client}
          .l=${l}
          .channel=${page.channel}
          .closable=${closable}
          .now=${now}
        ></co-talk-channel-view>`;
      case 'invites':
        return html`<co-talk-invites-view
          exportparts=${parts}
          .client=${client}
          .l=${l}
          .roomId=${page.roomId}
          .closable=${closable}
          .now=${now}
        ></co-talk-invites-view>`;
      case 'invite':
        return html`<co-talk-invite-view
          exportparts=${parts}
          .client=${client}
          .l=${l}
          .token=${page.token}
          .closable=${closable}
        ></co-talk-invite-view>`;
      case 'add-people':
        return html`<co-talk-add-people-view
          exportparts=${parts}
          .client=${client}
          .l=${l}
          .roomId=${page.roomId}
          .closable=${closable}
        ></co-talk-add-people-view>`;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-group-page': GroupPage;
  }
}

define('co-talk-group-page', GroupPage);
