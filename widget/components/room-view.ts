import { html, LitElement, type PropertyValues } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import {
  CoTalkError,
  type Attachment,
  type Client,
  type Id,
  type Presence,
  type Room,
  type RoomMessagesState,
  type User,
} from '@co-talk/sdk';
import { Absence, absenceStyles } from '../absence.ts';
import { Blocking } from '../blocking.ts';
import type { Composing } from '../composing.ts';
import { define } from '../define.ts';
import type { Drafts } from '../drafts.ts';
import { say, type InnerEvent } from '../events.ts';
import { attempt, explain } from '../explain.ts';
import { icons } from '../icons.ts';
import { loadFiles, loadMenus } from '../load-menus.ts';
import { englishLocalizer, isolate, type Localizer } from '../localize.ts';
import { OpenRoom, settle } from '../open-room.ts';
import { StoreController } from '../store-controller.ts';
import { base, view } from '../styles.ts';
import type { AttachView } from './attach-view.ts';
import { avatar, avatarStyles } from './avatar.ts';
import './composer.ts';
import './message-list.ts';
import './room-head.ts';
import { roomTitle } from './room-list.ts';
import { roomViewStyles } from './room-view.styles.ts';

/** One room: who it is with, its messages, the composer. Says `room-close`, `panel-close`. */
export class RoomView extends LitElement {
  static override styles = [base, view, avatarStyles, absenceStyles, roomViewStyles];

  static override properties = {
    client: { attribute: false },
    drafts: { attribute: false },
    l: { attribute: false },
    roomId: { attribute: false },
    at: { attribute: false },
    returnable: { attribute: false },
    closable: { attribute: false },
    now: { attribute: false },
  };

  declare client: Client;
  declare drafts: Drafts;
  declare l: Localizer;
  declare roomId: Id;
  /** The message to begin at; another object is another wish. */
  declare at: { seq: number } | null;
  /** There is a list to go back to. */
  declare returnable: boolean;
  declare closable: boolean;
  declare now: Date;

