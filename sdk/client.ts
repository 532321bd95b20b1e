import { createAuth } from './auth.ts';
import type { ClientCache } from './cache.ts';
import type { Auth, TokenProvider } from './auth.ts';
import { CoTalkError, offlineError } from './errors.ts';
import { createEvents } from './events.ts';
import type { ClientEvents } from './events.ts';
import { filesLater } from './files-later.ts';
import type { Files } from './files.ts';
import { createFriends } from './friends.ts';
import type { Friends } from './friends.ts';
import { createHttp, send } from './http.ts';
import { createIntake } from './intake.ts';
import { createMessages } from './messages.ts';
import type { Messages } from './messages.ts';
import { createOutbox } from './outbox.ts';
import { outboxStorage } from './outbox-storage.ts';
import { createPresence } from './presence.ts';
import type { PresenceApi } from './presence.ts';
import { createRealtime } from './realtime.ts';
import type { ConnectionStatus } from './realtime.ts';
import { createReceipts } from './receipts.ts';
import { createRooms } from './rooms.ts';
import type { Rooms } from './rooms.ts';
import { createSearch } from './search.ts';
import type { Search } from './search.ts';
import { createSession } from './session.ts';
import { defaultStorage, memoryStorage, safeStorage } from './session-storage.ts';
import type { SessionStorage, StorageChoice } from './session-storage.ts';
import { indexedDbShelf, shelfIn } from './shelf.ts';
import type { Store } from './store.ts';
import { createSync } from './sync.ts';
import { createUsers } from './users.ts';
import type { Users } from './users.ts';
import { onWake } from './wake.ts';
import { LIMITS } from './protocol/index.ts';
import type { AppConfig, Id, Me, Message, Page, Presence, SendMessage, SyncAnswer } from './protocol/index.ts';

/** What `createClient` takes. */
export interface ClientOptions {
  /** Origin of the server, for example `https://chat.example.com`. */
  server: string;
  /** Id of the app on that server. */
  app: string;
  /**
   * Where the session and unsent messages are kept. Default: the session in `localStorage`, unsent messages in IndexedDB;
   * where they are missing or blocked, in memory.
   */
  storage?: SessionStorage | StorageChoice;
  /**
   * Who is here is for the site to say: nobody is shown before this has been asked, a stored session included. `null`: the site
   * may say so later, with {@link Auth.identify} or {@link Auth.signInWithToken}; somebody whom it has signed in before waits for that
   * unseen, for 30 s, and is then signed out. Own accounts and guests are shown at once.
   */
  tokenProvider?: TokenProvider | null;
  /** Shows a reopened page what it showed before, at once. Default: none. See `@co-talk/sdk/cache`. */
  cache?: ClientCache;
}

/** One connection to one app, for one signed-in user at a time. */
export interface Client {
  readonly server: string;
  readonly app: string;
  /**
   * The live connection. `online`: news come at once · `connecting`: on the way, or lost and coming back by itself ·
   * `offline`: nobody is signed in, or the device has no network. What is written meanwhile waits and is sent later.
   *
   * @example
   * client.status.subscribe((status) => (banner.hidden = status === 'online'));
   */
  readonly status: Store<ConnectionStatus>;
  readonly auth: Auth;
  readonly users: Users;
  readonly friends: Friends;
  readonly rooms: Rooms;
  readonly messages: Messages;
  readonly search: Search;
  readonly presence: PresenceApi;
  readonly files: Files;

  /**
   * What the app offers: ways to sign in, features and limits. Asked once, then remembered.
   *
   * Rejects with `app_unknown`, `origin_not_allowed`, `network` or `timeout`.
   *
   * @example
   * const { limits } = await client.config();
   */
  config(): Promise<AppConfig>;

  /**
   * Listens to one kind of event. Returns the way to stop.
   *
   * @example
   * const stop = client.on('message', ({ message }) => notify(message.text));
   */
  on<K extends keyof ClientEvents>(event: K, listener: (event: ClientEvents[K]) => void): () => void;

