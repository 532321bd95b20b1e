import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** A signed-in device: one family of rotating refresh tokens, kept as SHA-256 hashes. */
export const Session = defineEntity({
  name: 'Session',
  tableName: 'sessions',
  indexes: [{ properties: ['userId'] }],
  properties: {
    id: p.uuid().primary(),
    appId: p.string().length(64),
    userId: p.uuid(),
    /** Of the token handed out last. */
    refreshHash: p.string().length(64).unique(),
    /** Of the one before: good until its successor is first used and a minute after, for an answer lost on the way. */
    previousHash: p.string().length(64).nullable().strictNullable().unique(),
    /** `null` until the current token has been used. */
    previousUntil: p.datetime().columnType('timestamptz(3)').nullable().strictNullable(),
    userAgent: p.string().length(200).nullable().strictNullable(),
    createdAt: p.datetime().columnType('timestamptz(3)'),
    lastUsedAt: p.datetime().columnType('timestamptz(3)'),
    expiresAt: p.datetime().columnType('timestamptz(3)'),
    endedAt: p.datetime().columnType('timestamptz(3)').nullable().strictNullable(),
  },
});
export type Session = InferEntity<typeof Session>;

/** Hashes of refresh tokens that were replaced: using one again ends its family. */
export const UsedToken = defineEntity({
  name: 'UsedToken',
  tableName: 'used_tokens',
  indexes: [{ properties: ['sessionId'] }],
  properties: {
    hash: p.string().length(64).primary(),
    appId: p.string().length(64),
    sessionId: p.uuid(),
    expiresAt: p.datetime().columnType('timestamptz(3)'),
  },
});
export type UsedToken = InferEntity<typeof UsedToken>;
