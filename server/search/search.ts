import { z } from 'zod';
import type { FoundMessage, FoundMessages, Id, Message, MessageSearch } from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { MESSAGE_COLUMNS, toWire, type MessageRow } from '../messages/message.entity.ts';
import { requireMember } from '../rooms/members.ts';
import { roomsFor } from '../rooms/rooms.ts';
import type { Statement } from '../statements.ts';
import { loadUsers } from '../users/lookup.ts';
import { counter, id } from '../validate.ts';
import { candidates, partsOf, type Position } from './candidates.ts';
import { isIn, matchesIn, readQuery, type Query } from './query.ts';

/** Candidates at once, and how often: where what is looked for is not in them, the page ends early, and the next one goes on. */
const CANDIDATES_MAX = 1_000;
const ROUNDS = 4;

const position = z.tuple([
  z
    .number()
    .min(0)
    .max(Date.UTC(9999, 11, 31)),
  id,
  counter,
]);

/** The neighbours of what was found that one may read, as they are now. */
const NEIGHBOURS: Statement = {
  name: 'search-neighbours',
  text: `select ${MESSAGE_COLUMNS} from unnest($1::uuid[], $2::int[]) u(room_id, seq)
    join chat_room_members me on me.room_id = u.room_id and me.user_id = $3 and me.app_id = $4 and me.left_at is null
    join chat_rooms r on r.id = me.room_id
    join messages m on m.room_id = u.room_id and m.seq = u.seq and m.app_id = $4 and m.deleted_at is null
      and m.seq >= greatest(me.history_from, r.first_seq)`,
};

/**
 * Messages that somebody may read and that have all words in them, the newest first: in all their rooms, or in one. The index follows
 * what is stored by a moment; what it proposes is compared with the messages, memberships and bounds as they are now.
 *
 * @throws AppError `not_found`, `invalid_request`
 */
export async function searchMessages(
  ctx: Context,
  actor: Actor,
  { q, roomId, cursor, limit }: MessageSearch & { limit: number },
): Promise<FoundMessages> {
  const query = readQuery(q);
  const after = cursor === undefined ? undefined : decodeCursor(position, cursor);
  if (roomId !== undefined) await requireMember(ctx, actor, roomId);
  const { rows, end } = await find(ctx, actor.userId, query, roomId, after, limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const more = rows.length > limit && last ? last.at : end;
  const items = await withContext(
    ctx,
    actor.userId,
    query,
    page.map(({ row }) => row),
  );
  const [users, rooms] = await Promise.all([
    loadUsers(ctx, items.flatMap(peopleIn)),
    roomsFor(ctx, actor.userId, [...new Set(items.map(({ message }) => message.roomId))]),
  ]);
  return { items, users: [...users.values()], rooms, next: more ? encodeCursor(more) : null };
}

interface Hit {
  at: Position;
  row: MessageRow;
}

/** @returns `end`: where it gave up for this time; `null` where it has seen everything, or has found enough */
async function find(
  ctx: Context,
  userId: Id,
  query: Query,
  roomId: Id | undefined,
  after: Position | undefined,
  wanted: number,
): Promise<{ rows: Hit[]; end: Position | null }> {
  const rows: Hit[] = [];
  const parts = await partsOf(ctx, userId, roomId);
  let from = after;
  for (let round = 0, count = wanted; round < ROUNDS; round += 1, count = CANDIDATES_MAX) {
    const found = await candidates(ctx, userId, { parts, grams: query.grams }, from, count);
    for (const { at, ...row } of found) {
      if (row.id !== null && isIn(query, row.text)) rows.push({ at, row });
      if (rows.length === wanted) return { rows, end: null };
    }
    from = found.at(-1)?.at;
    if (found.length < count || !from) return { rows, end: null };
  }
  return { rows, end: from ?? null };
}

async function withContext(ctx: Context, userId: Id, query: Query, rows: MessageRow[]): Promise<FoundMessage[]> {
  const wanted = new Map<string, [Id, number]>();
  for (const { roomId, seq } of rows) {
    for (const beside of [seq - 1, seq + 1]) wanted.set(key(roomId, beside), [roomId, beside]);
  }
  const places = [...wanted.values()];
  const found = await ctx.read<MessageRow>(NEIGHBOURS, [
    ...[places.map(([roomId]) => roomId), places.map(([, seq]) => seq)],
    ...[userId, ctx.appId],
  ]);
  const neighbours = new Map(found.map((row) => [key(row.roomId, row.seq), toWire(row)]));
  return rows.map((row) => ({
    message: toWire(row),
    matches: matchesIn(query, row.text).map(([from, to]) => ({ from, to })),
    context: {
      before: neighbours.get(key(row.roomId, row.seq - 1)) ?? null,
      after: neighbours.get(key(row.roomId, row.seq + 1)) ?? null,
    },
  }));
}

const key = (roomId: Id, seq: number): string => `${roomId}:${String(seq)}`;

function peopleIn({ message, context }: FoundMessage): Id[] {
  return [message, context.before, context.after].flatMap((one: Message | null) =>
    one
      ? [
          one.senderId,
          ...one.mentions,
          ...(one.replyTo ? [one.replyTo.senderId] : []),
          ...(one.system ? [one.system.byId, ...(one.system.userId ? [one.system.userId] : [])] : []),
        ]
      : [],
  );
}
