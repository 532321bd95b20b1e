import {
  LIMITS,
  type Heads,
  type Id,
  type MeLists,
  type RoomSync,
  type SyncAnswer,
  type SyncRequest,
} from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { blocksOf } from '../friends/blocks.ts';
import { friendsOf } from '../friends/friends.ts';
import { pendingRequestsOf } from '../friends/requests.ts';
import { peopleIn } from '../messages/people.ts';
import { readMarkers } from '../rooms/read.ts';
import { listRooms } from '../rooms/rooms.ts';
import type { Statement } from '../statements.ts';
import { loadUsers, readRev, toArray } from '../users/lookup.ts';
import { changes, type Head } from './changes.ts';

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
  const [me, rooms, markers] = await Promise.all([
    otherEpoch || rev !== input.rev ? lists(ctx, actor, rev) : null,
    changes(ctx, actor, cursors),
    readMarkers(ctx, actor, [...heads.keys()]),
  ]);
  const named = rooms.flatMap((room) => ('gone' in room ? [] : room.changes.messages.flatMap(peopleIn)));
  // Of somebody who has left, nothing else may ever come: not that they are gone altogether, either.
  const left = rooms.flatMap((room) =>
    'gone' in room ? [] : room.changes.members.flatMap(({ userId, member }) => (member ? [] : [userId])),
  );
  const users = await loadUsers(ctx, [...named, ...left]);
  const gone = input.rooms.filter((room) => !heads.has(room.id)).map((room): RoomSync => ({ id: room.id, gone: true }));
  return {
    epoch: ctx.epoch,
    rev,
    me,
    users: [...users.values()],
    rooms: [...rooms, ...gone],
    readMarkers: markers,
  };
}

const HEADS: Statement = {
  name: 'heads',
  text: `select r.id, r.last_rev as "lastRev", r.rev as "roomRev", r.last_seq as "lastSeq",
      greatest(m.history_from, r.first_seq) as "historyFrom", r.member_count as "memberCount"
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
  const rows = await ctx.read<Head>(HEADS, [userId, ctx.appId, toArray(ids)]);
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
