import { defineEntity, p } from '@mikro-orm/core';
import {
  LIMITS,
  type Id,
  type Message as WireMessage,
  type MessageType,
  type Quote,
  type Reaction,
  type SystemEvent,
} from '@co-talk/sdk/protocol';
import { ATTACHMENTS, toWire as fileToWire, type FileRow } from '../files/file.entity.ts';
import { REACTIONS } from './reaction.entity.ts';

/** What few messages have. Plain text has none of it; nor has what is deleted. */
export interface MessageExtra {
  /** Position of the message that this one answers. */
  replyTo?: number;
  mentions?: Id[];
  /** Its files, in their order. */
  attachments?: Id[];
  /** What has happened, where `type` is `system`. */
  system?: SystemEvent;
  forwarded?: true;
}

/**
 * A message. Every unique key starts with the room, so that the table can be partitioned by it. Each index costs a tenth of the
 * speed of sending, so there are two: an id carries its `seq` (see {@link messageId}) and needs none of its own, and what is new
 * since a `rev` is found by `seq`, so that only changed messages need to be found by `rev`.
 */
export const Message = defineEntity({
  name: 'Message',
  tableName: 'messages',
  indexes: [
    {
      name: 'messages_changed_index',
      expression: 'create index messages_changed_index on messages (room_id, rev) where changed',
    },
  ],
  uniques: [{ properties: ['roomId', 'senderId', 'clientId'] }],
  properties: {
    roomId: p.uuid().primary(),
    seq: p.integer().primary().autoincrement(false),
    appId: p.string().length(64),
    id: p.uuid(),
    rev: p.integer(),
    /** Since it was sent: edited, deleted, reacted to. */
    changed: p.boolean().default(false),
    /** It may have rows in `message_reactions`. */
    reacted: p.boolean().default(false),
    clientId: p.string().length(128),
    senderId: p.uuid(),
    type: p.string().$type<MessageType>().length(16).default('text'),
    text: p.text(),
    extra: p.json().$type<MessageExtra>().columnType('jsonb').nullable().strictNullable(),
    createdAt: p.datetime().columnType('timestamptz(3)'),
    editedAt: p.datetime().columnType('timestamptz(3)').nullable().strictNullable(),
    deletedAt: p.datetime().columnType('timestamptz(3)').nullable().strictNullable(),
  },
});

/**
 * The id of the message at `seq`: a UUID (version 7) whose last 32 random bits are the position. The database makes the same.
 *
 * @param base a new UUID (version 7)
 */
export function messageId(base: string, seq: number): string {
  return base.slice(0, 28) + seq.toString(16).padStart(8, '0');
}

/** A message as the queries of this folder return it: times in milliseconds since 1970. */
export interface MessageRow {
  id: string;
  roomId: string;
  seq: number;
  rev: number;
  clientId: string;
  senderId: string;
  type: MessageType;
  text: string;
  extra: MessageExtra | null;
  /** Of `extra.replyTo`, as it is now. */
  quote: Quote | null;
  /** Of `extra.attachments`, what is still there. */
  attachments: FileRow[] | null;
  reactions: Reaction[] | null;
  createdMs: number;
  editedMs: number | null;
  deletedMs: number | null;
}

/** The select list that fills a {@link MessageRow}, for the alias `m`. What few messages have is looked up for those alone. */
export const MESSAGE_COLUMNS = `m.id, m.room_id as "roomId", m.seq, m.rev, m.client_id as "clientId", m.sender_id as "senderId", m.type, m.text, m.extra,
  case when m.extra->'replyTo' is not null then (
    select jsonb_build_object('id', q.id, 'seq', q.seq, 'rev', q.rev, 'senderId', q.sender_id,
      'text', left(q.text, ${String(LIMITS.quoteLength)}), 'deleted', q.deleted_at is not null)
    from messages q where q.room_id = m.room_id and q.seq = (m.extra->>'replyTo')::int
  ) end as quote,
  ${ATTACHMENTS} as attachments,
  ${REACTIONS} as reactions,
  (extract(epoch from m.created_at) * 1000)::float8 as "createdMs", (extract(epoch from m.edited_at) * 1000)::float8 as "editedMs",
  (extract(epoch from m.deleted_at) * 1000)::float8 as "deletedMs"`;

/** A message as its answers have it. */
export function toQuote({ id, seq, rev, senderId, text, deletedMs }: MessageRow): Quote {
  // As PostgreSQL counts them.
  const start = Array.from(text.slice(0, 2 * LIMITS.quoteLength)).slice(0, LIMITS.quoteLength);
  return { id, seq, rev, senderId, text: start.join(''), deleted: deletedMs !== null };
}

const time = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** A message as it travels. */
export function toWire(row: MessageRow): WireMessage {
  return {
    id: row.id,
    roomId: row.roomId,
    seq: row.seq,
    rev: row.rev,
    clientId: row.clientId,
    senderId: row.senderId,
    type: row.type,
    text: row.text,
    attachments: (row.attachments ?? []).map(fileToWire),
    replyTo: row.quote,
    mentions: row.extra?.mentions ?? [],
    reactions: row.reactions ?? [],
    linkPreview: null,
    system: row.extra?.system ?? null,
    ...(row.extra?.forwarded ? { forwarded: true } : {}),
    createdAt: new Date(row.createdMs).toISOString(),
    editedAt: time(row.editedMs),
    deletedAt: time(row.deletedMs),
  };
}
