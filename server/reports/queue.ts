import { z } from 'zod';
import type { Id, Page, Report, ReportedMessage, ResolveReport } from '@co-talk/sdk/protocol';
import { audit, type By } from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { cutPage, decodeCursor, timePosition, type PageQuery } from '../cursor.ts';
import { AppError } from '../errors.ts';
import { findMessage } from '../messages/find.ts';
import { removeWithin } from '../messages/remove.ts';
import { id } from '../validate.ts';
import { describe, type Case } from './describe.ts';
import { Report as ReportEntity, REPORT_COLUMNS, toWire, type ReportRow } from './report.entity.ts';

const openPosition = z.tuple([id]);

/**
 * What was reported, message by message: what waits longest first; or what was decided, the last first. That somebody has looked is
 * written down.
 */
export async function listReports(
  ctx: Context,
  by: By,
  { state, cursor, limit }: PageQuery & { state: 'open' | 'resolved' },
): Promise<Page<ReportedMessage>> {
  const rows = await (state === 'open' ? openCases(ctx, cursor, limit) : resolvedCases(ctx, cursor, limit));
  const page = cutPage(rows, limit, (row) => (state === 'open' ? [row.id] : [row.resolvedMs, row.id]));
  const items = await describe(ctx, page.rows);
  if (items.length > 0) {
    await audit(ctx.em, { appId: ctx.appId, by, action: 'report.read', details: { state, messages: items.length } });
  }
  return { items, next: page.next };
}

const CASE = `select r.id, r.room_id as "roomId", r.message_id as "messageId", r.seq, r.author_id as "authorId",
  (extract(epoch from r.resolved_at) * 1000)::float8 as "resolvedMs" from reports r`;
const EARLIER = 'select from reports e where e.room_id = r.room_id and e.message_id = r.message_id and e.id < r.id';

function openCases(ctx: Context, cursor: string | undefined, limit: number): Promise<Case[]> {
  const after = cursor === undefined ? [] : decodeCursor(openPosition, cursor);
  return ctx.em.execute<Case[]>(
    `${CASE} where r.app_id = ? and r.resolved_at is null and not exists (${EARLIER} and e.resolved_at is null)
     ${after.length > 0 ? 'and r.id > ?' : ''} order by r.id limit ?`,
    [ctx.appId, ...after, limit + 1],
  );
}

function resolvedCases(ctx: Context, cursor: string | undefined, limit: number): Promise<Case[]> {
  const after = cursor === undefined ? [] : decodeCursor(timePosition, cursor);
  return ctx.em.execute<Case[]>(
    `${CASE} where r.app_id = ? and r.resolved_at is not null and not exists (${EARLIER} and e.resolved_at = r.resolved_at)
     ${after.length > 0 ? 'and (r.resolved_at, r.id) < (to_timestamp(?::float8 / 1000), ?::uuid)' : ''}
     order by r.resolved_at desc, r.id desc limit ?`,
    [ctx.appId, ...after, limit + 1],
  );
}

/**
 * Decides all open reports of the message that a report is about: leaves it, or removes it.
 * @throws AppError `not_found`, `conflict` (decided already)
 */
export async function resolveReport(
  ctx: Context,
  by: By,
  reportId: Id,
  { resolution }: ResolveReport,
): Promise<ReportedMessage> {
  const report = await ctx.em.findOne(ReportEntity, { id: reportId }, { disableIdentityMap: true });
  if (!report) throw new AppError('not_found', 'unable to find the report; there is none with this id');
  const { roomId, messageId } = report;
  const resolved = await ctx.em.transactional(async (em) => {
    const remove = resolution === 'removed';
    // In the order in which removing takes them; and no report comes in while the message is locked.
    if (remove) {
      await em.execute('select from chat_rooms where id = ? and app_id = ? for no key update', [roomId, ctx.appId]);
    }
    const message = await findMessage(em, ctx.appId, roomId, messageId, 'no key update');
    const rows = await em.execute<ReportRow[]>(
      `update reports r set resolved_at = now(), resolved_by_kind = ?, resolved_by_id = ?, resolution = ?
       where r.room_id = ? and r.message_id = ? and r.app_id = ? and r.resolved_at is null returning ${REPORT_COLUMNS}`,
      [by.kind, by.id, resolution, roomId, messageId, ctx.appId],
    );
    const reports = rows.map(toWire).sort((a, b) => (a.id < b.id ? -1 : 1));
    if (!reports.some((one) => one.id === reportId)) {
      throw new AppError('conflict', 'unable to resolve the report; it is resolved already');
    }
    if (remove && message) await removeWithin(ctx, em, by, roomId, messageId);
    const details = { resolution, reports: reports.length };
    await audit(em, {
      ...{ appId: ctx.appId, by, action: 'report.resolve' },
      ...{ target: { kind: 'message', id: messageId }, details },
    });
    return reports;
  });
  return caseOf(ctx, resolved);
}

async function caseOf(ctx: Context, [first]: Report[]): Promise<ReportedMessage> {
  if (!first) throw new Error('nothing was resolved');
  const { id: firstId, roomId, messageId, seq, authorId, resolvedAt } = first;
  const resolvedMs = resolvedAt === null ? null : Date.parse(resolvedAt);
  const [item] = await describe(ctx, [{ id: firstId, roomId, messageId, seq, authorId, resolvedMs }]);
  if (!item) throw new Error('a report vanished while it was resolved');
  return item;
}
