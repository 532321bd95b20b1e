import type { AdminRoom, CreateAdminRoom, Id, Member, Page, PostAsBot, RoomType } from '@co-talk/sdk/protocol';
import { audit, type By } from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { cutPage, decodeCursor, timePosition, type PageQuery } from '../cursor.ts';
import { AppError } from '../errors.ts';
import { anyHistory } from '../messages/history.ts';
import { sendMessage, type SendResult } from '../messages/messages.ts';
import { createGroup } from '../rooms/groups.ts';
import { listMembers } from '../rooms/members.ts';
import { createRoom as createDirect } from '../rooms/rooms.ts';
import { toArray } from '../users/lookup.ts';
import { User } from '../users/user.entity.ts';

interface Row {
  id: Id;
  type: RoomType;
  name: string | null;
  avatarUrl: string | null;
  firstSeq: number;
  lastSeq: number;
  rev: number;
  memberCount: number;
  createdMs: number;
  activityMs: number;
}

const SELECT = `select r.id, r.type, r.name, r.avatar_url as "avatarUrl", r.first_seq as "firstSeq", r.last_seq as "lastSeq",
  r.last_rev as rev, r.member_count as "memberCount", (extract(epoch from r.created_at) * 1000)::float8 as "createdMs",
  (extract(epoch from r.last_activity_at) * 1000)::float8 as "activityMs" from chat_rooms r where r.app_id = ?`;

const noRoom = () => new AppError('not_found', 'unable to find the room; there is none with this id');

/** The rooms of the app by last activity, the newest first; of one user where `userId` says so. */
export async function listRooms(
  ctx: Context,
  { userId, cursor, limit }: PageQuery & { userId?: Id | undefined },
): Promise<Page<AdminRoom>> {
  const after = cursor === undefined ? [] : decodeCursor(timePosition, cursor);
  const of = userId === undefined ? [] : [userId];
  const rows = await ctx.em.execute<Row[]>(
    `${SELECT}
     ${of.length > 0 ? 'and exists (select from chat_room_members m where m.room_id = r.id and m.user_id = ? and m.left_at is null)' : ''}
     ${after.length > 0 ? 'and (r.last_activity_at, r.id) < (to_timestamp(?::float8 / 1000), ?::uuid)' : ''}
     order by r.last_activity_at desc, r.id desc limit ?`,
    [ctx.appId, ...of, ...after, limit + 1],
  );
  const page = cutPage(rows, limit, (row) => [row.activityMs, row.id]);
  return { items: page.rows.map(toWire), next: page.next };
}

/** Rooms of the app by id, in one query; unknown ids are left out. */
export async function roomsById(ctx: Context, ids: Id[]): Promise<Map<Id, AdminRoom>> {
  const rows = await ctx.em.execute<Row[]>(`${SELECT} and r.id = any(?::uuid[])`, [ctx.appId, toArray(ids)]);
  return new Map(rows.map((row) => [row.id, toWire(row)]));
}

/** @throws AppError `not_found` */
export async function showRoom(ctx: Context, roomId: Id): Promise<AdminRoom> {
  const [row] = await ctx.em.execute<Row[]>(`${SELECT} and r.id = ?`, [ctx.appId, roomId]);
  if (!row) throw noRoom();
  return toWire(row);
}

/** @throws AppError `not_found` */
export async function showMembers(ctx: Context, roomId: Id, query: PageQuery): Promise<Page<Member>> {
  await showRoom(ctx, roomId);
  return listMembers(ctx, roomId, query);
}

/**
 * Opens a direct room for two, or makes a group.
 * @throws AppError `not_found` (one of the people), `blocked`, `invalid_request` (twice the same)
 */
export async function createRoom(
  ctx: Context,
  by: By,
  input: CreateAdminRoom,
): Promise<{ room: AdminRoom; created: boolean }> {
  const { roomId, created } =
    input.type === 'direct' ? await openDirect(ctx, input.userIds) : await createGroup(ctx, input);
  if (created) {
    const target = { kind: 'room', id: roomId };
    await audit(ctx.em, { appId: ctx.appId, by, action: 'room.create', target, details: { type: input.type } });
  }
  return { room: await showRoom(ctx, roomId), created };
}

async function openDirect(ctx: Context, [userId, other]: [Id, Id]): Promise<{ roomId: Id; created: boolean }> {
  // The session is asked for nothing here.
  const { room, created } = await createDirect(ctx, { userId, sessionId: '' }, { type: 'direct', userId: other });
  return { roomId: room.id, created };
}

/**
 * A page of any room's history. That somebody has looked is written down.
 * @throws AppError `not_found`
 */
export async function readHistory(ctx: Context, by: By, roomId: Id, query: Parameters<typeof anyHistory>[2]) {
  const page = await anyHistory(ctx, roomId, query);
  const target = { kind: 'room', id: roomId };
  await audit(ctx.em, { appId: ctx.appId, by, action: 'room.read', target, details: { messages: page.items.length } });
  return page;
}

/**
 * Sends a message as a bot that is a member of the room.
 * @throws AppError `not_found` (no such bot, not a member), `forbidden` (not a bot), `invalid_request`, `overloaded`
 */
export async function postAsBot(ctx: Context, roomId: Id, { userId, clientId, text }: PostAsBot): Promise<SendResult> {
  const user = await ctx.em.findOne(
    User,
    { id: userId, erasedAt: null, disabledAt: null },
    { disableIdentityMap: true },
  );
  if (!user) throw new AppError('not_found', 'unable to send the message; there is no such bot');
  if (user.kind !== 'bot') {
    throw new AppError('forbidden', 'unable to send the message; nobody writes in the name of a person; make a bot');
  }
  return sendMessage(ctx, { userId, sessionId: '' }, { roomId, clientId, text });
}

const toWire = ({ createdMs, activityMs, ...row }: Row): AdminRoom => ({
  ...row,
  createdAt: new Date(createdMs).toISOString(),
  lastActivityAt: new Date(activityMs).toISOString(),
});
