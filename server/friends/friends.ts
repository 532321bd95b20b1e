import type { EntityManager } from '@mikro-orm/postgresql';
import type { Friend as WireFriend, Id, Page } from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { cutPage, decodeCursor, timePosition, type PageQuery } from '../cursor.ts';
import { AppError } from '../errors.ts';
import { presenceOf } from '../presence/presences.ts';
import { readRev } from '../users/lookup.ts';
import { toWire, User } from '../users/user.entity.ts';
import { Friend } from './friend.entity.ts';
import { tell, withPair, type News } from './pair.ts';
import { emit } from '../webhooks/outbox.ts';

/** All friends of a user, the newest first. */
export async function friendsOf(ctx: Context, userId: Id): Promise<WireFriend[]> {
  const options = { orderBy: { since: 'desc', friendId: 'desc' }, disableIdentityMap: true } as const;
  return toWireFriends(ctx, await ctx.em.find(Friend, { userId }, options));
}

/** One friend of a user; `null`: they are not friends. */
export async function friendOf(ctx: Context, userId: Id, friendId: Id): Promise<WireFriend | null> {
  const rows = await ctx.em.find(Friend, { userId, friendId }, { disableIdentityMap: true });
  const [friend] = await toWireFriends(ctx, rows);
  return friend ?? null;
}

/** A page of the friends, the newest first, with the user's `rev` read before them. */
export async function listFriends(
  ctx: Context,
  actor: Actor,
  query: PageQuery,
): Promise<Page<WireFriend> & { rev: number }> {
  const rev = await readRev(ctx, actor.userId);
  const [ms, id] = query.cursor === undefined ? [] : decodeCursor(timePosition, query.cursor);
  const since = ms === undefined ? undefined : new Date(ms);
  const found = await ctx.em.find(
    Friend,
    {
      userId: actor.userId,
      ...(since && id !== undefined ? { $or: [{ since: { $lt: since } }, { since, friendId: { $lt: id } }] } : {}),
    },
    { orderBy: { since: 'desc', friendId: 'desc' }, limit: query.limit + 1, disableIdentityMap: true },
  );
  const { rows, next } = cutPage(found, query.limit, (row) => [row.since.getTime(), row.friendId]);
  return { items: await toWireFriends(ctx, rows), next, rev };
}

/**
 * Ends a friendship for both. The room with its messages stays.
 * @throws AppError `not_found`, `invalid_request` (with oneself)
 */
export async function removeFriend(ctx: Context, actor: Actor, userId: Id): Promise<void> {
  await withPair(ctx, actor, userId, async (em) => {
    const wereFriends = await endFriendship(em, actor.userId, userId);
    if (!wereFriends) throw new AppError('not_found', 'unable to remove the friend; there is none with this id');
    await emit(em, ctx.appId, 'friend.removed', { userIds: [actor.userId, userId] });
    await tell(ctx, em, [
      [actor.userId, friendNews(actor.userId, userId)],
      [userId, friendNews(userId, actor.userId)],
    ]);
  });
}

/** Takes both sides away. @returns whether they were friends */
export async function endFriendship(em: EntityManager, one: Id, other: Id): Promise<boolean> {
  const pair = [
    { userId: one, friendId: other },
    { userId: other, friendId: one },
  ];
  return (await em.nativeDelete(Friend, { $or: pair })) > 0;
}

/** What somebody hears when a friendship begins or ends: how it stands now. */
export function friendNews(userId: Id, friendId: Id) {
  return async (ctx: Context): Promise<News> => ({
    change: 'friends',
    item: { userId: friendId, friend: await friendOf(ctx, userId, friendId) },
  });
}

async function toWireFriends(ctx: Context, rows: Friend[]): Promise<WireFriend[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.friendId);
  const users = await ctx.em.find(User, { id: { $in: ids } }, { disableIdentityMap: true });
  const byId = new Map(users.map((user) => [user.id, user]));
  return rows.flatMap(({ friendId, roomId, since }) => {
    const user = byId.get(friendId);
    if (!user) return [];
    const presence = presenceOf(ctx.presences, user.id, user.lastSeenAt);
    return [{ user: toWire(user), roomId, since: since.toISOString(), presence }];
  });
}
