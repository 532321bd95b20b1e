import type { Store } from './store.ts';
import type { Id, Member, Room, UpdateRoomMe } from './protocol/index.ts';

export interface RoomsState {
  /** False until the list has arrived. */
  loaded: boolean;
  /** Pinned first, then by last activity, newest first; hidden rooms are left out. */
  rooms: Room[];
  /** Older rooms can be fetched with `loadMore()`. */
  hasMore: boolean;
  /** Unread messages over all rooms that are not muted. A room counts to `UNREAD_MAX`. */
  unread: number;
}

/**
 * The signed-in user's rooms. The list loads by itself on sign-in and follows every change.
 * Every method also rejects with `unauthenticated`, `rate_limited`, `network` or `timeout`.
 */
export interface Rooms {
  readonly store: Store<RoomsState>;

  /**
   * Fetches the newest page of the list anew. Rarely needed: it is live.
   *
   * @example
   * await client.rooms.load();
   */
  load(): Promise<void>;

  /**
   * Fetches the next 50 older rooms; does nothing when there are none.
   *
   * @example
   * if (client.rooms.store.get().hasMore) await client.rooms.loadMore();
   */
  loadMore(): Promise<void>;

  /**
   * One room, from the store when known, else fetched.
   *
   * Rejects with `not_found` (unknown, or not a member).
   *
   * @example
   * const room = await client.rooms.get(message.roomId);
   */
  get(id: Id): Promise<Room>;

  /**
   * The direct room with someone; made when there is none yet. Any number of calls give the same room.
   *
   * Rejects with `not_found`, `forbidden` (not friends), `blocked` or `invalid_request` (oneself).
   *
   * @example
   * const room = await client.rooms.openDirect(friend.user.id);
   * await client.messages.room(room.id).send('Hi!');
   */
  openDirect(userId: Id): Promise<Room>;

  /**
   * Who is in a room, with how far each has read. At most the first 100.
   *
   * Rejects with `not_found`.
   *
   * @example
   * const names = (await client.rooms.members(room.id)).map((member) => member.user.nickname);
   */
  members(id: Id): Promise<Member[]>;

  /**
   * Mutes, pins or hides a room for oneself; what is left out stays.
   *
   * Rejects with `not_found`.
   *
   * @example
   * await client.rooms.updateMe(room.id, { muted: true });
   */
  updateMe(id: Id, input: UpdateRoomMe): Promise<void>;
}
