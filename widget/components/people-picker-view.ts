import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { LIMITS, type Client, type FriendsState, type Id, type User } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say, type InnerEvent } from '../events.ts';
import { explain } from '../explain.ts';
import { icons } from '../icons.ts';
import { groupStrings } from '../locales/groups.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { StoreController } from '../store-controller.ts';
import { base, view } from '../styles.ts';
import { avatar, avatarStyles } from './avatar.ts';
import { skeletonRows } from './room-list.ts';
import { rowStyles } from './rows.styles.ts';
import './search-field.ts';

const DEBOUNCE = 250;

/** Friends and people found, to be picked. Says `picked-change`. */
export class PeoplePicker extends LitElement {
  static override styles = [
    base,
    view,
    avatarStyles,
    rowStyles,
    css`
      .picked {
        display: flex;
        flex: none;
        flex-wrap: wrap;
        gap: 6px;
        max-block-size: 108px;
        overflow-y: auto;
        padding: 0 16px 10px;
      }
      .chip {
        display: flex;
        align-items: center;
        gap: 6px;
        max-inline-size: 100%;
        padding: 3px 8px 3px 3px;
        border-radius: 17px;
        background: var(--ct-surface-2);
        font-weight: 560;
        font-size: 13px;
        line-height: 18px;
      }
      .chip bdi {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .chip svg {
        inline-size: 14px;
        block-size: 14px;
        color: var(--ct-text-3);
      }
      .tickbox {
        display: grid;
        place-items: center;
        flex: none;
        inline-size: 22px;
        block-size: 22px;
        border-radius: 50%;
        border: 1.5px solid var(--ct-field-border);
        color: var(--ct-on-accent);
      }
      .tickbox svg {
        inline-size: 14px;
        block-size: 14px;
        stroke-width: 2.6;
      }
      [aria-checked='true'] .tickbox {
        border-color: var(--ct-accent);
        background: var(--ct-accent);
      }
    `,
  ];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    picked: { attribute: false },
    left: { attribute: false },
    term: { state: true },
    found: { state: true },
    failure: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  declare picked: ReadonlyMap<Id, User>;
  /** Who cannot be picked. */
  declare left: ReadonlySet<Id>;
  declare term: string;
  declare found: User[] | null;
  declare failure: unknown;

  readonly #friends = new StoreController<FriendsState>(this);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.picked = new Map();
    this.left = new Set();
    this.term = '';
    this.found = null;
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
    this.found = null;
    this.failure = null;
    const term = this.term.trim();
    if (term) this.#timer = setTimeout(() => void this.#search(term), DEBOUNCE);
  }

  async #search(term: string): Promise<void> {
    const stale = () => term !== this.term.trim();
    try {
      const { items } = await this.client.users.search(term);
      if (!stale()) this.found = items.filter(({ friendship }) => friendship !== 'blocked');
    } catch (error) {
      if (!stale()) this.failure = error;
    }
  }

  protected override render() {
    const g = groupStrings(this.l);
    return html`<co-talk-search-field
        .l=${this.l}
        .label=${g.searchPeople}
        .term=${this.term}
        @term-change=${(event: InnerEvent<'term-change'>) => {
          this.term = event.detail.term;
        }}
      ></co-talk-search-field>
      ${this.picked.size ? this.#chips() : nothing}
      <div class="list" part="list" tabindex="-1">${this.#content()}</div>`;
  }

  #chips() {
    const g = groupStrings(this.l);
    return html`<div class="picked">
      ${[...this.picked.values()].map(
        (user) =>
          html`<button class="chip" @click=${() => this.#toggle(user)}>
            ${avatar({ id: user.id, name: user.nickname, url: user.avatarUrl, size: 's' })}<bdi>${user.nickname}</bdi>${icons.close}<span
              class="sr"
              >${g.unpick}</span
            >
          </button>`,
      )}
    </div>`;
  }

  #content() {
    const { s } = this.l;
    const g = groupStrings(this.l);
    const term = this.term.trim();
    const friends = (this.#friends.value?.friends ?? []).map(({ user }) => user);
    if (!term) {
      const free = friends.filter(({ id }) => !this.left.has(id));
      if (!this.#friends.value?.loaded) return skeletonRows();
      return free.length
        ? this.#section(g.friends, free)
        : html`<div class="empty">
            ${icons.people}
            <p>${g.nobody}</p>
          </div>`;
    }
    if (this.failure) return html`<p class="empty" role="alert">${explain(this.failure, this.l)}</p>`;
    if (!this.found) return skeletonRows().slice(0, 3);
    const found = this.found.filter(({ id }) => !this.left.has(id));
    if (!found.length)
      return html`<div class="empty" role="status">
        ${icons.search}
        <h2>${s.nothingFound(term)}</h2>
        <p>${s.nothingFoundText}</p>
      </div>`;
    return this.#section(g.found, found);
  }

  #section(title: string, users: readonly User[]) {
    return html`<h2 class="section" id="title">${title}</h2>
      <div role="group" aria-labelledby="title">${users.map((user) => this.#row(user))}</div>`;
  }

  #row(user: User) {
    const picked = this.picked.has(user.id);
    return html`<button
      class="row"
      part="person-row"
      role="checkbox"
      aria-checked=${picked ? 'true' : 'false'}
      ?disabled=${!picked && this.picked.size >= LIMITS.groupMembers}
      @click=${() => this.#toggle(user)}
    >
      ${avatar({ id: user.id, name: user.nickname, url: user.avatarUrl })}
      <span class="text">
        <span class="l1"><span class="name" dir="auto">${user.nickname}</span></span>
        ${user.about ? html`<span class="l2"><span class="what" dir="auto">${user.about}</span></span>` : nothing}
      </span>
      <span class="tickbox">${picked ? icons.tick : nothing}</span>
    </button>`;
  }

  #toggle(user: User): void {
    const picked = new Map(this.picked);
    if (!picked.delete(user.id)) picked.set(user.id, user);
    say(this, 'picked-change', { picked });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-people-picker': PeoplePicker;
  }
}

define('co-talk-people-picker', PeoplePicker);
