import type { LocalMessage, RoomMessagesState } from './messages.ts';
import type { Id } from './protocol/index.ts';

/** What has become of a message: see {@link lifeOf}. */
export type MessageLife = LocalMessage['state'] | 'delivered' | 'read';

/**
 * What has become of a message, as far as others go: `pending` here → `sent`, stored on the server → `delivered` to a
 * device of somebody else → `read` by somebody else; or `failed`, with the reason in `message.error`.
 *
 * @example
 * const { messages } = room.store.get();
 * const last = messages.at(-1);
 * if (last) show(lifeOf(last, room.store.get()));
 */
export function lifeOf(
  { state, senderId, seq }: LocalMessage,
  { readMarkers, deliveredMarkers }: Pick<RoomMessagesState, 'readMarkers' | 'deliveredMarkers'>,
): MessageLife {
  if (state !== 'sent') return state;
  const reached = (markers: ReadonlyMap<Id, number>) =>
    [...markers].some(([userId, marker]) => userId !== senderId && marker >= seq);
  return reached(readMarkers) ? 'read' : reached(deliveredMarkers) ? 'delivered' : state;
}
