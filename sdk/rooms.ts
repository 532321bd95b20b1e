import type { Http } from './http.ts';
import { NO_ROOMS, reduceRooms, viewRooms } from './rooms-state.ts';
import type { RoomMap, RoomsChange } from './rooms-state.ts';
import { createStore } from './store.ts';
import type { Store } from './store.ts';
import { LIMITS } from './protocol/index.ts';
import type { Id, Member, Page, Room, UpdateRoomMe } from './protocol/index.ts';

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
   * Rejects with `not_found`, `blocked` or `invalid_request` (oneself).
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

export interface RoomsDeps {
  http: Http;
  me: () => Id;
  /** Rooms as fetched: takes them in, with the people in them, and follows their changes. */
  heard: (rooms: readonly Room[]) => void;
  /** Fetches all lists. */
  reload: () => Promise<void>;
  /** After a change of one's own: fetches the lists where no event will tell of it. */
  changed: () => Promise<void>;
}

export function createRooms({ http, me, heard, reload, changed }: RoomsDeps) {
  const store = createStore<RoomsState>({ loaded: false, rooms: [], hasMore: false, unread: 0 });
  let rooms = NO_ROOMS;
  /** Where the list goes on: `undefined` while only a full first page says that it does. */
  let next: string | null | undefined = null;
  /** Rooms fetched for how much of them is unread. */
  const counting = new Set<Id>();

  function set(now: RoomMap, loaded = store.get().loaded): void {
    const hasMore = next !== null;
    if (now === rooms && loaded === store.get().loaded && hasMore === store.get().hasMore) return;
    rooms = now;
    store.set({ loaded, hasMore, ...viewRooms(rooms) });
    for (const [id, { unsure }] of rooms) if (unsure && !counting.has(id)) void count(id);
  }

  async function count(id: Id): Promise<void> {
    counting.add(id);
    const apply = (room: Room) => {
      // What came meanwhile may make it unsure again.
      counting.delete(id);
      heard([room]);
    };
    await http.call<Room>('GET', `/rooms/${id}`, { apply }).catch(() => undefined);
    counting.delete(id);
  }

  async function page(cursor?: string): Promise<void> {
    await http.call<Page<Room>>('GET', '/rooms', {
      query: { cursor, limit: LIMITS.pageMax },
      apply: (answer) => {
        next = answer.next;
        heard(answer.items);
        set(rooms);
      },
    });
  }

  const api: Rooms = {
    store,
    load: reload,
    async loadMore() {
      // The lists of a sync have no cursor: the first page is asked for once more to get it.
      if (next === undefined) await page();
      if (next) await page(next);
    },
    get: async (id) =>
      rooms.get(id)?.room ?? http.call<Room>('GET', `/rooms/${id}`, { apply: (room) => heard([room]) }),
    openDirect: (userId) =>
      http.call<Room>('POST', '/rooms', { body: { type: 'direct', userId }, apply: (room) => heard([room]) }),
    members: async (id) => (await http.call<Page<Member>>('GET', `/rooms/${id}/members`)).items,
    async updateMe(id, input) {
      await http.call('PATCH', `/rooms/${id}/me`, { body: input });
      await changed();
    },
  };

  return {
    rooms: api,
    apply: (change: RoomsChange) => set(reduceRooms(rooms, change, me())),
    /** The list of a sync: its first page, newest activity first. */
    list(first: readonly Room[]) {
      const whole = first.length < LIMITS.pageMax;
      if (whole) next = null;
      else if (!store.get().loaded) next = undefined;
      set(reduceRooms(rooms, { kind: 'list', rooms: first, whole }, me()), true);
    },
    row: (id: Id) => rooms.get(id)?.room,
    rows: () => [...rooms.values()].map(({ room }) => room),
    clear() {
      next = null;
      set(NO_ROOMS, false);
    },
  };
}
