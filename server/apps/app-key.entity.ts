import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { AppKeyKind } from '@co-talk/sdk/protocol';

/** A key of an app: its hash (`secret`), itself under seal (`signing`), or its public half (`public`). */
export const AppKey = defineEntity({
  name: 'AppKey',
  tableName: 'app_keys',
  indexes: [{ properties: ['appId'] }],
  uniques: [
    {
      name: 'app_keys_hash_unique',
      expression: 'create unique index app_keys_hash_unique on app_keys (hash) where hash is not null',
    },
  ],
  properties: {
    id: p.string().length(32).primary(),
    appId: p.string().length(64),
    kind: p.string().$type<AppKeyKind>().length(16),
    name: p.string().length(100),
    hash: p.string().length(64).nullable().strictNullable(),
    sealed: p.text().nullable().strictNullable(),
    publicKey: p.text().nullable().strictNullable(),
    createdAt: p.datetime().columnType('timestamptz(3)'),
    lastUsedAt: p.datetime().columnType('timestamptz(3)').nullable().strictNullable(),
    /** Replaced: the end of the time in which both hold. */
    expiresAt: p.datetime().columnType('timestamptz(3)').nullable().strictNullable(),
    revokedAt: p.datetime().columnType('timestamptz(3)').nullable().strictNullable(),
  },
});
export type AppKey = InferEntity<typeof AppKey>;
