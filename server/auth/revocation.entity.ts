import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { SessionEndReason } from '@co-talk/sdk/protocol';

/**
 * Something that open sockets must no longer have: a session (`sessionId`), a room (`roomId`), with neither, everything of a
 * user, and without a user, everything of an app. Every node reads these each second, since the faster ways to it may lose them. They are kept for a day.
 */
export const Revocation = defineEntity({
  name: 'Revocation',
  tableName: 'revocations',
  indexes: [{ properties: ['createdAt'] }],
  properties: {
    id: p.uuid().primary(),
    appId: p.string().length(64),
    userId: p.uuid().nullable().strictNullable(),
    sessionId: p.uuid().nullable().strictNullable(),
    roomId: p.uuid().nullable().strictNullable(),
    reason: p.string().$type<SessionEndReason>().length(16),
    createdAt: p.datetime().columnType('timestamptz(3)'),
  },
});
export type Revocation = InferEntity<typeof Revocation>;
