import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id, Message } from '@co-talk/sdk/protocol';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { findMessage } from './find.ts';
import { MESSAGE_COLUMNS, toWire, type MessageRow } from './message.entity.ts';

/** What becomes of a row of `messages`, as the `set` of an update with its values. */
export interface Change {
  set: string;
  values?: unknown[];
  /** It may be many times a second: members are told at most ten times. */
  often?: true;
}

/**
 * Changes a stored message within the caller's transaction, under the lock of its room: it takes the room's next revision, and all
 * members are told once that is committed.
 *
 * @param decide is called under the lock, with the message as it is; `null` leaves it so
 * @throws AppError `not_found`
 */
export async function changeMessage(
  ctx: Context,
  em: EntityManager,
  roomId: Id,
  messageId: Id,
  decide: (message: MessageRow) => Promise<Change | null>,
): Promise<Message> {
  const [room] = await em.execute<{ rev: number }[]>(
    'select last_rev as rev from chat_rooms where id = ? and app_id = ? for no key update',
    [roomId, ctx.appId],
  );
  const known = room && (await findMessage(em, ctx.appId, roomId, messageId));
  if (!known) throw new AppError('not_found', 'unable to find the message; there is none with this id');
  const change = await decide(known);
  if (!change) return toWire(known);
  const rev = room.rev + 1;
  const [row] = await em.execute<MessageRow[]>(
    `update messages m set ${change.set}, changed = true, rev = ?
     where m.room_id = ? and m.seq = ? and m.app_id = ? returning ${MESSAGE_COLUMNS}`,
    [...(change.values ?? []), rev, roomId, known.seq, ctx.appId],
  );
  if (!row) throw new Error('a message vanished under the lock of its room');
  await em.execute('update chat_rooms set last_rev = ? where id = ? and app_id = ?', [rev, roomId, ctx.appId]);
  const message = toWire(row);
  if (change.often) ctx.publish.often({ roomId, rev, message });
  else ctx.publish.room(roomId, 'message', [{ roomId, rev, message }]);
  return message;
}
