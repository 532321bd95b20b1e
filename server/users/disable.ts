import type { Id } from '@co-talk/sdk/protocol';
import { audit, type By } from '../audit/audit.ts';
import { endSessionsOf } from '../auth/end-sessions.ts';
import type { Context } from '../context.ts';
import { emit } from '../webhooks/outbox.ts';
import { lockUsers } from './lookup.ts';
import { User } from './user.entity.ts';

/**
 * Shuts a user out, or lets them in again. Being shut out ends all sessions, with their sockets on every node within two seconds;
 * nobody finds the user by search any more, and what they wrote stays. Doing it again changes nothing.
 *
 * @throws AppError `not_found`: none with this id in this app, or erased
 */
export async function disableUser(ctx: Context, userId: Id, disabled: boolean, by: By): Promise<void> {
  const ended = await ctx.em.transactional(async (em) => {
    await lockUsers(em, ctx.appId, [userId]);
    const before = disabled ? { disabledAt: null } : { disabledAt: { $ne: null } };
    const changed = await em.nativeUpdate(
      User,
      { id: userId, ...before },
      { disabledAt: disabled ? new Date() : null },
    );
    if (changed === 0) return [];
    const action = disabled ? 'user.disable' : 'user.enable';
    await audit(em, { appId: ctx.appId, by, action, target: { kind: 'user', id: userId } });
    await emit(em, ctx.appId, disabled ? 'user.disabled' : 'user.updated', { userId });
    return disabled ? endSessionsOf(em, ctx.appId, userId, 'revoked') : [];
  });
  for (const sessionId of ended) ctx.publish.endSession(sessionId, 'revoked');
}
