import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id, SessionEndReason } from '@co-talk/sdk/protocol';
import { revoke } from './revocations.ts';

/**
 * Ends all sessions of a user, within the caller's transaction, as its last statement. Every node closes their sockets within two
 * seconds; `publish.endSession` after the commit makes it quicker.
 *
 * @returns the sessions that were open
 */
export async function endSessionsOf(
  em: EntityManager,
  appId: string,
  userId: Id,
  reason: SessionEndReason,
): Promise<Id[]> {
  const ended = await em.execute<{ id: Id }[]>(
    'update sessions set ended_at = now() where user_id = ? and app_id = ? and ended_at is null returning id',
    [userId, appId],
  );
  await em.execute(
    'delete from refresh_tokens where app_id = ? and session_id in (select id from sessions where user_id = ?)',
    [appId, userId],
  );
  // Each by itself: a user who may come in again at once still has to sign in anew everywhere.
  for (const { id } of ended) await revoke(em, appId, { userId, sessionId: id, roomId: null, reason });
  // And whatever began meanwhile, which holds only as long as the user is disabled.
  await revoke(em, appId, { userId, sessionId: null, roomId: null, reason });
  return ended.map((session) => session.id);
}
