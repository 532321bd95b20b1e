import type { Message } from './messages.ts';
import type { Member, Room } from './rooms.ts';
import type { Block, Friend, FriendRequest } from './friends.ts';
import type { Id, User } from './users.ts';

/** Where a client stands in one room: every change up to `rev` is applied. */
export interface RoomCursor {
  id: Id;
  rev: number;
}

/** `POST /sync` and the socket event `sync`. `epoch: null` and `rev: 0` on a first start. */
export interface SyncRequest {
  /** The installation's identity as last heard; another one resets the client. */
  epoch: string | null;
  /** The user's `rev` as applied. */
  rev: number;
  /** At most `LIMITS.syncRooms`. */
  rooms: RoomCursor[];
}

/** The lists of the signed-in user, whole. `rev` was read before the rows. */
export interface MeLists {
  rev: number;
  friends: Friend[];
  requests: FriendRequest[];
  blocks: Block[];
  rooms: Room[];
}

/** What changed in one room after the cursor. */
export interface RoomChanges {
  messages: Message[];
  members: { userId: Id; member: Member | null }[];
  /** The room as it is now, where its own row changed. */
  room: Room | null;
}

/** One room's part of the answer. */
export type RoomSync =
  | {
      id: Id;
      /** Every change up to here is included. */
      rev: number;
      /** The room's head: above `rev` while there is `more`. */
      head: number;
      changes: RoomChanges;
      more: boolean;
      /** Drop what is held of this room: `changes.messages` is its newest page. */
      reset: boolean;
    }
  | { id: Id; gone: true };

export interface ReadMarker {
  roomId: Id;
  userId: Id;
  seq: number;
}

/** Answer to `sync`. */
export interface SyncAnswer {
  epoch: string;
  rev: number;
  /** `null`: nothing changed since the `rev` that was sent. */
  me: MeLists | null;
  users: User[];
  rooms: RoomSync[];
  readMarkers: ReadMarker[];
}

/** Answer to `heads`, and the event of that name: the newest `rev` of rooms. */
export interface Heads {
  epoch: string;
  rev: number;
  rooms: Record<Id, number>;
}
