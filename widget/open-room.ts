import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Client, Id, Room, RoomMessages, RoomMessagesState, RoomsState } from '@co-talk/sdk';
import { Reading } from './reading.ts';
import { StoreController } from './store-controller.ts';

/** Time in ms after a failed page before it is asked for again. */
const RETRY = 3000;

/** The room on show: what it is, its messages, and how far somebody here has read. */
export class OpenRoom implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #rooms: StoreController<RoomsState>;
  readonly #state: StoreController<RoomMessagesState>;
  readonly reading: Reading;
  #id: Id = '';
  /** The room where it is not in the list. */
  #fetched: Room | null = null;
  #unread = -1;
  #blockedUntil = 0;
  messages: RoomMessages | null = null;
  /** Why the room itself cannot be had. */
  failure: unknown = null;
  /** Where "New messages" stands. */
  divider: number | null = null;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    this.#rooms = new StoreController<RoomsState>(host);
    this.#state = new StoreController<RoomMessagesState>(host, () => this.reading.check());
    this.reading = new Reading(host, () => this.messages?.markRead());
    host.addController(this);
  }

  get info(): Room | null {
    return this.#rooms.value?.rooms.find(({ id }) => id === this.#id) ?? this.#fetched;
  }

  get state(): RoomMessagesState | undefined {
    return this.#state.value;
  }

  /** Begin with a room: its messages, and the room itself where the list does not have it. */
  enter(client: Client, id: Id): void {
    this.#id = id;
    this.#fetched = null;
    this.#unread = -1;
    this.#blockedUntil = 0;
    this.failure = null;
    this.divider = null;
    this.reading.atEnd = false;
    this.messages = client.messages.room(id);
    this.#rooms.watch(client.rooms.store);
    this.#state.watch(this.messages.store);
    settle(this.messages.load());
    const now = (learn: () => void) => {
      if (id !== this.#id) return;
      learn();
      this.#host.requestUpdate();
    };
    client.rooms.get(id).then(
      (room) => now(() => (this.#fetched = room)),
      (error: unknown) => now(() => (this.failure = error)),
    );
  }

  /** Asks for more messages on one side, unless that has just failed. */
  page(load: (messages: RoomMessages) => Promise<void>): void {
    if (!this.messages || Date.now() < this.#blockedUntil) return;
    load(this.messages).catch(() => {
      this.#blockedUntil = Date.now() + RETRY;
      setTimeout(() => this.#host.requestUpdate(), RETRY + 50);
    });
  }

  /** The divider stands at what was unread on coming in, or came while nobody looked. */
  hostUpdate(): void {
    const me = this.info?.me;
    if (!me || this.state?.status !== 'ready') return;
    if (me.unread > 0 && this.#unread <= 0 && (this.#unread < 0 || !this.reading.now)) this.divider = me.readSeq;
    this.#unread = me.unread;
  }
}

/** The store shows what became of it. */
export function settle(promise: Promise<unknown> | undefined): void {
  promise?.catch(() => undefined);
}
