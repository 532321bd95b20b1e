import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id, Role, RoomType } from '@co-talk/sdk/protocol';
import { AppError } from '../errors.ts';
import type { MessageRow } from './message.entity.ts';

/** Somebody who is about to change a message, and the room it is in. */
export interface Changer {
  role: Role;
  type: RoomType;
  /** One of the two of a direct room has blocked the other. */
  blocked: boolean;
}

/**
 * Who changes a message, under the lock of its room.
 * @throws AppError `not_found` (not a member, or the member cannot see it), `forbidden` (nobody has written it)
 */
export async function changerOf(em: EntityManager, appId: string, userId: Id, message: MessageRow): Promise<Changer> {
  const [found] = await em.execute<(Changer & { from: number })[]>(
    `select m.role, r.type, r.blocked, greatest(r.first_seq, m.history_from) as "from"
     from chat_room_members m join chat_rooms r on r.id = m.room_id
     where m.room_id = ? and m.user_id = ? and m.app_id = ? and m.left_at is null`,
    [message.roomId, userId, appId],
  );
  if (!found || message.seq < found.from) {
    throw new AppError('not_found', 'unable to find the message; there is none with this id');
  }
  if (message.type === 'system') {
    throw new AppError('forbidden', 'unable to change the message; nobody has written it');
  }
  return found;
}
