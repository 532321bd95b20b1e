import type { Catchup, RoomStep, UserStep } from './steps.ts';
import { newer } from './newer.ts';
import { requote } from './quotes.ts';
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

/** A room, and what of it cannot be told from the room alone. */
export interface HeldRoom {
  room: Room;
  /** `lastSeq` when the row was fetched: above it, `others` is complete. */
  since: number;
  /** Where others' messages stand, ascending: unread is counted from here whatever order things come in. */
  others: readonly number[];
  /** How many are unread can only be told by fetching the row anew. */
  unsure: boolean;
}

export type RoomMap = ReadonlyMap<Id, HeldRoom>;

export const NO_ROOMS: RoomMap = new Map();

/** @param me the signed-in user's id: one's own messages are never unread */
export function reduceRooms(rooms: RoomMap, change: RoomsChange, me: Id): RoomMap {
  switch (change.kind) {
    case 'message':
      // A row as fetched includes everything up to its revision.
      return update(rooms, change.roomId, (held) =>
        change.rev <= held.room.rev ? held : at(withMessage(held, change.message, me), change.rev),
      );
    case 'room':
      // Nobody is in it any more.
      if (!change.room.memberCount) return without(rooms, change.roomId);
      return update(rooms, change.roomId, (held) => {
        const { room } = held;
        if (change.rev <= room.rev) return held;
        // The position it was read with may be ahead of what is applied here.
        return at({ ...held, room: { ...room, ...change.room, lastSeq: room.lastSeq } }, change.rev);
      });
    case 'member':
      if (change.userId === me && !change.member) return without(rooms, change.roomId);
      return update(rooms, change.roomId, (held) => (change.rev <= held.room.rev ? held : at(held, change.rev)));
    case 'catchup':
      return caughtUp(rooms, change.catchup, me);
    case 'row':
      return withRow(rooms, change.room);
    case 'list': {
      const listed = new Set(change.rooms.map((room) => room.id));
      const kept = change.whole ? new Map([...rooms].filter(([id]) => listed.has(id))) : rooms;
      return change.rooms.reduce(withOwnRow, kept);
    }
    case 'gone':
      return without(rooms, change.roomId);
    case 'read':
      return update(rooms, change.roomId, (held) => {
        const part = held.room.me;
        return part && change.seq > part.readSeq ? withMe(held, { ...part, readSeq: change.seq }) : held;
      });
    case 'room:me':
      return update(rooms, change.roomId, (held) => withMe(held, forward(held, change.me)));
    case 'me':
      return change.change === 'rooms' && change.item ? withOwnRow(rooms, change.item) : rooms;
    case 'users':
      return each(rooms, (room) => {
        const peer = room.peer && newer(room.peer, change.users);
        return peer === room.peer ? room : { ...room, peer };
      });
    case 'presence':
      return each(rooms, (room) =>
        room.peer?.id === change.presence.userId ? { ...room, presence: change.presence } : room,
      );
  }
}

/** The list as it is shown: pinned first, then by last activity; hidden ones left out. */
export function viewRooms(held: RoomMap): { rooms: Room[]; unread: number } {
  const rooms = [...held.values()].map(({ room }) => room).filter((room) => !room.me?.hidden);
  const pinned = (room: Room) => Number(room.me?.pinned ?? false);
  const activity = (room: Room) => (room.lastMessage?.createdAt ?? room.createdAt) + room.id;
  rooms.sort((a, b) => pinned(b) - pinned(a) || (activity(a) < activity(b) ? 1 : -1));
  return { rooms, unread: rooms.reduce((sum, { me }) => sum + (me && !me.muted ? me.unread : 0), 0) };
}

const at = (held: HeldRoom, rev: number): HeldRoom => ({ ...held, room: { ...held.room, rev } });

function withMessage(held: HeldRoom, message: Message, me: Id): HeldRoom {
  const { room } = held;
  const { seq } = message;
  const last = room.lastMessage;
  if (seq <= room.lastSeq) {
    const now = message.deletedAt ? withDeleted(held, message, me) : held;
    const shown = last && (message.id === last.id && message.rev > last.rev ? message : requote(last, message));
    return shown === last ? now : { ...now, room: { ...now.room, lastMessage: shown } };
  }
  const counts = isOthers(message, me) && !message.deletedAt;
  const unread = (room.me?.unread ?? 0) + Number(counts && seq > (room.me?.readSeq ?? 0));
  return {
    ...held,
    // More than can be counted need not be kept.
    others: counts ? [...held.others, seq].slice(-UNREAD_MAX) : held.others,
    room: {
      ...room,
      lastSeq: seq,
      lastMessage: message,
      me: room.me && { ...room.me, hidden: false, unread: Math.min(UNREAD_MAX, unread) },
    },
  };
}

