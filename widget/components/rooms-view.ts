import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Client, Id, Presence, RoomsState, User } from '@co-talk/sdk';
import { Absence, absenceStyles } from '../absence.ts';
import { define } from '../define.ts';
import { say, type InnerEvent } from '../events.ts';
import { attempt } from '../explain.ts';
import { icons } from '../icons.ts';
import { loadSearch } from '../load-search.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { StoreController } from '../store-controller.ts';
import { base, header, view } from '../styles.ts';
import { closeButton } from './close-button.ts';
import './room-list.ts';
import type { SearchMemories } from '../search-memory.ts';
import { roomTitle, skeletonRows } from './room-list.ts';
import { rowStyles } from './rows.styles.ts';
import './search-field.ts';

/** The chats: search, list, empty state. Says `room-open`, `direct-open`, `page-open`, `tab-change`, `panel-close`. */
export class RoomsView extends LitElement {
  static override styles = [base, header, view, rowStyles, absenceStyles];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    selected: { attribute: false },
    closable: { attribute: false },
    now: { attribute: false },
    searches: { attribute: false },
    term: { state: true },
    hits: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  declare selected: Id | null;
  declare closable: boolean;
  declare now: Date;
  /** Searches as they were left. */
  declare searches: SearchMemories;
  declare term: string;
  /** Messages found. */
  declare hits: number;

  readonly #rooms = new StoreController<RoomsState>(this);
  readonly #users = new StoreController<ReadonlyMap<Id, User>>(this);
  readonly #presence = new StoreController<ReadonlyMap<Id, Presence>>(this);
  readonly #typing = new StoreController<ReadonlyMap<Id, readonly Id[]>>(this);
  readonly #absence = new Absence(this);
  #loadingMore = false;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.selected = null;
    this.closable = false;
    this.now = new Date();
    this.searches = new Map();
    this.term = '';
    this.hits = 0;
  }

  focusRoom(id: Id | null): boolean {
    return this.renderRoot.querySelector('co-talk-room-list')?.focusRoom(id) ?? false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.hasUpdated) this.term = this.searches.get('')?.term ?? '';
    if (this.term) loadSearch();
    if (!changed.has('client')) return;
    this.#rooms.watch(this.client.rooms.store);
    this.#users.watch(this.client.users.store);
    this.#presence.watch(this.client.presence.store);
    this.#typing.watch(this.client.presence.typing);
    this.#absence.watch(this.client.status);
  }

  protected override render() {
    const { s } = this.l;
    const state = this.#rooms.value;
    return html`
      <header class="head" part="header">
        <h1>${s.chats}</h1>
        ${
          state?.loaded
            ? html`<button
                class="icon tint"
                aria-label=${s.newChat}
                @click=${() => say(this, 'page-open', { page: { kind: 'start' } })}
              >
                ${icons.plus}
              </button>`
            : nothing
        }
        ${closeButton(this)}
      </header>
      ${
        state?.loaded && (state.rooms.length || this.term)
          ? html`<co-talk-search-field
              .l=${this.l}
              .label=${s.searchChats}
              .term=${this.term}
              @term-change=${(event: InnerEvent<'term-change'>) => {
                this.term = event.detail.term;
                if (!this.term) this.searches.delete('');
              }}
            ></co-talk-search-field>`
          : nothing
      }
      ${
        // The room beside it says so.
        this.selected ? nothing : this.#absence.bar(this.l)
      }
      <div class="list" part="list" tabindex="-1" @scroll=${this.#onScroll}>${this.#content(state)}</div>
    `;
  }

  #content(state: RoomsState | undefined) {
    const { s } = this.l;
    if (!state?.loaded)
      return html`<p class="sr" role="status">${s.loading}</p>
        ${skeletonRows()}`;
    if (!state.rooms.length && !this.term) {
      return html`<slot name="empty"
        ><div class="empty" part="empty">
          ${icons.chat}
          <h2>${s.noChatsTitle}</h2>
          <p>${s.noChatsText}</p>
          <button class="btn" @click=${this.#find}>${s.findPeople}</button>
        </div></slot
      >`;
    }
    const term = this.term.trim().toLocaleLowerCase();
    const users = this.#users.value ?? new Map<Id, User>();
    const rooms = state.rooms.filter((room) => roomTitle(room, this.l, users).toLocaleLowerCase().includes(term));
    return html`<co-talk-room-list
        .l=${this.l}
        .rooms=${rooms}
        .me=${this.client.auth.store.get().me?.id ?? ''}
        .selected=${this.selected}
        .users=${users}
        .presence=${this.#presence.value ?? new Map()}
        .typing=${this.#typing.value ?? new Map()}
        .now=${this.now}
        @room-me=${(event: InnerEvent<'room-me'>) => {
          const { roomId, change } = event.detail;
          void attempt(this, this.l, () => this.client.rooms.updateMe(roomId, change));
        }}
      ></co-talk-room-list>
      ${
        term
          ? html`<co-talk-people-view
                .client=${this.client}
                .l=${this.l}
                .term=${this.term}
                .quiet=${rooms.length + this.hits > 0}
              ></co-talk-people-view>
              <co-talk-search-view
                exportparts="message-hit"
                .client=${this.client}
                .l=${this.l}
                .term=${this.term}
                .memories=${this.searches}
                .now=${this.now}
                @hits-change=${(event: InnerEvent<'hits-change'>) => {
                  this.hits = event.detail.count;
                }}
              ></co-talk-search-view>`
          : nothing
      }`;
  }

  readonly #find = (): void => say(this, 'tab-change', { tab: 'friends', find: true });

  readonly #onScroll = (event: Event): void => {
    const list = event.currentTarget;
    if (!(list instanceof HTMLElement) || this.#loadingMore || !this.#rooms.value?.hasMore) return;
    if (list.scrollHeight - list.scrollTop - list.clientHeight > 400) return;
    this.#loadingMore = true;
    void attempt(this, this.l, () => this.client.rooms.loadMore()).then(() => {
      this.#loadingMore = false;
    });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-rooms-view': RoomsView;
  }
}

define('co-talk-rooms-view', RoomsView);
