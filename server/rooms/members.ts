import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import {
  UNREAD_MAX,
  type Id,
  type Member,
  type MemberPage,
  type Page,
  type Role,
  type RoomMe,
  type User,
} from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { cutPage, decodeCursor, TIME_MAX, type PageQuery } from '../cursor.ts';
import { AppError } from '../errors.ts';
import type { Statement } from '../statements.ts';
import { bumpRev, loadUsers, toArray } from '../users/lookup.ts';
import { escapeLike } from '../users/search.ts';
import { id } from '../validate.ts';

/** A member as decisions need them, with the room's bounds. */
export interface Membership {
  role: Role;
  readSeq: number;
  historyFrom: number;
  firstSeq: number;
  lastSeq: number;
  lastRev: number;
}

const MEMBERSHIP: Statement = {
  name: 'membership',
  text: `select m.role, m.read_seq as "readSeq", m.history_from as "historyFrom", r.first_seq as "firstSeq",
      r.last_seq as "lastSeq", r.last_rev as "lastRev"
    from chat_room_members m join chat_rooms r on r.id = m.room_id
    where m.room_id = $1 and m.user_id = $2 and m.app_id = $3 and m.left_at is null`,
};

/** Someone's present membership, or `null`: not a member, a former one, an unknown room, another app's. */
export async function memberOf(ctx: Context, roomId: Id, userId: Id): Promise<Membership | null> {
  const [row] = await ctx.read<Membership>(MEMBERSHIP, [roomId, userId, ctx.appId]);
  return row ?? null;
}

const noRoom = () => new AppError('not_found', 'unable to open the room; there is none with this id');

/** @throws AppError `not_found` */
export async function requireMember(ctx: Context, actor: Actor, roomId: Id): Promise<Membership> {
  const member = await memberOf(ctx, roomId, actor.userId);
  if (!member) throw noRoom();
  return member;
}

interface MemberRow {
  roomId: Id;
  userId: Id;
  role: Role;
  joinedMs: number;
  readSeq: number;
  deliveredSeq: number;
}

const MEMBER_COLUMNS = `m.room_id as "roomId", m.user_id as "userId", m.role, (extract(epoch from m.joined_at) * 1000)::float8 as "joinedMs",
  m.read_seq as "readSeq", m.delivered_seq as "deliveredSeq"`;

/** Owner, then admins, then the others. */
const RANK = `case m.role when 'owner' then 0 when 'admin' then 1 else 2 end`;

const position = z.tuple([z.int().min(0).max(2), z.int().min(0).max(TIME_MAX), id]);

/** A page of the members of a room: the owner, admins, then the others, each in order of joining; of those whose name has `q` in it. */
export async function members(
  ctx: Context,
  actor: Actor,
  roomId: Id,
  query: PageQuery & { q?: string | undefined },
): Promise<MemberPage> {
  const { lastRev: rev } = await requireMember(ctx, actor, roomId);
  return { ...(await listMembers(ctx, roomId, query)), rev };
}

/** The same, whoever asks. */
export async function listMembers(
  ctx: Context,
  roomId: Id,
  { q, cursor, limit }: PageQuery & { q?: string | undefined },
): Promise<Page<Member>> {
  const after = cursor === undefined ? [] : decodeCursor(position, cursor);
  const name = q === undefined ? [] : [`%${escapeLike(q.normalize('NFC'))}%`];
  const rows = await ctx.em.execute<(MemberRow & { rank: number })[]>(
    `select ${MEMBER_COLUMNS}, ${RANK} as rank from chat_room_members m
     where m.room_id = ? and m.app_id = ? and m.left_at is null
     ${name.length > 0 ? 'and exists (select from users u where u.id = m.user_id and lower(u.nickname) like lower(?))' : ''}
     ${after.length > 0 ? `and (${RANK}, m.joined_at, m.user_id) > (?::int, to_timestamp(?::float8 / 1000), ?::uuid)` : ''}
     order by rank, m.joined_at, m.user_id limit ?`,
    [roomId, ctx.appId, ...name, ...after, limit + 1],
  );
  const page = cutPage(rows, limit, (row) => [row.rank, row.joinedMs, row.userId]);
  return { items: await toMembers(ctx, page.rows), next: page.next };
}

