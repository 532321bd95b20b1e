import type { ForwardAnswer, ForwardMessage, ForwardTarget, Forwarded, Id } from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { AppError, toAppError, toWireError } from '../errors.ts';
import { requireMember } from '../rooms/members.ts';
import { findMessage } from './find.ts';
import { sendMessage } from './messages.ts';

/**
 * Sends what a message says on to other rooms, as it is now, as one's own. Each of them answers for itself: what does not work in one
 * holds up no other. Any number of times with one `clientId` is one message.
 *
 * @throws AppError `not_found` (not a member, or nothing that the member may see), `conflict` (deleted, or nobody's)
 */
export async function forwardMessage(
  ctx: Context,
  actor: Actor,
  { roomId, messageId, targets }: ForwardMessage & { roomId: Id; messageId: Id },
): Promise<ForwardAnswer> {
  const { firstSeq, historyFrom } = await requireMember(ctx, actor, roomId);
  const message = await findMessage(ctx.em, ctx.appId, roomId, messageId);
  if (!message || message.seq < Math.max(firstSeq, historyFrom)) {
    throw new AppError('not_found', 'unable to find the message; there is none with this id');
  }
  const why = message.deletedMs !== null ? 'it has been deleted' : message.type === 'system' && 'nobody has written it';
  if (why) throw new AppError('conflict', `unable to forward the message; ${why}`);
  const ids = message.attachments?.map(({ id }) => id);
  const content = { text: message.text, ...(ids ? { attachmentIds: ids } : {}) };
  const forward = async (target: ForwardTarget): Promise<Forwarded> => {
    try {
      const { message: sent } = await sendMessage(ctx, actor, { ...target, ...content, forwarded: true });
      return { roomId: target.roomId, message: sent };
    } catch (error) {
      const known = toAppError(error);
      if (known.code === 'internal') ctx.log.error({ err: error }, 'a message could not be forwarded');
      return { roomId: target.roomId, error: toWireError(known) };
    }
  };
  return { items: await Promise.all(targets.map(forward)) };
}
