import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id, Role } from '@co-talk/sdk/protocol';
import { revoke } from '../auth/revocations.ts';
import type { Actor, Context } from '../context.ts';
import { addSystemMessage, type Happening } from '../messages/system.ts';
import { hiddenPresence } from '../presence/presences.ts';
import { bumpRev, loadUser } from '../users/lookup.ts';
import { emit } from '../webhooks/outbox.ts';
import { changeRoom, changeShared, lockMember, lockRoom, nextRev, type RoomChange } from './change.ts';
import { publishRoomMe } from './members.ts';
import { setRole } from './roles.ts';

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
  const room = await lockRoom(em, ctx.appId, roomId);
  const role = room && (await lockMember(em, ctx.appId, roomId, userId));
  if (!role) return false;
  const change = { ctx: { ...ctx, em }, em, room, role };
  const heir = await takeOut(change, userId, role);
  if (heir !== null) await publishRoomMe(change.ctx, em, roomId, heir);
  ctx.publish.room(roomId, 'presence', [hiddenPresence(userId)]);
  ctx.publish.room(roomId, 'user', [{ user: await loadUser(change.ctx, userId) }]);
  return true;
}

/**
 * Leaves a group or channel. It keeps an owner; without members, it is over.
 * @throws AppError `not_found`, `forbidden` (a room of two)
 */
export async function leaveRoom(ctx: Context, actor: Actor, roomId: Id): Promise<void> {
  await changeRoom(ctx, actor, roomId, 'leave the room', async (change) => {
    const heir = await takeOut(change, actor.userId, change.role, { byId: actor.userId, happening: { kind: 'left' } });
    // Users are locked after all else, in one order.
    for (const userId of [actor.userId, ...(heir === null ? [] : [heir])].sort()) {
      if (userId === actor.userId) await farewell(change, userId);
      else await publishRoomMe(change.ctx, change.em, roomId, userId);
    }
  });
}

/** Who takes somebody out, and what the others read of it. */
interface Deed {
  byId: Id;
  happening: Happening;
  /** By somebody else. */
  removed?: boolean;
}

/**
 * Takes a member out, under the locks of the room and of their membership. Their own leaving is told last: what came after it would
 * be of a room that they do not know any more.
 *
 * @returns the next owner, where there has to be one
 */
export async function takeOut(change: RoomChange, userId: Id, role: Role, deed?: Deed): Promise<Id | null> {
  const { ctx, em, room } = change;
  const heir = role === 'owner' ? await handOver(change, userId) : null;
  await changeShared(change, `member_count = member_count - 1, blocked = blocked or type = 'direct'`);
  if (room.type === 'group' && room.memberCount > 1 && deed) {
    await addSystemMessage(em, ctx, room.id, deed.byId, deed.happening);
    if (heir !== null) await addSystemMessage(em, ctx, room.id, deed.byId, { kind: 'owner', userId: heir });
  }
  const rev = await nextRev(em, ctx.appId, room.id);
  await em.execute(
    `update chat_room_members set left_at = now(), rev = ?, role = 'member', read_seq = 0, delivered_seq = 0,
       muted = false, pinned = false, hidden = false, removed = ?
     where room_id = ? and user_id = ? and app_id = ?`,
    [rev, deed?.removed ?? false, room.id, userId, ctx.appId],
  );
  await emit(em, ctx.appId, 'member.left', { roomId: room.id, userId });
  // Of a room without members, its own change has said all.
  if (room.memberCount > 1) ctx.publish.room(room.id, 'member', [{ roomId: room.id, rev, userId, member: null }]);
  return heir;
}

/** A room keeps an owner: the admin who has been there longest, or else the member; rather a person than a bot. */
async function handOver({ ctx, em, room }: RoomChange, leavingId: Id): Promise<Id | null> {
  const [heir] = await em.execute<{ id: Id }[]>(
    `select m.user_id as id from chat_room_members m join users u on u.id = m.user_id
     where m.room_id = ? and m.app_id = ? and m.left_at is null and m.user_id <> ?
     order by u.kind = 'bot', m.role = 'admin' desc, m.joined_at, m.user_id limit 1`,
    [room.id, ctx.appId, leavingId],
  );
  if (!heir) return null;
  await setRole(ctx, em, room.id, heir.id, 'owner');
  return heir.id;
}

/** From now on somebody hears nothing more of a room, on whichever node they are. */
export async function farewell({ ctx, em, room }: RoomChange, userId: Id): Promise<void> {
  const rev = await bumpRev(em, userId);
  ctx.publish.user(userId, 'me', [{ rev, change: 'rooms' }]);
  ctx.publish.leave(userId, room.id);
  await revoke(em, ctx.appId, { userId, sessionId: null, roomId: room.id, reason: 'revoked' });
}
