import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id, SystemEvent } from '@co-talk/sdk/protocol';
import type { Context } from '../context.ts';
import { newId } from '../ids.ts';
import { MESSAGE_COLUMNS, toWire, type MessageRow } from './message.entity.ts';

/** What has happened; who did it is said beside it. */
export type Happening = Omit<SystemEvent, 'byId'>;

/**
 * Writes into a room what has happened in it, as the message of whoever did it: data, which clients put into words. Within the
 * caller's transaction, under the lock of the room.
 *
 * @example
 * await addSystemMessage(em, ctx, roomId, actor.userId, { kind: 'renamed', name });
 */
export async function addSystemMessage(
  em: EntityManager,
  ctx: Context,
  roomId: Id,
  byId: Id,
  happening: Happening,
): Promise<void> {
  const id = newId();
  const system: SystemEvent = { ...happening, byId };
  const [row] = await em.execute<MessageRow[]>(
    `with r as (
       update chat_rooms set last_seq = last_seq + 1, last_rev = last_rev + 1, last_activity_at = clock_timestamp()
       where id = ? and app_id = ? returning id, app_id, last_seq, last_rev, last_activity_at
     )
     insert into messages as m (room_id, seq, app_id, id, rev, client_id, sender_id, type, text, extra, created_at)
     select r.id, r.last_seq, r.app_id, (left(?::text, 28) || lpad(to_hex(r.last_seq), 8, '0'))::uuid, r.last_rev, ?, ?, 'system', '',
       ?::jsonb, r.last_activity_at from r
     returning ${MESSAGE_COLUMNS}`,
    [roomId, ctx.appId, id, id, byId, JSON.stringify({ system })],
  );
  if (!row) throw new Error('a room vanished under its lock');
  const message = toWire(row);
  ctx.publish.room(roomId, 'message', [{ roomId, rev: message.rev, message }]);
}
