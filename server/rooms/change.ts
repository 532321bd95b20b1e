import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id, Role, RoomType, SharedRoom } from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { readMembers } from './members.ts';

/** A room under its lock. */
export interface LockedRoom {
  id: Id;
  type: RoomType;
  name: string | null;
  avatarUrl: string | null;
  memberCount: number;
  lastSeq: number;
}

/** A change of a room of many, within its transaction. */
export interface RoomChange {
  /** Its `em` is the transaction's. */
  ctx: Context;
  em: EntityManager;
  room: LockedRoom;
  /** Of whoever changes it. */
  role: Role;
}

export const noRoom = () => new AppError('not_found', 'unable to open the room; there is none with this id');

/** Locks a room until the end of the transaction. Rooms are locked before their members, and those before users: always in this order. */
export async function lockRoom(em: EntityManager, appId: string, roomId: Id): Promise<LockedRoom | null> {
  const [room] = await em.execute<LockedRoom[]>(
    `select id, type, name, avatar_url as "avatarUrl", member_count as "memberCount", last_seq as "lastSeq"
     from chat_rooms where id = ? and app_id = ? for no key update`,
    [roomId, appId],
  );
  return room ?? null;
}

/** Locks a present membership. `null`: not a member. */
export async function lockMember(em: EntityManager, appId: string, roomId: Id, userId: Id): Promise<Role | null> {
  const [member] = await em.execute<{ role: Role }[]>(
    'select role from chat_room_members where room_id = ? and user_id = ? and app_id = ? and left_at is null for update',
    [roomId, userId, appId],
  );
  return member?.role ?? null;
}

/**
 * Changes a group or channel, by one of its members, under its lock: whatever is done to it at the same moment happens one after
 * the other.
 *
 * @param doing ends the sentence "unable to …"
 * @throws AppError `not_found` (not a member), `forbidden` (a room of two)
 */
export async function changeRoom<T>(
  ctx: Context,
  actor: Actor,
  roomId: Id,
  doing: string,
  work: (change: RoomChange) => Promise<T>,
): Promise<T> {
  return ctx.em.transactional(async (em) => {
    const room = await lockRoom(em, ctx.appId, roomId);
    const role = room && (await lockMember(em, ctx.appId, roomId, actor.userId));
    if (!role) throw noRoom();
    if (room.type === 'direct') throw new AppError('forbidden', `unable to ${doing}; it is a room of two`);
    return work({ ctx: { ...ctx, em }, em, room, role });
  });
}

/** @throws AppError `forbidden` */
export function requireManager({ role }: RoomChange, doing: string): void {
  if (role === 'member') throw new AppError('forbidden', `unable to ${doing}; only its owner and admins can`);
}

/** @throws AppError `forbidden` */
export function requireOwner({ role }: RoomChange, doing: string): void {
  if (role !== 'owner') throw new AppError('forbidden', `unable to ${doing}; only its owner can`);
}

/**
 * Takes the next `count` revisions of a room.
 * @returns the first of them
 */
export async function nextRev(em: EntityManager, appId: string, roomId: Id, count = 1): Promise<number> {
  const [row] = await em.execute<{ rev: number }[]>(
    'update chat_rooms set last_rev = last_rev + ? where id = ? and app_id = ? returning last_rev as rev',
    [count, roomId, appId],
  );
  if (!row) throw new Error('a room vanished under its lock');
  return row.rev - count + 1;
}

/** The columns of a {@link SharedRow}, for the alias `r`. */
export const SHARED_COLUMNS = `r.id, r.type, r.name, r.avatar_url as "avatarUrl",
  (extract(epoch from r.created_at) * 1000)::float8 as "createdMs", r.first_seq as "firstSeq", r.last_seq as "lastSeq",
  r.last_rev as rev, r.member_count as "memberCount"`;

export type SharedRow = Omit<SharedRoom, 'createdAt'> & { createdMs: number };

/** A room as everybody sees it alike. */
export function toShared({ createdMs, ...row }: SharedRow): SharedRoom {
  return { ...row, createdAt: new Date(createdMs).toISOString() };
}

/** Changes the room itself: it takes the next revision, and all members are told how it is then. */
export async function changeShared(
  { em, ctx, room }: Pick<RoomChange, 'ctx' | 'em'> & { room: { id: Id } },
  set: string,
  values: unknown[] = [],
): Promise<SharedRoom> {
  const [row] = await em.execute<SharedRow[]>(
    `update chat_rooms r set ${set}, last_rev = last_rev + 1, rev = last_rev + 1 where r.id = ? and r.app_id = ?
     returning ${SHARED_COLUMNS}`,
    [...values, room.id, ctx.appId],
  );
  if (!row) throw new Error('a room vanished under its lock');
  const shared = toShared(row);
  ctx.publish.room(room.id, 'room', [{ roomId: room.id, rev: shared.rev, room: shared }]);
  return shared;
}

/** Tells the room's members how one of them is now, at the revision that the change took. */
export async function tellMember(ctx: Context, roomId: Id, userId: Id, rev: number): Promise<void> {
  const [member] = await readMembers(ctx, roomId, [userId]);
  ctx.publish.room(roomId, 'member', [{ roomId, rev, userId, member: member ?? null }]);
}
