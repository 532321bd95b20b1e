import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { LIMITS, type Id, type Presence, type Room, type User } from '@co-talk/sdk/protocol';
import { define } from '../define.ts';
import { say, type InnerEvent } from '../events.ts';
import { happening } from '../happenings.ts';
import { icons } from '../icons.ts';
import { loadMenus } from '../load-menus.ts';
import { badge, englishLocalizer, isolate, nameOf, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';
import { listTime } from '../time.ts';
import { gist } from './attachment-box.ts';
import { avatar, avatarStyles } from './avatar.ts';
import { rowStyles } from './rows.styles.ts';

/** What a room is called: its own name, or the other person's. */
export function roomTitle(room: Room, l: Localizer, users?: ReadonlyMap<Id, User>): string {
  const peer = room.peer && (users?.get(room.peer.id) ?? room.peer);
  return room.name ?? nameOf(peer, l) ?? l.s.group;
}

/** The first characters of a text, on one line. */
export function preview(text: string): string {
  const line = text
    .slice(0, LIMITS.previewLength * 20)
    .replace(/\s+/gu, ' ')
    .trim();
  if (line.length <= LIMITS.previewLength) return line;
  const pieces = [];
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    if (pieces.length === LIMITS.previewLength) return `${pieces.join('')}…`;
    pieces.push(segment);
  }
  return line;
}

/** Grey shapes where a list will be. */
export function skeletonRows() {
  const widths = [1, 3, 4, 5, 3];
  return widths.map(
    (w, i) =>
      html`<div class="bone" aria-hidden="true">
        <i></i>
        <div><i class="w${w}"></i><i class="w${(widths[i - 1] ?? 1) === 1 ? 2 : 4}"></i></div>
      </div>`,
  );
}

/** The rows of the room list. Says `room-open`, `room-me`. */
export class RoomList extends LitElement {
  static override styles = [
    base,
    avatarStyles,
    rowStyles,
    css`
      li {
        position: relative;
      }
      .tool,
      co-talk-menu {
        position: absolute;
        inset-inline-end: 8px;
      }
      .tool {
        inset-block-end: 7px;
        inline-size: 28px;
        block-size: 28px;
        border-radius: 9px;
        background: var(--ct-surface-2);
        opacity: 0;
      }
      li:hover .tool,
      .tool:focus-visible,
      .tool[aria-expanded='true'] {
        opacity: 1;
      }
      co-talk-menu {
        inset-block-end: 0;
        block-size: 1px;
        z-index: 2;
      }
      @media (pointer: coarse) {
        /* Held rows open the menu. */
        .tool:not(:focus-visible) {
          pointer-events: none;
          opacity: 0;
        }
      }
    `,
  ];

  static override properties = {
    l: { attribute: false },
    rooms: { attribute: false },
    me: { attribute: false },
    selected: { attribute: false },
    users: { attribute: false },
    presence: { attribute: false },
    typing: { attribute: false },
    now: { attribute: false },
    menu: { state: true },
  };

