import {
  LIMITS,
  type Heads,
  type Id,
  type MeLists,
  type Room,
  type RoomSync,
  type SyncAnswer,
  type SyncRequest,
} from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { blocksOf } from '../friends/blocks.ts';
import { friendsOf } from '../friends/friends.ts';
import { pendingRequestsOf } from '../friends/requests.ts';
import { MESSAGE_COLUMNS, toWire, type MessageRow } from '../messages/message.entity.ts';
import { memberChanges } from '../rooms/members.ts';
import { readMarkers } from '../rooms/read.ts';
import { listRooms, roomsFor } from '../rooms/rooms.ts';
import type { Statement } from '../statements.ts';
import { loadUsers, readRev } from '../users/lookup.ts';

interface Head {
  id: Id;
  lastRev: number;
  roomRev: number;
  lastSeq: number;
  historyFrom: number;
}

interface Cursor extends Head {
  rev: number;
  reset: boolean;
}

/** Bytes of message text in one answer; the rest comes with `more`. */
const ANSWER_BYTES = 1_000_000;
/** What a message costs beside its text. */
const MESSAGE_BYTES = 500;

/**
 * What a client has missed: the state now of everything that changed after its cursors. Heads are read before the rows, so
 * nothing in between is lost: it only comes twice, and the client merges by `rev`.
 *
 * @throws AppError `too_large` above `LIMITS.syncRooms` rooms
 */
export async function sync(ctx: Context, actor: Actor, input: SyncRequest): Promise<SyncAnswer> {
  if (input.rooms.length > LIMITS.syncRooms) {
    throw new AppError(
      'too_large',
      `unable to catch up; at most ${String(LIMITS.syncRooms)} rooms at once; ask in parts`,
    );
  }
  const otherEpoch = input.epoch !== ctx.epoch;
  const rev = await readRev(ctx, actor.userId);
  const heads = await readHeads(
    ctx,
    actor.userId,
    input.rooms.map((room) => room.id),
  );
  const cursors = input.rooms.flatMap((asked) => {
    const head = heads.get(asked.id);
    if (!head) return [];
    const reset = otherEpoch || asked.rev > head.lastRev || head.lastRev - asked.rev > LIMITS.syncRows;
    return [{ ...head, rev: asked.rev, reset }];
  });
  const me = otherEpoch || rev !== input.rev ? await lists(ctx, actor, rev) : null;
  const rooms = await changes(ctx, actor, cursors);
  const senders = rooms.flatMap((room) =>
    'gone' in room ? [] : room.changes.messages.map((message) => message.senderId),
  );
  const users = await loadUsers(ctx, senders);
  const gone = input.rooms.filter((room) => !heads.has(room.id)).map((room): RoomSync => ({ id: room.id, gone: true }));
  return {
    epoch: ctx.epoch,
    rev,
    me,
    users: [...users.values()],
    rooms: [...rooms, ...gone],
    readMarkers: await readMarkers(ctx, actor, [...heads.keys()]),
  };
}

const HEADS: Statement = {
  name: 'heads',
  text: `select r.id, r.last_rev as "lastRev", r.rev as "roomRev", r.last_seq as "lastSeq",
      greatest(m.history_from, r.first_seq) as "historyFrom"
    from chat_room_members m join chat_rooms r on r.id = m.room_id
    where m.user_id = $1 and m.app_id = $2 and m.left_at is null and r.id = any($3::uuid[])`,
};

const ALL_HEADS: Statement = {
  name: 'all-heads',
  text: `select r.id, r.last_rev as rev from chat_room_members m join chat_rooms r on r.id = m.room_id
    where m.user_id = $1 and m.app_id = $2 and m.left_at is null`,
};

/** The newest revisions of the user and of all their rooms. */
export async function heads(ctx: Context, actor: Actor): Promise<Heads> {
  const rev = await readRev(ctx, actor.userId);
  const rows = await ctx.read<{ id: Id; rev: number }>(ALL_HEADS, [actor.userId, ctx.appId]);
  return { epoch: ctx.epoch, rev, rooms: Object.fromEntries(rows.map((row) => [row.id, row.rev])) };
}

