import { z } from 'zod';
import type { ErasureReport, ExportedPerson, UserExport } from '@co-talk/sdk/protocol';
import { me } from './user-schemas.ts';
import { count, id, time, wire } from './wire.ts';

export const erasureReport = wire<ErasureReport>().named(
  'ErasureReport',
  z.object({
    userId: id,
    startedAt: time,
    finishedAt: time.nullable(),
    removed: z.object({
      messages: count,
      rooms: count,
      friends: count,
      requests: count,
      blocks: count,
      sessions: count,
      avatars: count,
      reports: count,
    }),
  }),
);

const person = wire<ExportedPerson>().named('ExportedPerson', z.object({ id, nickname: z.string() }));

export const userExport = wire<UserExport>().named(
  'UserExport',
  z.object({
    format: z.literal('co-talk-export'),
    version: z.literal(1),
    app: z.string(),
    exportedAt: time,
    profile: me,
    externalId: z.string().nullable(),
    lastSeenAt: time.nullable(),
    disabledAt: time.nullable(),
    avatar: z.object({ type: z.string(), data: z.string() }).nullable(),
    sessions: z.array(
      z.object({
        id,
        userAgent: z.string().nullable(),
        createdAt: time,
        lastUsedAt: time,
        expiresAt: time,
        endedAt: time.nullable(),
      }),
    ),
    friends: z.array(z.object({ user: person, since: time })),
    requests: z.array(
      z.object({
        from: person,
        to: person,
        status: z.enum(['pending', 'accepted', 'rejected', 'cancelled']),
        createdAt: time,
      }),
    ),
    blocks: z.array(z.object({ user: person, createdAt: time })),
    rooms: z.array(
      z.object({
        id,
        type: z.enum(['direct', 'group', 'channel']),
        name: z.string().nullable(),
        peer: person.nullable(),
        role: z.enum(['owner', 'admin', 'member']),
        joinedAt: time,
        leftAt: time.nullable(),
        readSeq: count,
        deliveredSeq: count,
        muted: z.boolean(),
        pinned: z.boolean(),
        hidden: z.boolean(),
      }),
    ),
    files: z.array(z.object({ id, name: z.string(), mime: z.string(), size: count, createdAt: time })),
    reactions: z.array(z.object({ roomId: id, messageId: id, emojis: z.array(z.string()), createdAt: time })),
    reports: z.array(z.object({ id, roomId: id, messageId: id, reason: z.string(), createdAt: time })),
    messages: z.array(
      z.object({
        id,
        roomId: id,
        seq: count,
        type: z.enum(['text', 'image', 'file', 'audio', 'system']),
        text: z.string(),
        attachmentIds: z.array(id),
        createdAt: time,
        editedAt: time.nullable(),
        deletedAt: time.nullable(),
      }),
    ),
  }),
);
