import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id, Member } from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { toArray } from '../users/lookup.ts';
import { changeRoom, lockMember, requireManager } from './change.ts';
import { takeIn } from './join.ts';
import { farewell, takeOut } from './leave.ts';
import { readMembers } from './members.ts';
import { noMember } from './roles.ts';

/**
 * Takes people into a group or channel: anybody of the app who could be found by search. Who is in it already stays as they are.
 *
 * @returns those who have come in
 * @throws AppError `not_found` (the room, or one of the people: unknown, shut out, or has blocked the one who adds), `blocked` (by the
 *   one who adds), `forbidden` (not the owner or an admin), `too_large`
 */
export async function addMembers(
  ctx: Context,
  actor: Actor,
  roomId: Id,
  userIds: Id[],
): Promise<{ items: Member[]; next: null }> {
  const doing = 'add the people';
  return changeRoom(ctx, actor, roomId, doing, async (change) => {
    requireManager(change, doing);
    const ids = await takeIn(change, userIds, {
      byId: actor.userId,
      happening: (userId, others) => ({ kind: 'added', userId, ...(others > 0 ? { others } : {}) }),
    });
    // Under the locks of all of them: who blocks somebody at this moment has done so before, or does so after.
    await requireReachable(change.em, ctx.appId, actor.userId, ids);
    return { items: await readMembers(change.ctx, roomId, ids), next: null };
  });
}

/**
 * Takes somebody out of a group or channel. They come back only where they are added again.
 *
 * @throws AppError `not_found` (the room, the member), `forbidden` (a member; an admin, where it is not a member), `conflict` (oneself)
 */
export async function removeMember(ctx: Context, actor: Actor, roomId: Id, userId: Id): Promise<void> {
  const doing = 'remove the member';
  await changeRoom(ctx, actor, roomId, doing, async (change) => {
    requireManager(change, doing);
    if (userId === actor.userId) throw new AppError('conflict', 'unable to remove yourself; leave the room instead');
    const role = await lockMember(change.em, ctx.appId, roomId, userId);
    if (!role) throw noMember(doing);
    if (role !== 'member' && change.role !== 'owner') {
      throw new AppError('forbidden', 'unable to remove the member; only the owner removes admins');
    }
    await takeOut(change, userId, role, {
      byId: actor.userId,
      happening: { kind: 'removed', userId },
      removed: true,
    });
    await farewell(change, userId);
  });
}

/**
 * Refuses people whom somebody may not take along. Who has blocked them is as if they were not there.
 * @throws AppError `not_found`, `blocked`
 */
export async function requireReachable(em: EntityManager, appId: string, byId: Id, userIds: Id[]): Promise<void> {
  const [row] = await em.execute<{ hidden: boolean; blocked: boolean }[]>(
    `select
       exists (select from blocks where app_id = ? and user_id = any(?::uuid[]) and blocked_id = ?)
         or exists (select from users where app_id = ? and id = any(?::uuid[]) and disabled_at is not null) as hidden,
       exists (select from blocks where app_id = ? and user_id = ? and blocked_id = any(?::uuid[])) as blocked`,
    [appId, toArray(userIds), byId, appId, toArray(userIds), appId, byId, toArray(userIds)],
  );
  if (row?.hidden) throw new AppError('not_found', 'unable to find the user; there is none with this id');
  if (row?.blocked) throw new AppError('blocked', 'unable to add the people; you have blocked one of them');
}
