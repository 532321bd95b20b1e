import type { Http } from './http.ts';
import { createMemberLists } from './members.ts';
import type { MemberList } from './members.ts';
import { NO_ROOMS, reduceRooms, viewRooms } from './rooms-state.ts';
import type { RoomMap, RoomsChange } from './rooms-state.ts';
import { createStore } from './store.ts';
import type { Store } from './store.ts';
import { LIMITS } from './protocol/index.ts';
import type {
  CreateInvite,
  CreateRoom,
  CreatedInvite,
  HistoryQuery,
  Id,
  Invite,
  Member,
  MessagePage,
  Page,
  Role,
  Room,
  RoomPreview,
  UpdateRoom,
  UpdateRoomMe,
  User,
} from './protocol/index.ts';

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
   * Who is in a room, with how far each has read: its first 100 members.
   *
   * Rejects with `not_found`.
   *
   * @example
   * const names = (await client.rooms.members(room.id)).map((member) => member.user.nickname);
   */
  members(id: Id): Promise<Member[]>;

  /**
   * The same as a live list for showing: always the same object for a room until the user signs out. Nothing is fetched before
   * its `load()`.
   *
   * @example
   * client.rooms.memberList(room.id).store.subscribe(({ members }) => render(members));
   */
  memberList(id: Id): MemberList;

  /**
   * Makes a group or channel, which one owns. Feature `groups`.
   *
   * Rejects with `invalid_request` (no name, or over 80 characters), `not_found` (one of the people), `blocked` or `forbidden` (a
   * guest's channel).
   *
   * @example
   * const room = await client.rooms.create({ type: 'group', name: 'Tea', memberIds: [friend.user.id] });
   */
  create(input: Exclude<CreateRoom, { type: 'direct' }>): Promise<Room>;

  /**
   * Changes a group or channel; what is left out stays. For its owner and admins.
   *
   * Rejects with `not_found`, `forbidden` or `invalid_request`.
   *
   * @example
   * await client.rooms.update(room.id, { name: 'Tea club' });
   */
  update(id: Id, input: UpdateRoom): Promise<Room>;

  /**
   * Uploads the picture of a group or channel: JPEG, PNG or WebP of at most 256 KB and 4096 × 4096 pixels. `null` removes it. For its
   * owner and admins.
   *
   * Rejects with `not_found`, `forbidden`, `unsupported_media`, `too_large`, `overloaded`, `network` or `timeout`.
   *
   * @example
   * await client.rooms.setPicture(room.id, input.files[0]);
   */
  setPicture(id: Id, image: Blob | null): Promise<Room>;

  /**
   * Takes up to 100 people into a group or channel; who is in it already stays. For its owner and admins. Answers who has come in.
   *
   * Rejects with `not_found` (the room, or one of the people), `blocked`, `forbidden` or `too_large` (over 10,000 members).
   *
   * @example
   * await client.rooms.addMembers(room.id, [friend.user.id]);
   */
  addMembers(id: Id, userIds: readonly Id[]): Promise<Member[]>;

  /**
   * Takes somebody out of a group or channel: for its owner, and for its admins where it is a member.
   *
   * Rejects with `not_found`, `forbidden` or `conflict` (oneself: see {@link Rooms.leave}).
   *
   * @example
   * await client.rooms.removeMember(room.id, member.user.id);
   */
  removeMember(id: Id, userId: Id): Promise<void>;

  /**
   * Changes somebody's role, for the owner. With `owner` the room is handed over, and one becomes an admin.
   *
   * Rejects with `not_found`, `forbidden` or `conflict` (one's own role, as its owner).
   *
   * @example
   * await client.rooms.setRole(room.id, member.user.id, 'admin');
   */
  setRole(id: Id, userId: Id, role: Role): Promise<Member>;

  /**
   * Leaves a group or channel. Where its owner leaves, the admin who has been there longest is the next one, or else the member.
   *
   * Rejects with `not_found` or `forbidden` (a room of two).
   *
   * @example
   * await client.rooms.leave(room.id);
   */
  leave(id: Id): Promise<void>;

  /**
   * Public channels of the app, those with most members first; of those whose name has `q` in it. Pages have 50; pass `next` back as
   * `cursor`. Feature `channels`.
   *
   * Rejects with `invalid_request`.
   *
   * @example
   * const { items } = await client.rooms.channels({ q: 'garden' });
   */
  channels(query?: { q?: string; cursor?: string }): Promise<Page<RoomPreview>>;

  /**
   * A page of a channel's messages, for whoever thinks of joining it: not live, and in no store.
   *
   * Rejects with `not_found`.
   *
   * @example
   * const { items } = await client.rooms.preview(channel.id);
   */
  preview(id: Id, query?: HistoryQuery): Promise<MessagePage>;

  /**
   * Joins a public channel.
   *
   * Rejects with `not_found`, `forbidden` (one was removed from it) or `too_large`.
   *
   * @example
   * const room = await client.rooms.join(channel.id);
   */
  join(id: Id): Promise<Room>;

  /**
   * The invite links of a group or channel that can still be used, the newest first. For its owner and admins. Feature `invites`.
   *
   * Rejects with `not_found` or `forbidden`.
   *
   * @example
   * const links = await client.rooms.invites(room.id);
   */
  invites(id: Id): Promise<Invite[]>;

  /**
   * Makes an invite link, for the owner and admins. Its token is told this once.
   *
   * Rejects with `not_found`, `forbidden`, `invalid_request` or `too_large` (50 links).
   *
   * @example
   * const { token } = await client.rooms.createInvite(room.id, { expiresInHours: 24 });
   * const link = `https://example.com/#co-talk-invite=${token}`;
   */
  createInvite(id: Id, input?: CreateInvite): Promise<CreatedInvite>;

  /**
   * Ends an invite link.
   *
   * Rejects with `not_found` or `forbidden`.
   *
   * @example
   * await client.rooms.revokeInvite(room.id, link.id);
   */
  revokeInvite(id: Id, inviteId: Id): Promise<void>;

  /**
   * What an invite link leads to.
   *
   * Rejects with `not_found` (ended, used up, or there never was one).
   *
   * @example
   * const { name, memberCount } = await client.rooms.previewInvite(token);
   */
  previewInvite(token: string): Promise<RoomPreview>;

  /**
   * Joins a room by an invite link. Who is in it already stays.
   *
   * Rejects with `not_found`, `forbidden` (one was removed from it) or `too_large`.
   *
   * @example
   * const room = await client.rooms.joinByInvite(token);
   */
  joinByInvite(token: string): Promise<Room>;

  /**
   * Ends a group or channel for everybody, for its owner.
   *
   * Rejects with `not_found` or `forbidden`.
   *
   * @example
   * await client.rooms.close(room.id);
   */
  close(id: Id): Promise<void>;

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
  /** People as fetched. */
  people: (users: readonly User[]) => void;
  /** Rooms as fetched: takes them in, with the people in them, and follows their changes. */
  heard: (rooms: readonly Room[]) => void;
  /** Fetches all lists. */
  reload: () => Promise<void>;
  /** After a change of one's own: fetches the lists where no event will tell of it. */
  changed: () => Promise<void>;
}

