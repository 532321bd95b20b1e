import { html, type TemplateResult } from 'lit';
import type { Client, Id, Room, User } from '@co-talk/sdk';
import { LIMITS } from '@co-talk/sdk/protocol';
import type { Localizer } from '../localize.ts';
import { avatar } from './avatar.ts';
import { roomTitle } from './room-list.ts';

/** The rooms that a message can be sent on to: all others in which somebody can be written to. */
export function targetsOf(client: Client, from: Id): Room[] {
  const { blocks } = client.friends.store.get();
  const mute = (room: Room) =>
    room.peer?.kind === 'deleted' || blocks.some(({ user }) => user.id === room.peer?.id) || room.me === null;
  return client.rooms.store.get().rooms.filter((room) => room.id !== from && !mute(room));
}

/** Rooms to choose from. */
export function forwardList(
  rooms: readonly Room[],
  o: { l: Localizer; users: ReadonlyMap<Id, User>; picked: ReadonlySet<Id>; pick: (roomId: Id) => void },
): TemplateResult {
  const full = o.picked.size >= LIMITS.forwardTargets;
  return html`<ul class="targets">
    ${rooms.map((room) => {
      const name = roomTitle(room, o.l, o.users);
      const { id, avatarUrl } = room.peer ?? room;
      const picked = o.picked.has(room.id);
      return html`<li>
        <label class="target"
          >${avatar({ id, name, url: avatarUrl, size: 's' })}<span class="name" dir="auto">${name}</span
          ><input type="checkbox" .checked=${picked} ?disabled=${full && !picked} @change=${() => o.pick(room.id)}
        /></label>
      </li>`;
    })}
  </ul>`;
}
