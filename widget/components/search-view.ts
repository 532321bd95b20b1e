import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { CoTalkError, type Client, type Id, type Message, type User } from '@co-talk/sdk';
import { arrows } from '../arrows.ts';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { explain } from '../explain.ts';
import { icons } from '../icons.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { searchStrings } from '../locales/search.ts';
import type { SearchMemories, SearchMemory } from '../search-memory.ts';
import { StoreController } from '../store-controller.ts';
import { base, view } from '../styles.ts';
import { avatarStyles } from './avatar.ts';
import { messageHit, messageHitStyles } from './message-hit.ts';
import { roomTitle, skeletonRows } from './room-list.ts';
import { rowStyles } from './rows.styles.ts';

const DEBOUNCE_MS = 250;
const PAGE = 20;

/** Messages found for a term, in all rooms or in one. Says `room-open` with the message's place, `hits-change`. */
export class SearchView extends LitElement {
  static override styles = [
    base,
    view,
    avatarStyles,
    rowStyles,
    messageHitStyles,
    css`
      :host {
        display: block;
        flex: none;
      }
    `,
  ];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    term: { attribute: false },
    roomId: { attribute: false },
    memories: { attribute: false },
    now: { attribute: false },
    found: { state: true },
    failure: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  declare term: string;
  /** `''`: in all rooms. */
  declare roomId: Id;
  declare memories: SearchMemories;
  declare now: Date;
  declare found: SearchMemory | null;
  declare failure: unknown;

  readonly #users = new StoreController<ReadonlyMap<Id, User>>(this);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = '';
  /** The view that has the field. */
  #above: Element | null = null;
  #off = false;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.term = '';
    this.roomId = '';
    this.memories = new Map();
    this.now = new Date();
    this.found = null;
    this.failure = null;
  }

  /** To the message that was opened, once; `false` where there is none. */
  focusOpened(): boolean {
    const opened = this.found?.opened;
    const hit = [...this.renderRoot.querySelectorAll<HTMLElement>('.hit')].find((h) => h.dataset['message'] === opened);
    if (!hit || !this.found) return false;
    this.found.opened = null;
    hit.focus();
    return true;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const root = this.getRootNode();
    this.#above = root instanceof ShadowRoot ? root.host : null;
    this.#above?.addEventListener('keydown', this.#onKeydown);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#above?.removeEventListener('keydown', this.#onKeydown);
    clearTimeout(this.#timer);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('client')) {
      this.#users.watch(this.client.users.store);
      this.client.config().then(
        ({ features }) => {
          this.#off = !features.includes('search');
          this.requestUpdate();
        },
        () => undefined,
      );
    }
    if (!changed.has('term') && !changed.has('roomId')) return;
    clearTimeout(this.#timer);
    this.#asked = this.term.trim();
    this.failure = null;
    const kept = this.memories.get(this.roomId);
    if (kept && kept.term === this.#asked) this.#show(kept);
    else if (this.#asked) this.#timer = setTimeout(() => void this.#search(), DEBOUNCE_MS);
    else {
      this.memories.delete(this.roomId);
      this.#show(null);
    }
  }

  #show(found: SearchMemory | null): void {
    this.found = found;
    say(this, 'hits-change', { count: found?.items.length ?? 0 });
  }

  async #search(): Promise<void> {
    const [q, { roomId }] = [this.#asked, this];
    const before = this.found?.term === q && this.found.next !== null ? this.found : null;
    this.failure = null;
    try {
      const page = await this.client.search.messages(q, {
        limit: PAGE,
        ...(roomId ? { roomId } : {}),
        ...(before?.next ? { cursor: before.next } : {}),
      });
      if (q !== this.#asked || roomId !== this.roomId) return;
      const found = {
        term: q,
        items: [...(before?.items ?? []), ...page.items],
        rooms: new Map([...(before?.rooms ?? []), ...page.rooms.map((room) => [room.id, room] as const)]),
        next: page.next,
        opened: before?.opened ?? null,
      };
      this.memories.set(roomId, found);
      this.#show(found);
    } catch (error) {
      if (q === this.#asked) this.failure = error;
    }
  }

  protected override render() {
    if (this.#off || (!this.#asked && !this.roomId)) return nothing;
    const s = searchStrings(this.l);
    if (!this.#asked) {
      return html`<div class="empty">
        ${icons.search}
        <p>${s.hint}</p>
      </div>`;
    }
    return html`${this.roomId ? nothing : html`<h2 class="section">${s.messages}</h2>`}${this.#content()}`;
  }

  #content() {
    const s = searchStrings(this.l);
    if (isShort(this.failure)) return html`<p class="section" role="status">${s.short}</p>`;
    if (this.failure) {
      return html`<div class="empty" role="alert">
        <h2>${s.failed}</h2>
        <p>${explain(this.failure, this.l)}</p>
        <button class="btn" @click=${() => void this.#search()}>${this.l.s.tryAgain}</button>
      </div>`;
    }
    const { found } = this;
    if (found?.term !== this.#asked)
      return html`<p class="sr" role="status">${this.l.s.loading}</p>
        ${skeletonRows().slice(0, 3)}`;
    const { items, next } = found;
    if (!items.length && next === null) {
      return html`<div class="empty" role="status">
        <p>${s.none(this.#asked)}</p>
        ${this.roomId ? html`<p>${s.noneText}</p>` : nothing}
      </div>`;
    }
    return html`<p class="sr" role="status">${s.found(items.length, next !== null)}</p>
      <ul role="list">
        ${items.map((hit) => html`<li>${messageHit(hit, this.#contextOf(hit.message))}</li>`)}
      </ul>
      ${
        next === null
          ? nothing
          : html`<button class="btn ghost wide" @click=${() => void this.#search()}>${this.l.s.more}</button>`
      }`;
  }

  #contextOf(message: Message) {
    const { l, now } = this;
    const users = this.#users.value ?? new Map<Id, User>();
    const room = this.found?.rooms.get(message.roomId);
    return {
      ...{ l, now, users, me: this.client.auth.store.get().me?.id ?? '' },
      room: this.roomId || !room ? null : roomTitle(room, l, users),
      onChoose: this.#onChoose,
    };
  }

  readonly #onKeydown = (event: Event): void => {
    if (this.#above && event instanceof KeyboardEvent) arrows(event, this.#above);
  };

  readonly #onChoose = ({ id, roomId, seq }: Message): void => {
    if (this.found) this.found.opened = id;
    say(this, 'room-open', { roomId, seq });
  };
}

function isShort(error: unknown): boolean {
  return error instanceof CoTalkError && error.code === 'invalid_request';
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-search-view': SearchView;
  }
}

define('co-talk-search-view', SearchView);
