import type { Id, Message } from '@co-talk/sdk/protocol';
import { audit, type By } from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { emit } from '../webhooks/outbox.ts';
import { MESSAGE_COLUMNS, toWire, type MessageRow } from './message.entity.ts';

/**
 * Takes the content out of a message, for everybody. It keeps its place, and its `clientId`, so that it is not sent again. Doing it
 * again changes nothing.
 *
 * @throws AppError `not_found`
 */
export async function removeMessage(ctx: Context, by: By, roomId: Id, messageId: Id): Promise<Message> {
  return ctx.em.transactional(async (em) => {
    const [room] = await em.execute<{ rev: number }[]>(
      'select last_rev as rev from chat_rooms where id = ? and app_id = ? for no key update',
      [roomId, ctx.appId],
    );
    // An id carries its position.
    const seq = Number.parseInt(messageId.slice(-8), 16);
    const [known] = await em.execute<MessageRow[]>(
      `select ${MESSAGE_COLUMNS} from messages m where m.room_id = ? and m.seq = ?::bigint and m.id = ? and m.app_id = ?`,
      [roomId, seq, messageId, ctx.appId],
    );
    if (!room || !known) throw new AppError('not_found', 'unable to find the message; there is none with this id');
    if (known.deletedMs !== null) return toWire(known);
    const rev = room.rev + 1;
    const [row] = await em.execute<MessageRow[]>(
      `update messages m set text = '', edited_at = null, deleted_at = now(), changed = true, rev = ?
       where m.room_id = ? and m.seq = ? and m.app_id = ? returning ${MESSAGE_COLUMNS}`,
      [rev, roomId, seq, ctx.appId],
    );
    if (!row) throw new Error('a message vanished under the lock of its room');
    await em.execute('update chat_rooms set last_rev = ? where id = ? and app_id = ?', [rev, roomId, ctx.appId]);
    const message = toWire(row);
    ctx.publish.room(roomId, 'message', [{ roomId, rev, message }]);
    await emit(em, ctx.appId, 'message.deleted', { roomId, seq });
    await audit(em, { appId: ctx.appId, by, action: 'message.remove', target: { kind: 'message', id: messageId } });
    return message;
  });
}
