import type { Message } from './messages.ts';
import type { Presence } from './presence.ts';
import type { Id, Page, Time, User } from './users.ts';

/** `direct`: two people, once per pair · `group`: invited members · `channel`: open to the app's users. */
export type RoomType = 'direct' | 'group' | 'channel';

export type Role = 'owner' | 'admin' | 'member';

/** The reader's own part in a room. */
export interface RoomMe {
  role: Role;
  /** Everything up to this `seq` is read. Only moves forward, never past the head. */
  readSeq: number;
  /** Messages of others after `readSeq`, counted to `UNREAD_MAX`. */
  unread: number;
  muted: boolean;
  pinned: boolean;
  /** Until the next message. */
  hidden: boolean;
  /** The room's `lastSeq` when it was hidden: above it, it is not any more. */
  hiddenSeq?: number;
  /** The first `seq` this member may read. */
  historyFrom: number;
}

/** A place where members talk. */
export interface Room {
  id: Id;
  type: RoomType;
  name: string | null;
  avatarUrl: string | null;
  createdAt: Time;
  /** `seq` of the oldest message kept. */
  firstSeq: number;
  /** `seq` of the newest message; `0` in an empty room. Dense: 1, 2, 3 … */
  lastSeq: number;
  /** The room's head: every durable change takes the next one. Dense. */
  rev: number;
  memberCount: number;
  lastMessage: Message | null;
  /** The other one, in a direct room. */
  peer?: User;
  /** The other one's presence, in a direct room. */
  presence?: Presence;
  /** `null`: not a member. */
  me: RoomMe | null;
}

/** A room as every member sees it alike: event `room`. */
export type SharedRoom = Omit<Room, 'me' | 'peer' | 'presence' | 'lastMessage'>;

/** Someone in a room. */
export interface Member {
  user: User;
  role: Role;
  joinedAt: Time;
  readSeq: number;
  deliveredSeq: number;
}

/** A page of members: the owner, admins, then the others, each in order of joining. `rev`: of the room, before the rows were read. */
export interface MemberPage extends Page<Member> {
  rev: number;
}

/** Query of `GET /rooms/:id/members`. */
export interface MembersQuery {
  /** A part of the nickname: 1 to `LIMITS.searchMax` characters. */
  q?: string;
  cursor?: string;
  limit?: number;
}

/** Body of `POST /rooms`. */
export type CreateRoom =
  | { type: 'direct'; userId: Id }
  | {
      type: 'group' | 'channel';
      /** 1 to `LIMITS.roomNameMax` graphemes after trimming. */
      name: string;
      /** The others, at most `LIMITS.groupMembers`; whoever makes it owns it. */
      memberIds?: Id[];
      /** Makes a repeated request find the room of the first. */
      clientId?: string;
    };

/** Body of `PATCH /rooms/:id`: what is left out stays. */
export interface UpdateRoom {
  name?: string;
}

/** Body of `POST /rooms/:id/members`: at most `LIMITS.groupMembers`. */
export interface AddMembers {
  userIds: Id[];
}

/** Body of `PATCH /rooms/:id/members/:userId`. With `owner`, whoever was it becomes an admin. */
export interface UpdateMember {
  role: Role;
}

/** Body of `PATCH /rooms/:id/me`: what is left out stays. */
export interface UpdateRoomMe {
  muted?: boolean;
  pinned?: boolean;
  hidden?: boolean;
}

/** Body of `POST /rooms/:id/read`, and with `roomId` the socket event `room:read`. */
export interface MarkRead {
  seq: number;
}

/** A room as those see it who may join it. */
export interface RoomPreview {
  id: Id;
  type: RoomType;
  name: string | null;
  avatarUrl: string | null;
  memberCount: number;
  /** The reader is in it already. */
  joined: boolean;
}

/** A link by which people join a room. */
export interface Invite {
  id: Id;
  createdBy: Id;
  createdAt: Time;
  /** `null`: it holds until it is revoked. */
  expiresAt: Time | null;
  /** How many people may join by it; `null`: any number. */
  maxUses: number | null;
  /** How many have. */
  uses: number;
}

/** A new {@link Invite}. */
export interface CreatedInvite extends Invite {
  /** What the link has to carry: told this once. */
  token: string;
}

/** Body of `POST /rooms/:id/invites`. What is left out has no limit. */
export interface CreateInvite {
  /** 1 to `LIMITS.inviteHoursMax`. */
  expiresInHours?: number;
  /** 1 to `LIMITS.roomMembers`. */
  maxUses?: number;
}

/** Body of `POST /invites/preview` and `POST /invites/join`: in the body, since addresses are written down in many places. */
export interface InviteToken {
  token: string;
}
