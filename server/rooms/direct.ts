import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id } from '@co-talk/sdk/protocol';
import { newId } from '../ids.ts';
import { emit } from '../webhooks/outbox.ts';

/** What is unique about the direct room of two people. */
export const directKey = (one: Id, other: Id): string => [one, other].sort().join(':');

/**
 * The direct room of two people, created where there is none. Runs within the caller's transaction; two callers at the same
 * moment get the same room.
 */
export async function ensureDirectRoom(
  em: EntityManager,
  appId: string,
  one: Id,
  other: Id,
): Promise<{ roomId: Id; created: boolean }> {
  const now = new Date();
  const [made] = await em.execute<{ id: Id }[]>(
    `insert into chat_rooms (id, app_id, type, direct_key, member_count, last_rev, rev, last_activity_at, created_at)
     values (?, ?, 'direct', ?, 2, 1, 1, ?, ?)
     on conflict (app_id, direct_key) where direct_key is not null do nothing returning id`,
    [newId(), appId, directKey(one, other), now, now],
  );
  if (made) {
    await em.execute(
      `insert into chat_room_members (room_id, user_id, app_id, role, rev, joined_at)
       values (?, ?, ?, 'member', 1, ?), (?, ?, ?, 'member', 1, ?)`,
      [made.id, one, appId, now, made.id, other, appId, now],
    );
    await emit(em, appId, 'room.created', { roomId: made.id });
    await emit(em, appId, 'member.joined', ...[one, other].map((userId) => ({ roomId: made.id, userId })));
    return { roomId: made.id, created: true };
  }
  const [known] = await em.execute<{ id: Id }[]>('select id from chat_rooms where app_id = ? and direct_key = ?', [
    appId,
    directKey(one, other),
  ]);
  if (!known) throw new Error('a direct room vanished');
  return { roomId: known.id, created: false };
}

/** Notes in their direct room, if they have one, whether one of two people has blocked the other: within the transaction that changes it. */
export async function markBlocked(em: EntityManager, appId: string, one: Id, other: Id): Promise<void> {
  await em.execute(
    `update chat_rooms set blocked = exists (
       select from blocks where app_id = ? and ((user_id = ? and blocked_id = ?) or (user_id = ? and blocked_id = ?))
     ) where app_id = ? and direct_key = ?`,
    [appId, one, other, other, one, appId, directKey(one, other)],
  );
}
