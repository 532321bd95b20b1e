import type { Message } from './messages.ts';
import type { Presence } from './presence.ts';
import type { Id, Time, User } from './users.ts';

/** `direct`: two people, once per pair · `group`: invited members · `channel`: open to the app's users. */
export type RoomType = 'direct' | 'group' | 'channel';

export type Role = 'owner' | 'admin' | 'member';

/** The reader's own part in a room. */
export interface RoomMe {
  role: Role;
  /** Everything up to this `seq` is read. Only moves forward, never past the head. */
  readSeq: number;
  /** Messages of others after `readSeq`, counted to `UNREAD_MAX`. */
  unread: number;
  muted: boolean;
  pinned: boolean;
  hidden: boolean;
  /** The first `seq` this member may read. */
  historyFrom: number;
}

/** A place where members talk. */
export interface Room {
  id: Id;
  type: RoomType;
  name: string | null;
  avatarUrl: string | null;
  createdAt: Time;
  /** `seq` of the oldest message kept. */
  firstSeq: number;
  /** `seq` of the newest message; `0` in an empty room. Dense: 1, 2, 3 … */
  lastSeq: number;
  /** The room's head: every durable change takes the next one. Dense. */
  rev: number;
  memberCount: number;
  lastMessage: Message | null;
  /** The other one, in a direct room. */
  peer?: User;
  /** The other one's presence, in a direct room. */
  presence?: Presence;
  /** `null`: not a member. */
  me: RoomMe | null;
}

/** A room as every member sees it alike: event `room`. */
export type SharedRoom = Omit<Room, 'me' | 'peer' | 'presence' | 'lastMessage'>;

/** Someone in a room. */
export interface Member {
  user: User;
  role: Role;
  joinedAt: Time;
  readSeq: number;
  deliveredSeq: number;
}

/** Body of `POST /rooms`. */
export interface CreateRoom {
  type: 'direct';
  userId: Id;
}

/** Body of `PATCH /rooms/:id/me`: what is left out stays. */
export interface UpdateRoomMe {
  muted?: boolean;
  pinned?: boolean;
  hidden?: boolean;
}

/** Body of `POST /rooms/:id/read`, and with `roomId` the socket event `room:read`. */
export interface MarkRead {
  seq: number;
}
