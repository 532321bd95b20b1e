import type { EntityManager } from '@mikro-orm/postgresql';
import { LIMITS, type Id } from '@co-talk/sdk/protocol';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { addSystemMessage, type Happening } from '../messages/system.ts';
import { bumpRev, lockUsers, toArray } from '../users/lookup.ts';
import { emit } from '../webhooks/outbox.ts';
import { changeShared, nextRev, type RoomChange } from './change.ts';
import { readMembers } from './members.ts';
import { roomFor } from './rooms.ts';

/** Who lets people in, and what the others read of it. */
interface Deed {
  byId: Id;
  /** Of the first of them; the others are counted. */
  happening: (userId: Id, others: number) => Happening;
}

/**
 * Takes people into a group or channel, under its lock. Who is in it already stays as they are. They read a group from here on, a
 * channel from its beginning.
 *
 * @returns who has come in
 * @throws AppError `not_found` (one of the people), `too_large`
 */
export async function takeIn(change: Omit<RoomChange, 'role'>, userIds: Id[], deed: Deed): Promise<Id[]> {
  const { ctx, em, room } = change;
  await lockUsers(em, ctx.appId, [...new Set([deed.byId, ...userIds])]);
  const ids = await strangers(em, ctx.appId, room.id, userIds);
  const [first] = ids;
  if (first === undefined) return [];
  if (room.memberCount + ids.length > LIMITS.roomMembers) {
    throw new AppError('too_large', `unable to join; a room has at most ${String(LIMITS.roomMembers)} members`);
  }
  const rev = await nextRev(em, ctx.appId, room.id, ids.length);
  await em.execute(
    `insert into chat_room_members (room_id, user_id, app_id, role, rev, joined_at, read_seq, delivered_seq, history_from)
     select ?, u.id, ?, 'member', ?::int + u.n::int, now(), ?, ?, ? from unnest(?::uuid[]) with ordinality u(id, n)
     on conflict (room_id, user_id) do update set left_at = null, removed = false, role = excluded.role, rev = excluded.rev,
       joined_at = excluded.joined_at, read_seq = excluded.read_seq, delivered_seq = excluded.delivered_seq,
       history_from = excluded.history_from`,
    [
      ...[room.id, ctx.appId, rev - 1, room.lastSeq, room.lastSeq],
      room.type === 'channel' ? 1 : room.lastSeq + 1,
      toArray(ids),
    ],
  );
  const members = new Map((await readMembers(ctx, room.id, ids)).map((member) => [member.user.id, member]));
  for (const [place, userId] of ids.entries()) {
    ctx.publish.room(room.id, 'member', [
      { roomId: room.id, rev: rev + place, userId, member: members.get(userId) ?? null },
    ]);
  }
  await emit(em, ctx.appId, 'member.joined', ...ids.map((userId) => ({ roomId: room.id, userId })));
  await changeShared(change, 'member_count = member_count + ?', [ids.length]);
  // Of thousands who come and go, nobody wants to read.
  if (room.type === 'group') {
    await addSystemMessage(em, ctx, room.id, deed.byId, deed.happening(first, ids.length - 1));
  }
  await welcome(ctx, em, room.id, ids);
  return ids;
}

/** Tells people's devices of a room that is new to them, and lets them hear it. The users are locked. */
export async function welcome(ctx: Context, em: EntityManager, roomId: Id, userIds: Id[]): Promise<void> {
  const [first] = userIds;
  if (first === undefined) return;
  // The same for all of them.
  const item = await roomFor(ctx, first, roomId);
  for (const userId of userIds) {
    const rev = await bumpRev(em, userId);
    ctx.publish.join(userId, roomId);
    ctx.publish.user(userId, 'me', [{ rev, change: 'rooms', item }]);
  }
}

/** Those of some people who are not in the room, in the order given. */
async function strangers(em: EntityManager, appId: string, roomId: Id, userIds: Id[]): Promise<Id[]> {
  const rows = await em.execute<{ id: Id }[]>(
    `select user_id as id from chat_room_members where room_id = ? and app_id = ? and user_id = any(?::uuid[]) and left_at is null`,
    [roomId, appId, toArray(userIds)],
  );
  const inside = new Set(rows.map(({ id }) => id));
  return [...new Set(userIds)].filter((id) => !inside.has(id));
}