  /**
   * Ends sockets and timers. Not a sign-out: the session stays stored.
   *
   * @example
   * window.addEventListener('pagehide', () => client.close());
   */
  close(): void;
}

/** How long the socket may be away before HTTP stands in for it. */
const PATIENCE_MS = 3_000;

/**
 * Makes a client. It restores the stored session and connects by itself whenever somebody is signed in.
 *
 * @example
 * import { createClient } from '@co-talk/sdk';
 *
 * const client = createClient({ server: 'https://chat.example.com', app: 'default' });
 * await client.auth.logIn({ email: 'mina@example.com', password: 'correct horse' });
 * client.rooms.store.subscribe(({ rooms }) => console.log(rooms.length));
 */
export function createClient({ server: address, app, storage: choice, tokenProvider, cache }: ClientOptions): Client {
  const server = originOf(address);
  const given = choice === 'memory' ? memoryStorage() : typeof choice === 'object' && choice;
  const storage = safeStorage(given || defaultStorage());
  const name = `co-talk:${server}:${app}`;
  const { emit, on } = createEvents();
  const onError = (error: CoTalkError) => emit('error', { error });
  const me = (): Id => session.store.get().me?.id ?? '';
  const online = () => realtime.status.get() === 'online';
  /** Since when there has been no connection. */
  let downSince = 0;
  /** Tells one sign-in from the next, across awaits. */
  let turn = 0;
  let fallback: ReturnType<typeof setTimeout> | undefined;
  let appConfig: Promise<AppConfig> | undefined;

  const session = createSession(server, app, storage, {
    onStart(user) {
      downSince = performance.now();
      outbox.start(user.id);
      const mine = turn;
      const go = () => {
        if (mine === turn) realtime.start();
      };
      if (cached) void cached.start(user.id).then(go);
      else go();
      // Where WebSocket is blocked, the lists come by HTTP.
      fallback = setTimeout(() => {
        if (!friends.friends.store.get().loaded) reload().catch(() => undefined);
      }, PATIENCE_MS);
    },
    onEnd(erase) {
      stop(erase);
      cached?.end();
      for (const part of [messages, files, rooms, friends, users, presence, intake]) part.clear();
    },
    onEnded(reason) {
      if (reason !== 'logout') identity.lost();
      emit('session-ended', { reason });
    },
    onToken: (token, moved) => (moved ? realtime.start() : realtime.renew(token)),
    onDoubt: () => identity.doubt(),
    onForget: (userId) => outbox.forget(userId),
  });
  const http = createHttp(server, session);
  const cookie = choice === 'cookie';
  const identity = createAuth({ server, app, cookie, tokenProvider, storage, http, session, onError });
  const realtime = createRealtime(server, session, { onEnded: (reason) => session.over(reason), onError });

  async function reload(): Promise<void> {
    await http.call<SyncAnswer>('POST', '/sync', {
      body: { epoch: null, rev: 0, rooms: [] },
      apply: ({ me: lists }) => {
        if (lists) sync.lists(lists);
      },
    });
  }
  function config(): Promise<AppConfig> {
    const asked = (appConfig ??= send<AppConfig>(server, {
      method: 'GET',
      path: `/apps/${encodeURIComponent(app)}/config`,
    }));
    asked.catch(() => (appConfig = undefined));
    return asked;
  }
  const changed = () => (online() ? Promise.resolve() : reload());

  /** By the socket; by HTTP where the socket has been away for a while and HTTP may still work. */
  async function reach<T>(bySocket: () => Promise<T>, byHttp: () => Promise<T>): Promise<T> {
    if (online()) return bySocket();
    if (performance.now() - downSince > PATIENCE_MS) return byHttp();
    throw offlineError();
  }

  const shelf = given || typeof document === 'undefined' ? shelfIn(storage, `${name}:`) : indexedDbShelf(name);
  const outbox = createOutbox(outboxStorage(shelf), name, {
    async deliver({ roomId, clientId, text, replyTo, attachments }) {
      const body: SendMessage = { clientId, text };
      if (replyTo && (await config()).features.includes('reply')) body.replyToId = replyTo.id;
      if (attachments) body.attachmentIds = attachments.map(({ id }) => id);
      return reach(
        () => realtime.emit('message:send', { roomId, ...body }),
        () => http.call<Message>('POST', `/rooms/${roomId}/messages`, { body }),
      );
    },
    onAnswer(message) {
      const { roomId, rev } = message;
      messages.room(roomId)?.acked(message);
      presence.sent(roomId);
      sync.room({ kind: 'message', roomId, rev, message });
    },
    onSent: (message) => emit('sent', { message }),
    onChange: (roomId) => messages.room(roomId)?.publish(),
    onError,
  });
  const users = createUsers(http, (people) => intake.users(people));
  const search = createSearch(http, (people) => intake.users(people));
  const files = filesLater({ server, http, tokens: session, config });
  const friends = createFriends({ http, me, reload, changed });
  const rooms = createRooms({
    ...{ http, me, reload, changed },
    heard: (fetched) => intake.rooms(fetched),
    people: (users) => intake.users(users),
  });
  const presence = createPresence((typing) => {
    if (online()) realtime.emit('typing', typing).catch(() => undefined);
  });
  const messages = createMessages({
    http,
    outbox,
    me,
    seen(roomId, page) {
      sync.follow(roomId, page.rev);
      intake.users(page.users);
      outbox.stored(page.items);
    },
    applied: (roomId) => sync.applied(roomId),
    rewind: (roomId, rev) => sync.rewind(roomId, rev),
    readSeq: (roomId) => rooms.row(roomId)?.me?.readSeq ?? 0,
    async read(roomId, seq) {
      const reader = me();
      await reach<unknown>(
        () => realtime.emit('room:read', { roomId, seq }),
        () => http.call('POST', `/rooms/${roomId}/read`, { body: { seq } }),
      );
      if (reader === me()) rooms.apply({ kind: 'read', roomId, seq });
    },
    async react(roomId, messageId, emoji, on) {
      const who = me();
      const path = `/rooms/${roomId}/messages/${messageId}/reactions/${encodeURIComponent(emoji)}`;
      const message = await reach(
        () => realtime.emit('message:react', { roomId, messageId, emoji, on }),
        () => http.call<Message>(on ? 'PUT' : 'DELETE', path),
      );
      // The room is told of many at once, and a little later: its own event says which revisions it stands for.
      if (who === me()) messages.room(roomId)?.merge([message]);
      return message;
    },
    async change(roomId, messageId, text) {
      const who = me();
      const ref = { roomId, messageId };
      const path = `/rooms/${roomId}/messages/${messageId}`;
      const message = await (text === null
        ? reach(
            () => realtime.emit('message:delete', ref),
            () => http.call<Message>('DELETE', path),
          )
        : reach(
            () => realtime.emit('message:edit', { ...ref, text }),
            () => http.call<Message>('PATCH', path, { body: { text } }),
          ));
      if (who === me()) sync.room({ kind: 'message', roomId, rev: message.rev, message });
      return message;
    },
  });
  const sync = createSync({
    target: () => intake,
    ask: (request) => realtime.emit('sync', request),
    heads: () => realtime.emit('heads', {}),
    onError,
  });
  const receipts = createReceipts({
    readSeq: (roomId) => rooms.row(roomId)?.me?.readSeq ?? 0,
    tell: (roomId, seq) => realtime.emit('room:delivered', { roomId, seq }),
  });
  const intake = createIntake({
    ...{ emit, sync, outbox, users, friends, rooms, messages, presence, receipts, reload },
    me: () => session.store.get().me,
    setMe: (user) => session.setMe(user),
    fetchMe: () => void http.call<Me>('GET', '/me', { apply: (user) => intake.profile(user) }).catch(() => undefined),
  });

  const cached = cache?.({
    name,
    friends: friends.friends.store,
    rooms: rooms.rooms.store,
    users: users.users.store,
    rows: rooms.rows,
    cursor: () => sync.cursor(),
    applied: (roomId) => sync.applied(roomId),
    window: (roomId) => messages.room(roomId)?.window() ?? null,
    restore({ epoch, cursors, users, lists, windows }) {
      sync.restore(epoch, cursors);
      intake.users(users);
      sync.lists(lists);
      for (const kept of windows) messages.open(kept.roomId).restore(kept);
    },
    discard() {
      sync.clear();
      intake.reset();
    },
  });

  /** Presence is not durable: after a break it is asked for anew. */
  async function refreshPresence(): Promise<void> {
    const ids = [...presence.presence.store.get().keys()];
    for (let start = 0; start < ids.length; start += LIMITS.presenceIds) {
      const query = { ids: ids.slice(start, start + LIMITS.presenceIds).join(',') };
      await http.call<Page<Presence>>('GET', '/presence', { query, apply: ({ items }) => intake.presence(items) });
    }
  }

  function stop(erase: boolean): void {
    turn += 1;
    clearTimeout(fallback);
    realtime.stop();
    receipts.clear();
    sync.clear();
    outbox.stop(erase);
  }

  realtime.on('hello', ({ epoch }) => {
    const again = friends.friends.store.get().loaded;
    void sync.connected(epoch).then(() => {
      if (!online()) return;
      messages.each((room) => room.reconnected());
      if (again) refreshPresence().catch(() => undefined);
    });
  });
  realtime.on('message', (event) => sync.room({ kind: 'message', ...event }));
  realtime.on('room', (event) => sync.room({ kind: 'room', ...event }));
  realtime.on('member', (event) => sync.room({ kind: 'member', ...event }));
  realtime.on('me', (event) => sync.user({ kind: 'me', ...event }));
  realtime.on('room:me', (event) => sync.user({ kind: 'room:me', ...event }));
  realtime.on('heads', (event) => sync.heads(event));
  realtime.on('read', ({ roomId, userId, seq }) => messages.room(roomId)?.marker(userId, seq));
  realtime.on('delivered', ({ roomId, userId, seq }) => messages.room(roomId)?.marker(userId, seq, 'delivered'));
  realtime.on('typing', (event) => presence.hear(event));
  realtime.on('presence', (event) => intake.presence([event]));
  realtime.on('user', ({ user }) => intake.users([user]));
  let shown: Me | null = null;
  session.store.subscribe(({ me: user }) => {
    const previous = shown;
    shown = user;
    if (user) intake.users([user]);
    if (user?.id !== previous?.id) emit('user', { user, previous });
  });
  let was: ConnectionStatus = 'offline';
  realtime.status.subscribe((now) => {
    if (now === 'online') outbox.wake();
    else if (was === 'online') {
      downSince = performance.now();
      sync.disconnected();
      presence.quiet();
    }
    was = now;
  });
  const stopWaking = onWake(() => {
    session.wake();
    realtime.wake();
    sync.wake();
    outbox.wake();
  });
  session.restore(tokenProvider ? 'all' : tokenProvider === null ? 'host' : undefined);

  return {
    server,
    app,
    status: realtime.status,
    auth: identity.auth,
    users: users.users,
    friends: friends.friends,
    rooms: rooms.rooms,
    messages: messages.messages,
    search,
    presence: presence.presence,
    files: files.files,
    config,
    on,
    close() {
      stopWaking();
      identity.close();
      cached?.close();
      session.close();
      stop(false);
      presence.quiet();
      messages.each((room) => room.stop());
    },
  };
}

function originOf(address: string): string {
  try {
    const { origin, protocol } = new URL(address);
    if (/^https?:$/.test(protocol)) return origin;
  } catch {
    // Told below.
  }
  throw new CoTalkError(
    'invalid_request',
    `unable to create the client; server must be an http(s) address, not "${address}"`,
  );
}
