import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Id, LocalMessage, Message, User } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { happening } from '../happenings.ts';
import { icons } from '../icons.ts';
import { badge, englishLocalizer, type Localizer } from '../localize.ts';
import { hasMarks } from '../marks.ts';
import { base } from '../styles.ts';
import { avatar, avatarStyles } from './avatar.ts';
import { History, type HistoryHost } from './history.ts';
import { messageListStyles } from './message-list.styles.ts';
import { messageRowStyles } from './message-row.styles.ts';
import {
  announcement,
  dividerIndex,
  estimateRow,
  keyOf,
  messageRow,
  rowAt,
  type RowContext,
  type Window,
} from './message-row.ts';

const SKELETON_HEIGHT = 132;
const TYPING_HEIGHT = 46;
/** Rows from either edge at which the next page is asked for. */
const LOAD_AHEAD = 12;

/** The virtualised history of one room. Says `load-before`, `load-after`, `at-end`, `jump-latest`, `retry`, `discard`. */
export class MessageList extends LitElement implements HistoryHost {
  static override styles = [base, avatarStyles, messageRowStyles, messageListStyles];

  static override properties = {
    l: { attribute: false },
    messages: { attribute: false },
    users: { attribute: false },
    me: { attribute: false },
    names: { attribute: false },
    divider: { attribute: false },
    readSeq: { attribute: false },
    deliveredSeq: { attribute: false },
    hasBefore: { attribute: false },
    hasAfter: { attribute: false },
    typing: { attribute: false },
    unread: { attribute: false },
    now: { attribute: false },
    tools: { attribute: false },
    reactions: { attribute: false },
    format: { state: true },
    marked: { state: true },
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
  /** How far a device of somebody else has received. */
  declare deliveredSeq: number;
  declare hasBefore: boolean;
  declare hasAfter: boolean;
  /** Who is typing. */
  declare typing: readonly Id[];
  /** Messages not yet read, for the button that jumps to the latest. */
  declare unread: number;
  declare now: Date;
  /** What stands beside each message, once it is loaded. */
  declare tools: RowContext['tools'];
  /** The reactions below each message, once that is loaded. */
  declare reactions: RowContext['reactions'];
  declare format: RowContext['format'];
  /** The message that was jumped to. */
  declare marked: number | null;

  readonly #history = new History(this);
  #window: Window = { messages: [], me: '', divider: -1, whole: true };
  #keys: string[] = [];
  #spoken = '';
  #placed = false;
  #atEnd: boolean | null = null;
  #sent = false;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.messages = [];
    this.users = new Map();
    this.me = '';
    this.names = false;
    this.divider = null;
    this.readSeq = 0;
    this.deliveredSeq = 0;
    this.hasBefore = false;
    this.hasAfter = false;
    this.typing = [];
    this.unread = 0;
    this.now = new Date();
    this.tools = undefined;
    this.reactions = undefined;
    this.format = undefined;
    this.marked = null;
  }

  /** Bring the newest message into view. */
  toEnd(smooth = false): void {
    this.#history.toEnd(smooth && !matchMedia('(prefers-reduced-motion: reduce)').matches);
  }

