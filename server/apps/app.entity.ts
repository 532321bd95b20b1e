import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { AppSettings } from '@co-talk/sdk/protocol';

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
    /** People sign up with an e-mail address and a password. */
    accounts: p.boolean().default(true),
    guests: p.boolean().default(false),
    /** The site's own server says who somebody is. */
    hostUsers: p.boolean().default(false),
    /** Where the site publishes the public keys of the tokens it signs. */
    jwksUrl: p.string().length(2000).nullable().strictNullable(),
    /** What differs from `DEFAULT_SETTINGS`. */
    settings: p.json<Partial<AppSettings>>().defaultRaw("'{}'"),
    /** From then on nobody can use it, and its data goes. */
    removedAt: p.datetime().columnType('timestamptz(3)').nullable().strictNullable(),
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
