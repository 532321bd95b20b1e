import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Id, LocalMessage, User } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { icons } from '../icons.ts';
import { badge, englishLocalizer, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';
import { avatar, avatarStyles } from './avatar.ts';
import { History, type HistoryHost } from './history.ts';
import { messageListStyles } from './message-list.styles.ts';
import { announcement, estimateRow, keyOf, messageRow, toRows, type Row } from './message-row.ts';

const SKELETON_HEIGHT = 132;
const TYPING_HEIGHT = 46;
/** Rows from either edge at which the next page is asked for. */
const LOAD_AHEAD = 12;

/** The virtualised history of one room. Says `load-before`, `load-after`, `at-end`, `jump-latest`, `retry`, `discard`. */
export class MessageList extends LitElement implements HistoryHost {
  static override styles = [base, avatarStyles, messageListStyles];

  static override properties = {
    l: { attribute: false },
    messages: { attribute: false },
    users: { attribute: false },
    me: { attribute: false },
    names: { attribute: false },
    divider: { attribute: false },
    readSeq: { attribute: false },
    hasBefore: { attribute: false },
    hasAfter: { attribute: false },
    typing: { attribute: false },
    unread: { attribute: false },
    now: { attribute: false },
  };

  declare l: Localizer;
  declare messages: readonly LocalMessage[];
  declare users: ReadonlyMap<Id, User>;
  declare me: Id;
  /** Show names above others' messages. */
  declare names: boolean;
  /** The "New messages" line stands before the first message of somebody else after this `seq`. */
  declare divider: number | null;
  /** How far somebody else has read. */
  declare readSeq: number;
  declare hasBefore: boolean;
  declare hasAfter: boolean;
  /** Who is typing. */
  declare typing: readonly Id[];
  /** Messages not yet read, for the button that jumps to the latest. */
  declare unread: number;
  declare now: Date;

  readonly #history = new History(this);
  #rows: Row[] = [];
  #newest = 0;
  #spoken = '';
  #placed = false;
  #atEnd: boolean | null = null;
  #follow = false;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.messages = [];
    this.users = new Map();
    this.me = '';
    this.names = false;
    this.divider = null;
    this.readSeq = 0;
    this.hasBefore = false;
    this.hasAfter = false;
    this.typing = [];
    this.unread = 0;
    this.now = new Date();
  }

  /** Bring the newest message into view. */
  toEnd(smooth = false): void {
    this.#history.toEnd(smooth && !matchMedia('(prefers-reduced-motion: reduce)').matches);
  }

  flush(): void {
    this.requestUpdate();
    this.performUpdate();
  }

  parts(): { scroller: HTMLElement; sizer: HTMLElement; box: HTMLElement } | null {
    const scroller = this.renderRoot.querySelector<HTMLElement>('.scroller');
    const sizer = this.renderRoot.querySelector<HTMLElement>('.sizer');
    const box = this.renderRoot.querySelector<HTMLElement>('.rows');
    return scroller && sizer && box ? { scroller, sizer, box } : null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('messages') || changed.has('divider') || changed.has('hasBefore') || changed.has('me')) {
      const before = this.#rows;
      this.#rows = toRows(this.messages, { me: this.me, divider: this.divider, whole: !this.hasBefore });
      this.#speak(before);
      const last = this.#rows.at(-1);
      this.#follow = last?.own === true && last.message.state === 'pending' && last.key !== before.at(-1)?.key;
    }
    this.#history.lay({
      count: this.#rows.length,
      key: (index) => this.#rows[index]?.key ?? String(index),
      estimate: (index) => estimateRow(this.#rows[index]),
      before: this.hasBefore ? SKELETON_HEIGHT : 8,
      after: this.typing.length ? TYPING_HEIGHT : 4,
    });
  }

  protected override updated(changed: PropertyValues<this>): void {
    const divider = this.#rows.findIndex((row) => row.divider);
    if (!this.#placed && this.#rows.length) {
      this.#placed = true;
      if (divider > 0) this.#history.toIndex(divider, 'start');
      else this.#history.toEnd();
    } else if (this.#follow || (changed.has('typing') && this.#history.pinned && !this.hasAfter)) {
      this.#history.toEnd();
    }
    this.#follow = false;
    this.#look();
  }

  protected override render() {
    const context = { l: this.l, now: this.now, users: this.users, names: this.names, readSeq: this.readSeq };
    return html`
      <div
        class="scroller"
        part="messages"
        role="region"
        tabindex="0"
        aria-label=${this.l.s.messages}
        @scroll=${this.#onScroll}
        @click=${this.#onClick}
      >
        <div class="sizer">
          ${this.hasBefore ? html`<div class="older" aria-hidden="true"><i></i><i></i><i></i></div>` : nothing}
          <div class="rows" role=${this.#rows.length ? 'list' : nothing}>
            ${repeat(
              this.#history.items,
              (item) => item.key,
              (item) => {
                const row = this.#rows[item.index];
                return html`<div class="row" role="listitem" data-index=${item.index}>${row ? messageRow(row, context) : nothing}</div>`;
              },
            )}
          </div>
          ${this.typing.length ? this.#typing() : nothing}
        </div>
      </div>
      ${this.#atEnd === false ? this.#jump() : nothing}
      <div class="sr" role="log" aria-live="polite" aria-label=${this.l.s.newMessages}>${this.#spoken}</div>
    `;
  }

  #typing() {
    const id = this.typing[0] ?? '';
    const names = this.typing.map((user) => this.users.get(user)?.nickname ?? '');
    const list = new Intl.ListFormat(this.l.locale).format(names);
    return html`<div class="typing">
      ${avatar({ id, name: names[0] ?? '', size: 's' })}
      <div class="dots"><i></i><i></i><i></i></div>
      <span class="sr">${this.l.s.typingNames(list, names.length)}</span>
    </div>`;
  }

  #jump() {
    const { s } = this.l;
    return html`<button
      class="jump"
      part="jump"
      aria-label=${this.unread ? s.jumpToLatestCount(badge(this.unread)) : s.jumpToLatest}
      @click=${() => say(this, 'jump-latest', null)}
    >
      ${icons.down}${this.unread ? html`<span class="badge" aria-hidden="true">${badge(this.unread)}</span>` : nothing}
    </button>`;
  }

  /** Announce what has just arrived: never history, and not what somebody wrote themself. */
  #speak(before: readonly Row[]): void {
    const newest = this.messages.reduce((top, m) => Math.max(top, m.seq ?? 0), 0);
    const known = new Set(before.map((row) => row.key));
    const live = before.length > 0 && !this.hasAfter && before.some((row) => row.message.seq === this.#newest);
    if (live && newest > this.#newest) {
      const fresh = this.messages.filter((m) => (m.seq ?? 0) > this.#newest && m.senderId !== this.me && !known.has(keyOf(m)));
      if (fresh.length) this.#spoken = announcement(fresh, this.users, this.l);
    }
    this.#newest = newest;
  }

  /** Ask for what is missing near the edges, and say whether the end is in view. */
  #look(): void {
    const { items } = this.#history;
    const first = items[0];
    const last = items.at(-1);
    if (!first || !last) return;
    if (this.hasBefore && first.index < LOAD_AHEAD) say(this, 'load-before', null);
    if (this.hasAfter && last.index >= this.#rows.length - LOAD_AHEAD) say(this, 'load-after', null);
    const atEnd = this.#history.pinned && !this.hasAfter;
    if (atEnd !== this.#atEnd) {
      this.#atEnd = atEnd;
      say(this, 'at-end', { atEnd });
      this.requestUpdate();
    }
  }

  readonly #onScroll = (): void => {
    this.#history.scrolled();
    this.#look();
  };

  readonly #onClick = (event: Event): void => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-act]') : null;
    const clientId = button?.dataset['client'];
    if (!button || !clientId) return;
    say(this, button.dataset['act'] === 'retry' ? 'retry' : 'discard', { clientId });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-message-list': MessageList;
  }
}

define('co-talk-message-list', MessageList);
