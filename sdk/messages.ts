import type { CoTalkError } from './errors.ts';
import type { Http } from './http.ts';
import type { Outbox } from './outbox.ts';
import { createRoomMessages } from './room-messages.ts';
import type { RoomKeeper } from './room-messages.ts';
import type { Store } from './store.ts';
import type { Attachment, Id, Member, Message, MessagePage, Page, Quote, Time } from './protocol/index.ts';
import type { Forwarded } from './protocol/index.ts';

/** A message that the server has stored. */
export type SentMessage = Message & { state: 'sent' };

/** A message of mine on its way, or given up with the reason in `error`. Kept over reloads. */
export interface UnsentMessage {
  state: 'pending' | 'failed';
  clientId: string;
  roomId: Id;
  senderId: Id;
  text: string;
  replyTo: Quote | null;
  attachments: readonly Attachment[];
  createdAt: Time;
  id: null;
  seq: null;
  error: CoTalkError | null;
}

/** A stored message, or one of mine on its way. */
export type LocalMessage = SentMessage | UnsentMessage;

export interface RoomMessagesState {
  /** `gone`: the user is no member any more. `error`: the first page could not be fetched; `load()` tries again. */
  status: 'idle' | 'loading' | 'ready' | 'error' | 'gone';
  error: CoTalkError | null;
  /**
   * A window of the room, ascending by `seq` without holes; after it, only where it reaches the newest message, mine
   * that are stored but whose predecessors are still being fetched, then mine pending or failed in the order of sending.
   */
  messages: LocalMessage[];
  hasBefore: boolean;
  hasAfter: boolean;
  loadingBefore: boolean;
  loadingAfter: boolean;
  /** How far each member has read: user id to `seq`. */
  readMarkers: ReadonlyMap<Id, number>;
  /** The same for what a device of theirs has received. Only told in rooms of up to 20 members. */
  deliveredMarkers: ReadonlyMap<Id, number>;
}

/** What a message may have besides its text. */
export interface SendOptions {
  /** The message of this room that it answers. */
  replyTo?: Message;
  /** Up to 10 files that {@link Files.upload} has answered with. */
  attachments?: readonly Attachment[];
}

/** Messages by room. */
export interface Messages {
  /**
   * The messages of one room: always the same object for a room until the user signs out. Nothing is fetched before `load()`.
   *
   * @example
   * const room = client.messages.room(roomId);
   * room.store.subscribe(({ messages }) => render(messages));
   * await room.load();
   */
  room(roomId: Id): RoomMessages;

  /**
   * How many messages of this user wait to be sent or were given up, over all rooms, in all tabs of this browser.
   * `auth.logOut()` erases them: ask before.
   *
   * @example
   * const count = await client.messages.unsent();
   * if (count === 0 || confirm(`${count} messages are not sent yet. Sign out?`)) await client.auth.logOut();
   */
  unsent(): Promise<number>;
}

/** A live window of one room's messages. Pages have 50 messages. */
export interface RoomMessages {
  readonly roomId: Id;
  readonly store: Store<RoomMessagesState>;

  /**
   * Fetches the newest page; does nothing when ready. Failures are in the store too.
   *
   * Rejects with `not_found`, `unauthenticated`, `network` or `timeout`.
   *
   * @example
   * await client.messages.room(roomId).load();
   */
  load(): Promise<void>;

  /**
   * Adds a page of older messages; does nothing at the beginning of the room.
   *
   * Rejects with `not_found`, `unauthenticated`, `network` or `timeout`.
   *
   * @example
   * list.onReachTop = () => void room.loadBefore();
   */
  loadBefore(): Promise<void>;

  /**
   * Adds a page of newer messages; does nothing where the window reaches the newest one.
   *
   * Rejects with `not_found`, `unauthenticated`, `network` or `timeout`.
   *
   * @example
   * list.onReachBottom = () => void room.loadAfter();
   */
  loadAfter(): Promise<void>;

  /**
   * Moves the window to the messages around a position (`seq`, 1 to the room's `lastSeq`); does nothing where it is shown already.
   *
   * Rejects with `not_found`, `unauthenticated`, `network` or `timeout`.
   *
   * @example
   * await room.loadAround(quote.seq);
   */
  loadAround(seq: number): Promise<void>;

  /**
   * Moves the window to the newest messages; does nothing where it reaches them already.
   *
   * Rejects with `not_found`, `unauthenticated`, `network` or `timeout`.
   *
   * @example
   * await room.loadLatest();
   */
  loadLatest(): Promise<void>;

  /**
   * Sends a text of 1 to 1000 characters as people count them, after trimming; with files, it may be empty. It is in the store at once as `pending`,
   * is sent again until the server has it, also after a reload, and is stored exactly once. The promise waits for that:
   * it resolves when stored and rejects when given up, with the store showing `failed`.
   *
   * Rejects with `invalid_request` (empty or too long; then it is not in the store), `not_found`, `blocked`, `conflict` (also where
   * what it answers has been deleted) or `closed` (signed out or closed first).
   *
   * @example
   * const message = await room.send('Hello 👋');
   * await room.send('And hello again', { replyTo: message });
   * await room.send('', { attachments: [await client.files.upload(photo)] });
   */
  send(text: string, options?: SendOptions): Promise<Message>;

  /**
   * Tries a failed message once more under the same `clientId`.
   *
   * Rejects like `send`, and with `not_found` for an unknown `clientId`.
   *
   * @example
   * if (message.state === 'failed') await room.retry(message.clientId);
   */
  retry(clientId: string): Promise<Message>;