  /** Bring a message into view, and mark it; `false` where it is not in this part of the history. */
  toMessage(seq: number): boolean {
    const index = this.messages.findIndex((message) => message.seq === seq);
    if (index < 0) return false;
    this.marked = seq;
    this.#spoken = announcement(this.messages.slice(index, index + 1), this.users, this.l);
    this.#history.toIndex(index, true);
    return true;
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
    const { messages, me } = this;
    this.#window = { messages, me, divider: dividerIndex(messages, me, this.divider), whole: !this.hasBefore };
    if (changed.has('messages')) {
      const before = changed.get('messages') ?? [];
      this.#keys = messages.map(keyOf);
      this.#speak(before);
      if (!this.format && messages.some(({ text }) => hasMarks(text))) void this.#loadFormat();
      const last = messages.at(-1);
      this.#sent = last?.senderId === me && last.state === 'pending' && last.clientId !== before.at(-1)?.clientId;
    }
    this.#history.lay({
      keys: this.#keys,
      estimate: (index) => estimateRow(messages[index]),
      before: this.hasBefore ? SKELETON_HEIGHT : 8,
      after: this.typing.length ? TYPING_HEIGHT : 4,
      follow: !(changed.get('hasAfter') ?? this.hasAfter),
    });
  }

  protected override updated(): void {
    if (!this.#placed && this.messages.length) {
      this.#placed = true;
      if (this.#window.divider > 0 && this.#unreadHidden()) this.#history.toIndex(this.#window.divider);
    } else if (this.#sent) this.#history.toEnd();
    this.#sent = false;
    this.#look();
  }

  protected override render() {
    const { from, to } = this.#history.range;
    const shown = this.#keys.slice(from, to + 1);
    const { l, now, users, names, readSeq, deliveredSeq, marked, tools, reactions, format } = this;
    const tell = (message: Message) => happening(message, this, this);
    const context = { l, now, users, names, readSeq, deliveredSeq, marked, tell, tools, reactions, format };
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
          <div class="rows" role=${shown.length ? 'list' : nothing}>
            ${repeat(
              shown,
              (key) => key,
              (_, i) => {
                const row = rowAt(this.#window, from + i);
                return html`<div class="row" role="listitem">${row ? messageRow(row, context) : nothing}</div>`;
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
      ${avatar({ id, name: names[0] ?? '', url: this.users.get(id)?.avatarUrl, size: 's' })}
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

  /** Only where somebody has written marks. Offline: the next message asks again. */
  async #loadFormat(): Promise<void> {
    const file = await import('../format.ts').catch(() => null);
    const { styleSheet } = file?.formatStyles ?? {};
    const root = this.renderRoot as ShadowRoot;
    if (styleSheet && !root.adoptedStyleSheets.includes(styleSheet)) root.adoptedStyleSheets.push(styleSheet);
    this.format = file?.format;
  }

  /** Announce what has just arrived: never history, and not what somebody wrote themself. */
  #speak(before: readonly LocalMessage[]): void {
    const newest = newestOf(this.messages);
    const known = newestOf(before);
    if (!known || newest <= known || this.hasAfter) return;
    // A window that moved elsewhere has nothing to do with the one before.
    const first = this.messages.findLastIndex((m) => m.seq === known);
    if (first < 0) return;
    const fresh = this.messages
      .slice(first + 1)
      .filter((m) => m.seq !== null && m.type !== 'system' && m.senderId !== this.me);
    if (fresh.length) this.#spoken = announcement(fresh, this.users, this.l);
  }

  /** Ask for what is missing near the edges, and say whether the end is in view. */
  #look(): void {
    const { from, to } = this.#history.range;
    if (to < from) return;
    if (this.hasBefore && from < LOAD_AHEAD) say(this, 'load-before', null);
    if (this.hasAfter && to >= this.messages.length - LOAD_AHEAD) say(this, 'load-after', null);
    const atEnd = this.#history.pinned && !this.hasAfter;
    if (atEnd === this.#atEnd) return;
    this.#atEnd = atEnd;
    say(this, 'at-end', { atEnd });
    this.requestUpdate();
  }

  /** Whether the end of the history leaves the first unread message out of view. */
  #unreadHidden(): boolean {
    const line = this.renderRoot.querySelector('.divider');
    const top = this.parts()?.scroller.getBoundingClientRect().top ?? 0;
    return !line || line.getBoundingClientRect().top < top;
  }

  readonly #onScroll = (): void => {
    this.#history.scrolled();
    this.#look();
  };

  readonly #onClick = (event: Event): void => {
    const on = event.target instanceof Element ? event.target : null;
    const quoted = on?.closest<HTMLElement>('[data-seq]')?.dataset['seq'];
    if (quoted !== undefined) say(this, 'jump', { seq: Number(quoted) });
    const button = on?.closest<HTMLElement>('[data-act]');
    const clientId = button?.dataset['client'];
    if (!button || !clientId) return;
    say(this, button.dataset['act'] === 'retry' ? 'retry' : 'discard', { clientId });
  };
}

function newestOf(messages: readonly LocalMessage[]): number {
  return messages.findLast((m) => m.seq !== null)?.seq ?? 0;
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-message-list': MessageList;
  }
}

define('co-talk-message-list', MessageList);
