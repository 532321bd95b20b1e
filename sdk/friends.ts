import type { Http } from './http.ts';
import type { UserStep } from './steps.ts';
import { createStore } from './store.ts';
import type { Store } from './store.ts';
import { newer } from './newer.ts';
import type { Block, Friend, FriendAnswer, FriendRequest, Id, MeLists, Presence, User } from './protocol/index.ts';

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

/** Everything that changes the lists. Other steps pass through. */
export type FriendsChange =
  | UserStep
  | { kind: 'lists'; lists: Pick<MeLists, 'friends' | 'requests' | 'blocks'> }
  | { kind: 'users'; users: ReadonlyMap<Id, User> }
  | { kind: 'presence'; presence: Presence };

export const NO_FRIENDS: FriendsState = { loaded: false, friends: [], incoming: [], outgoing: [], blocks: [] };

/** @param me the signed-in user's id: whether a request is incoming depends on it */
export function reduceFriends(state: FriendsState, change: FriendsChange, me: Id): FriendsState {
  const { friends, blocks } = state;
  switch (change.kind) {
    case 'lists': {
      const { lists } = change;
      const requests = newest(lists.requests);
      return {
        loaded: true,
        friends: byName(lists.friends),
        incoming: requests.filter((request) => request.from.id !== me),
        outgoing: requests.filter((request) => request.from.id === me),
        blocks: byBlocked(lists.blocks),
      };
    }
    case 'me':
      if (!change.item) return state;
      if (change.change === 'friends') {
        const { userId, friend } = change.item;
        const others = friends.filter(({ user }) => user.id !== userId);
        return { ...state, friends: friend ? byName([...others, friend]) : others };
      }
      if (change.change === 'blocks') {
        const { userId, block } = change.item;
        const others = blocks.filter(({ user }) => user.id !== userId);
        return { ...state, blocks: block ? byBlocked([...others, block]) : others };
      }
      if (change.change === 'requests') {
        const { item } = change;
        const list = item.from.id === me ? 'outgoing' : 'incoming';
        const others = state[list].filter(({ id }) => id !== item.id);
        return { ...state, [list]: item.status === 'pending' ? newest([...others, item]) : others };
      }
      return state;
    case 'users': {
      const { users } = change;
      if (users.size === 0) return state;
      const request = (held: FriendRequest) => ({ ...held, from: newer(held.from, users), to: newer(held.to, users) });
      return {
        ...state,
        friends: byName(friends.map((friend) => ({ ...friend, user: newer(friend.user, users) }))),
        incoming: state.incoming.map(request),
        outgoing: state.outgoing.map(request),
        blocks: blocks.map((block) => ({ ...block, user: newer(block.user, users) })),
      };
    }
    case 'presence': {
      const { presence } = change;
      if (!friends.some(({ user }) => user.id === presence.userId)) return state;
      return {
        ...state,
        friends: friends.map((friend) => (friend.user.id === presence.userId ? { ...friend, presence } : friend)),
      };
    }
    default:
      return state;
  }
}

const byName = (friends: readonly Friend[]) =>
  [...friends].sort((a, b) => a.user.nickname.localeCompare(b.user.nickname) || (a.user.id < b.user.id ? -1 : 1));

// Ids of requests sort by time.
const newest = (requests: readonly FriendRequest[]) => [...requests].sort((a, b) => (a.id < b.id ? 1 : -1));

const byBlocked = (blocks: readonly Block[]) =>
  [...blocks].sort((a, b) => (a.createdAt + a.user.id < b.createdAt + b.user.id ? 1 : -1));

export interface FriendsDeps {
  http: Http;
  me: () => Id;
  /** Fetches all lists. */
  reload: () => Promise<void>;
  /** After a change of one's own: fetches the lists where no event will tell of it. */
  changed: () => Promise<void>;
}

export function createFriends({ http, me, reload, changed }: FriendsDeps) {
  const store = createStore(NO_FRIENDS);
  const tell = async <T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> => {
    const answer = await http.call<T>(method, path, { body });
    await changed();
    return answer;
  };
  const friends: Friends = {
    store,
    load: reload,
    request: (userId) => tell('POST', '/friends/requests', { userId }),
    accept: async (id) => (await tell<FriendAnswer>('POST', `/friends/requests/${id}/accept`)).friend,
    reject: (id) => tell('POST', `/friends/requests/${id}/reject`),
    cancel: (id) => tell('DELETE', `/friends/requests/${id}`),
    remove: (userId) => tell('DELETE', `/friends/${userId}`),
    block: (userId) => tell('PUT', `/blocks/${userId}`),
    unblock: (userId) => tell('DELETE', `/blocks/${userId}`),
  };
  return {
    friends,
    apply: (change: FriendsChange) => store.set(reduceFriends(store.get(), change, me())),
    clear: () => store.set(NO_FRIENDS),
  };
}
