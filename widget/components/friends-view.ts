import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Client, Friend, FriendsState, Id, Presence, User } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say, type InnerEvent } from '../events.ts';
import { attempt } from '../explain.ts';
import { icons } from '../icons.ts';
import { loadMenus } from '../load-menus.ts';
import { friendStrings } from '../locales/friends.ts';
import { badge, englishLocalizer, isolate, type Localizer } from '../localize.ts';
import { StoreController } from '../store-controller.ts';
import { base, header, view } from '../styles.ts';
import { closeButton } from './close-button.ts';
import { avatarStyles } from './avatar.ts';
import './people-view.ts';
import { personRow, presenceText } from './person-row.ts';
import { skeletonRows } from './room-list.ts';
import { rowStyles } from './rows.styles.ts';
import './search-field.ts';

/** Friends: people search, requests, lists, blocks. Says `direct-open`, `room-open`, `panel-close`. */
export class FriendsView extends LitElement {
  static override styles = [base, header, view, avatarStyles, rowStyles];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    closable: { attribute: false },
    finding: { attribute: false },
    now: { attribute: false },
    term: { state: true },
    asking: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  declare closable: boolean;
  /** Changes when somebody wants to look for people: the search field takes the focus. */
  declare finding: number;
  declare now: Date;
  declare term: string;
  declare asking: { user: User; action: 'remove' | 'block' } | null;

  readonly #friends = new StoreController<FriendsState>(this);
  readonly #presence = new StoreController<ReadonlyMap<Id, Presence>>(this);

