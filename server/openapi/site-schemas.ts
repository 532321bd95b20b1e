import { z } from 'zod';
import {
  ERRORS,
  type AdminRoom,
  type AdminUser,
  type ErrorCode,
  type ImportedUser,
  type WireError,
} from '@co-talk/sdk/protocol';
import { count, id, time, wire } from './wire.ts';

export const adminUser = wire<AdminUser>().named(
  'AdminUser',
  z.object({
    id,
    rev: count,
    nickname: z.string(),
    about: z.string().nullable(),
    avatarUrl: z.string().nullable(),
    kind: z.enum(['account', 'host', 'guest', 'bot', 'deleted']),
    createdAt: time,
    email: z.string().nullable(),
    emailVerified: z.boolean(),
    externalId: z.string().nullable(),
    disabled: z.boolean(),
    lastSeenAt: time.nullable(),
  }),
);

export const wireError = wire<WireError>().named(
  'WireError',
  z.object({
    code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
    detail: z.string(),
    retryable: z.boolean(),
    retryAfterMs: count.exactOptional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).exactOptional(),
  }),
);

export const importedUser = wire<ImportedUser>().named(
  'ImportedUser',
  z.object({
    externalId: z.string(),
    user: adminUser.nullable(),
    outcome: z.enum(['created', 'updated', 'unchanged', 'refused']),
    error: wireError.nullable(),
  }),
);

export const adminRoom = wire<AdminRoom>().named(
  'AdminRoom',
  z.object({
    id,
    type: z.enum(['direct', 'group', 'channel']),
    name: z.string().nullable(),
    avatarUrl: z.string().nullable(),
    createdAt: time,
    firstSeq: count,
    lastSeq: count,
    rev: count,
    memberCount: count,
    lastActivityAt: time,
  }),
);
