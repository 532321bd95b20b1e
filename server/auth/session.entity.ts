import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** A signed-in device: one family of rotating refresh tokens. */
export const Session = defineEntity({
  name: 'Session',
  tableName: 'sessions',
  indexes: [
    { properties: ['userId'] },
    {
      name: 'sessions_key_id_index',
      expression: 'create index sessions_key_id_index on sessions (key_id) where key_id is not null',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    appId: p.string().length(64),
    userId: p.uuid(),
    userAgent: p.string().length(200).nullable().strictNullable(),
    /** Of the site's key that vouched for the user: with it, the session ends. */
    keyId: p.string().length(32).nullable().strictNullable(),
    /** Where it began, as a keyed hash: see `known-address.ts`. */
    addressHash: p.string().length(43).nullable().strictNullable(),
    createdAt: p.datetime().columnType('timestamptz(3)'),
    lastUsedAt: p.datetime().columnType('timestamptz(3)'),
    expiresAt: p.datetime().columnType('timestamptz(3)'),
    endedAt: p.datetime().columnType('timestamptz(3)').nullable().strictNullable(),
  },
});
export type Session = InferEntity<typeof Session>;

/** A refresh token, kept as its SHA-256. */
export const RefreshToken = defineEntity({
  name: 'RefreshToken',
  tableName: 'refresh_tokens',
  indexes: [{ properties: ['sessionId', 'generation'] }],
  properties: {
    hash: p.string().length(64).primary(),
    appId: p.string().length(64),
    sessionId: p.uuid(),
    /** One more than that of the token it replaces. Two tabs that refresh at once get two tokens of one generation. */
    generation: p.integer(),
    /** When it was first used. */
    usedAt: p.datetime().columnType('timestamptz(3)').nullable().strictNullable(),
    expiresAt: p.datetime().columnType('timestamptz(3)'),
  },
});
export type RefreshToken = InferEntity<typeof RefreshToken>;
