import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Client, Room, RoomPreview } from '@co-talk/sdk';
import { define } from '../define.ts';
import { say } from '../events.ts';
import { attempt, explain } from '../explain.ts';
import { icons } from '../icons.ts';
import { groupStrings } from '../locales/groups.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { base, view } from '../styles.ts';
import { avatar, avatarStyles } from './avatar.ts';
import { pageHead, pageHeadStyles } from './page-head.ts';

/** Where an invite link leads: what the room is, and the way in. Says `room-open`, `page-close`, `panel-close`. */
export class InviteView extends LitElement {
  static override styles = [
    base,
    ...pageHeadStyles,
    view,
    avatarStyles,
    css`
      .empty {
        flex: 1;
        align-content: center;
      }
      .empty .avatar {
        --size: 88px;
        margin-block-end: 12px;
      }
      .empty h2 {
        font-size: 20px;
        line-height: 28px;
        overflow-wrap: anywhere;
      }
      .empty .btn {
        inline-size: 100%;
        max-inline-size: 280px;
        margin-block-start: 24px;
      }
      .empty .btn + .btn {
        margin-block-start: 4px;
      }
    `,
  ];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    token: { attribute: false },
    closable: { attribute: false },
    room: { state: true },
    failure: { state: true },
    busy: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  declare token: string;
  declare closable: boolean;
  declare room: RoomPreview | null;
  declare failure: unknown;
  declare busy: boolean;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.token = '';
    this.closable = false;
    this.room = null;
    this.failure = null;
    this.busy = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('client') || changed.has('token')) void this.#look(this.token);
  }

  async #look(token: string): Promise<void> {
    this.room = null;
    this.failure = null;
    try {
      const room = await this.client.rooms.previewInvite(token);
      if (token === this.token) this.room = room;
    } catch (error) {
      if (token === this.token) this.failure = error;
    }
  }

  protected override render() {
    return html`${pageHead(this, groupStrings(this.l).invited)}${this.#content()}`;
  }

  #content() {
    const { s } = this.l;
    const g = groupStrings(this.l);
    const { room, failure } = this;
    if (failure) {
      const over = failure instanceof Object && 'code' in failure && failure.code === 'not_found';
      return html`<div class="empty" role="alert">
        ${icons.link}
        <p>${over ? g.inviteGone : explain(failure, this.l)}</p>
        ${over ? nothing : html`<button class="btn" @click=${() => void this.#look(this.token)}>${s.tryAgain}</button>`}
      </div>`;
    }
    if (!room) return html`<p class="empty" role="status">${s.loading}</p>`;
    return html`<div class="empty">
      ${avatar({ id: room.id, name: room.name ?? '', url: room.avatarUrl, size: 'xl' })}
      <h2><bdi>${room.name}</bdi></h2>
      <p>${s.memberCount(room.memberCount)}</p>
      <button class="btn wide" ?disabled=${this.busy} @click=${() => void this.#join()}>
        ${room.joined ? g.open : g.join}
      </button>
      <button class="btn ghost wide" @click=${() => say(this, 'page-close', null)}>${g.notNow}</button>
    </div>`;
  }

  async #join(): Promise<void> {
    this.busy = true;
    let room: Room | undefined;
    const done = await attempt(this, this.l, async () => (room = await this.client.rooms.joinByInvite(this.token)));
    this.busy = false;
    if (done && room) say(this, 'room-open', { roomId: room.id });
    else void this.#look(this.token);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-invite-view': InviteView;
  }
}

define('co-talk-invite-view', InviteView);
