import { toError } from './errors.ts';
import type { Emit } from './events.ts';
import type { createFriends } from './friends.ts';
import type { createMessages } from './messages.ts';
import type { Outbox } from './outbox.ts';
import type { createPresence } from './presence.ts';
import type { createReceipts } from './receipts.ts';
import type { createRooms } from './rooms.ts';
import type { RoomStep, SyncTarget } from './steps.ts';
import type { Sync } from './sync.ts';
import type { createUsers } from './users.ts';
import type { Id, Me, Message, Presence, Room, User } from './protocol/index.ts';

/** The parts of a client that state goes into. */
export interface Parts {
  me: () => Me | null;
  setMe: (me: Me) => void;
  fetchMe: () => void;
  /** Fetches all lists. */
  reload: () => Promise<void>;
  emit: Emit;
  sync: Sync;
  outbox: Outbox;
  users: ReturnType<typeof createUsers>;
  friends: ReturnType<typeof createFriends>;
  rooms: ReturnType<typeof createRooms>;
  messages: ReturnType<typeof createMessages>;
  presence: ReturnType<typeof createPresence>;
  receipts: ReturnType<typeof createReceipts>;
}

export interface Intake extends SyncTarget {
  profile(me: Me): void;
  rooms(rooms: readonly Room[]): void;
  presence(heard: readonly Presence[]): void;
  clear(): void;
}

/** Hands whatever comes in to every part that cares for it, so that no part needs to know another. */
export function createIntake(parts: Parts): Intake {
  const { emit, outbox, sync } = parts;
  const me = (): Id => parts.me()?.id ?? '';
  /** The newest message of each room that was heard of: what is above is new. */
  const newest = new Map<Id, number>();

  function users(people: readonly User[]): void {
    const news = parts.users.apply(people);
    if (news.size === 0) return;
    parts.friends.apply({ kind: 'users', users: news });
    parts.rooms.apply({ kind: 'users', users: news });
  }

  function presence(heard: readonly Presence[]): void {
    parts.presence.apply(heard);
    for (const one of heard) {
      parts.friends.apply({ kind: 'presence', presence: one });
      parts.rooms.apply({ kind: 'presence', presence: one });
    }
  }

  /** What a room brings along: the people in it, where its changes go on, and what is new in it. */
  function note(rooms: readonly Room[]): void {
    users(rooms.flatMap((room) => room.peer ?? []));
    parts.presence.apply(rooms.flatMap((room) => room.presence ?? []));
    for (const room of rooms) {
      if (!newest.has(room.id)) newest.set(room.id, room.lastSeq);
      sync.know(room);
      if (room.me?.unread) parts.receipts.received(room, room.lastSeq);
    }
  }

  /** @param list ascending by `seq` */
  function announce(list: readonly Message[]): void {
    for (const message of list) {
      const { roomId, seq, senderId } = message;
      if (seq <= (newest.get(roomId) ?? seq - 1)) continue;
      newest.set(roomId, seq);
      parts.presence.hear({ roomId, userId: senderId, typing: false });
      if (senderId === me()) continue;
      parts.receipts.received(parts.rooms.row(roomId), seq);
      emit('message', { message });
    }
  }

  /** I am not in the room any more, or nobody is. */
  function isOver(step: RoomStep): boolean {
    return step.kind === 'member'
      ? step.userId === me() && !step.member
      : step.kind === 'room' && !step.room.memberCount;
  }

  function profile(user: Me): void {
    parts.setMe(user);
    users([user]);
  }

  function gone(roomId: Id): void {
    sync.forget(roomId);
    parts.rooms.apply({ kind: 'gone', roomId });
    parts.messages.room(roomId)?.gone();
  }

  /** Not there for this user, or not to be had now: then what is open of it starts anew, since nobody follows it. */
  function unfound(roomId: Id, cause: unknown): void {
    if (toError(cause).code === 'not_found') {
      gone(roomId);
      return;
    }
    // It has come by the lists meanwhile, and is followed.
    if (parts.rooms.row(roomId)) return;
    sync.forget(roomId);
    parts.messages.room(roomId)?.reset();
  }

  return {
    users,
    presence,
    profile,
    gone,
    rooms(rooms) {
      const strange = rooms.filter(({ id }) => !parts.rooms.row(id));
      note(rooms);
      for (const room of rooms) parts.rooms.apply({ kind: 'row', room });
      // Fetched perhaps before the user was removed, and the lists since: the answer tells.
      for (const { id, rev } of strange) void sync.rewind(id, rev);
    },
    roomStep(step) {
      parts.rooms.apply(step);
      if (step.kind === 'member' && step.member) users([step.member.user]);
      if (isOver(step)) gone(step.roomId);
      if (step.kind !== 'message') return;
      outbox.stored([step.message]);
      parts.messages.room(step.roomId)?.merge([step.message]);
      announce([step.message]);
    },
    late(message) {
      outbox.stored([message]);
      parts.messages.room(message.roomId)?.merge([message]);
    },
    userStep(step) {
      if (step.kind === 'room:me') parts.messages.room(step.roomId)?.marker(me(), step.me.readSeq);
      else if (step.change === 'profile' && step.item) profile(step.item);
      else if (step.change === 'rooms' && step.item) note([step.item]);
      else if (step.change === 'requests' && step.item) users([step.item.from, step.item.to]);
      else if (step.change === 'blocks' && step.item?.block) users([step.item.block.user]);
      else if (step.change === 'friends' && step.item?.friend) {
        users([step.item.friend.user]);
        parts.presence.apply([step.item.friend.presence]);
      }
      parts.rooms.apply(step);
      parts.friends.apply(step);
    },
    lists(lists) {
      const { friends, requests, blocks, rooms } = lists;
      note(rooms);
      users([...friends, ...blocks].map(({ user }) => user).concat(requests.flatMap(({ from, to }) => [from, to])));
      parts.presence.apply(friends.map((friend) => friend.presence));
      parts.friends.apply({ kind: 'lists', lists });
      parts.rooms.list(rooms);
      // The profile is not among the lists, but its changes count in the same revision.
      if (lists.rev > (parts.me()?.rev ?? 0)) parts.fetchMe();
    },
    catchup(catchup) {
      const { id, room, reset, messages, members } = catchup;
      users(members.flatMap(({ member }) => member?.user ?? []));
      if (room) note([room]);
      parts.rooms.apply({ kind: 'catchup', catchup });
      outbox.stored(messages);
      parts.messages.room(id)?.catchup(catchup);
      if (reset) emit('reset', { roomId: id });
      announce(messages);
    },
    markers(markers) {
      for (const { roomId, userId, seq } of markers) parts.messages.room(roomId)?.marker(userId, seq);
    },
    reset() {
      newest.clear();
      parts.rooms.clear();
      parts.friends.clear();
      parts.messages.each((room) => room.reset());
      emit('reset', { roomId: null });
    },
    unknown(roomIds) {
      const [roomId, ...more] = roomIds;
      // Of many, those with news are on the first page of the list; the others are as old as they were.
      if (more.length > 0) parts.reload().catch(() => undefined);
      else if (roomId !== undefined) parts.rooms.rooms.get(roomId).catch((cause: unknown) => unfound(roomId, cause));
    },
    clear: () => newest.clear(),
  };
}