export function createRooms({ http, me, people, heard, reload, changed }: RoomsDeps) {
  const lists = createMemberLists(http, people);
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

  const apply = (room: Room) => heard([room]);

  const api: Rooms = {
    store,
    load: reload,
    async loadMore() {
      // The lists of a sync have no cursor: the first page is asked for once more to get it.
      if (next === undefined) await page();
      if (next) await page(next);
    },
    get: async (id) => rooms.get(id)?.room ?? http.call<Room>('GET', `/rooms/${id}`, { apply }),
    openDirect: (userId) => http.call<Room>('POST', '/rooms', { body: { type: 'direct', userId }, apply }),
    members: async (id) =>
      (await http.call<Page<Member>>('GET', `/rooms/${id}/members`, { query: { limit: LIMITS.pageMax } })).items,
    memberList: lists.list,
    create: (body) => http.call<Room>('POST', '/rooms', { body, apply }),
    update: (id, body) => http.call<Room>('PATCH', `/rooms/${id}`, { body, apply }),
    setPicture: (id, image) =>
      http.call<Room>(image ? 'PUT' : 'DELETE', `/rooms/${id}/picture`, { body: image ?? undefined, apply }),
    addMembers: async (id, userIds) =>
      (await http.call<Page<Member>>('POST', `/rooms/${id}/members`, { body: { userIds } })).items,
    removeMember: (id, userId) => http.call('DELETE', `/rooms/${id}/members/${userId}`),
    setRole: (id, userId, role) => http.call<Member>('PATCH', `/rooms/${id}/members/${userId}`, { body: { role } }),
    // What it brings about is on its way: to a room that is forgotten already, it would be of a stranger.
    leave: (id) => http.call('POST', `/rooms/${id}/leave`).then(changed),
    close: (id) => http.call('DELETE', `/rooms/${id}`).then(changed),
    channels: (query = {}) => http.call<Page<RoomPreview>>('GET', '/channels', { query }),
    preview: (id, query = {}) =>
      http.call<MessagePage>('GET', `/channels/${id}/messages`, {
        query: { ...query },
        apply: ({ users }) => people(users),
      }),
    join: (id) => http.call<Room>('POST', `/rooms/${id}/join`, { apply }),
    invites: async (id) => (await http.call<Page<Invite>>('GET', `/rooms/${id}/invites`)).items,
    createInvite: (id, body = {}) => http.call('POST', `/rooms/${id}/invites`, { body }),
    revokeInvite: (id, inviteId) => http.call('DELETE', `/rooms/${id}/invites/${inviteId}`),
    previewInvite: (token) => http.call('POST', '/invites/preview', { body: { token } }),
    joinByInvite: (token) => http.call<Room>('POST', '/invites/join', { body: { token }, apply }),
    async updateMe(id, input) {
      await http.call('PATCH', `/rooms/${id}/me`, { body: input });
      await changed();
    },
  };

  return {
    rooms: api,
    apply(change: RoomsChange) {
      lists.apply(change);
      set(reduceRooms(rooms, change, me()));
    },
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
      lists.clear();
      next = null;
      set(NO_ROOMS, false);
    },
  };
}
