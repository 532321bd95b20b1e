import type { Presence } from './presence.ts';
import type { Id, Time, User } from './users.ts';

/** A friend and the direct room with them. */
export interface Friend {
  user: User;
  roomId: Id;
  since: Time;
  presence: Presence;
}

export type FriendRequestStatus = 'pending' | 'accepted' | 'rejected' | 'cancelled';

/** A request to become friends. The lists hold pending ones only. */
export interface FriendRequest {
  id: Id;
  from: User;
  to: User;
  status: FriendRequestStatus;
  createdAt: Time;
}

/** `?direction=` of `GET /friends/requests`. */
export type RequestDirection = 'incoming' | 'outgoing';

/** Body of `POST /friends/requests`. */
export interface CreateFriendRequest {
  userId: Id;
}

/** Answer where a request met an open one from the other side, and to accepting one. */
export interface FriendAnswer {
  friend: Friend;
}

/** Someone the signed-in user has blocked. */
export interface Block {
  user: User;
  createdAt: Time;
}
