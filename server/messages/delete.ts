import type { Id, Message } from '@co-talk/sdk/protocol';
import { audit } from '../audit/audit.ts';
import type { Actor, Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { emit } from '../webhooks/outbox.ts';
import { changeMessage } from './change.ts';
import { changerOf } from './own.ts';
import { BLANK } from './remove.ts';

/**
 * Deletes a message for everybody: one's own, and in a group or channel what anybody has written, for its owner and admins. Its place
 * stays. Doing it again changes nothing.
 *
 * @throws AppError `not_found`, `forbidden` (somebody else's)
 */
export async function deleteMessage(
  ctx: Context,
  actor: Actor,
  { roomId, messageId }: { roomId: Id; messageId: Id },
): Promise<Message> {
  return ctx.em.transactional((em) =>
    changeMessage(ctx, em, roomId, messageId, async (message) => {
      const { role, type } = await changerOf(em, ctx.appId, actor.userId, message);
      const own = message.senderId === actor.userId;
      if (!own && (type === 'direct' || role === 'member')) {
        throw new AppError('forbidden', 'unable to delete the message; somebody else has written it');
      }
      if (message.deletedMs !== null) return null;
      await emit(em, ctx.appId, 'message.deleted', { roomId, seq: message.seq });
      if (!own) {
        const by = { kind: 'user' as const, id: actor.userId };
        await audit(em, { appId: ctx.appId, by, action: 'message.remove', target: { kind: 'message', id: messageId } });
      }
      return { set: BLANK };
    }),
  );
}
