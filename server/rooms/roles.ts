import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id, Member, Role } from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { addSystemMessage } from '../messages/system.ts';
import { changeRoom, lockMember, nextRev, requireOwner, tellMember } from './change.ts';
import { publishRoomMe, readMembers } from './members.ts';

export const noMember = (doing: string) => new AppError('not_found', `unable to ${doing}; there is no such member`);

/**
 * Makes a member an admin or takes that back, or makes them the owner: whoever was it is an admin then. Giving somebody the role that
 * they have changes nothing.
 *
 * @throws AppError `not_found` (the room, the member), `forbidden` (not the owner), `conflict` (the owner's own role)
 */
export async function changeRole(ctx: Context, actor: Actor, roomId: Id, userId: Id, role: Role): Promise<Member> {
  const doing = 'change the role';
  return changeRoom(ctx, actor, roomId, doing, async (change) => {
    requireOwner(change, doing);
    const { em } = change;
    const before = await lockMember(em, ctx.appId, roomId, userId);
    if (!before) throw noMember(doing);
    if (before !== role) {
      if (before === 'owner') {
        throw new AppError('conflict', 'unable to change the role; a room has an owner; make somebody else the owner');
      }
      const say = (kind: 'owner' | 'promoted' | 'demoted') =>
        addSystemMessage(em, change.ctx, roomId, actor.userId, { kind, userId });
      if (role === 'owner') await setRole(change.ctx, em, roomId, actor.userId, 'admin');
      await setRole(change.ctx, em, roomId, userId, role);
      if (change.room.type === 'group') {
        await say(role === 'owner' ? 'owner' : role === 'admin' ? 'promoted' : 'demoted');
      }
      // Users are locked after all else, in one order.
      for (const id of role === 'owner' ? [actor.userId, userId].sort() : [userId]) {
        await publishRoomMe(change.ctx, em, roomId, id);
      }
    }
    const [member] = await readMembers(change.ctx, roomId, [userId]);
    if (!member) throw noMember(doing);
    return member;
  });
}

/** Gives a member another role, at the room's next revision, within the caller's transaction. */
export async function setRole(ctx: Context, em: EntityManager, roomId: Id, userId: Id, role: Role): Promise<void> {
  const rev = await nextRev(em, ctx.appId, roomId);
  await em.execute('update chat_room_members set role = ?, rev = ? where room_id = ? and user_id = ? and app_id = ?', [
    role,
    rev,
    roomId,
    userId,
    ctx.appId,
  ]);
  await tellMember(ctx, roomId, userId, rev);
}
