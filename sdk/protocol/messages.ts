import type { WireError } from './errors.ts';
import type { Id, Time, User } from './users.ts';

/** Treat a type you do not know as `text`. */
export type MessageType = 'text' | 'image' | 'file' | 'audio' | 'system';

/** The message a reply answers, joined when read. */
export interface Quote {
  id: Id;
  seq: number;
  /** Of the quoted message, as in {@link Message}: of two versions of a quote the higher one is newer. */
  rev: number;
  senderId: Id;
  /** Its first `LIMITS.quoteLength` Unicode characters. Empty when deleted. */
  text: string;
  deleted: boolean;
}

/** Who reacted with one emoji: a message has up to `LIMITS.reactionEmojis` of them, what came first first. */
export interface Reaction {
  emoji: string;
  count: number;
  /** The first `LIMITS.reactionUsers`. */
  userIds: Id[];
}

/** A file of a message. */
export interface Attachment {
  id: Id;
  kind: 'image' | 'audio' | 'video' | 'file';
  name: string;
  mime: string;
  /** Bytes. */
  size: number;
  width: number | null;
  height: number | null;
  durationMs: number | null;
  blurhash: string | null;
  waveform: number[] | null;
  variants: string[];
}

export interface LinkPreview {
  url: string;
  title: string | null;
  description: string | null;
}

/** What may have happened in a room. Clients put it into words, and ignore a message whose kind they do not know. */
export const SYSTEM_EVENTS = [
  'created',
  'joined',
  'added',
  'left',
  'removed',
  'promoted',
  'demoted',
  'owner',
  'renamed',
  'picture',
] as const;

/** Something that has happened in a room: data, since everybody reads it in their own language. */
export interface SystemEvent {
  kind: (typeof SYSTEM_EVENTS)[number];
  /** Who did it. */
  byId: Id;
  /** To whom, where that is somebody else. */
  userId?: Id;
  /** How many others, beside `userId`, were `added`. */
  others?: number;
  /** The room's new name, for `renamed`. */
  name?: string;
}

/** A message, whole: an event about a message always carries all of it. */
export interface Message {
  id: Id;
  roomId: Id;
  /** Position in the room, 1, 2, 3 …: the one order for all. */
  seq: number;
  /** The room's `rev` of this message's last change: of two versions the higher one is newer. */
  rev: number;
  /** Chosen by the sender: any number of sends with one `clientId` in one room are one message. */
  clientId: string;
  senderId: Id;
  type: MessageType;
  /** Empty when deleted. */
  text: string;
  attachments: Attachment[];
  replyTo: Quote | null;
  mentions: Id[];
  reactions: Reaction[];
  linkPreview: LinkPreview | null;
  /** Where `type` is `system`. */
  system: SystemEvent | null;
  /** Its sender has taken it from another room. */
  forwarded?: boolean;
  createdAt: Time;
  editedAt: Time | null;
  deletedAt: Time | null;
}

/** Body of `POST /rooms/:id/messages`, and with `roomId` the socket event `message:send`. */
export interface SendMessage {
  /** 1 to `LIMITS.clientIdMax` characters; make a new one (a UUID) per message, keep it over retries. */
  clientId: string;
  /** 1 to `LIMITS.messageLength` graphemes after trimming, at most `LIMITS.messageBytes` bytes. */
  text: string;
  /** Files that the sender has uploaded, up to `LIMITS.attachments`; the text may be empty then. Feature `files`. */
  attachmentIds?: Id[];
  /** The message of this room that it answers. Feature `reply`. */
  replyToId?: Id;
}

/** Body of `PATCH /rooms/:id/messages/:messageId`, and with `roomId` and `messageId` the socket event `message:edit`. Feature `edit`. */
export interface EditMessage {
  /** As in {@link SendMessage}. */
  text: string;
}

/** A message of a room: the socket event `message:delete`. Feature `delete`. */
export interface MessageRef {
  roomId: Id;
  messageId: Id;
}

/** The socket event `message:react`, and with `on` as its method `PUT|DELETE /rooms/:id/messages/:messageId/reactions/:emoji`. Feature `reactions`. */
export interface React extends MessageRef {
  /** One emoji, as keyboards have it. */
  emoji: string;
  /** Whether it is to be there. */
  on: boolean;
}

/** A room that a message is to be sent on to. `clientId`: as in {@link SendMessage}. */
export interface ForwardTarget {
  roomId: Id;
  clientId: string;
}

/** Body of `POST /rooms/:id/messages/:messageId/forward`: 1 to `LIMITS.forwardTargets` rooms, each once. Feature `forward`. */
export interface ForwardMessage {
  targets: ForwardTarget[];
}

/** What became of it in one room: the message, or why there is none. */
export type Forwarded = { roomId: Id; message: Message } | { roomId: Id; error: WireError };

/** In the order of the targets. */
export interface ForwardAnswer {
  items: Forwarded[];
}

/** Query of `GET /rooms/:id/messages`: at most one of `before`, `after`, `around`; none is the newest page. */
export interface HistoryQuery {
  before?: number;
  after?: number;
  around?: number;
  limit?: number;
}

/** A page of history, ascending by `seq`. */
export interface MessagePage {
  items: Message[];
  /** Everybody who is named in `items`: who wrote, is mentioned or quoted, or has reacted. */
  users: User[];
  firstSeq: number;
  lastSeq: number;
  /** The room's head when the page was read. */
  rev: number;
}
