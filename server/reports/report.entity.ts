import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Report as WireReport, ReportResolution } from '@co-talk/sdk/protocol';
import type { By } from '../audit/audit.ts';

/**
 * Somebody has found a message wrong. What it says is not kept here: it is read where it is, so that nothing of it is left when it is
 * gone there.
 */
export const Report = defineEntity({
  name: 'Report',
  tableName: 'reports',
  indexes: [
    { properties: ['roomId', 'messageId'] },
    { properties: ['authorId'] },
    { properties: ['reporterId'] },
    {
      name: 'reports_open_index',
      expression: 'create index reports_open_index on reports (app_id, id) where resolved_at is null',
    },
    {
      name: 'reports_resolved_index',
      expression:
        'create index reports_resolved_index on reports (app_id, resolved_at, id) where resolved_at is not null',
    },
  ],
  uniques: [
    {
      name: 'reports_open_unique',
      expression:
        'create unique index reports_open_unique on reports (room_id, message_id, reporter_id) where resolved_at is null',
    },
  ],
  properties: {
    /** Sorts by time. */
    id: p.uuid().primary(),
    appId: p.string().length(64),
    roomId: p.uuid(),
    messageId: p.uuid(),
    seq: p.integer(),
    authorId: p.uuid(),
    reporterId: p.uuid(),
    reason: p.text(),
    createdAt: p.datetime().columnType('timestamptz(3)'),
    /** Reports of one message that were resolved together have the same. */
    resolvedAt: p.datetime().columnType('timestamptz(3)').nullable().strictNullable(),
    resolvedByKind: p.string().$type<By['kind']>().length(16).nullable().strictNullable(),
    resolvedById: p.string().length(64).nullable().strictNullable(),
    resolution: p.string().$type<ReportResolution>().length(16).nullable().strictNullable(),
  },
});
export type Report = InferEntity<typeof Report>;

/** A report as the queries of this folder return it: times in milliseconds since 1970. */
export interface ReportRow {
  id: string;
  roomId: string;
  messageId: string;
  seq: number;
  authorId: string;
  reporterId: string;
  reason: string;
  createdMs: number;
  resolvedMs: number | null;
  resolvedByKind: By['kind'] | null;
  resolvedById: string | null;
  resolution: ReportResolution | null;
}

/** The select list that fills a {@link ReportRow}, for the alias `r`. */
export const REPORT_COLUMNS = `r.id, r.room_id as "roomId", r.message_id as "messageId", r.seq, r.author_id as "authorId",
  r.reporter_id as "reporterId", r.reason, (extract(epoch from r.created_at) * 1000)::float8 as "createdMs",
  (extract(epoch from r.resolved_at) * 1000)::float8 as "resolvedMs", r.resolved_by_kind as "resolvedByKind",
  r.resolved_by_id as "resolvedById", r.resolution`;

/** A report as those see it who moderate. */
export function toWire(row: ReportRow): WireReport {
  return {
    id: row.id,
    roomId: row.roomId,
    messageId: row.messageId,
    seq: row.seq,
    authorId: row.authorId,
    reporterId: row.reporterId,
    reason: row.reason,
    createdAt: new Date(row.createdMs).toISOString(),
    resolvedAt: row.resolvedMs === null ? null : new Date(row.resolvedMs).toISOString(),
    resolvedBy: row.resolvedByKind === null ? null : { kind: row.resolvedByKind, id: row.resolvedById ?? '' },
    resolution: row.resolution,
  };
}