/** Some of the members. Who is not in the room is left out. */
export async function readMembers(ctx: Context, roomId: Id, userIds: Id[]): Promise<Member[]> {
  const rows = await ctx.em.execute<MemberRow[]>(
    `select ${MEMBER_COLUMNS} from chat_room_members m
     where m.room_id = ? and m.app_id = ? and m.left_at is null and m.user_id = any(?::uuid[])`,
    [roomId, ctx.appId, toArray(userIds)],
  );
  return toMembers(ctx, rows);
}

async function toMembers(ctx: Context, rows: MemberRow[]): Promise<Member[]> {
  const users = await loadUsers(
    ctx,
    rows.map((row) => row.userId),
  );
  return rows.flatMap((row) => toWire(row, users) ?? []);
}

function toWire({ userId, role, joinedMs, readSeq, deliveredSeq }: MemberRow, users: Map<Id, User>): Member | null {
  const user = users.get(userId);
  return user ? { user, role, joinedAt: new Date(joinedMs).toISOString(), readSeq, deliveredSeq } : null;
}

const MEMBER_CHANGES: Statement = {
  name: 'member-changes',
  text: `select ${MEMBER_COLUMNS}, m.rev, m.left_at is not null as left
    from jsonb_to_recordset($1::jsonb) c(id uuid, place int, rev int, reset boolean)
    join chat_room_members m on m.room_id = c.id and m.rev > c.rev and (not c.reset or m.left_at is null)
    where m.app_id = $2 order by c.place, m.rev limit $3`,
};

/**
 * The first `limit` changed members of rooms, by `place` and `rev`: those who left come with `member: null`, or not at all where
 * the client forgets what it has (`reset`).
 */
export async function memberChanges(
  ctx: Context,
  cursors: { id: Id; place: number; rev: number; reset: boolean }[],
  limit: number,
): Promise<{ roomId: Id; rev: number; userId: Id; member: Member | null }[]> {
  if (cursors.length === 0) return [];
  const rows = await ctx.read<MemberRow & { rev: number; left: boolean }>(MEMBER_CHANGES, [
    JSON.stringify(cursors),
    ctx.appId,
    limit,
  ]);
  const users = await loadUsers(
    ctx,
    rows.map((row) => row.userId),
  );
  return rows.map((row) => ({
    roomId: row.roomId,
    rev: row.rev,
    userId: row.userId,
    member: row.left ? null : toWire(row, users),
  }));
}

/** The select list of a {@link RoomMe} for the aliases `m` (member) and `r` (room); unread is counted by the index, to its maximum. */
export const ROOM_ME_COLUMNS = `m.role, m.read_seq as "readSeq", m.muted, m.pinned,
  case when m.hidden then m.hidden_seq >= (select h.last_seq from chat_rooms h where h.id = m.room_id) else false end as hidden,
  m.hidden_seq as "hiddenSeq", m.history_from as "historyFrom",
  (select count(*)::int from (
     select from messages x
     where x.room_id = m.room_id and x.seq > greatest(m.read_seq, m.history_from - 1) and x.sender_id <> m.user_id and x.type <> 'system' and x.deleted_at is null
     limit ${String(UNREAD_MAX)}
  ) u) as unread`;

/** A member's own part in a room, as it is now. */
export async function readRoomMe(em: EntityManager, appId: string, roomId: Id, userId: Id): Promise<RoomMe> {
  const [me] = await em.execute<RoomMe[]>(
    `select ${ROOM_ME_COLUMNS} from chat_room_members m where m.room_id = ? and m.user_id = ? and m.app_id = ? and m.left_at is null`,
    [roomId, userId, appId],
  );
  if (!me) throw noRoom();
  return me;
}

/** Announces a member's own part to their devices, with the revision that the change takes in this transaction. */
export async function publishRoomMe(ctx: Context, em: EntityManager, roomId: Id, userId: Id): Promise<RoomMe> {
  const rev = await bumpRev(em, userId);
  const me = await readRoomMe(em, ctx.appId, roomId, userId);
  ctx.publish.user(userId, 'room:me', [{ rev, roomId, me }]);
  return me;
}
