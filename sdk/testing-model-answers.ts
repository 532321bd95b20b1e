import { room as roomRow, ROOM_ME, time, user } from './testing.ts';
import { UNREAD_MAX } from './protocol/index.ts';
import type {
  HistoryQuery,
  Id,
  Member,
  Message,
  MessagePage,
  Room,
  RoomMe,
  RoomSync,
  RoomType,
} from './protocol/index.ts';

export interface ModelMember {
  rev: number;
  readSeq: number;
  muted: boolean;
  left: boolean;
}

export interface ModelRoom {
  id: Id;
  type: RoomType;
  name: string | null;
  /** The room's head, and the revision of its own row. */
  rev: number;
  ownRev: number;
  messages: Message[];
  /** As they were sent, whatever was edited since. */
  texts: string[];
  members: Map<Id, ModelMember>;
}

/** Small, so that every limit is met often. */
export const LIMIT = { page: 10, rows: 7, behind: 25 };

export function partOf(room: ModelRoom, userId: Id): RoomMe {
  const { readSeq = 0, muted = false } = room.members.get(userId) ?? {};
  const unread = room.messages.filter((one) => one.seq > readSeq && one.senderId !== userId && !one.deletedAt);
  return { ...ROOM_ME, readSeq, muted, unread: Math.min(UNREAD_MAX, unread.length) };
}

export function rowOf(room: ModelRoom, userId: Id): Room {
  const { peer: _, presence: __, ...shared } = sharedOf(room);
  const other = [...room.members.keys()].find((id) => id !== userId) ?? userId;
  const peer = { peer: user(other), presence: { userId: other, online: false, lastSeenAt: null } };
  const lastMessage = room.messages.at(-1) ?? null;
  return { ...shared, ...(room.type === 'direct' ? peer : {}), lastMessage, me: partOf(room, userId) };
}

export function sharedOf({ id, type, name, rev, messages, members }: ModelRoom): Room {
  const memberCount = [...members.values()].filter(({ left }) => !left).length;
  return roomRow({ id, type, name, rev, memberCount, lastSeq: messages.length });
}

export function memberOf(userId: Id, { readSeq }: ModelMember): Member {
  return { user: user(userId), role: 'member', joinedAt: time(0), readSeq, deliveredSeq: readSeq };
}

/** @param space rows that still fit into the answer */
export function roomSync(room: ModelRoom, userId: Id, since: number, reset: boolean, space: number): RoomSync {
  const { id, rev: head, ownRev, messages } = room;
  const members = [...room.members]
    .filter(([, { rev }]) => reset || rev > since)
    .map(([userId, member]) => ({ userId, member: member.left ? null : memberOf(userId, member) }));
  if (reset) {
    const newest = messages.slice(-LIMIT.page);
    return {
      ...{ id, rev: head, head, more: false, reset },
      changes: { messages: newest, members, room: rowOf(room, userId) },
    };
  }
  const changed = messages.filter(({ rev }) => rev > since).sort((a, b) => a.rev - b.rev);
  const rows = changed.slice(0, space);
  const more = changed.length > rows.length;
  return {
    ...{ id, rev: more ? (rows.at(-1)?.rev ?? since) : head, head, more, reset },
    changes: { messages: rows, members, room: ownRev > since ? rowOf(room, userId) : null },
  };
}

export function pageOf({ messages, rev }: ModelRoom, { before, after, around }: HistoryQuery): MessagePage {
  const lastSeq = messages.length;
  let end = lastSeq;
  if (before !== undefined) end = before - 1;
  else if (after !== undefined) end = after + LIMIT.page;
  else if (around !== undefined) end = Math.min(lastSeq, around + LIMIT.page / 2);
  const items = messages.slice(Math.max(0, end - LIMIT.page), Math.max(0, end));
  return { items, users: [], firstSeq: 1, lastSeq, rev };
}