  declare l: Localizer;
  declare rooms: readonly Room[];
  declare me: Id;
  declare selected: Id | null;
  declare users: ReadonlyMap<Id, User>;
  declare presence: ReadonlyMap<Id, Presence>;
  /** Who is typing, by room. */
  declare typing: ReadonlyMap<Id, readonly Id[]>;
  declare now: Date;
  /** The room whose menu is open. */
  declare menu: Id | null;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.rooms = [];
    this.me = '';
    this.selected = null;
    this.users = new Map();
    this.presence = new Map();
    this.typing = new Map();
    this.now = new Date();
    this.menu = null;
  }

  /** Put the focus back on a room's row; `false` where it is not in the list. */
  focusRoom(id: Id | null): boolean {
    const row = [...this.renderRoot.querySelectorAll<HTMLElement>('.row')].find((r) => r.dataset['room'] === id);
    row?.focus();
    return row !== undefined;
  }

  protected override render() {
    if (!this.rooms.length) return nothing;
    return html`<ul role="list">
      ${repeat(
        this.rooms,
        (room) => room.id,
        (room) => html`<li>${this.#row(room)}${this.#menu(room)}</li>`,
      )}
    </ul>`;
  }

  #row(room: Room) {
    const { l } = this;
    const name = roomTitle(room, l, this.users);
    const unread = room.me?.unread ?? 0;
    const last = room.lastMessage;
    const online = room.peer !== undefined && (this.presence.get(room.peer.id) ?? room.presence)?.online === true;
    const selected = room.id === this.selected;
    return html`<button
      class="row ${unread && !room.me?.muted ? 'new' : ''} ${selected ? 'sel' : ''}"
      part="room-row"
      data-room=${room.id}
      aria-current=${selected ? 'true' : nothing}
      @click=${() => say(this, 'room-open', { roomId: room.id })}
      @contextmenu=${(event: Event) => {
        event.preventDefault();
        void this.#open(room.id);
      }}
    >
      ${avatar({ id: (room.peer ?? room).id, name, url: (room.peer ?? room).avatarUrl, online })}
      <span class="text">
        <span class="l1">
          <span class="name" dir="auto">${name}</span>
          ${online ? html`<span class="sr">${l.s.online}</span>` : nothing}
          ${room.me?.pinned ? html`${icons.pin}<span class="sr">${l.s.pinned}</span>` : nothing}
          ${room.me?.muted ? html`${icons.muted}<span class="sr">${l.s.muted}</span>` : nothing}
          ${last ? html`<time datetime=${last.createdAt}>${listTime(last.createdAt, l.locale, this.now)}</time>` : nothing}
        </span>
        <span class="l2">
          ${this.#what(room)}
          ${
            unread
              ? html`<span class="badge" aria-hidden="true">${badge(unread)}</span
                  ><span class="sr">${l.s.unreadMessages(badge(unread))}</span>`
              : nothing
          }
        </span>
      </span>
    </button>`;
  }

  /** What can be done with a room from here: as in its head. */
  #menu(room: Room) {
    const { s } = this.l;
    const { id, me } = room;
    const label = s.moreAbout(isolate(roomTitle(room, this.l, this.users)));
    return html`<button
        class="icon tool"
        aria-label=${label}
        aria-haspopup="menu"
        data-tool=${id}
        @click=${() => void this.#open(id)}
      >
        ${icons.more}
      </button>
      ${
        this.menu === id
          ? html`<co-talk-menu
              .label=${label}
              .items=${[
                { id: 'pin', label: me?.pinned ? s.unpin : s.pin },
                { id: 'mute', label: me?.muted ? s.unmute : s.mute },
                { id: 'hide', label: s.hide },
              ]}
              @pick=${(event: InnerEvent<'pick'>) => {
                event.stopPropagation();
                const change = { pin: { pinned: !me?.pinned }, mute: { muted: !me?.muted }, hide: { hidden: true } }[
                  event.detail.id
                ];
                if (change) say(this, 'room-me', { roomId: id, change });
              }}
            ></co-talk-menu>`
          : nothing
      }`;
  }

  async #open(id: Id): Promise<void> {
    loadMenus();
    this.menu = id;
    await Promise.all([this.updateComplete, customElements.whenDefined('co-talk-menu')]);
    const tool = [...this.renderRoot.querySelectorAll<HTMLElement>('.tool')].find((at) => at.dataset['tool'] === id);
    if (tool) await this.renderRoot.querySelector('co-talk-menu')?.openFor(tool);
  }

  #what(room: Room) {
    const { s } = this.l;
    const last = room.lastMessage;
    if (this.typing.get(room.id)?.length) return html`<span class="what typing">${s.typing}</span>`;
    if (!last) return html`<span class="what">${s.noMessagesYet}</span>`;
    if (last.deletedAt) return html`<span class="what"><i>${s.messageDeleted}</i></span>`;
    if (last.system) return html`<span class="what" dir="auto">${happening(last, this, this)}</span>`;
    const text = preview(gist(last, this.l));
    const sender = room.type === 'direct' ? undefined : this.users.get(last.senderId)?.nickname;
    const said = last.senderId === this.me ? s.you_(text) : sender ? s.announced(sender, text) : text;
    return html`<span class="what" dir="auto">${said}</span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-room-list': RoomList;
  }
}

define('co-talk-room-list', RoomList);