  /**
   * Gives up a pending or failed message. One that is on the wire at this moment may still be stored.
   *
   * @example
   * if (message.state === 'failed') room.discard(message.clientId);
   */
  discard(clientId: string): void;

  /**
   * Gives a message of one's own another text: of 1 to 1000 characters, after trimming. It is in the store at once, and as it was before
   * where the server says no. For servers with the feature `edit`; `client.config()` says for how many minutes
   * (`limits.editWindowMinutes`).
   *
   * Rejects with `invalid_request`, `not_found`, `forbidden` (somebody else's), `conflict` (deleted, or too old), `blocked`,
   * `rate_limited`, `unauthenticated`, `network`, `timeout` or `closed`.
   *
   * @example
   * await room.edit(message.id, 'Hello, all of you 👋');
   */
  edit(messageId: Id, text: string): Promise<Message>;

  /**
   * Deletes a message for everybody: one's own, or as owner or admin of a group or channel anybody's. Its place stays, with
   * `deletedAt` and without content. In the store at once, like an edit. For servers with the feature `delete`.
   *
   * Rejects with `not_found`, `forbidden`, `rate_limited`, `unauthenticated`, `network`, `timeout` or `closed`.
   *
   * @example
   * if (confirm('Delete this for everybody?')) await room.delete(message.id);
   */
  delete(messageId: Id): Promise<Message>;

  /**
   * Sends what a message says on to up to 20 other rooms, as one's own message that says so (`forwarded`). Each room answers for
   * itself; asking again for those that failed doubles nothing. For servers with the feature `forward`.
   *
   * Rejects with `not_found`, `conflict` (deleted), `invalid_request`, `rate_limited`, `unauthenticated`, `network`,
   * `timeout` or `closed`.
   *
   * @example
   * const items = await room.forward(message.id, [roomId, another]);
   * const failed = items.filter((item) => 'error' in item);
   */
  forward(messageId: Id, roomIds: readonly Id[]): Promise<Forwarded[]>;

  /**
   * Puts an emoji on a message (`on`), or takes one's own off it. Any one emoji, up to 20 different ones on a message. In the store at once,
   * and as it was before where the server says no. For servers with the feature `reactions`.
   *
   * Rejects with `invalid_request` (no emoji), `not_found`, `conflict` (deleted, of nobody, or 20 different emojis already), `blocked`,
   * `rate_limited`, `unauthenticated`, `network`, `timeout` or `closed`.
   *
   * @example
   * await room.react(message.id, '👍', true);
   */
  react(messageId: Id, emoji: string, on: boolean): Promise<Message>;

  /**
   * Tells those who moderate the app that a message is wrong, and why: 1 to 500 characters as people count them, after trimming. Nobody
   * in the room hears of it. Reporting it again changes the reason.
   *
   * Rejects with `not_found`, `forbidden` (one's own message), `conflict` (deleted), `invalid_request`, `rate_limited`,
   * `unauthenticated`, `network` or `timeout`.
   *
   * @example
   * await room.report(message.id, 'Spam');
   */
  report(messageId: Id, reason: string): Promise<void>;

  /**
   * Marks everything up to the newest stored message in the window as read. Call it as often as you like:
   * it is sent at most once a second, and again after a lost connection.
   *
   * @example
   * if (document.hasFocus()) room.markRead();
   */
  markRead(): void;
}

export interface MessagesDeps {
  http: Http;
  outbox: Outbox;
  me: () => Id;
  seen: (roomId: Id, page: MessagePage) => void;
  applied: (roomId: Id) => number;
  rewind: (roomId: Id, rev: number) => Promise<void>;
  /** How far I have read, as far as is known. */
  readSeq: (roomId: Id) => number;
  read: (roomId: Id, seq: number) => Promise<void>;
  change: (roomId: Id, messageId: Id, text: string | null) => Promise<Message>;
  react: (roomId: Id, messageId: Id, emoji: string, on: boolean) => Promise<Message>;
}

export function createMessages(deps: MessagesDeps) {
  const { http, outbox, me } = deps;
  const rooms = new Map<Id, RoomKeeper>();

  function open(roomId: Id): RoomKeeper {
    const keeper = createRoomMessages(roomId, {
      me,
      page: (query) => http.call<MessagePage>('GET', `/rooms/${roomId}/messages`, { query: { ...query } }),
      seen: (page) => deps.seen(roomId, page),
      applied: () => deps.applied(roomId),
      rewind: (rev) => deps.rewind(roomId, rev),
      members: async () =>
        (await http.call<Page<Member>>('GET', `/rooms/${roomId}/members`, { query: { limit: 100 } })).items,
      read: (seq) => deps.read(roomId, seq),
      report: (id, reason) => http.call('POST', `/rooms/${roomId}/messages/${id}/report`, { body: { reason } }),
      change: (id, text) => deps.change(roomId, id, text),
      react: (id, emoji, on) => deps.react(roomId, id, emoji, on),
      forward: (id, targets) => http.call('POST', `/rooms/${roomId}/messages/${id}/forward`, { body: { targets } }),
      outbox,
    });
    rooms.set(roomId, keeper);
    keeper.marker(me(), deps.readSeq(roomId));
    keeper.publish();
    return keeper;
  }

  const messages: Messages = { room: (roomId) => (rooms.get(roomId) ?? open(roomId)).api, unsent: outbox.count };
  return {
    messages,
    open: (roomId: Id) => rooms.get(roomId) ?? open(roomId),
    /** What is open of a room. */
    room: (roomId: Id) => rooms.get(roomId),
    each: (run: (keeper: RoomKeeper) => void) => rooms.forEach(run),
    clear() {
      rooms.forEach((keeper) => keeper.dispose());
      rooms.clear();
    },
  };
}
