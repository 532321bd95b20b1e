import type { Store } from './store.ts';
import type { Block, Friend, FriendRequest, Id } from './protocol/index.ts';

/** `loaded` is false until the lists have arrived. `friends` are sorted by nickname, requests newest first. */
export interface FriendsState {
  loaded: boolean;
  friends: Friend[];
  incoming: FriendRequest[];
  outgoing: FriendRequest[];
  blocks: Block[];
}

/**
 * Friends, requests and blocks. The lists load by themselves on sign-in and follow every change, from this device or
 * another; a method's promise only says that the server took it.
 * Every method also rejects with `unauthenticated`, `rate_limited`, `network` or `timeout`.
 */
export interface Friends {
  readonly store: Store<FriendsState>;

  /**
   * Fetches the lists anew. Rarely needed: they are live.
   *
   * @example
   * await client.friends.load();
   */
  load(): Promise<void>;

  /**
   * Asks someone to be friends. If they have asked already, this accepts.
   *
   * Rejects with `already_friends`, `request_exists`, `blocked`, `not_found` or `invalid_request` (oneself).
   *
   * @example
   * await client.friends.request(user.id);
   */
  request(userId: Id): Promise<void>;

  /**
   * Accepts a request and opens the direct room with that person.
   *
   * Rejects with `not_found` (no open request of that id to this user) or `conflict` (settled meanwhile).
   *
   * @example
   * const { roomId } = await client.friends.accept(request.id);
   */
  accept(requestId: Id): Promise<Friend>;

  /**
   * Turns a request down; the other side is not told.
   *
   * Rejects with `not_found` or `conflict`.
   *
   * @example
   * await client.friends.reject(request.id);
   */
  reject(requestId: Id): Promise<void>;

  /**
   * Takes back a request of one's own.
   *
   * Rejects with `not_found` or `conflict`.
   *
   * @example
   * await client.friends.cancel(request.id);
   */
  cancel(requestId: Id): Promise<void>;

  /**
   * Ends a friendship. The room and its messages stay.
   *
   * Rejects with `not_found`.
   *
   * @example
   * await client.friends.remove(friend.user.id);
   */
  remove(userId: Id): Promise<void>;

  /**
   * Blocks someone: neither can write to the other or send requests.
   *
   * Rejects with `not_found` or `invalid_request` (oneself).
   *
   * @example
   * await client.friends.block(user.id);
   */
  block(userId: Id): Promise<void>;

  /**
   * Lifts a block.
   *
   * Rejects with `not_found`.
   *
   * @example
   * await client.friends.unblock(user.id);
   */
  unblock(userId: Id): Promise<void>;
}
