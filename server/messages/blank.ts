import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id } from '@co-talk/sdk/protocol';
import type { Context } from '../context.ts';
import { MESSAGE_COLUMNS, toWire, type MessageRow } from './message.entity.ts';

/** Messages in one transaction: the room is locked meanwhile, and nobody else writes there. */
const BATCH = 200;

/** Where the next batch of a room goes on; `null`: there is none. */
export interface Blanked {
  messages: number;
  next: string | null;
}

/**
 * Takes the texts out of some of the messages that somebody who is gone has written in a room, within the caller's transaction.
 * Each keeps its place, as deleted, and takes a revision of the room. A few are told one by one; of many only the last of each
 * batch: whoever is there finds the gap, and catches up.
 *
 * @param after where the batch before ended; empty for the first
 */
export async function blankSome(
  ctx: Context,
  em: EntityManager,
  userId: Id,
  roomId: Id,
  after: string,
): Promise<Blanked> {
  const [room] = await em.execute<{ rev: number }[]>(
    'select last_rev as rev from chat_rooms where id = ? and app_id = ? for no key update',
    [roomId, ctx.appId],
  );
  // By the client's id: that order has an index. It goes too, so it also tells what is done: nobody can know a message's id
  // before it is stored.
  const found = await em.execute<{ seq: number; clientId: string; deleted: boolean }[]>(
    `select m.seq, m.client_id as "clientId", m.deleted_at is not null as deleted from messages m
     where m.room_id = ? and m.sender_id = ? and m.app_id = ? and m.client_id > ? and m.client_id <> m.id::text
     order by m.client_id limit ?`,
    [roomId, userId, ctx.appId, after, BATCH],
  );
  if (!room || found.length === 0) return { messages: 0, next: null };
  const seqs = found.map(({ seq }) => seq).sort((a, b) => a - b);
  const list = `{${seqs.join(',')}}`;
  const rows = await em.execute<MessageRow[]>(
    `update messages m set text = '', extra = null, client_id = m.id::text, edited_at = null, deleted_at = coalesce(deleted_at, now()), changed = true,
       rev = ? + array_position(?::int[], m.seq)
     where m.room_id = ? and m.app_id = ? and m.seq = any(?::int[]) returning ${MESSAGE_COLUMNS}`,
    [room.rev, list, roomId, ctx.appId, list],
  );
  await em.execute('update chat_rooms set last_rev = last_rev + ? where id = ? and app_id = ?', [
    seqs.length,
    roomId,
    ctx.appId,
  ]);
  const events = rows.sort((a, b) => a.rev - b.rev).map(toWire);
  const told = after === '' && found.length < BATCH ? events : events.slice(-1);
  for (const message of told) ctx.publish.room(roomId, 'message', [{ roomId, rev: message.rev, message }]);
  const messages = found.filter(({ deleted }) => !deleted).length;
  return { messages, next: found.length < BATCH ? null : (found.at(-1)?.clientId ?? null) };
}
