import type { Ack } from './errors.ts';
import type { Block, Friend, FriendRequest } from './friends.ts';
import type { EditMessage, Message, MessageRef, React, SendMessage } from './messages.ts';
import type { Presence, Typing } from './presence.ts';
import type { MarkRead, Member, Room, RoomMe, SharedRoom } from './rooms.ts';
import type { Heads, SyncAnswer, SyncRequest } from './sync.ts';
import type { Id, Me, Time, User } from './users.ts';

/** First event on every socket. */
export interface Hello {
  protocol: number;
  features: string[];
  epoch: string;
  serverTime: Time;
}

/** A message is new or changed. `from`: it stands for the changes `from`..`rev`. */
export interface MessageEvent {
  roomId: Id;
  rev: number;
  from?: number;
  message: Message;
}

/** A room's name, picture or bounds changed. */
export interface RoomEvent {
  roomId: Id;
  rev: number;
  room: SharedRoom;
}

/** Someone joined, left (`null`) or changed role. */
export interface MemberEvent {
  roomId: Id;
  rev: number;
  userId: Id;
  member: Member | null;
}

/** A change of the signed-in user's own lists, on all of their devices. Without `item`: fetch that list. */
export type MeEvent = { rev: number } & (
  | { change: 'friends'; item?: { userId: Id; friend: Friend | null } }
  | { change: 'requests'; item?: FriendRequest }
  | { change: 'blocks'; item?: { userId: Id; block: Block | null } }
  | { change: 'rooms'; item?: Room }
  | { change: 'profile'; item?: Me }
);

/** The signed-in user's own part in a room changed: read, mute, pin, hide. */
export interface RoomMeEvent {
  rev: number;
  roomId: Id;
  me: RoomMe;
}

/** How far someone has read, or a device of theirs has received. Self-healing, not durable. */
export interface MarkerEvent {
  roomId: Id;
  userId: Id;
  seq: number;
}

export interface TypingEvent {
  roomId: Id;
  userId: Id;
  typing: boolean;
}

/** `logout`: signed out on this or another device · `revoked`: ended by its owner or a reused token · `expired`. */
export type SessionEndReason = 'logout' | 'revoked' | 'expired';

export interface ServerToClientEvents {
  hello: (event: Hello) => void;
  message: (event: MessageEvent) => void;
  room: (event: RoomEvent) => void;
  member: (event: MemberEvent) => void;
  me: (event: MeEvent) => void;
  'room:me': (event: RoomMeEvent) => void;
  read: (event: MarkerEvent) => void;
  delivered: (event: MarkerEvent) => void;
  typing: (event: TypingEvent) => void;
  presence: (event: Presence) => void;
  user: (event: { user: User }) => void;
  heads: (event: Heads) => void;
  'session:ended': (event: { reason: SessionEndReason }) => void;
  'server:draining': (event: { reconnectInMs: number }) => void;
}

type Call<I, O> = (input: I, ack: (answer: Ack<O>) => void) => void;

export interface ClientToServerEvents {
  'message:send': Call<SendMessage & { roomId: Id }, Message>;
  'message:edit': Call<EditMessage & MessageRef, Message>;
  'message:delete': Call<MessageRef, Message>;
  'message:react': Call<React, Message>;
  'room:read': Call<MarkRead & { roomId: Id }, null>;
  'room:delivered': Call<MarkRead & { roomId: Id }, null>;
  typing: Call<Typing, null>;
  sync: Call<SyncRequest, SyncAnswer>;
  heads: Call<Record<string, never>, Heads>;
  'auth:renew': Call<{ token: string }, null>;
}

/** The `auth` of the socket handshake. */
export interface HandshakeAuth {
  token: string;
  protocol: number;
}
