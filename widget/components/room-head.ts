import { css, html, LitElement, nothing } from 'lit';
import type { Id, Presence, Room } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { icons } from '../icons.ts';
import { loadMenus } from '../load-menus.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { base, header } from '../styles.ts';
import { avatar, avatarStyles } from './avatar.ts';
import { closeButton } from './close-button.ts';
import { presenceText } from './person-row.ts';

/** The head of a room: who it is with, how they are, what can be done. Says `room-close`, `page-open`, `panel-close`, `pick`. */
export class RoomHead extends LitElement {
  static override styles = [
    base,
    header,
    avatarStyles,
    css`
      :host {
        display: block;
        flex: none;
      }
      .head {
        padding-inline-start: 8px;
        border-block-end: 1px solid var(--ct-border);
      }
      .head > .avatar:first-child {
        margin-inline-start: 8px;
      }
      .who {
        position: relative;
        flex: 1;
        min-inline-size: 0;
      }
      /* All of it can be pressed. */
      .who button::after {
        content: '';
        position: absolute;
        inset: -8px;
      }
      .who h1,
      .who small {
        display: block;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .who h1 {
        font-size: 14px;
        line-height: 20px;
        font-weight: 620;
        letter-spacing: -0.005em;
      }
      .who small {
        font-size: 12px;
        line-height: 16px;
        color: var(--ct-text-2);
      }
      .who .typing {
        color: var(--ct-accent);
      }
    `,
  ];

  static override properties = {
    l: { attribute: false },
    room: { attribute: false },
    name: { attribute: false },
    presence: { attribute: false },
    typing: { attribute: false },
    blocked: { attribute: false },
    returnable: { attribute: false },
    closable: { attribute: false },
    now: { attribute: false },
  };

  declare l: Localizer;
  /** `null` while it is being fetched. */
  declare room: Room | null;
  declare name: string;
  declare presence: Presence | undefined;
  declare typing: boolean;
  /** The other one is blocked by me. */
  declare blocked: boolean;
  declare returnable: boolean;
  declare closable: boolean;
  declare now: Date;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.room = null;
    this.name = '';
    this.presence = undefined;
    this.typing = false;
    this.blocked = false;
    this.returnable = false;
    this.closable = false;
    this.now = new Date();
    void loadMenus();
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('.icon')?.focus();
  }

  protected override render() {
    const { room, name } = this;
    const { s } = this.l;
    const online = this.presence?.online === true;
    return html`<header class="head" part="header">
      ${
        this.returnable
          ? html`<button class="icon" aria-label=${s.back} @click=${() => say(this, 'room-close', null)}>
              ${icons.back}
            </button>`
          : nothing
      }
      ${room ? avatar({ id: (room.peer ?? room).id, name, url: (room.peer ?? room).avatarUrl, size: 'm', online }) : nothing}
      <div class="who">
        <h1>${room?.me && !room.peer ? this.#details(room.id) : html`<bdi>${name}</bdi>`}</h1>
        ${
          room && room.peer?.kind !== 'deleted'
            ? html`<small class=${this.typing ? 'typing' : ''}>${this.typing ? s.typing : this.#how(room)}</small>`
            : nothing
        }
      </div>
      ${room?.me ? html`<co-talk-menu .label=${s.more} .items=${this.#items(room)}></co-talk-menu>` : nothing}
      ${closeButton(this)}
    </header>`;
  }

  #how({ peer, memberCount }: Room): string {
    return peer ? presenceText(this.presence, this.l, this.now) : this.l.s.memberCount(memberCount);
  }

  #details(roomId: Id) {
    return html`<button @click=${() => say(this, 'page-open', { page: { kind: 'details', roomId } })}>
      <bdi>${this.name}</bdi>
    </button>`;
  }

  #items({ me, peer }: Room) {
    const { s } = this.l;
    return [
      { id: 'search', label: s.searchMessages },
      { id: 'pin', label: me?.pinned ? s.unpin : s.pin },
      { id: 'mute', label: me?.muted ? s.unmute : s.mute },
      ...(this.returnable ? [{ id: 'hide', label: s.hide }] : []),
      ...(peer && !this.blocked ? [{ id: 'block', label: s.block, danger: true }] : []),
    ];
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-room-head': RoomHead;
  }
}

define('co-talk-room-head', RoomHead);
