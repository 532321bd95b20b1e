import { z } from 'zod';
import type { HistoryQuery, Id, MessagePage, Page, Room, RoomPreview } from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { cutPage, decodeCursor, type PageQuery } from '../cursor.ts';
import { AppError } from '../errors.ts';
import { anyHistory } from '../messages/history.ts';
import { escapeLike } from '../users/search.ts';
import { counter, id } from '../validate.ts';
import { lockRoom, noRoom, type RoomChange } from './change.ts';
import { takeIn } from './join.ts';
import { roomFor } from './rooms.ts';

/** The select list of a {@link RoomPreview} for the alias `r`, and for whom it is. */
export const PREVIEW_COLUMNS = `r.id, r.type, r.name, r.avatar_url as "avatarUrl", r.member_count as "memberCount",
  exists (select from chat_room_members m where m.room_id = r.id and m.user_id = ? and m.left_at is null) as joined`;

const position = z.tuple([counter, id]);

/** The public channels of the app, those with most members first; those whose name has `q` in it. */
export async function listChannels(
  ctx: Context,
  actor: Actor,
  { q, cursor, limit }: PageQuery & { q?: string | undefined },
): Promise<Page<RoomPreview>> {
  const after = cursor === undefined ? [] : decodeCursor(position, cursor);
  const name = q === undefined ? [] : [`%${escapeLike(q.normalize('NFC'))}%`];
  const rows = await ctx.em.execute<RoomPreview[]>(
    `select ${PREVIEW_COLUMNS} from chat_rooms r
     where r.app_id = ? and r.type = 'channel' and r.member_count > 0
     ${name.length > 0 ? 'and lower(r.name) like lower(?)' : ''}
     ${after.length > 0 ? 'and (r.member_count, r.id) < (?::int, ?::uuid)' : ''}
     order by r.member_count desc, r.id desc limit ?`,
    [actor.userId, ctx.appId, ...name, ...after, limit + 1],
  );
  const page = cutPage(rows, limit, (row) => [row.memberCount, row.id]);
  return { items: page.rows, next: page.next };
}

/**
 * A page of a public channel's messages, for whoever thinks of joining.
 * @throws AppError `not_found`
 */
export async function channelHistory(
  ctx: Context,
  roomId: Id,
  query: HistoryQuery & { limit: number },
): Promise<MessagePage> {
  const [channel] = await ctx.em.execute<{ id: Id }[]>(
    `select id from chat_rooms where id = ? and app_id = ? and type = 'channel' and member_count > 0`,
    [roomId, ctx.appId],
  );
  if (!channel) throw noRoom();
  return anyHistory(ctx, roomId, query);
}

/**
 * Joins a public channel. Who is in it already stays.
 * @throws AppError `not_found`, `forbidden` (somebody has removed one), `too_large`
 */
export async function joinChannel(ctx: Context, actor: Actor, roomId: Id): Promise<Room> {
  return ctx.em.transactional(async (em) => {
    const room = await lockRoom(em, ctx.appId, roomId);
    if (room?.type !== 'channel' || room.memberCount === 0) throw noRoom();
    return letIn({ ctx: { ...ctx, em }, em, room }, actor.userId);
  });
}

/**
 * Lets somebody into a room by their own wish, under its lock.
 * @throws AppError `forbidden` (somebody has removed them), `too_large`
 */
export async function letIn(change: Omit<RoomChange, 'role'>, userId: Id): Promise<Room> {
  const { ctx, em, room } = change;
  const [former] = await em.execute<{ removed: boolean }[]>(
    'select removed from chat_room_members where room_id = ? and user_id = ? and app_id = ? and left_at is not null',
    [room.id, userId, ctx.appId],
  );
  if (former?.removed) throw new AppError('forbidden', 'unable to join; you were removed; ask to be added again');
  await takeIn(change, [userId], { byId: userId, happening: () => ({ kind: 'joined' }) });
  return roomFor(ctx, userId, room.id);
}