async function readHeads(ctx: Context, userId: Id, ids: Id[]): Promise<Map<Id, Head>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.read<Head>(HEADS, [userId, ctx.appId, ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

async function lists(ctx: Context, actor: Actor, rev: number): Promise<MeLists> {
  const { items: rooms } = await listRooms(ctx, actor, { limit: LIMITS.pageMax });
  return {
    rev,
    friends: await friendsOf(ctx, actor.userId),
    requests: await pendingRequestsOf(ctx, actor.userId),
    blocks: await blocksOf(ctx, actor.userId),
    rooms,
  };
}

/** One query per kind over all rooms. What goes over the limit is cut at a `rev`, and comes with the next call. */
async function changes(ctx: Context, actor: Actor, cursors: Cursor[]): Promise<RoomSync[]> {
  const behind = fitting(cursors.filter(isBehind));
  if (behind.length === 0) return cursors.map((cursor) => unchanged(cursor, false));
  const since = behind.map(({ id, rev, reset, lastSeq, lastRev, historyFrom }, place) => {
    // Every message takes a rev, so no more have come than the head has moved.
    const after = lastSeq - (reset ? LIMITS.pageDefault : lastRev - rev);
    return { id, place, rev: reset ? -1 : rev, after, from: reset ? Math.max(historyFrom, after + 1) : historyFrom };
  });
  const messages = await ctx.em.execute<MessageRow[]>(
    `select ${MESSAGE_COLUMNS} from jsonb_to_recordset(?::jsonb) c(id uuid, place int, rev int, after int, "from" int)
     cross join lateral (
       select * from messages n where n.room_id = c.id and n.seq > c.after and n.seq >= c."from" and n.rev > c.rev and n.app_id = ?
       union all
       select * from messages o
       where o.room_id = c.id and o.changed and o.rev > c.rev and o.seq >= c."from" and o.seq <= c.after and o.app_id = ?
       order by rev limit ?
     ) m
     order by c.place, m.rev limit ?`,
    [JSON.stringify(since), ctx.appId, ctx.appId, LIMITS.syncRows + 1, LIMITS.syncRows + 1],
  );
  const members = await memberChanges(ctx, since);
  const rooms = new Map<Id, Room>();
  const touched = behind.filter((cursor) => cursor.reset || cursor.roomRev > cursor.rev).map((cursor) => cursor.id);
  for (const room of await roomsFor(ctx, actor.userId, touched)) rooms.set(room.id, room);

  const places = new Map(since.map(({ id, place }) => [id, place]));
  const end = firstLeftOut(messages);
  const cutPlace = places.get(messages[end]?.roomId ?? '') ?? Infinity;
  const sent = Map.groupBy(messages.slice(0, end), (row) => row.roomId);
  return cursors.map((cursor) => {
    const { id, lastRev: head, reset } = cursor;
    const place = places.get(id);
    if (place === undefined) return unchanged(cursor, isBehind(cursor));
    const more = place >= cutPlace;
    // Half a new page would be shown as a whole one.
    if (more && reset) return unchanged(cursor, true);
    const rows = sent.get(id) ?? [];
    const rev = more ? (rows.at(-1)?.rev ?? cursor.rev) : head;
    const changed = members.filter((row) => row.roomId === id && row.rev <= rev);
    return {
      id,
      rev,
      head,
      changes: {
        messages: rows.map(toWire),
        members: changed.map(({ userId, member }) => ({ userId, member })),
        room: rooms.get(id) ?? null,
      },
      more,
      reset,
    };
  });
}

const isBehind = ({ rev, lastRev, reset }: Cursor): boolean => rev < lastRev || reset;

/** The rooms up to where an answer is full: no more rows come of one than its head has moved. What cannot fit is not read. */
function fitting(behind: Cursor[]): Cursor[] {
  let rows = 0;
  return behind.filter(({ rev, lastRev, reset }) => {
    const fits = rows < LIMITS.syncRows;
    rows += reset ? LIMITS.pageDefault : lastRev - rev;
    return fits;
  });
}

/** Index of the first row that does not fit into one answer. At least one always fits. */
function firstLeftOut(messages: MessageRow[]): number {
  let bytes = 0;
  const index = messages.findIndex((row, place) => {
    bytes += Buffer.byteLength(row.text) + MESSAGE_BYTES;
    return place >= LIMITS.syncRows || (place > 0 && bytes > ANSWER_BYTES);
  });
  return index === -1 ? messages.length : index;
}

function unchanged({ id, rev, lastRev }: Cursor, more: boolean): RoomSync {
  return { id, rev, head: lastRev, changes: { messages: [], members: [], room: null }, more, reset: false };
}