  readonly #open = new OpenRoom(this);
  readonly #users = new StoreController<ReadonlyMap<Id, User>>(this);
  readonly #presence = new StoreController<ReadonlyMap<Id, Presence>>(this);
  readonly #typing = new StoreController<ReadonlyMap<Id, readonly Id[]>>(this);
  readonly #blocking = new Blocking(this);
  readonly #absence = new Absence(this);
  /** Comes with the menus: nobody answers or changes anything before. */
  #composing: Composing | undefined;
  #focusing = false;
  /** The place of the message to bring into view. */
  #wanted: number | null = null;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.roomId = '';
    this.at = null;
    this.returnable = false;
    this.closable = false;
    this.now = new Date();
  }

  /** Where typing begins, as soon as it can; the head, where that would bring up an on-screen keyboard unasked. */
  override focus(): void {
    this.#focusing = !matchMedia('(pointer: coarse)').matches;
    this.renderRoot.querySelector('co-talk-room-head')?.focus();
    this.#focusComposer();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('client')) {
      this.#users.watch(this.client.users.store);
      this.#presence.watch(this.client.presence.store);
      this.#typing.watch(this.client.presence.typing);
      this.#blocking.watch(this.client);
      this.#absence.watch(this.client.status);
    }
    if (changed.has('client') || changed.has('roomId')) this.#enter();
    if (changed.has('at') && this.at) void this.#jump(this.at.seq);
  }

  protected override updated(): void {
    this.#focusComposer();
    this.#showWanted();
  }

  protected override render() {
    const room = this.#open.info;
    return html`
      ${this.#header(room)} ${this.#absence.bar(this.l)} ${this.#blocking.question(room?.peer, this.l)}
      ${this.#body(room)}
    `;
  }

  #header(room: Room | null) {
    const peer = room?.peer;
    return html`<co-talk-room-head
      exportparts="header, avatar, presence, menu"
      .l=${this.l}
      .room=${room}
      .name=${room ? roomTitle(room, this.l, this.#users.value) : ''}
      .presence=${peer && (this.#presence.value?.get(peer.id) ?? room.presence)}
      .typing=${(this.#typing.value?.get(this.roomId)?.length ?? 0) > 0}
      .blocked=${peer !== undefined && this.#blocking.has(peer.id)}
      .returnable=${this.returnable}
      .closable=${this.closable}
      .now=${this.now}
      @pick=${this.#onPick}
    ></co-talk-room-head>`;
  }

  #body(room: Room | null) {
    const { s } = this.l;
    const { state } = this.#open;
    if (state?.status === 'gone' || isNotFound(this.#open.failure)) {
      return html`<div class="empty fill" role="alert">
        ${icons.chat}
        <p>${s.roomGone}</p>
      </div>`;
    }
    const failure = this.#open.failure ?? (state?.status === 'error' ? state.error : null);
    if (failure) {
      return html`<div class="empty fill" role="alert">
        <h2>${s.historyFailed}</h2>
        <p>${explain(failure, this.l)}</p>
        <button class="btn" @click=${() => this.#enter()}>${s.tryAgain}</button>
      </div>`;
    }
    if (!room || !state || state.status === 'idle' || state.status === 'loading') {
      return html`<div class="bones" aria-hidden="true"><i></i><i></i><i></i><i></i></div>
        <p class="sr" role="status">${s.loading}</p>`;
    }
    return html`${this.#history(room, state)}${this.#footer(room)}`;
  }

  #history(room: Room, state: RoomMessagesState) {
    const me = this.#me();
    const typing = this.#typing.value?.get(room.id) ?? [];
    if (!state.messages.length && !state.hasBefore && !state.hasAfter && !typing.length) {
      const name = roomTitle(room, this.l, this.#users.value);
      return html`<div class="empty fill" part="empty">
        ${avatar({ id: (room.peer ?? room).id, name, url: (room.peer ?? room).avatarUrl, size: 'xl' })}
        <h2>${this.l.s.sayHello(isolate(name))}</h2>
        <p>${this.l.s.sayHelloText}</p>
      </div>`;
    }
    const farthest = (markers: ReadonlyMap<Id, number>) =>
      Math.max(0, ...[...markers].map(([id, seq]) => (id === me ? 0 : seq)));
    return keyed(
      room.id,
      html`<co-talk-message-list
          .l=${this.l}
          .messages=${state.messages}
          .users=${this.#users.value ?? new Map()}
          .me=${me}
          .names=${room.type !== 'direct'}
          .divider=${this.#open.divider}
          .readSeq=${farthest(state.readMarkers)}
          .deliveredSeq=${farthest(state.deliveredMarkers)}
          .hasBefore=${state.hasBefore}
          .hasAfter=${state.hasAfter}
          .typing=${typing}
          .unread=${room.me?.unread ?? 0}
          .now=${this.now}
          exportparts="messages, message, own-message, other-message, bubble, own-bubble, other-bubble, avatar, day, divider, meta, state, link, jump"
          @load-before=${() => {
            if (!state.loadingBefore) this.#open.page((messages) => messages.loadBefore());
          }}
          @load-after=${() => {
            if (!state.loadingAfter) this.#open.page((messages) => messages.loadAfter());
          }}
          @at-end=${(event: InnerEvent<'at-end'>) => {
            this.#open.reading.atEnd = event.detail.atEnd;
          }}
          @jump-latest=${() => void this.#latest(true)}
          @jump=${(event: InnerEvent<'jump'>) => void this.#jump(event.detail.seq)}
          @retry=${(event: InnerEvent<'retry'>) => settle(this.#open.messages?.retry(event.detail.clientId))}
          @discard=${(event: InnerEvent<'discard'>) => this.#open.messages?.discard(event.detail.clientId)}
        ></co-talk-message-list>
        <co-talk-message-menu exportparts="menu" .client=${this.client} .l=${this.l}></co-talk-message-menu>
        <co-talk-attachment-view .client=${this.client} .l=${this.l}></co-talk-attachment-view>`,
    );
  }

  #footer(room: Room) {
    const { s } = this.l;
    const { peer } = room;
    const name = roomTitle(room, this.l, this.#users.value);
    if (peer?.kind === 'deleted') return html`<div class="closed"><p>${s.errors.blocked}</p></div>`;
    if (peer && this.#blocking.has(peer.id)) return this.#blocking.bar(peer.id, name, this.l);
    return html`<slot name="composer-top"></slot>${this.#composing?.bar()}${keyed(
        room.id,
        html`<co-talk-composer
          part="composer"
          exportparts="composer-bar, input, send"
          .l=${this.l}
          .name=${name}
          .draft=${this.drafts.get(this.#me(), room.id)}
          @draft-change=${(event: InnerEvent<'draft-change'>) => {
            if (!this.#composing?.editing) this.drafts.set(this.#me(), room.id, event.detail.text);
          }}
          @typing-change=${(event: InnerEvent<'typing-change'>) => this.client.presence.setTyping(room.id, event.detail.typing)}
          @send-text=${({ detail: { text } }: InnerEvent<'send-text'>) =>
            void (this.#composing?.editing ? this.#composing.save(text) : this.#send(text))}
          ><co-talk-attach-view
            slot="attach"
            exportparts="attach, tray"
            .client=${this.client}
            .l=${this.l}
          ></co-talk-attach-view
        ></co-talk-composer>`,
      )}`;
  }

  readonly #onPick = (event: InnerEvent<'pick'>): void => {
    const me = this.#open.info?.me;
    const { id } = event.detail;
    if (!me) return;
    if (id === 'search') say(this, 'search-open', { open: true });
    if (id === 'block') this.#blocking.asking = true;
    const change = { pin: { pinned: !me.pinned }, mute: { muted: !me.muted }, hide: { hidden: true } }[id];
    if (!change) return;
    void attempt(this, this.l, () => this.client.rooms.updateMe(this.roomId, change)).then((done) => {
      if (done && id === 'hide') say(this, 'room-close', null);
    });
  };

  #enter(): void {
    loadFiles();
    void loadMenus().then((menus) => {
      if (menus) this.#composing ??= new menus.Composing(this);
    });
    this.#blocking.asking = false;
    this.#open.enter(this.client, this.roomId);
  }

  #me(): Id {
    return this.client.auth.store.get().me?.id ?? '';
  }

  #focusComposer(): void {
    const composer = this.#focusing ? this.renderRoot.querySelector('co-talk-composer') : null;
    if (!composer) return;
    this.#focusing = false;
    void composer.updateComplete.then(() => composer.focus());
  }

  async #send(text: string): Promise<void> {
    const room = this.#open.messages;
    if (!room) return;
    const reply = this.#composing?.takeReply();
    this.client.presence.setTyping(room.roomId, false);
    const attachments = await this.#attached();
    if (attachments === null) {
      this.#giveBack(room.roomId, text);
      return;
    }
    if (room.store.get().hasAfter) await this.#latest(false);
    try {
      await room.send(text, { attachments, ...reply });
    } catch (error) {
      // A refusal before it became a message: give the text back.
      if (
        room !== this.#open.messages ||
        room.store.get().messages.some((m) => m.state === 'failed' && m.text === text)
      )
        return;
      if (error instanceof CoTalkError && error.code === 'closed') return;
      this.#giveBack(room.roomId, text);
      say(this, 'notice', { text: explain(error, this.l) });
    }
  }

  /** What the message has, once that is on the server; `null`: it is not. */
  async #attached(): Promise<readonly Attachment[] | null> {
    const attach = this.renderRoot.querySelector<AttachView>('co-talk-attach-view:defined');
    return attach ? attach.take() : [];
  }

  #giveBack(roomId: Id, text: string): void {
    this.drafts.set(this.#me(), roomId, text);
    const composer = this.renderRoot.querySelector('co-talk-composer');
    if (roomId === this.roomId && composer && !composer.value) composer.value = text;
  }

  /** Bring a message into view, wherever in the history it is. */
  async #jump(seq: number): Promise<void> {
    const { messages } = this.#open;
    if (!messages || !(await attempt(this, this.l, () => messages.loadAround(seq)))) return;
    if (messages !== this.#open.messages) return;
    this.#wanted = seq;
    this.requestUpdate();
  }

  /** The list may come after the messages: the room is asked for at the same time. */
  #showWanted(): void {
    const seq = this.#wanted;
    const list = this.renderRoot.querySelector('co-talk-message-list');
    if (seq === null || !list) return;
    this.#wanted = null;
    void list.updateComplete.then(() => list.toMessage(seq));
  }

  async #latest(smooth: boolean): Promise<void> {
    const away = this.#open.messages?.store.get().hasAfter === true;
    if (away && !(await attempt(this, this.l, async () => this.#open.messages?.loadLatest()))) return;
    await this.updateComplete;
    this.renderRoot.querySelector('co-talk-message-list')?.toEnd(smooth && !away);
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof CoTalkError && error.code === 'not_found';
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-room-view': RoomView;
  }
}

define('co-talk-room-view', RoomView);
