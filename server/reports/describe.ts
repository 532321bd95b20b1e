import type { Id, Message, ReportedMessage } from '@co-talk/sdk/protocol';
import type { Context } from '../context.ts';
import { MESSAGE_COLUMNS, toWire as messageToWire, type MessageRow } from '../messages/message.entity.ts';
import { roomsById } from '../site/site-rooms.ts';
import { usersById } from '../site/site-users.ts';
import { REPORT_COLUMNS, toWire, type ReportRow } from './report.entity.ts';

/** A message with reports that are open, or were resolved at one moment. `id`: of the first of them. */
export interface Case {
  id: Id;
  roomId: Id;
  messageId: Id;
  seq: number;
  authorId: Id;
  resolvedMs: number | null;
}

/** Reports that are told of each message. */
const REPORTS_MAX = 20;

const CASES = 'jsonb_to_recordset(?::jsonb) c(id uuid, "roomId" uuid, "messageId" uuid, seq int, "resolvedMs" float8)';

/** Cases with everything that is needed to decide them, as it is now, in their order. */
export async function describe(ctx: Context, cases: Case[]): Promise<ReportedMessage[]> {
  if (cases.length === 0) return [];
  const [reports, messages, rooms] = [
    await reportsOf(ctx, cases),
    await messagesOf(ctx, cases),
    await roomsById(
      ctx,
      cases.map(({ roomId }) => roomId),
    ),
  ];
  const involved = [
    ...cases.map(({ authorId }) => authorId),
    ...[...reports.values()].flat().map(({ reporterId }) => reporterId),
  ];
  const users = await usersById(ctx, involved);
  return cases.map(({ id, roomId, messageId, authorId }) => {
    const own = reports.get(id) ?? [];
    const ids = new Set([authorId, ...own.map(({ reporterId }) => reporterId)]);
    return {
      id,
      room: rooms.get(roomId) ?? null,
      message: messages.get(messageId) ?? null,
      users: [...ids].flatMap((userId) => users.get(userId) ?? []),
      count: own[0]?.count ?? 0,
      reports: own.map(toWire),
    };
  });
}

/** The newest reports of each case, with how many there are, by the id of the case. */
async function reportsOf(ctx: Context, cases: Case[]): Promise<Map<Id, (ReportRow & { count: number })[]>> {
  const rows = await ctx.em.execute<(ReportRow & { caseId: Id; count: number })[]>(
    `select c.id as "caseId", own.* from ${CASES}
     cross join lateral (
       select ${REPORT_COLUMNS}, count(*) over ()::int as count from reports r
       where r.room_id = c."roomId" and r.message_id = c."messageId" and r.app_id = ?
         and r.resolved_at is not distinct from to_timestamp(c."resolvedMs" / 1000)
       order by r.id desc limit ${String(REPORTS_MAX)}
     ) own`,
    [JSON.stringify(cases), ctx.appId],
  );
  const byCase = new Map<Id, (ReportRow & { count: number })[]>();
  for (const { caseId, ...row } of rows) byCase.set(caseId, [...(byCase.get(caseId) ?? []), row]);
  return byCase;
}

async function messagesOf(ctx: Context, cases: Case[]): Promise<Map<Id, Message>> {
  const rows = await ctx.em.execute<MessageRow[]>(
    `select ${MESSAGE_COLUMNS} from ${CASES} join messages m on m.room_id = c."roomId" and m.seq = c.seq and m.id = c."messageId"
     where m.app_id = ?`,
    [JSON.stringify(cases), ctx.appId],
  );
  return new Map(rows.map((row) => [row.id, messageToWire(row)]));
}
