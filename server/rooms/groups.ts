import { createHash } from 'node:crypto';
import type { CreateRoom, Id, Room } from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { newId } from '../ids.ts';
import { addSystemMessage } from '../messages/system.ts';
import { lockUsers, toArray } from '../users/lookup.ts';
import { User } from '../users/user.entity.ts';
import { emit } from '../webhooks/outbox.ts';
import { welcome } from './join.ts';
import { requireReachable } from './membership.ts';
import { roomFor } from './rooms.ts';

/** A room of many to be made. `memberIds`: the first one owns it. */
export interface NewGroup {
  type?: 'group' | 'channel';
  name: string;
  memberIds: Id[];
  clientId?: string;
  /** A person makes it, who may not take everybody along, and of whom the others read. */
  byId?: Id;
}

/**
 * Makes a group or channel. The same `clientId` again finds the room of the first time.
 * @throws AppError `not_found` (one of the members), `blocked`
 */
export async function createGroup(
  ctx: Context,
  { type = 'group', name, memberIds, clientId, byId }: NewGroup,
): Promise<{ roomId: Id; created: boolean }> {
  const ids = [...new Set(memberIds)];
  const [ownerId, ...others] = ids;
  return ctx.em.transactional(async (em) => {
    const inside = { ...ctx, em };
    await lockUsers(em, ctx.appId, ids);
    const now = new Date();
    const [room] = await em.execute<{ id: Id }[]>(
      `insert into chat_rooms (id, app_id, type, name, client_id, member_count, last_rev, rev, last_activity_at, created_at)
       values (?, ?, ?, ?, ?, ?, 1, 1, ?, ?)
       on conflict (app_id, client_id) where client_id is not null do nothing returning id`,
      [newId(), ctx.appId, type, name, clientId ?? null, ids.length, now, now],
    );
    if (!room) {
      const [known] = await em.execute<{ id: Id }[]>('select id from chat_rooms where app_id = ? and client_id = ?', [
        ctx.appId,
        clientId ?? null,
      ]);
      if (!known) throw new Error('a group vanished');
      return { roomId: known.id, created: false };
    }
    if (byId !== undefined) await requireReachable(em, ctx.appId, byId, others);
    await em.execute(
      `insert into chat_room_members (room_id, user_id, app_id, role, rev, joined_at)
       select ?, u.id, ?, case when u.n = 1 then 'owner' else 'member' end, 1, ? from unnest(?::uuid[]) with ordinality u(id, n)`,
      [room.id, ctx.appId, now, toArray(ids)],
    );
    await emit(em, ctx.appId, 'room.created', { roomId: room.id });
    await emit(em, ctx.appId, 'member.joined', ...ids.map((userId) => ({ roomId: room.id, userId })));
    if (byId !== undefined) await addSystemMessage(em, inside, room.id, byId, { kind: 'created', name });
    if (ownerId !== undefined) await welcome(inside, em, room.id, [ownerId]);
    await welcome(inside, em, room.id, others);
    return { roomId: room.id, created: true };
  });
}

/**
 * Makes a group or channel of one's own. The same `clientId` again finds the room of the first time, if one is still in it.
 * @throws AppError `not_found` (one of the members), `blocked`, `forbidden` (a guest's channel)
 */
export async function createOwnRoom(
  ctx: Context,
  { userId }: Actor,
  { type, name, memberIds = [], clientId }: Exclude<CreateRoom, { type: 'direct' }>,
): Promise<{ room: Room; created: boolean }> {
  if (type === 'channel') {
    const { kind } = await ctx.em.findOneOrFail(User, { id: userId }, { disableIdentityMap: true });
    if (kind === 'guest') throw new AppError('forbidden', 'unable to open the channel; guests cannot; sign up first');
  }
  const { roomId, created } = await createGroup(ctx, {
    ...{ type, name, byId: userId, memberIds: [userId, ...memberIds] },
    // One person's ids are not another's.
    ...(clientId === undefined ? {} : { clientId: `${userId}:${sha256(clientId)}` }),
  });
  return { room: await roomFor(ctx, userId, roomId), created };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');
