import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id, Role, RoomType, SharedRoom } from '@co-talk/sdk/protocol';
import type { Context } from '../context.ts';
import { hiddenPresence } from '../presence/presences.ts';
import { emit } from '../webhooks/outbox.ts';
import { listMembers, publishRoomMe } from './members.ts';
import { loadUser } from '../users/lookup.ts';

/** Rooms of one page. */
const PAGE = 100;

/** The rooms that a user is or ever was in, after the id `after`, ascending. */
export async function roomsEverOf(ctx: Context, userId: Id, after: Id): Promise<Id[]> {
  const rows = await ctx.em.execute<{ id: Id }[]>(
    `select id from (
       select room_id as id from chat_room_members where user_id = ? and app_id = ? and left_at is null
       union all
       select room_id from chat_room_members where user_id = ? and app_id = ? and left_at is not null
     ) r where id > ?::uuid order by id limit ?`,
    [userId, ctx.appId, userId, ctx.appId, after, PAGE],
  );
  return rows.map((row) => row.id);
}

/**
 * Takes somebody who is gone out of a room, within the caller's transaction. From the commit on nobody can write in their name,
 * and nobody to them: a direct room stays with the other one, to be read. A room of many gets another owner.
 *
 * @returns whether they were in it until now
 */
export async function leaveForGood(ctx: Context, em: EntityManager, userId: Id, roomId: Id): Promise<boolean> {
  const [room] = await em.execute<{ type: RoomType; rev: number }[]>(
    'select type, last_rev as rev from chat_rooms where id = ? and app_id = ? for no key update',
    [roomId, ctx.appId],
  );
  if (!room) return false;
  const [was] = await em.execute<{ role: Role }[]>(
    'select role from chat_room_members where room_id = ? and user_id = ? and app_id = ? and left_at is null for update',
    [roomId, userId, ctx.appId],
  );
  if (!was) return false;
  await em.execute(
    `update chat_room_members set left_at = now(), rev = ?, role = 'member', read_seq = 0, delivered_seq = 0,
       muted = false, pinned = false, hidden = false
     where room_id = ? and user_id = ? and app_id = ?`,
    [room.rev + 1, roomId, userId, ctx.appId],
  );
  await emit(em, ctx.appId, 'member.left', { roomId, userId });
  const heir = was.role === 'owner' ? await handOver(em, ctx.appId, roomId, room.rev + 2) : undefined;
  const rev = room.rev + (heir === undefined ? 2 : 3);
  await em.execute(
    `update chat_rooms set last_rev = ?, rev = ?, member_count = member_count - 1, blocked = blocked or type = 'direct'
     where id = ? and app_id = ?`,
    [rev, rev, roomId, ctx.appId],
  );
  ctx.publish.room(roomId, 'member', [{ roomId, rev: room.rev + 1, userId, member: null }]);
  if (heir !== undefined) await tellHeir({ ...ctx, em }, em, roomId, heir, room.rev + 2);
  ctx.publish.room(roomId, 'room', [{ roomId, rev, room: await readShared(em, ctx.appId, roomId) }]);
  ctx.publish.room(roomId, 'presence', [hiddenPresence(userId)]);
  ctx.publish.room(roomId, 'user', [{ user: await loadUser({ ...ctx, em }, userId) }]);
  return true;
}

/** A room keeps an owner: the admin who has been there longest, or else the member. @returns who, if anybody is left */
async function handOver(em: EntityManager, appId: string, roomId: Id, rev: number): Promise<Id | undefined> {
  const [heir] = await em.execute<{ id: Id }[]>(
    `update chat_room_members set role = 'owner', rev = ? where room_id = ? and app_id = ? and user_id = (
       select user_id from chat_room_members where room_id = ? and left_at is null
       order by role = 'admin' desc, joined_at, user_id limit 1
     ) returning user_id as id`,
    [rev, roomId, appId, roomId],
  );
  return heir?.id;
}

async function tellHeir(ctx: Context, em: EntityManager, roomId: Id, userId: Id, rev: number): Promise<void> {
  const member = (await listMembers(ctx, roomId)).find(({ user }) => user.id === userId);
  if (member) ctx.publish.room(roomId, 'member', [{ roomId, rev, userId, member }]);
  await publishRoomMe(ctx, em, roomId, userId);
}

type Row = Omit<SharedRoom, 'createdAt'> & { createdMs: number };

/** A room as all its members see it. */
async function readShared(em: EntityManager, appId: string, roomId: Id): Promise<SharedRoom> {
  const [row] = await em.execute<Row[]>(
    `select id, type, name, avatar_url as "avatarUrl", first_seq as "firstSeq", last_seq as "lastSeq", last_rev as rev,
       member_count as "memberCount", (extract(epoch from created_at) * 1000)::float8 as "createdMs"
     from chat_rooms where id = ? and app_id = ?`,
    [roomId, appId],
  );
  if (!row) throw new Error('a room vanished');
  const { createdMs, ...room } = row;
  return { ...room, createdAt: new Date(createdMs).toISOString() };
}
