import type {
  Id,
  MeEvent,
  MeLists,
  Member,
  MemberEvent,
  Message,
  MessageEvent,
  ReadMarker,
  Room,
  RoomEvent,
  RoomMeEvent,
  RoomSync,
  User,
} from './protocol/index.ts';

/** A durable change of a room. */
export type RoomStep =
  ({ kind: 'message' } & MessageEvent) | ({ kind: 'room' } & RoomEvent) | ({ kind: 'member' } & MemberEvent);

/** A durable change of what only the signed-in user sees. */
export type UserStep = ({ kind: 'me' } & MeEvent) | ({ kind: 'room:me' } & RoomMeEvent);

/** What came of a room by catching up: all of it up to `rev`. */
export interface Catchup {
  id: Id;
  rev: number;
  /** Ascending by `seq`. */
  messages: Message[];
  members: { userId: Id; member: Member | null }[];
  room: Room | null;
  /** Forget what was held: `messages` is the newest page. */
  reset: boolean;
}

/** Where changes go. Everything arrives in order and once, but for `late`. */
export interface SyncTarget {
  roomStep(step: RoomStep): void;
  userStep(step: UserStep): void;
  /** A message whose change was applied before, perhaps in an older version: the higher `rev` wins. */
  late(message: Message): void;
  lists(lists: MeLists): void;
  users(users: readonly User[]): void;
  catchup(change: Catchup): void;
  markers(markers: ReadMarker[]): void;
  gone(roomId: Id): void;
  /** Another installation answers: nothing that is held counts any more. */
  reset(): void;
  /** Rooms are spoken of that nobody knows: they are to be fetched. */
  unknown(roomIds: readonly Id[]): void;
}

/** Joins one more part of an answer to those before it. New messages can be spread over parts in any order. */
export function joinParts(before: Catchup | undefined, part: Exclude<RoomSync, { gone: true }>): Catchup {
  const base = part.reset ? undefined : before;
  const messages = new Map(
    [...(base?.messages ?? []), ...part.changes.messages].map((message) => [message.seq, message]),
  );
  return {
    id: part.id,
    rev: part.rev,
    messages: [...messages.values()].sort((a, b) => a.seq - b.seq),
    members: [...(base?.members ?? []), ...part.changes.members],
    room: part.changes.room ?? base?.room ?? null,
    reset: part.reset || (base?.reset ?? false),
  };
}
