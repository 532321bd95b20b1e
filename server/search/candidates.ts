import type { Id } from '@co-talk/sdk/protocol';
import type { Context } from '../context.ts';
import { MESSAGE_COLUMNS, type MessageRow } from '../messages/message.entity.ts';
import type { Statement } from '../statements.ts';
import { toArray } from '../users/lookup.ts';
import { SEGMENT_BITS, termsOf } from './grams.ts';

/** Where a search is: newer messages have been looked at. Time in milliseconds since 1970. */
export type Position = [ms: number, roomId: Id, seq: number];

/** A part of a room that one looks in. */
export interface Part {
  roomId: Id;
  segment: number;
  /** No message in it is newer, in milliseconds since 1970. */
  newestMs: number;
}

/** What the index found: with the message, if one may read it and it still is there. */
type Candidate = { at: Position } & (MessageRow | { id: null });

type Row = { atMs: number; atRoomId: Id; atSeq: number } & (MessageRow | { id: null });

/** Parts that are looked in by one statement: few at first, since what is common is found among the newest. */
const FIRST_PARTS = 16;
const MORE_PARTS = 4;

/** A part is as new as the message behind it. A subquery: the plan is to look each up, however few rooms there were when it was made. */
export const PARTS: Statement = {
  name: 'search-parts',
  text: `select me.room_id as "roomId", g.segment, (extract(epoch from coalesce(
        (select n.created_at from messages n where n.room_id = r.id and n.seq = (g.segment + 1) << ${String(SEGMENT_BITS)}),
        r.last_activity_at
      )) * 1000)::float8 as "newestMs"
    from chat_room_members me join chat_rooms r on r.id = me.room_id
    cross join lateral generate_series(
      greatest(r.first_seq, me.history_from) >> ${String(SEGMENT_BITS)}, r.last_seq >> ${String(SEGMENT_BITS)}
    ) g(segment)
    where me.user_id = $1 and me.app_id = $2 and me.left_at is null and ($3::uuid is null or me.room_id = $3)
      and r.last_seq >= greatest(r.first_seq, me.history_from)
    order by "newestMs" desc`,
};

/**
 * The newest candidates of some parts. Membership, bounds and deletion are looked up here, live: the index only proposes. That the room
 * "is true" keeps its key out of the plan, by which all messages of the room would be read.
 */
export const CANDIDATES: Statement = {
  name: 'search-candidates',
  text: `select (extract(epoch from c.created_at) * 1000)::float8 as "atMs", c.room_id as "atRoomId", c.seq as "atSeq", ${MESSAGE_COLUMNS}
    from (
      select t.* from unnest($1::uuid[], $2::text[]) u(room_id, terms)
      cross join lateral (
        select t.room_id, t.seq, t.created_at from message_terms t
        where t.terms @> u.terms::int[] and (t.room_id = u.room_id) is true and t.app_id = $3
          and ($5::float8 is null or (t.created_at, t.room_id, t.seq) < (to_timestamp($5 / 1000), $6::uuid, $7::int))
        order by t.created_at desc, t.seq desc limit $4
      ) t
      order by t.created_at desc, t.room_id desc, t.seq desc limit $4
    ) c
    left join messages m on m.room_id = c.room_id and m.seq = c.seq and m.app_id = $3 and m.deleted_at is null and exists (
      select from chat_room_members me join chat_rooms r on r.id = me.room_id
      where me.room_id = c.room_id and me.user_id = $8 and me.app_id = $3 and me.left_at is null
        and c.seq >= greatest(me.history_from, r.first_seq)
    )
    order by c.created_at desc, c.room_id desc, c.seq desc`,
};

/** The parts of one's rooms, or of one of them, the newest first. */
export function partsOf(ctx: Context, userId: Id, roomId: Id | undefined): Promise<Part[]> {
  return ctx.read<Part>(PARTS, [userId, ctx.appId, roomId ?? null]);
}

/** The `count` newest candidates of all parts, from a position on: fewer only where there are no more. */
export async function candidates(
  ctx: Context,
  userId: Id,
  { parts, grams }: { parts: Part[]; grams: string[] },
  after: Position | undefined,
  count: number,
): Promise<Candidate[]> {
  let found: Candidate[] = [];
  for (let from = 0, size = FIRST_PARTS; from < parts.length; from += size, size *= MORE_PARTS) {
    const some = parts.slice(from, from + size);
    const rows = await ctx.read<Row>(CANDIDATES, [
      toArray(some.map(({ roomId }) => roomId)),
      toArray(some.map(({ roomId, segment }) => `"${termsOf(roomId, segment, grams)}"`)),
      ctx.appId,
      count,
      ...(after ?? [null, null, null]),
      userId,
    ]);
    const more = rows.map(({ atMs, atRoomId, atSeq, ...row }): Candidate => ({ ...row, at: [atMs, atRoomId, atSeq] }));
    found = [...found, ...more].sort((a, b) => compare(b.at, a.at)).slice(0, count);
    const [last, next] = [found[count - 1], parts[from + size]];
    if (last && next && last.at[0] > next.newestMs) break;
  }
  return found;
}

function compare(a: Position, b: Position): number {
  return a[0] - b[0] || (a[1] === b[1] ? a[2] - b[2] : a[1] < b[1] ? -1 : 1);
}
