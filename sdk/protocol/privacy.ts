import type { FriendRequestStatus } from './friends.ts';
import type { MessageType } from './messages.ts';
import type { Role, RoomType } from './rooms.ts';
import type { Id, Me, Time } from './users.ts';

/** Body of `DELETE /me`. */
export interface EraseMe {
  /** Of an account: to confirm. Guests and users of the host site leave it out. */
  password?: string;
}

/**
 * What an erasure has removed, and how far it is. Answer to `DELETE /me` and its twin for admins: 200 when it is finished, 202
 * while it goes on by itself.
 */
export interface ErasureReport {
  userId: Id;
  startedAt: Time;
  /** `null`: it goes on; ask again for how far it is. */
  finishedAt: Time | null;
  /** How many were removed so far: of `messages` the texts, of `rooms` the memberships, of `reports` by the person the reasons. */
  removed: {
    messages: number;
    rooms: number;
    friends: number;
    requests: number;
    blocks: number;
    sessions: number;
    avatars: number;
    reports: number;
  };
}

/** Somebody else in an {@link UserExport}: who they were to the person when it was made. */
export interface ExportedPerson {
  id: Id;
  nickname: string;
}

/**
 * Everything that is kept of a person, as of one moment: answer to `GET /me/export` and its twin for admins. What others wrote, and
 * who has blocked the person, is theirs and not in it.
 */
export interface UserExport {
  format: 'co-talk-export';
  version: 1;
  app: string;
  exportedAt: Time;
  profile: Me;
  /** Who the person is on the host site, where that signs them in. */
  externalId: string | null;
  lastSeenAt: Time | null;
  disabledAt: Time | null;
  /** The picture that was uploaded here, in Base64. */
  avatar: { type: string; data: string } | null;
  sessions: {
    id: Id;
    userAgent: string | null;
    createdAt: Time;
    lastUsedAt: Time;
    expiresAt: Time;
    endedAt: Time | null;
  }[];
  friends: { user: ExportedPerson; since: Time }[];
  /** Settled ones too. */
  requests: { from: ExportedPerson; to: ExportedPerson; status: FriendRequestStatus; createdAt: Time }[];
  blocks: { user: ExportedPerson; createdAt: Time }[];
  rooms: {
    id: Id;
    type: RoomType;
    name: string | null;
    /** The other one of a direct room. */
    peer: ExportedPerson | null;
    role: Role;
    joinedAt: Time;
    leftAt: Time | null;
    /** How far the person has read, and a device of theirs received. */
    readSeq: number;
    deliveredSeq: number;
    muted: boolean;
    pinned: boolean;
    hidden: boolean;
  }[];
  /** Those that the person has uploaded; what is in them comes from `POST /files/urls`. */
  files: { id: Id; name: string; mime: string; size: number; createdAt: Time }[];
  /** What the person has reacted with, by message. */
  reactions: { roomId: Id; messageId: Id; emojis: string[]; createdAt: Time }[];
  /** Messages that the person has reported. */
  reports: { id: Id; roomId: Id; messageId: Id; reason: string; createdAt: Time }[];
  /** Those that the person has written, by room and position. */
  messages: {
    id: Id;
    roomId: Id;
    seq: number;
    type: MessageType;
    text: string;
    /** Ids of its files. */
    attachmentIds: Id[];
    createdAt: Time;
    editedAt: Time | null;
    deletedAt: Time | null;
  }[];
}
