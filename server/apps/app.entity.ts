import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** A site that uses this server. Everything else belongs to one. */
export const App = defineEntity({
  name: 'App',
  tableName: 'apps',
  properties: {
    id: p.string().length(64).primary(),
    name: p.string().length(100),
    /** Exact origins, and the form `https://*.example.com`. */
    origins: p.array().columnType('text[]'),
    /** Any loopback origin is allowed too, outside production. */
    loopback: p.boolean().default(false),
    /** Clients that send no `Origin` (native apps, servers) are allowed. */
    noOrigin: p.boolean().default(false),
    createdAt: p.datetime().columnType('timestamptz(3)').defaultRaw('now()'),
  },
});
export type App = InferEntity<typeof App>;

/** What identifies this set of data: a restored backup gets another `epoch`, so that clients reset. One row. */
export const Installation = defineEntity({
  name: 'Installation',
  tableName: 'installation',
  properties: {
    id: p.integer().primary().autoincrement(false),
    epoch: p.uuid(),
  },
});
