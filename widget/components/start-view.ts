import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Client, FriendsState } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say, type InnerEvent, type Page } from '../events.ts';
import { icons } from '../icons.ts';
import { groupStrings } from '../locales/groups.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { StoreController } from '../store-controller.ts';
import { base, view } from '../styles.ts';
import { avatar, avatarStyles } from './avatar.ts';
import { groupStyles } from './group.styles.ts';
import { pageHead, pageHeadStyles } from './page-head.ts';
import './people-view.ts';
import { rowStyles } from './rows.styles.ts';
import './search-field.ts';

/** Where a chat begins: with a friend, with somebody found, as a group. Says `page-open`, `room-open`, `page-close`, `panel-close`. */
export class StartView extends LitElement {
  static override styles = [base, ...pageHeadStyles, view, avatarStyles, rowStyles, groupStyles];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    closable: { attribute: false },
    term: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  declare closable: boolean;
  declare term: string;

  readonly #friends = new StoreController<FriendsState>(this);

  constructor() {
    super();
    this.l = englishLocalizer;
    this.closable = false;
    this.term = '';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('client')) this.#friends.watch(this.client.friends.store);
  }

  protected override firstUpdated(): void {
    const field = this.renderRoot.querySelector('co-talk-search-field');
    void field?.updateComplete.then(() => field.focus());
  }

  protected override render() {
    return html`${pageHead(this, groupStrings(this.l).newChat)}
      <co-talk-search-field
        .l=${this.l}
        .label=${this.l.s.searchPeople}
        .term=${this.term}
        @term-change=${(event: InnerEvent<'term-change'>) => {
          this.term = event.detail.term;
        }}
      ></co-talk-search-field>
      <div class="list" part="list" tabindex="-1">
        ${
          this.term.trim()
            ? html`<co-talk-people-view .client=${this.client} .l=${this.l} .term=${this.term}></co-talk-people-view>`
            : html`${this.#deeds()}${this.#people()}`
        }
      </div>`;
  }

  #deeds() {
    const g = groupStrings(this.l);
    return html`<ul role="list">
      <li>${this.#deed({ kind: 'new-group', type: 'group' }, icons.people, g.newGroup, g.newGroupText)}</li>
      <li>${this.#deed({ kind: 'new-group', type: 'channel' }, icons.channel, g.newChannel, g.newChannelText)}</li>
      <li>${this.#deed({ kind: 'channels' }, icons.search, g.channels, g.channelsText)}</li>
    </ul>`;
  }

  #deed(page: Page, icon: unknown, name: string, text: string) {
    return html`<button class="row deed" @click=${() => say(this, 'page-open', { page })}>
      <span class="disc">${icon}</span>
      <span class="text"><span class="name">${name}</span><small>${text}</small></span>
    </button>`;
  }

  #people() {
    const friends = this.#friends.value?.friends ?? [];
    if (!friends.length) return nothing;
    return html`<h2 class="section">${groupStrings(this.l).friends}</h2>
      <ul role="list">
        ${friends.map(
          ({ user, roomId }) =>
            html`<li>
              <button class="row" part="person-row" @click=${() => say(this, 'room-open', { roomId })}>
                ${avatar({ id: user.id, name: user.nickname, url: user.avatarUrl })}
                <span class="text"
                  ><span class="l1"><span class="name" dir="auto">${user.nickname}</span></span>
                  ${user.about ? html`<span class="l2"><span class="what" dir="auto">${user.about}</span></span>` : nothing}</span
                >
              </button>
            </li>`,
        )}
      </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-start-view': StartView;
  }
}

define('co-talk-start-view', StartView);