  constructor() {
    super();
    this.l = englishLocalizer;
    this.closable = false;
    this.finding = 0;
    this.now = new Date();
    this.term = '';
    this.asking = null;
    void loadMenus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('client')) return;
    this.#friends.watch(this.client.friends.store);
    this.#presence.watch(this.client.presence.store);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('finding') && this.finding) void this.#focusSearch();
  }

  protected override render() {
    const { s } = this.l;
    return html`
      <header class="head" part="header">
        <h1>${s.friends}</h1>
        <button class="icon tint" aria-label=${s.findPeople} @click=${() => void this.#focusSearch()}>
          ${icons.plus}
        </button>
        ${closeButton(this)}
      </header>
      <co-talk-search-field
        .l=${this.l}
        .label=${s.searchPeople}
        .term=${this.term}
        @term-change=${(event: InnerEvent<'term-change'>) => {
          this.term = event.detail.term;
        }}
      ></co-talk-search-field>
      <div class="list" part="list" tabindex="-1">
        ${
          this.term.trim()
            ? html`<co-talk-people-view .client=${this.client} .l=${this.l} .term=${this.term}></co-talk-people-view>`
            : this.#lists(this.#friends.value)
        }
      </div>
    `;
  }

  #lists(state: FriendsState | undefined) {
    const { s } = this.l;
    const words = friendStrings(this.l);
    if (!state?.loaded)
      return html`<p class="sr" role="status">${s.loading}</p>
        ${skeletonRows()}`;
    const online = (friend: Friend) => this.#presenceOf(friend)?.online === true;
    const here = state.friends.filter(online);
    const away = state.friends.filter((friend) => !online(friend));
    return html`
      ${this.#section(s.requests, state.incoming, ({ id, from }) =>
        personRow({ user: from, what: words.wantsToBeFriends, tint: true, actions: this.#answers(id, from) }),
      )}
      ${this.#section(words.sentRequests, state.outgoing, ({ id, to }) =>
        personRow({
          user: to,
          what: words.requestSent,
          actions: html`<button
            class="btn ghost"
            aria-label=${words.cancelRequest(isolate(to.nickname))}
            @click=${() => this.#do(() => this.client.friends.cancel(id))}
          >
            ${s.cancel}
          </button>`,
        }),
      )}
      ${
        state.friends.length || state.incoming.length || state.outgoing.length
          ? nothing
          : html`<div class="empty" part="empty">
              ${icons.people}
              <h2>${words.noFriendsTitle}</h2>
              <p>${words.noFriendsText}</p>
            </div>`
      }
      ${this.#section(words.onlineCount(String(here.length)), here, (friend) => this.#friend(friend))}
      ${this.#section(words.offlineCount(String(away.length)), away, (friend) => this.#friend(friend))}
      ${this.#section(words.blockedCount(badge(state.blocks.length)), state.blocks, ({ user }) =>
        personRow({
          user,
          what: s.blocked,
          actions: html`<button
            class="btn ghost"
            aria-label=${words.unblockName(isolate(user.nickname))}
            @click=${() => this.#do(() => this.client.friends.unblock(user.id))}
          >
            ${s.unblock}
          </button>`,
        }),
      )}
    `;
  }

  #section<T>(title: string, items: readonly T[], row: (item: T) => TemplateResult) {
    if (!items.length) return nothing;
    return html`<h2 class="section">${title}</h2>
      <ul role="list">
        ${items.map((item) => html`<li>${row(item)}</li>`)}
      </ul>`;
  }

  #friend(friend: Friend) {
    const { s } = this.l;
    const words = friendStrings(this.l);
    const { user } = friend;
    const name = isolate(user.nickname);
    const presence = this.#presenceOf(friend);
    const ask = this.asking?.user.id === user.id ? this.asking : null;
    return html`${personRow({
      user,
      online: presence?.online === true,
      what: presence?.online ? (user.about ?? s.online) : presenceText(presence, this.l, this.now),
      onlineText: user.about ? s.online : '',
      actions: html`<button
          class="icon"
          aria-label=${words.messageName(name)}
          @click=${() => say(this, 'room-open', { roomId: friend.roomId })}
        >
          ${icons.chat}
        </button>
        <co-talk-menu
          .label=${s.moreAbout(name)}
          .items=${[
            { id: 'remove', label: words.removeFriend },
            { id: 'block', label: s.block, danger: true },
          ]}
          @pick=${(event: InnerEvent<'pick'>) => {
            this.asking = { user, action: event.detail.id === 'block' ? 'block' : 'remove' };
          }}
        ></co-talk-menu>`,
    })}
    ${
      ask
        ? html`<co-talk-confirm
            .l=${this.l}
            .text=${ask.action === 'block' ? s.blockAsk(name) : words.removeFriendAsk(name)}
            .action=${ask.action === 'block' ? s.block : words.removeFriend}
            @act=${(event: InnerEvent<'act'>) => this.#answer(event.detail.action === 'yes')}
          ></co-talk-confirm>`
        : nothing
    }`;
  }

  #answers(id: Id, from: User) {
    const words = friendStrings(this.l);
    const name = isolate(from.nickname);
    return html`<button
        class="btn"
        aria-label=${words.acceptName(name)}
        @click=${() => this.#do(() => this.client.friends.accept(id))}
      >
        ${words.accept}</button
      ><button
        class="icon"
        aria-label=${words.rejectName(name)}
        @click=${() => this.#do(() => this.client.friends.reject(id))}
      >
        ${icons.close}
      </button>`;
  }

  #presenceOf(friend: Friend): Presence | undefined {
    return this.#presence.value?.get(friend.user.id) ?? friend.presence;
  }

  #answer(yes: boolean): void {
    const asked = this.asking;
    this.asking = null;
    if (!asked || !yes) return;
    const { id } = asked.user;
    this.#do(() => (asked.action === 'block' ? this.client.friends.block(id) : this.client.friends.remove(id)));
  }

  /** The list follows by itself; the row that had the focus is gone then. */
  #do(act: () => Promise<unknown>): void {
    void attempt(this, this.l, act).then(() => this.renderRoot.querySelector<HTMLElement>('.list')?.focus());
  }

  async #focusSearch(): Promise<void> {
    await this.updateComplete;
    const field = this.renderRoot.querySelector('co-talk-search-field');
    await field?.updateComplete;
    field?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-friends-view': FriendsView;
  }
}

define('co-talk-friends-view', FriendsView);
