import type { Catchup, RoomStep, UserStep } from './steps.ts';
import { newer } from './newer.ts';
import { UNREAD_MAX } from './protocol/index.ts';
import type { Id, Message, Presence, Room, RoomMe, User } from './protocol/index.ts';

/** Everything that changes rooms. */
export type RoomsChange =
  | RoomStep
  | UserStep
  | { kind: 'catchup'; catchup: Catchup }
  | { kind: 'row'; room: Room }
  | { kind: 'list'; rooms: readonly Room[]; whole: boolean }
  | { kind: 'gone'; roomId: Id }
  | { kind: 'read'; roomId: Id; seq: number }
  | { kind: 'users'; users: ReadonlyMap<Id, User> }
  | { kind: 'presence'; presence: Presence };

type RoomMap = ReadonlyMap<Id, Room>;

export const NO_ROOMS: RoomMap = new Map();

/** @param me the signed-in user's id: one's own messages are never unread */
export function reduceRooms(rooms: RoomMap, change: RoomsChange, me: Id): RoomMap {
  switch (change.kind) {
    case 'message':
      return update(rooms, change.roomId, (room) => {
        // A row as fetched includes everything up to its revision.
        if (change.rev <= room.rev) return room;
        return { ...withMessage(room, change.message, me), rev: change.rev };
      });
    case 'room':
      return update(rooms, change.roomId, (room) => {
        if (change.rev <= room.rev) return room;
        // The position and head it was read with may be ahead of what is applied here.
        return { ...room, ...change.room, lastSeq: room.lastSeq, rev: change.rev };
      });
    case 'member':
      if (change.userId === me && !change.member) return without(rooms, change.roomId);
      return update(rooms, change.roomId, (room) => (change.rev <= room.rev ? room : { ...room, rev: change.rev }));
    case 'catchup':
      return caughtUp(rooms, change.catchup, me);
    case 'row':
      return withRow(rooms, change.room, me);
    case 'list': {
      const listed = new Set(change.rooms.map((room) => room.id));
      const kept = change.whole ? new Map([...rooms].filter(([id]) => listed.has(id))) : rooms;
      return change.rooms.reduce((map, room) => withRow(map, room, me), kept);
    }
    case 'gone':
      return without(rooms, change.roomId);
    case 'read':
      return update(rooms, change.roomId, (room) => {
        if (!room.me || change.seq <= room.me.readSeq) return room;
        const unread = Math.min(room.me.unread, Math.max(0, room.lastSeq - change.seq));
        return { ...room, me: { ...room.me, readSeq: change.seq, unread } };
      });
    case 'room:me':
      return update(rooms, change.roomId, (room) => ({ ...room, me: countUnread(room, change.me, me) }));
    case 'me':
      return change.change === 'rooms' && change.item ? withRow(rooms, change.item, me) : rooms;
    case 'users':
      return each(rooms, (room) => {
        const peer = room.peer && newer(room.peer, change.users);
        return peer && peer !== room.peer ? { ...room, peer } : room;
      });
    case 'presence':
      return each(rooms, (room) =>
        room.peer?.id === change.presence.userId ? { ...room, presence: change.presence } : room,
      );
  }
}

/** The list as it is shown: pinned first, then by last activity; hidden ones left out. */
export function viewRooms(rooms: RoomMap): { rooms: Room[]; unread: number } {
  const visible = [...rooms.values()].filter((room) => !room.me?.hidden);
  const pinned = (room: Room) => Number(room.me?.pinned ?? false);
  const activity = (room: Room) => (room.lastMessage?.createdAt ?? room.createdAt) + room.id;
  visible.sort((a, b) => pinned(b) - pinned(a) || (activity(a) < activity(b) ? 1 : -1));
  const unread = visible.reduce((sum, { me }) => sum + (me && !me.muted ? me.unread : 0), 0);
  return { rooms: visible, unread };
}

function withMessage(room: Room, message: Message, me: Id): Room {
  const last = room.lastMessage;
  if (message.seq <= room.lastSeq) {
    return message.id === last?.id && message.rev > last.rev ? { ...room, lastMessage: message } : room;
  }
  const unread = room.me && message.senderId !== me && message.seq > room.me.readSeq ? 1 : 0;
  return {
    ...room,
    lastSeq: message.seq,
    lastMessage: message,
    me: room.me && { ...room.me, unread: Math.min(UNREAD_MAX, room.me.unread + unread) },
  };
}

function caughtUp(rooms: RoomMap, { id, rev, messages, room: row }: Catchup, me: Id): RoomMap {
  const then = update(rooms, id, (room) => {
    if (rev <= room.rev) return room;
    // By `seq`, so not by `rev`: what the row includes is told by where it stood before.
    const news = messages.filter((message) => message.rev > room.rev);
    return { ...news.reduce((now, message) => withMessage(now, message, me), room), rev };
  });
  return row ? withRow(then, row, me) : then;
}

function withRow(rooms: RoomMap, row: Room, me: Id): RoomMap {
  const held = rooms.get(row.id);
  if (!row.me) return without(rooms, row.id);
  if (!held || row.rev >= held.rev) return new Map(rooms).set(row.id, row);
  // Older than what came live since; but one's own part in it is counted elsewhere and may be news.
  return new Map(rooms).set(row.id, { ...held, me: countUnread(held, row.me, me) });
}

/**
 * The count in `part` was made when the room stood elsewhere than here: messages may be on the way, or have come since.
 * It is kept within what is certain here.
 */
function countUnread(room: Room, part: RoomMe, me: Id): RoomMe {
  const { lastMessage, lastSeq } = room;
  const least = lastMessage && lastMessage.senderId !== me && lastMessage.seq > part.readSeq ? 1 : 0;
  const most = Math.max(0, lastSeq - part.readSeq);
  return { ...part, unread: Math.min(Math.max(part.unread, least), most, UNREAD_MAX) };
}

function update(rooms: RoomMap, id: Id, change: (room: Room) => Room): RoomMap {
  const room = rooms.get(id);
  const now = room && change(room);
  return now && now !== room ? new Map(rooms).set(id, now) : rooms;
}

function each(rooms: RoomMap, change: (room: Room) => Room): RoomMap {
  const now = new Map([...rooms].map(([id, room]): [Id, Room] => [id, change(room)]));
  return [...now].some(([id, room]) => room !== rooms.get(id)) ? now : rooms;
}

function without(rooms: RoomMap, id: Id): RoomMap {
  return rooms.has(id) ? new Map([...rooms].filter(([other]) => other !== id)) : rooms;
}
