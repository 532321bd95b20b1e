import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id } from '@co-talk/sdk/protocol';
import { MESSAGE_COLUMNS, type MessageRow } from './message.entity.ts';

/** What others may still do with a message that is found: `share`: read it · `no key update`: nothing that changes or shares it. */
type Lock = 'share' | 'no key update';

/** A message of a room by its id, which carries its position; locked until the end of the transaction where `lock` says so. */
export async function findMessage(
  em: EntityManager,
  appId: string,
  roomId: Id,
  messageId: Id,
  lock?: Lock,
): Promise<MessageRow | null> {
  const seq = Number.parseInt(messageId.slice(-8), 16);
  const [row] = await em.execute<MessageRow[]>(
    `select ${MESSAGE_COLUMNS} from messages m where m.room_id = ? and m.seq = ?::bigint and m.id = ? and m.app_id = ?
     ${lock === undefined ? '' : `for ${lock}`}`,
    [roomId, seq, messageId, appId],
  );
  return row ?? null;
}
