import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id } from '@co-talk/sdk/protocol';
import type { Context } from '../context.ts';
import { newId } from '../ids.ts';
import { bumpRev, lockUsers, toArray } from '../users/lookup.ts';
import { emit } from '../webhooks/outbox.ts';
import { publishNewRoom } from './rooms.ts';

/** A group to be made. `memberIds`: the first one owns it. */
export interface NewGroup {
  name: string;
  memberIds: Id[];
  clientId?: string;
}

/**
 * Makes a group. The same `clientId` again finds the room of the first time.
 * @throws AppError `not_found` (one of the members)
 */
export async function createGroup(
  ctx: Context,
  { name, memberIds, clientId }: NewGroup,
): Promise<{ roomId: Id; created: boolean }> {
  const ids = [...new Set(memberIds)];
  const made = await ctx.em.transactional(async (em) => {
    await lockUsers(em, ctx.appId, ids);
    const now = new Date();
    const [room] = await em.execute<{ id: Id }[]>(
      `insert into chat_rooms (id, app_id, type, name, client_id, member_count, last_rev, rev, last_activity_at, created_at)
       values (?, ?, 'group', ?, ?, ?, 1, 1, ?, ?)
       on conflict (app_id, client_id) where client_id is not null do nothing returning id`,
      [newId(), ctx.appId, name, clientId ?? null, ids.length, now, now],
    );
    if (!room) {
      const [known] = await em.execute<{ id: Id }[]>('select id from chat_rooms where app_id = ? and client_id = ?', [
        ctx.appId,
        clientId ?? null,
      ]);
      if (!known) throw new Error('a group vanished');
      return { roomId: known.id, created: false, revs: new Map<Id, number>() };
    }
    await em.execute(
      `insert into chat_room_members (room_id, user_id, app_id, role, rev, joined_at)
       select ?, u.id, ?, case when u.n = 1 then 'owner' else 'member' end, 1, ? from unnest(?::uuid[]) with ordinality u(id, n)`,
      [room.id, ctx.appId, now, toArray(ids)],
    );
    await emit(em, ctx.appId, 'room.created', { roomId: room.id });
    await emit(em, ctx.appId, 'member.joined', ...ids.map((userId) => ({ roomId: room.id, userId })));
    return { roomId: room.id, created: true, revs: await bumpAll(em, ids) };
  });
  for (const [userId, rev] of made.revs) await publishNewRoom(ctx, userId, made.roomId, rev);
  return made;
}

/** Each takes their next revision, in the order of their locks. */
async function bumpAll(em: EntityManager, ids: Id[]): Promise<Map<Id, number>> {
  const revs = new Map<Id, number>();
  for (const id of [...ids].sort()) revs.set(id, await bumpRev(em, id));
  return revs;
}
