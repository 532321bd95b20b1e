import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id, Message } from '@co-talk/sdk/protocol';
import { audit, type By } from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { emit } from '../webhooks/outbox.ts';
import { changeMessage } from './change.ts';

/** Takes the content out of a message, which keeps its place. */
export const BLANK = "text = '', extra = null, edited_at = null, deleted_at = now()";

/**
 * Takes the content out of a message, for everybody. It keeps its place, and its `clientId`, so that it is not sent again. Doing it
 * again changes nothing.
 *
 * @throws AppError `not_found`
 */
export async function removeMessage(ctx: Context, by: By, roomId: Id, messageId: Id): Promise<Message> {
  return ctx.em.transactional((em) => removeWithin(ctx, em, by, roomId, messageId));
}

/**
 * The same within the caller's transaction.
 * @throws AppError `not_found`
 */
export function removeWithin(ctx: Context, em: EntityManager, by: By, roomId: Id, messageId: Id): Promise<Message> {
  return changeMessage(ctx, em, roomId, messageId, async ({ seq, deletedMs }) => {
    if (deletedMs !== null) return null;
    await emit(em, ctx.appId, 'message.deleted', { roomId, seq });
    await audit(em, { appId: ctx.appId, by, action: 'message.remove', target: { kind: 'message', id: messageId } });
    return { set: BLANK };
  });
}
