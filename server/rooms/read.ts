import { LIMITS, type Id, type MarkRead, type ReadMarker } from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import type { Statement } from '../statements.ts';
import { toArray } from '../users/lookup.ts';
import { publishRoomMe, requireMember, ROOM_ME_COLUMNS } from './members.ts';

/** Where it is told how far each has read. Thousands who read would tell thousands, for every message. */
const TOLD = `(r.type <> 'channel' and r.member_count <= ${String(LIMITS.readMarkerMembers)})`;

/**
 * Moves the reader's marker forward, never past the head.
 * @throws AppError `not_found`
 */
export async function markRead(ctx: Context, actor: Actor, input: MarkRead & { roomId: Id }): Promise<void> {
  const { roomId } = input;
  await requireMember(ctx, actor, roomId);
  await ctx.em.transactional(async (em) => {
    const [moved] = await em.execute<{ seq: number; told: boolean }[]>(
      `update chat_room_members m set read_seq = least(?::int, r.last_seq), delivered_seq = greatest(m.delivered_seq, least(?::int, r.last_seq))
       from chat_rooms r
       where r.id = m.room_id and m.room_id = ? and m.user_id = ? and m.app_id = ? and m.left_at is null and m.read_seq < least(?::int, r.last_seq)
       returning m.read_seq as seq, ${TOLD} as told`,
      [input.seq, input.seq, roomId, actor.userId, ctx.appId, input.seq],
    );
    if (!moved) return;
    await publishRoomMe(ctx, em, roomId, actor.userId);
    if (moved.told) ctx.publish.room(roomId, 'read', [{ roomId, userId: actor.userId, seq: moved.seq }]);
  });
}

/**
 * Notes how far one of the user's devices has received, never past the head.
 * @throws AppError `not_found`
 */
export async function markDelivered(ctx: Context, actor: Actor, input: MarkRead & { roomId: Id }): Promise<void> {
  const { roomId } = input;
  await requireMember(ctx, actor, roomId);
  const [moved] = await ctx.em.execute<{ seq: number; told: boolean }[]>(
    `update chat_room_members m set delivered_seq = least(?::int, r.last_seq) from chat_rooms r
     where r.id = m.room_id and m.room_id = ? and m.user_id = ? and m.app_id = ? and m.left_at is null
       and m.delivered_seq < least(?::int, r.last_seq)
     returning m.delivered_seq as seq, ${TOLD} as told`,
    [input.seq, roomId, actor.userId, ctx.appId, input.seq],
  );
  if (moved?.told) ctx.publish.room(roomId, 'delivered', [{ roomId, userId: actor.userId, seq: moved.seq }]);
}

// Channels are left out however few are in them: the page that shows who has read is for people who know each other.
const READ_MARKERS: Statement = {
  name: 'read-markers',
  text: `select m.room_id as "roomId", m.user_id as "userId", m.read_seq as seq
    from chat_room_members m join chat_rooms r on r.id = m.room_id
    where m.room_id = any($1::uuid[]) and m.app_id = $2 and m.left_at is null
      and (m.user_id = $3 or r.type = 'direct' or (r.type = 'group' and r.member_count <= $4))`,
};

/** Others' read markers in direct rooms and small groups, and one's own. */
export async function readMarkers(ctx: Context, actor: Actor, rooms: Id[]): Promise<ReadMarker[]> {
  if (rooms.length === 0) return [];
  return ctx.read<ReadMarker>(READ_MARKERS, [toArray(rooms), ctx.appId, actor.userId, LIMITS.readMarkerMembers]);
}

/** Messages of others that the user has not read, over all rooms that are not muted. */
export async function unreadCount(ctx: Context, actor: Actor): Promise<{ count: number }> {
  const [row] = await ctx.em.execute<{ count: number }[]>(
    `select coalesce(sum(me.unread), 0)::int as count from chat_room_members m
     cross join lateral (select ${ROOM_ME_COLUMNS}) me
     where m.user_id = ? and m.app_id = ? and m.left_at is null and not m.muted and not me.hidden`,
    [actor.userId, ctx.appId],
  );
  return { count: row?.count ?? 0 };
}
