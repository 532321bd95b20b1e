import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Id } from '@co-talk/sdk/protocol';
import type { Services } from '../context.ts';
import type { Io } from '../realtime.ts';

/** Tells sockets how far their rooms are: the only cure for an event that was lost and that no other one follows. */
export interface HeadsTeller {
  /** Compares everything that has changed since the last time, now rather than when it is due. */
  now: () => void;
  /** Tells the sockets of these rooms, changed or not. */
  rooms: (ids: Id[]) => void;
  /** Tells all sockets: the history is another one. */
  everybody: () => void;
  close: () => Promise<void>;
}

interface Needs {
  io: Io;
  pool: Pool;
  services: () => Services;
  everyMs: number;
  /** Whether the other nodes are heard. Where not, this is the only way to hear of them, and comes more often. */
  cutOff: () => boolean;
}

/** Milliseconds between two comparisons; each is up to a fifth sooner, so that nodes do not ask in step. */
export const HEADS_EVERY_MS = 25_000;
const CUT_OFF_EVERY_MS = 2_000;
/** Ids in one query. */
const QUERY_MAX = 20_000;
/** Sockets told in one turn of the event loop. */
const SLICE = 200;

type Revs = Map<Id, number>;

/**
 * What of these rooms and users was written by a transaction that was still under way at the horizon, or began after it: by the
 * row's own xmin, since no index could be had for a price that every message would pay. `age` compares across wraparound.
 */
const CHANGED = `
  select pg_snapshot_xmin(pg_current_snapshot())::text as horizon,
    (select coalesce(json_object_agg(r.id, r.last_rev), '{}') from chat_rooms r
     where r.id = any($1::uuid[]) and age(r.xmin) <= age($3::text::xid8::xid)) as rooms,
    (select coalesce(json_object_agg(u.id, u.rev), '{}') from users u
     where u.id = any($2::uuid[]) and age(u.xmin) <= age($3::text::xid8::xid)) as users`;

const HORIZON = 'select pg_snapshot_xmin(pg_current_snapshot())::text as horizon';
const ROOM_REVS = 'select id, last_rev as rev from chat_rooms where id = any($1::uuid[])';
const USER_REVS = 'select id, rev from users where id = any($1::uuid[])';

/** Compares on its own, about every `everyMs`, from now until `close`. */
export function createHeadsTeller({ io, pool, services, everyMs, cutOff }: Needs): HeadsTeller {
  const { adapter, sockets } = io.of('/');
  let horizon: string | undefined;
  /** What the last comparison found: a transaction that takes long, anywhere, keeps the horizon where it is. */
  let seenRooms: Revs = new Map();
  let seenUsers: Revs = new Map();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let work: Promise<void> = Promise.resolve();

  /** One after the other: a slow database must not be asked ever more. */
  function queue(job: () => Promise<void>): void {
    work = work.then(job).catch((error: unknown) => {
      if (!closed) services().log.warn({ err: error }, 'heads could not be told');
    });
  }

  function schedule(): void {
    clearTimeout(timer);
    if (closed) return;
    const everyNow = cutOff() ? Math.min(everyMs, CUT_OFF_EVERY_MS) : everyMs;
    timer = setTimeout(now, everyNow * (0.8 + Math.random() / 5));
  }

  function now(): void {
    clearTimeout(timer);
    queue(compare);
    queue(() => {
      schedule();
      return Promise.resolve();
    });
  }

  const idsOf = (kind: 'room' | 'user'): Id[] => {
    const ids: Id[] = [];
    for (const name of adapter.rooms.keys()) if (name.startsWith(`${kind}:`)) ids.push(name.slice(kind.length + 1));
    return ids;
  };

  async function compare(): Promise<void> {
    if (closed) return;
    if (horizon === undefined) {
      horizon = (await pool.query<{ horizon: string }>(HORIZON)).rows[0]?.horizon;
      return;
    }
    const [rooms, users] = [chunks(idsOf('room')), chunks(idsOf('user'))];
    const changedRooms: Revs = new Map();
    const changedUsers: Revs = new Map();
    let next: string | undefined;
    for (let at = 0; at < Math.max(rooms.length, users.length); at += 1) {
      const answer = await pool.query<{
        horizon: string;
        rooms: Record<Id, number>;
        users: Record<Id, number>;
      }>(CHANGED, [rooms[at] ?? [], users[at] ?? [], horizon]);
      const [row] = answer.rows;
      if (!row) return;
      next ??= row.horizon;
      for (const [id, rev] of Object.entries(row.rooms)) changedRooms.set(id, rev);
      for (const [id, rev] of Object.entries(row.users)) changedUsers.set(id, rev);
    }
    horizon = next ?? horizon;
    const [newRooms, newUsers] = [without(changedRooms, seenRooms), without(changedUsers, seenUsers)];
    [seenRooms, seenUsers] = [changedRooms, changedUsers];
    await tell(newRooms, newUsers);
  }

  /** Each socket what has changed of its own. */
  async function tell(rooms: Revs, users: Revs): Promise<void> {
    const due = new Set<string>();
    for (const id of rooms.keys()) for (const socket of adapter.rooms.get(`room:${id}`) ?? []) due.add(socket);
    for (const id of users.keys()) for (const socket of adapter.rooms.get(`user:${id}`) ?? []) due.add(socket);
    const userOf = (socket: string) => sockets.get(socket)?.data.claims.actor.userId;
    const others = [...new Set(Array.from(due, userOf))].filter((id) => id !== undefined && !users.has(id));
    for (const { id, rev } of await read(USER_REVS, others)) users.set(id, rev);
    let told = 0;
    for (const id of due) {
      const socket = sockets.get(id);
      const rev = users.get(userOf(id) ?? '');
      if (!socket || rev === undefined) continue;
      const own: Record<Id, number> = {};
      for (const name of socket.rooms) {
        const head = name.startsWith('room:') ? rooms.get(name.slice(5)) : undefined;
        if (head !== undefined) own[name.slice(5)] = head;
      }
      socket.emit('heads', { epoch: services().epoch, rev, rooms: own });
      told += 1;
      if (told % SLICE === 0) await nextTurn();
    }
  }

  async function read(sql: string, ids: unknown[]): Promise<{ id: Id; rev: number }[]> {
    if (ids.length === 0) return [];
    return (await pool.query<{ id: Id; rev: number }>(sql, [ids])).rows;
  }

  const asMap = (rows: { id: Id; rev: number }[]): Revs => new Map(rows.map(({ id, rev }) => [id, rev]));

  now();
  return {
    now,
    rooms: (ids) => {
      queue(async () => tell(asMap(await read(ROOM_REVS, ids)), new Map()));
    },
    everybody: () => {
      queue(async () => {
        horizon = undefined;
        await tell(new Map(), asMap(await read(USER_REVS, idsOf('user'))));
      });
      now();
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await work;
    },
  };
}

const without = (revs: Revs, seen: Revs): Revs => new Map([...revs].filter(([id, rev]) => seen.get(id) !== rev));

function chunks(ids: Id[]): Id[][] {
  const parts: Id[][] = [];
  for (let from = 0; from < ids.length; from += QUERY_MAX) parts.push(ids.slice(from, from + QUERY_MAX));
  return parts;
}
