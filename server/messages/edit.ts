import type { EditMessage, Id, Message } from '@co-talk/sdk/protocol';
import { settingsOf } from '../apps/apps.ts';
import type { Actor, Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { emit } from '../webhooks/outbox.ts';
import { changeMessage } from './change.ts';
import { changerOf } from './own.ts';
import { readText } from './text.ts';

const MINUTE_MS = 60_000;

/**
 * Gives one's own message another text. The same text changes nothing.
 *
 * @throws AppError `not_found`, `forbidden` (somebody else's), `conflict` (deleted, or too old to be changed), `blocked`, `invalid_request`
 */
export async function editMessage(
  ctx: Context,
  actor: Actor,
  { roomId, messageId, text: given }: EditMessage & { roomId: Id; messageId: Id },
): Promise<Message> {
  const { editWindowMinutes } = settingsOf(await ctx.app());
  return ctx.em.transactional((em) =>
    changeMessage(ctx, em, roomId, messageId, async (message) => {
      const { blocked } = await changerOf(em, ctx.appId, actor.userId, message);
      if (message.senderId !== actor.userId) {
        throw new AppError('forbidden', 'unable to change the message; somebody else has written it');
      }
      if (message.deletedMs !== null) {
        throw new AppError('conflict', 'unable to change the message; it has been deleted');
      }
      if (blocked) throw new AppError('blocked', 'unable to change the message; one of you has blocked the other');
      const text = readText(given, ctx.messageLength(), message.extra?.attachments !== undefined);
      if (text === message.text) return null;
      if (editWindowMinutes !== null && Date.now() - message.createdMs > editWindowMinutes * MINUTE_MS) {
        throw new AppError(
          'conflict',
          `unable to change the message; that is possible for ${String(editWindowMinutes)} minutes after it was sent`,
        );
      }
      await emit(em, ctx.appId, 'message.updated', { roomId, seq: message.seq });
      return { set: 'text = ?, edited_at = clock_timestamp()', values: [text] };
    }),
  );
}
