import type { HistoryQuery, Id, MessagePage, User, UserKind } from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { AppError } from '../errors.ts';
import type { Statement } from '../statements.ts';
import { loadUsers } from '../users/lookup.ts';
import { toWire as userToWire } from '../users/user.entity.ts';
import { MESSAGE_COLUMNS, toWire, type MessageRow } from './message.entity.ts';
import { peopleIn } from './people.ts';

interface Bounds {
  firstSeq: number;
  lastSeq: number;
  roomRev: number;
}

interface Sender {
  userRev: number;
  nickname: string;
  about: string | null;
  avatarUrl: string | null;
  kind: UserKind;
  signedUpMs: number;
}

/** A message and its sender, if that is still there; or an empty page, of which only the bounds are known. */
type Row = Bounds & ((MessageRow & (Sender | { kind: null })) | { id: null });

type PageQuery = HistoryQuery & { limit: number };

/** The largest position that PostgreSQL's `integer` holds. */
const END = 2_147_483_647;

/**
 * Membership, bounds, messages and senders by one statement, and so of one moment. Positions are dense: a page ends at `$4` or at
 * the head, begins at `$6` at the earliest, and holds `$5` messages at most.
 */
const pageWithin = (bounds: string): string => `select b.*, page.*
    from (${bounds}) b
    left join lateral (
      select ${MESSAGE_COLUMNS}, u.rev as "userRev", u.nickname, u.about, u.avatar_url as "avatarUrl", u.kind,
        (extract(epoch from u.created_at) * 1000)::float8 as "signedUpMs"
      from messages m left join users u on u.id = m.sender_id and u.app_id = m.app_id
      where m.room_id = b.room and m.app_id = $3 and m.seq <= least(b."lastSeq", $4::int)
        and m.seq >= greatest(least(b."lastSeq", $4::int) - $5::int + 1, b."firstSeq", $6::int)
    ) page on true
    order by page.seq`;

const PAGE: Statement = {
  name: 'history-page',
  text: pageWithin(`
    select m.room_id as "room", greatest(r.first_seq, m.history_from) as "firstSeq", r.last_seq as "lastSeq", r.last_rev as "roomRev"
    from chat_room_members m join chat_rooms r on r.id = m.room_id
    where m.room_id = $1 and m.user_id = $2 and m.app_id = $3 and m.left_at is null`),
};

/** The same for those who manage: without a user, all that is there. */
const ANY_PAGE: Statement = {
  name: 'any-history-page',
  text: pageWithin(`
    select r.id as "room", r.first_seq as "firstSeq", r.last_seq as "lastSeq", r.last_rev as "roomRev"
    from chat_rooms r where r.id = $1 and r.app_id = $3 and $2::uuid is null`),
};

/**
 * A page of a room's history, ascending by `seq`: the newest, or the one `before`, `after` or `around` a position.
 * @throws AppError `not_found`
 */
export function history(ctx: Context, actor: Actor, roomId: Id, query: PageQuery): Promise<MessagePage> {
  return readPage(ctx, PAGE, actor.userId, roomId, query);
}

/**
 * The same of any room of the app, for those who manage it.
 * @throws AppError `not_found`
 */
export function anyHistory(ctx: Context, roomId: Id, query: PageQuery): Promise<MessagePage> {
  return readPage(ctx, ANY_PAGE, null, roomId, query);
}

async function readPage(
  ctx: Context,
  statement: Statement,
  userId: Id | null,
  roomId: Id,
  query: PageQuery,
): Promise<MessagePage> {
  const first = query.after === undefined ? 1 : Math.min(query.after, END - 1) + 1;
  const rows = await ctx.read<Row>(statement, [roomId, userId, ctx.appId, endOf(query), query.limit, first]);
  const [room] = rows;
  if (!room) throw new AppError('not_found', 'unable to open the room; there is none with this id');
  const items = [];
  const users = new Map<Id, User>();
  for (const row of rows) {
    if (row.id === null) continue;
    items.push(toWire(row));
    if (row.kind === null || users.has(row.senderId)) continue;
    const { senderId: id, userRev: rev, signedUpMs, ...user } = row;
    users.set(id, userToWire({ ...user, id, rev, createdAt: new Date(signedUpMs) }));
  }
  const others = items.flatMap(peopleIn).filter((id) => !users.has(id));
  for (const [id, user] of await loadUsers(ctx, others)) users.set(id, user);
  return { items, users: [...users.values()], firstSeq: room.firstSeq, lastSeq: room.lastSeq, rev: room.roomRev };
}

/** The last position that a page may hold, were the room long enough. */
function endOf({ before, after, around, limit }: PageQuery): number {
  if (before !== undefined) return before - 1;
  if (after !== undefined) return Math.min(after + limit, END);
  if (around !== undefined) return Math.min(Math.max(Math.max(around, 1) + Math.floor(limit / 2), limit), END);
  return END;
}
