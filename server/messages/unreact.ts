import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id } from '@co-talk/sdk/protocol';
import type { Context } from '../context.ts';
import { MESSAGE_COLUMNS, toWire, type MessageRow } from './message.entity.ts';
import { REACTED } from './reaction.entity.ts';

/** Messages in one transaction: the room is locked meanwhile, and nobody else writes there. */
const BATCH = 200;

/**
 * Takes what somebody who is gone has reacted with off some of the messages of a room, within the caller's transaction. Each of them
 * takes a revision of the room; all are told of the last of a batch, and of each where they are few.
 *
 * @returns whether there may be more
 */
export async function unreactSome(ctx: Context, em: EntityManager, userId: Id, roomId: Id): Promise<boolean> {
  const [room] = await em.execute<{ rev: number }[]>(
    'select last_rev as rev from chat_rooms where id = ? and app_id = ? for no key update',
    [roomId, ctx.appId],
  );
  const found = await em.execute<{ seq: number }[]>(
    `select distinct seq from message_reactions where user_id = ? and room_id = ? and app_id = ? order by seq limit ?`,
    [userId, roomId, ctx.appId, BATCH],
  );
  if (!room || found.length === 0) return false;
  const list = `{${found.map(({ seq }) => seq).join(',')}}`;
  await em.execute(
    'delete from message_reactions where user_id = ? and room_id = ? and app_id = ? and seq = any(?::int[])',
    [userId, roomId, ctx.appId, list],
  );
  const rows = await em.execute<MessageRow[]>(
    `update messages m set reacted = ${REACTED}, changed = true, rev = ? + array_position(?::int[], m.seq)
     where m.room_id = ? and m.app_id = ? and m.seq = any(?::int[]) returning ${MESSAGE_COLUMNS}`,
    [room.rev, list, roomId, ctx.appId, list],
  );
  await em.execute('update chat_rooms set last_rev = last_rev + ? where id = ? and app_id = ?', [
    found.length,
    roomId,
    ctx.appId,
  ]);
  const events = rows.sort((a, b) => a.rev - b.rev).map(toWire);
  const told = found.length < BATCH ? events : events.slice(-1);
  for (const message of told) ctx.publish.room(roomId, 'message', [{ roomId, rev: message.rev, message }]);
  return found.length === BATCH;
}
