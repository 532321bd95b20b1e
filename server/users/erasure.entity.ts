import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { ErasureReport } from '@co-talk/sdk/protocol';

/** The erasure of a user: what has been removed so far. Without `finishedAt` it goes on, on whichever node is next. */
export const Erasure = defineEntity({
  name: 'Erasure',
  tableName: 'erasures',
  indexes: [
    {
      name: 'erasures_unfinished_index',
      expression: 'create index erasures_unfinished_index on erasures (lease_until) where finished_at is null',
    },
  ],
  properties: {
    userId: p.uuid().primary(),
    appId: p.string().length(64),
    messages: p.integer().default(0),
    rooms: p.integer().default(0),
    friends: p.integer().default(0),
    requests: p.integer().default(0),
    blocks: p.integer().default(0),
    sessions: p.integer().default(0),
    avatars: p.integer().default(0),
    reports: p.integer().default(0),
    createdAt: p.datetime().columnType('timestamptz(3)'),
    /** Until then whoever is at it is taken to be alive. */
    leaseUntil: p.datetime().columnType('timestamptz(3)'),
    finishedAt: p.datetime().columnType('timestamptz(3)').nullable().strictNullable(),
  },
});
export type Erasure = InferEntity<typeof Erasure>;

export function toReport(row: Erasure): ErasureReport {
  const { messages, rooms, friends, requests, blocks, sessions, avatars, reports } = row;
  return {
    userId: row.userId,
    startedAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    removed: { messages, rooms, friends, requests, blocks, sessions, avatars, reports },
  };
}
