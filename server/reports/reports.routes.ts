import { z } from 'zod';
import {
  countGraphemes,
  LIMITS,
  type ReportMessage,
  type ReportQuery,
  type ResolveReport,
} from '@co-talk/sdk/protocol';
import type { Routes } from '../http.ts';
import { docs } from '../openapi/docs.ts';
import { reportedMessage } from '../openapi/report-schemas.ts';
import { page } from '../openapi/wire.ts';
import { cleanText, queryCursor, queryLimit, validator } from '../validate.ts';
import { listReports, resolveReport } from './queue.ts';
import { reportMessage } from './reports.ts';

/** Bytes of a reason: a few graphemes can have any number of them. */
const REASON_BYTES = 4_096;

const reason = cleanText(REASON_BYTES)
  .trim()
  .min(1, 'must say why')
  .refine((text) => Buffer.byteLength(text) <= REASON_BYTES, `must have at most ${String(REASON_BYTES)} bytes`)
  .refine(
    (text) => countGraphemes(text) <= LIMITS.reportReason,
    `must have at most ${String(LIMITS.reportReason)} characters`,
  );
const reportBody: z.ZodType<ReportMessage> = z.strictObject({ reason });
const resolveBody: z.ZodType<ResolveReport> = z.strictObject({ resolution: z.enum(['dismissed', 'removed']) });
const listQuery = validator<ReportQuery & { state: 'open' | 'resolved'; limit: number }>(
  z.strictObject({
    state: z.enum(['open', 'resolved']).default('open'),
    cursor: queryCursor.unwrap().exactOptional(),
    limit: queryLimit,
  }),
);

export function reportRoutes(routes: Routes): void {
  routes.on(
    'post',
    '/rooms/:id/messages/:messageId/report',
    { body: validator(reportBody) },
    (ctx, actor, { params, body }) =>
      reportMessage(ctx, actor, { roomId: params.id, messageId: params.messageId }, body),
  );
  routes.admin('get', '/admin/apps/:appId/reports', { query: listQuery }, (ctx, by, { query }) =>
    listReports(ctx, by, query),
  );
  routes.admin(
    'post',
    '/admin/apps/:appId/reports/:reportId/resolve',
    { body: validator(resolveBody) },
    (ctx, by, { params, body }) => resolveReport(ctx, by, params.reportId, body),
  );
}

export const reportDocs = docs('Reports', 'Messages that somebody has found wrong.', {
  'POST /rooms/:id/messages/:messageId/report': {
    summary: 'Report a message',
    notes:
      'To those who moderate the app; nobody in the room hears of it. Once per person: the same again changes the reason. `forbidden` for one’s own messages and those of nobody, `conflict` for deleted ones. What was decided stays so, unless the message has been edited since.',
    answers: { 204: null },
    errors: ['forbidden', 'conflict'],
    body: { name: 'ReportMessage', example: { reason: 'Spam' } },
  },
});

export const reportQueueDocs = docs('Moderation', 'What people have reported, and what becomes of it.', {
  'GET /admin/apps/:appId/reports': {
    summary: 'List reported messages',
    notes:
      'Each with all its reports. `open`: what has waited longest first; `resolved`: what was decided last first. The messages are as they are now. That somebody has looked is written to the audit log. What was said around a message: `GET …/rooms/:roomId/messages?around=seq`.',
    answers: { 200: page(reportedMessage) },
  },
  'POST /admin/apps/:appId/reports/:reportId/resolve': {
    summary: 'Resolve a report',
    notes:
      'With it, all open reports of the same message: `dismissed` leaves the message, `removed` takes its content away for everybody. `conflict` where somebody was first.',
    answers: { 200: reportedMessage },
    errors: ['conflict'],
    body: { name: 'ResolveReport', example: { resolution: 'removed' } },
  },
});
