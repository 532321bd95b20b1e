import { CoTalkError } from './errors.ts';
import { createEvents } from './events.ts';
import { createFriends } from './friends.ts';
import type { Http } from './http.ts';
import { createIntake } from './intake.ts';
import { createMessages } from './messages.ts';
import { createOutbox } from './outbox.ts';
import type { KeptEntry, OutboxStorage } from './outbox-storage.ts';
import { createPresence } from './presence.ts';
import { createReceipts } from './receipts.ts';
import { createRooms } from './rooms.ts';
import type { SyncTarget } from './steps.ts';
import { createSync } from './sync.ts';
import type { Sync } from './sync.ts';
import type { ModelEvent, ModelServer } from './testing-model.ts';
import { user } from './testing.ts';
import { createUsers } from './users.ts';
import type { HistoryQuery, Id, Me, Message, SyncAnswer } from './protocol/index.ts';

/** What becomes of one question to the server, with its times in ms. */
export interface Fate {
  there: number;
  back: number;
  end: 'answered' | 'lost' | 'unanswered' | 'busy';
}

/** A network whose questions meet one fate after the other, until it is calm. */
export function createNetwork(fates: readonly Fate[]) {
  let turn = 0;
  let calm = false;
  let generation = 0;
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  return {
    calm: () => void (calm = true),
    /** The server ends: no answer comes any more to what is on its way. */
    cut: () => void (generation += 1),
    async ask<T>(make: () => T): Promise<T> {
      const mine = generation;
      const { there, back, end } = fates[turn++ % fates.length] ?? { there: 0, back: 0, end: 'answered' };
      await pause(there);
      if (!calm && end === 'busy') throw new CoTalkError('overloaded', 'unable to answer; busy', { retryable: true });
      if (mine !== generation || (!calm && end === 'lost'))
        throw new CoTalkError('network', 'unable to reach the server; lost');
      // Read or stored now, heard of later: live events overtake it.
      let answer: T | undefined;
      let refusal: unknown;
      try {
        answer = make();
      } catch (error) {
        refusal = error;
      }
      await pause(back);
      if (mine !== generation || (!calm && end === 'unanswered'))
        throw new CoTalkError('timeout', 'unable to reach the server; no answer');
      if (refusal) throw refusal as Error;
      return answer as T;
    },
  };
}

export type Network = ReturnType<typeof createNetwork>;

/** Keeps the outbox for as long as the test lasts. */
function memoryOutbox(): OutboxStorage {
  const kept = new Map<Id, readonly KeptEntry[]>();
  return {
    change(userId, edit) {
      kept.set(userId, edit(kept.get(userId) ?? []));
      return Promise.resolve();
    },
  };
}

export interface Watch {
  /** What a room has applied may go back to `rev` now. */
  rewound: (roomId: Id, rev: number) => void;
  /** A page of history was taken in: where the room stood before and after. */
  paged: (before: number, after: number) => void;
}

