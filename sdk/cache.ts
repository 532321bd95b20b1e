import type { FriendsState } from './friends.ts';
import type { Restored } from './room-messages.ts';
import { indexedDbShelf } from './shelf.ts';
import type { Store } from './store.ts';
import { LIMITS } from './protocol/index.ts';
import type { Id, MeLists, Room, User } from './protocol/index.ts';

/** What a client looked like: enough to show it again, and to ask for what has changed since. */
export interface Snapshot {
  epoch: string;
  lists: MeLists;
  users: User[];
  /** Up to where each room's changes are in here. */
  cursors: [roomId: Id, rev: number][];
  windows: Restored[];
}

/** What a cache may know of a client. */
export interface CacheHost {
  /** Of the server and app. */
  name: string;
  friends: Store<FriendsState>;
  rooms: Store<unknown>;
  users: Store<ReadonlyMap<Id, User>>;
  /** Every room that is held, hidden ones too. */
  rows: () => Room[];
  cursor: () => { epoch: string | null; rev: number };
  applied: (roomId: Id) => number;
  /** The newest messages of a room that is open at its end. */
  window: (roomId: Id) => Restored | null;
  restore: (snapshot: Snapshot) => void;
  /** Takes back what was restored. */
  discard: () => void;
}

/** One client's cache. */
export interface CacheKeeper {
  /** Shows what was kept of this user. Resolves when it is there, or there is nothing. */
  start: (userId: Id) => Promise<void>;
  /** Nobody is signed in any more: throws everything away. */
  end: () => void;
  /** Writes down what is shown, and stops. */
  close: () => void;
}

/** Keeps what a client shows over reloads: made by {@link persistentCache}. */
export type ClientCache = (host: CacheHost) => CacheKeeper;

/** Another shape of what is kept is thrown away. */
const VERSION = 1;
const KEY = 'snapshot';
const SAVE_MS = 1_000;
const ROOMS_MAX = 30;

/**
 * Keeps the lists and the newest messages of opened rooms in the browser's IndexedDB, so that a reopened page shows them at
 * once and asks only for what has changed since. At most 100 rooms, and 50 messages each of the 30 last active ones that
 * were opened. It belongs to one user of one app: it is thrown away when they sign out, when their session ends, when
 * somebody else signs in, when the server was restored from a backup, and when it cannot be read. Without IndexedDB it keeps
 * nothing. It is not encrypted: leave it out on shared devices.
 *
 * @example
 * import { createClient } from '@co-talk/sdk';
 * import { persistentCache } from '@co-talk/sdk/cache';
 *
 * const client = createClient({ server: 'https://chat.example.com', app: 'default', cache: persistentCache() });
 */
export function persistentCache(): ClientCache {
  return typeof document === 'undefined' ? () => NOTHING : open;
}

const NOTHING: CacheKeeper = { start: () => Promise.resolve(), end: () => undefined, close: () => undefined };

function open(host: CacheHost): CacheKeeper {
  const shelf = indexedDbShelf(`${host.name}:cache`);
  let userId: Id | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Tells one sign-in from the next, across awaits. */
  let turn = 0;

  function save(): void {
    clearTimeout(timer);
    timer = undefined;
    const snapshot = userId && take(host);
    if (!snapshot) return;
    const text = JSON.stringify({ ...snapshot, version: VERSION, userId });
    const mine = turn;
    void shelf.change(KEY, (kept) => (mine === turn ? text : kept));
  }

  const soon = () => {
    timer ??= setTimeout(save, SAVE_MS);
  };
  const hidden = () => {
    if (document.visibilityState === 'hidden') save();
  };

  function stop(): void {
    turn += 1;
    clearTimeout(timer);
    timer = undefined;
    userId = null;
  }

  const stops = [host.friends.subscribe(soon), host.rooms.subscribe(soon)];
  document.addEventListener('visibilitychange', hidden);

  return {
    async start(id) {
      stop();
      const mine = turn;
      const found: Snapshot[] = [];
      await shelf.change(KEY, (text) => {
        const snapshot = read(text, id);
        if (!snapshot) return null;
        found.push(snapshot);
        return text;
      });
      if (mine !== turn) return;
      userId = id;
      try {
        found.slice(-1).forEach(host.restore);
      } catch {
        // Valid JSON, and not ours all the same.
        host.discard();
      }
    },
    end() {
      stop();
      void shelf.change(KEY, () => null);
    },
    close() {
      save();
      for (const stop of stops) stop();
      document.removeEventListener('visibilitychange', hidden);
    },
  };
}

function take(host: CacheHost): Snapshot | null {
  const { loaded, friends, incoming, outgoing, blocks } = host.friends.get();
  const { epoch, rev } = host.cursor();
  if (!loaded || epoch === null) return null;
  const rooms = host
    .rows()
    .sort((a, b) => (activity(a) < activity(b) ? 1 : -1))
    .slice(0, LIMITS.pageMax);
  const windows = rooms.flatMap(({ id }) => host.window(id) ?? []).slice(0, ROOMS_MAX);
  const people = new Set(
    windows.flatMap(({ messages }) => messages.flatMap(({ senderId, replyTo }) => [senderId, replyTo?.senderId])),
  );
  return {
    epoch,
    lists: {
      rev,
      friends: friends.map((friend) => ({ ...friend, presence: away(friend.presence) })),
      requests: [...incoming, ...outgoing],
      blocks,
      rooms: rooms.map((room) => (room.presence ? { ...room, presence: away(room.presence) } : room)),
    },
    users: [...host.users.get().values()].filter(({ id }) => people.has(id)),
    cursors: rooms.map(({ id }) => [id, host.applied(id)]),
    windows,
  };
}

const activity = (room: Room) => room.lastMessage?.createdAt ?? room.createdAt;

/** Whoever was there then may not be there now. */
function away<T extends { online: boolean; lastSeenAt: string | null }>(presence: T): T {
  return presence.online ? { ...presence, online: false, lastSeenAt: new Date().toISOString() } : presence;
}

/** @returns `null` for whatever is not a snapshot of this user */
function read(text: string | null, userId: Id): Snapshot | null {
  try {
    const value = JSON.parse(text ?? 'null') as (Snapshot & { version: number; userId: Id }) | null;
    return value?.version === VERSION && value.userId === userId && isWhole(value) ? value : null;
  } catch {
    return null;
  }
}

function isWhole({ epoch, lists, users, cursors, windows }: Snapshot): boolean {
  const { rev, friends, requests, blocks, rooms } = lists;
  const arrays = [users, cursors, windows, friends, requests, blocks, rooms, ...windows.map((one) => one.messages)];
  return typeof epoch === 'string' && Number.isInteger(rev) && arrays.every((one) => Array.isArray(one));
}
