import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Client, FoundUser, Friendship, FriendsState, Id } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { attempt, explain } from '../explain.ts';
import { icons } from '../icons.ts';
import { friendStrings } from '../locales/friends.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { StoreController } from '../store-controller.ts';
import { base, view } from '../styles.ts';
import { avatarStyles } from './avatar.ts';
import { personRow } from './person-row.ts';
import { skeletonRows } from './room-list.ts';
import { rowStyles } from './rows.styles.ts';

const DEBOUNCE = 250;

/** People found for a term, each with what can be done: add, accept, write. Says `direct-open`. */
export class PeopleView extends LitElement {
  static override styles = [
    base,
    view,
    avatarStyles,
    rowStyles,
    css`
      :host {
        display: block;
        flex: none;
      }
      .mark {
        font-size: 12px;
        line-height: 16px;
        color: var(--ct-text-3);
        white-space: nowrap;
      }
    `,
  ];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    term: { attribute: false },
    quiet: { attribute: false },
    found: { state: true },
    next: { state: true },
    failure: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  declare term: string;
  /** Say nothing when nobody is found: the view above shows something else. */
  declare quiet: boolean;
  declare found: FoundUser[] | null;
  declare next: string | null;
  declare failure: unknown;

  readonly #friends = new StoreController<FriendsState>(this);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = '';

  constructor() {
    super();
    this.l = englishLocalizer;
    this.term = '';
    this.quiet = false;
    this.found = null;
    this.next = null;
    this.failure = null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('client')) this.#friends.watch(this.client.friends.store);
    if (!changed.has('term')) return;
    clearTimeout(this.#timer);
    this.#asked = this.term.trim();
    if (this.#asked) this.#timer = setTimeout(() => void this.#search(this.#asked), DEBOUNCE);
    else this.found = null;
  }

  async #search(q: string, cursor?: string): Promise<void> {
    this.failure = null;
    try {
      const page = await this.client.users.search(q, cursor === undefined ? {} : { cursor });
      if (q !== this.#asked) return;
      const before = cursor === undefined ? [] : (this.found ?? []);
      const known = new Set(before.map((user) => user.id));
      this.found = [...before, ...page.items.filter((user) => !known.has(user.id))];
      this.next = page.next;
    } catch (error) {
      if (q === this.#asked) this.failure = error;
    }
  }

  protected override render() {
    const { s } = this.l;
    if (!this.term.trim()) return nothing;
    if (this.failure) {
      return html`<div class="empty" role="alert">
        <p>${explain(this.failure, this.l)}</p>
        <button class="btn" @click=${() => void this.#search(this.#asked)}>${s.tryAgain}</button>
      </div>`;
    }
    if (!this.found)
      return html`<h2 class="section">${s.people}</h2>
        ${skeletonRows().slice(0, 3)}`;
    if (!this.found.length) {
      if (this.quiet) return nothing;
      return html`<div class="empty" role="status">
        ${icons.search}
        <h2>${s.nothingFound(this.term.trim())}</h2>
        <p>${s.nothingFoundText}</p>
      </div>`;
    }
    return html`<h2 class="section">${s.people}</h2>
      <ul role="list">
        ${this.found.map((user) => html`<li>${this.#row(user)}</li>`)}
      </ul>
      ${
        this.next
          ? html`<button class="btn ghost wide" @click=${() => void this.#search(this.#asked, this.next ?? undefined)}>
              ${s.more}
            </button>`
          : nothing
      }`;
  }

  #row(user: FoundUser) {
    return personRow({ user, what: user.about ?? '', actions: this.#actions(user, this.#relation(user)) });
  }

  #actions(user: FoundUser, relation: Friendship) {
    const { s } = this.l;
    const words = friendStrings(this.l);
    const name = user.nickname;
    if (relation === 'friend') {
      return html`<span class="mark">${words.friend}</span
        ><button
          class="icon"
          aria-label=${words.messageName(name)}
          @click=${() => say(this, 'direct-open', { userId: user.id })}
        >
          ${icons.chat}
        </button>`;
    }
    if (relation === 'outgoing') return html`<span class="mark">${words.requestSent}</span>`;
    if (relation === 'blocked') return html`<span class="mark">${s.blocked}</span>`;
    if (relation === 'incoming') {
      return html`<button class="btn" aria-label=${words.acceptName(name)} @click=${() => this.#add(user.id)}>
        ${words.accept}
      </button>`;
    }
    return html`<button class="btn ghost" aria-label=${words.addName(name)} @click=${() => this.#add(user.id)}>
      ${s.add}
    </button>`;
  }

  /** How the person stands now: the lists are live, the search answer is a moment old. */
  #relation(user: FoundUser): Friendship {
    const state = this.#friends.value;
    if (!state?.loaded) return user.friendship;
    const among = (ids: { id: Id }[]) => ids.some(({ id }) => id === user.id);
    if (among(state.friends.map((f) => f.user))) return 'friend';
    if (among(state.blocks.map((b) => b.user))) return 'blocked';
    if (among(state.incoming.map((r) => r.from))) return 'incoming';
    if (among(state.outgoing.map((r) => r.to))) return 'outgoing';
    return 'none';
  }

  /** Asking somebody who has asked already accepts. */
  #add(userId: Id): void {
    void attempt(this, this.l, () => this.client.friends.request(userId));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-people-view': PeopleView;
  }
}

define('co-talk-people-view', PeopleView);