/** What somebody else has written: that can be unread. */
const isOthers = ({ senderId, type }: Message, me: Id): boolean => senderId !== me && type !== 'system';

/** What is deleted is not unread any more. */
function withDeleted(held: HeldRoom, message: Message, me: Id): HeldRoom {
  const { room, since } = held;
  const { seq } = message;
  const counted = isOthers(message, me) && seq > (room.me?.readSeq ?? 0) && (seq <= since || held.others.includes(seq));
  if (!counted || !room.me) return held;
  // At the most it may stand for more.
  const unread = room.me.unread === UNREAD_MAX ? UNREAD_MAX : room.me.unread - 1;
  const others = held.others.filter((other) => other !== seq);
  return { ...held, others, room: { ...room, me: { ...room.me, unread } } };
}

function caughtUp(rooms: RoomMap, { id, rev, messages, room: row }: Catchup, me: Id): RoomMap {
  // The row first: of several parts it came with an early one, and knows nothing of what the later ones bring.
  return update(row ? withRow(rooms, row) : rooms, id, (held) => {
    if (rev <= held.room.rev) return held;
    // By `seq`, so not by `rev`: what the row includes is told by where it stood before.
    const news = messages.filter((message) => message.rev > held.room.rev);
    return at(
      news.reduce((now, message) => withMessage(now, message, me), held),
      rev,
    );
  });
}

/** A row as fetched. One's own part in it is in no order with what came live: of that, only the count is news. */
function withRow(rooms: RoomMap, row: Room): RoomMap {
  const part = rooms.get(row.id)?.room.me;
  return withOwnRow(
    rooms,
    part && row.me ? { ...row, me: { ...part, readSeq: row.me.readSeq, unread: row.me.unread } } : row,
  );
}

/** A row that came in the order of the user's own revisions. */
function withOwnRow(rooms: RoomMap, row: Room): RoomMap {
  if (!row.me) return without(rooms, row.id);
  const held = rooms.get(row.id);
  // An older row than what came live since: but one's own part in it counts in another revision and may be news.
  const older = held && row.rev < held.room.rev;
  const now = older ? held : { room: row, since: row.lastSeq, others: [], unsure: false };
  return new Map(rooms).set(row.id, withMe(now, forward(held, row.me)));
}

/** Markers only move forward: what was read here may not have been known there. */
function forward(held: HeldRoom | undefined, me: RoomMe): RoomMe {
  return { ...me, readSeq: Math.max(me.readSeq, held?.room.me?.readSeq ?? 0) };
}

/** The count in `part` was made when the room stood elsewhere: messages may be on the way, or have come since. */
function withMe(held: HeldRoom, part: RoomMe): HeldRoom {
  const { room } = held;
  const { readSeq } = part;
  const others = held.others.filter((seq) => seq > readSeq);
  const same = room.me?.readSeq === readSeq ? room.me : null;
  const exact = same?.unread ?? (readSeq >= held.since ? others.length : null);
  const unread = Math.min(exact ?? Math.max(part.unread, others.length), UNREAD_MAX);
  return {
    // Hidden until the next message, which may have come first.
    room: { ...room, me: { ...part, unread, hidden: part.hidden && room.lastSeq <= (part.hiddenSeq ?? Infinity) } },
    since: Math.max(held.since, readSeq),
    others,
    unsure: same ? held.unsure : exact === null,
  };
}

function update(rooms: RoomMap, id: Id, change: (held: HeldRoom) => HeldRoom): RoomMap {
  const held = rooms.get(id);
  const now = held && change(held);
  return now && now !== held ? new Map(rooms).set(id, now) : rooms;
}

function each(rooms: RoomMap, change: (room: Room) => Room): RoomMap {
  const now = new Map(
    [...rooms].map(([id, held]): [Id, HeldRoom] => {
      const room = change(held.room);
      return [id, room === held.room ? held : { ...held, room }];
    }),
  );
  return [...now].some(([id, held]) => held !== rooms.get(id)) ? now : rooms;
}

function without(rooms: RoomMap, id: Id): RoomMap {
  return rooms.has(id) ? new Map([...rooms].filter(([other]) => other !== id)) : rooms;
}