/** The SDK's parts as `createClient` puts them together, with the model in place of the wire. */
export function createDevice(server: ModelServer, network: Network, userId: Id, watch: Watch) {
  const { emit, on } = createEvents();
  const profile: Me = { ...user(userId), email: null, emailVerified: false, settings: { findableByEmail: true } };
  const me = () => userId;
  let line: { socket: unknown; close: () => void } | undefined;
  /** Who waits for an answer of the socket. */
  const asking = new Set<(error: CoTalkError) => void>();
  /** What the server has said live and nobody has heard yet. */
  let wire: (() => void)[] = [];

  /** By the socket: its end is the end of the question. */
  function ask<T>(make: () => T): Promise<T> {
    if (!line) return Promise.reject(new CoTalkError('network', 'unable to reach the server; there is no connection'));
    let end: (error: CoTalkError) => void = () => undefined;
    const ended = new Promise<never>((_, reject) => (end = reject));
    asking.add(end);
    return Promise.race([network.ask(make), ended]).finally(() => asking.delete(end));
  }

  const http: Http = {
    async call(method, path, { query, body, apply } = {}) {
      const answer = await network.ask(() => route(method, path, query, body) as never);
      apply?.(answer);
      return answer;
    },
  };

  function route(method: string, path: string, query: unknown, body: unknown): unknown {
    const [, roomId = '', part] = /^\/rooms\/([^/]+)\/?(.*)$/.exec(path) ?? [];
    if (method === 'POST' && path === '/sync') return server.sync(userId, { epoch: null, rev: 0, rooms: [] });
    if (method === 'GET' && part === '') return server.room(roomId, userId);
    if (method === 'GET' && part === 'messages') return server.page(roomId, userId, query as HistoryQuery);
    if (method === 'GET' && part === 'members') return { items: server.members(roomId, userId), next: null };
    throw new Error(`nobody answers ${method} ${path} with ${JSON.stringify(body)}`);
  }

  async function reload(): Promise<void> {
    await http.call<SyncAnswer>('POST', '/sync', { apply: ({ me: lists }) => lists && sync.lists(lists) });
  }

  const onError = (error: CoTalkError) => emit('error', { error });
  const outbox = createOutbox(memoryOutbox(), `test:${userId}`, {
    deliver: ({ roomId, clientId, text }) => ask(() => server.send(roomId, userId, clientId, text, line?.socket)),
    onAnswer(message) {
      messages.room(message.roomId)?.acked(message);
      sync.room({ kind: 'message', roomId: message.roomId, rev: message.rev, message });
    },
    onSent: (message: Message) => emit('sent', { message }),
    onChange: (roomId) => messages.room(roomId)?.publish(),
    onError,
  });
  const users = createUsers(http, (people) => intake.users(people));
  const friends = createFriends({ http, me, reload, changed: () => Promise.resolve() });
  const rooms = createRooms({
    ...{ http, me, reload, changed: () => Promise.resolve() },
    heard: (list) => intake.rooms(list),
    people: (list) => intake.users(list),
  });
  const presence = createPresence(() => undefined);
  const messages = createMessages({
    ...{ http, outbox, me },
    seen(roomId, page) {
      const before = sync.applied(roomId);
      sync.follow(roomId, page.rev);
      if (before > 0) watch.paged(before, sync.applied(roomId));
      outbox.stored(page.items);
    },
    applied: (roomId) => sync.applied(roomId),
    rewind: (roomId, rev) => watched.rewind(roomId, rev),
    change: () => Promise.reject(new CoTalkError('not_found', 'unable to change a message of the model')),
    react: () => Promise.reject(new CoTalkError('not_found', 'unable to react to a message of the model')),
    readSeq: (roomId) => rooms.row(roomId)?.me?.readSeq ?? 0,
    async read(roomId, seq) {
      await ask(() => server.read(roomId, userId, seq));
      rooms.apply({ kind: 'read', roomId, seq });
    },
  });
  const sync = createSync({
    target: () => target,
    ask: (request) => ask(() => server.sync(userId, request)),
    heads: () => ask(() => server.heads(userId)),
    onError,
  });
  const receipts = createReceipts({
    readSeq: (roomId) => rooms.row(roomId)?.me?.readSeq ?? 0,
    tell: (roomId) => ask(() => server.room(roomId, userId)),
  });
  const watched: Sync = {
    ...sync,
    know(room) {
      watch.rewound(room.id, room.rev);
      sync.know(room);
    },
    rewind(roomId, rev) {
      watch.rewound(roomId, rev);
      return sync.rewind(roomId, rev);
    },
    forget(roomId) {
      watch.rewound(roomId, 0);
      sync.forget(roomId);
    },
  };
  const intake = createIntake({
    ...{ emit, sync: watched, outbox, users, friends, rooms, messages, presence, receipts, reload },
    ...{ me: () => profile, setMe: () => undefined, fetchMe: () => undefined },
  });
  const target: SyncTarget = {
    ...intake,
    catchup(change) {
      if (change.reset) watch.rewound(change.id, 0);
      intake.catchup(change);
    },
  };

  function hear(event: ModelEvent): void {
    if (event.kind === 'read') messages.room(event.roomId)?.marker(event.userId, event.seq);
    else if (event.kind === 'me' || event.kind === 'room:me') sync.user(event);
    else sync.room(event);
  }

  outbox.start(userId);
  return {
    ...{ sync, outbox, rooms, friends, messages, on },
    wire: () => wire,
    online: () => line !== undefined,
    connect(): void {
      const mine = server.listen(userId, (event) => wire.push(() => hear(event)));
      line = mine;
      outbox.wake();
      void sync.connected(server.epoch()).then(() => {
        if (line === mine) messages.each((room) => room.reconnected());
      });
    },
    disconnect(): void {
      line?.close();
      line = undefined;
      wire = [];
      sync.disconnected();
      for (const end of asking) end(new CoTalkError('network', 'unable to reach the server; the connection is gone'));
    },
    close(): void {
      this.disconnect();
      sync.clear();
      outbox.stop(false);
      receipts.clear();
      messages.each((room) => room.stop());
    },
  };
}

export type Device = ReturnType<typeof createDevice>;
