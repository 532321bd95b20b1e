import { html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { LIMITS, type Id, type Presence, type Room, type User } from '@co-talk/sdk/protocol';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { happening } from '../happenings.ts';
import { icons } from '../icons.ts';
import { badge, englishLocalizer, isolate, nameOf, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';
import { listTime } from '../time.ts';
import { gist } from './attachment-box.ts';
import { avatar, avatarStyles } from './avatar.ts';
import type { dressRooms, openRoomMenu, roomTool } from './room-tools.ts';
import { rowStyles } from './rows.styles.ts';

interface Tools {
  dressRooms: typeof dressRooms;
  openRoomMenu: typeof openRoomMenu;
  roomTool: typeof roomTool;
}

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
  static override styles = [base, avatarStyles, rowStyles];

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
    tools: { state: true },
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
  declare tools: Tools | undefined;

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
    this.tools = undefined;
  }

  /** Put the focus back on a room's row; `false` where it is not in the list. */
  focusRoom(id: Id | null): boolean {
    const row = [...this.renderRoot.querySelectorAll<HTMLElement>('.row')].find((r) => r.dataset['room'] === id);
    row?.focus();
    return row !== undefined;
  }

  protected override render() {
    if (!this.rooms.length) return nothing;
    return html`<ul role="list" @pointerover=${this.#onReach} @focusin=${this.#onReach}>
      ${repeat(
        this.rooms,
        (room) => room.id,
        (room) =>
          html`<li>
            ${this.#row(room)}${this.tools?.roomTool(this, room, isolate(roomTitle(room, this.l, this.users)))}
          </li>`,
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
        void this.#reach().then((tools) => tools?.openRoomMenu(this, room.id));
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

  readonly #onReach = (): void => {
    if (!this.tools) void this.#reach();
  };

  /** Fetches what can be done with a room from its row, for the first who reaches for it. */
  async #reach(): Promise<Tools | null> {
    try {
      this.tools ??= await import('./menus.ts');
      this.tools.dressRooms(this);
      return this.tools;
    } catch {
      // Offline: the next one tries again. The head of a room has the same.
      return null;
    }
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
