import type { Block as WireBlock, Id, Page } from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { cutPage, decodeCursor, timePosition, type PageQuery } from '../cursor.ts';
import { announcePair } from '../presence/presence.ts';
import { markBlocked } from '../rooms/direct.ts';
import { loadUsers, readRev } from '../users/lookup.ts';
import { Block } from './friend.entity.ts';
import { endFriendship, friendNews } from './friends.ts';
import { tell, withPair, type News, type Telling } from './pair.ts';
import { findOpen, requestNews, setStatus } from './requests.ts';
import { emit } from '../webhooks/outbox.ts';

/** All people a user has blocked, the newest first. */
export async function blocksOf(ctx: Context, userId: Id): Promise<WireBlock[]> {
  const options = { orderBy: { createdAt: 'desc', blockedId: 'desc' }, disableIdentityMap: true } as const;
  return toWire(ctx, await ctx.em.find(Block, { userId }, options));
}

/** A page of the people one has blocked, the newest first, with the user's `rev` read before them. */
export async function listBlocks(
  ctx: Context,
  actor: Actor,
  query: PageQuery,
): Promise<Page<WireBlock> & { rev: number }> {
  const rev = await readRev(ctx, actor.userId);
  const [ms, id] = query.cursor === undefined ? [] : decodeCursor(timePosition, query.cursor);
  const createdAt = ms === undefined ? undefined : new Date(ms);
  const found = await ctx.em.find(
    Block,
    {
      userId: actor.userId,
      ...(createdAt && id !== undefined
        ? { $or: [{ createdAt: { $lt: createdAt } }, { createdAt, blockedId: { $lt: id } }] }
        : {}),
    },
    { orderBy: { createdAt: 'desc', blockedId: 'desc' }, limit: query.limit + 1, disableIdentityMap: true },
  );
  const { rows, next } = cutPage(found, query.limit, (row) => [row.createdAt.getTime(), row.blockedId]);
  return { items: await toWire(ctx, rows), next, rev };
}

/**
 * Blocks somebody: a friendship and open requests end, the room stays. They are told of what ended, never of the block.
 * Blocking once more changes nothing.
 *
 * @throws AppError `not_found`, `invalid_request` (oneself)
 */
export async function block(ctx: Context, actor: Actor, userId: Id): Promise<void> {
  await withPair(ctx, actor, userId, async (em) => {
    const pair = { userId: actor.userId, blockedId: userId };
    if ((await em.count(Block, pair)) > 0) return;
    await em.insert(Block, { ...pair, appId: ctx.appId, createdAt: new Date() });
    await markBlocked(em, ctx.appId, actor.userId, userId);
    const tellings: Telling[] = [];
    const request = await findOpen(em, actor.userId, userId);
    if (request) {
      await setStatus(em, request.id, 'cancelled');
      tellings.push([actor.userId, requestNews(request.id)], [userId, requestNews(request.id)]);
    }
    if (await endFriendship(em, actor.userId, userId)) {
      await emit(em, ctx.appId, 'friend.removed', { userIds: [actor.userId, userId] });
      tellings.push([actor.userId, friendNews(actor.userId, userId)], [userId, friendNews(userId, actor.userId)]);
    }
    await tell(ctx, em, [...tellings, [actor.userId, blockNews(actor.userId, userId)]]);
    await announcePair({ ...ctx, em }, actor.userId, userId);
  });
}

/**
 * Lifts a block; what it ended stays ended. Where there is none, nothing changes.
 * @throws AppError `not_found`, `invalid_request` (oneself)
 */
export async function unblock(ctx: Context, actor: Actor, userId: Id): Promise<void> {
  await withPair(ctx, actor, userId, async (em) => {
    const lifted = await em.nativeDelete(Block, { userId: actor.userId, blockedId: userId });
    if (lifted === 0) return;
    await markBlocked(em, ctx.appId, actor.userId, userId);
    await tell(ctx, em, [[actor.userId, blockNews(actor.userId, userId)]]);
    await announcePair({ ...ctx, em }, actor.userId, userId);
  });
}

/** What somebody hears of a block of theirs: how it stands now. */
export function blockNews(userId: Id, blockedId: Id) {
  return async (ctx: Context): Promise<News> => {
    const rows = await ctx.em.find(Block, { userId, blockedId }, { disableIdentityMap: true });
    const [found] = await toWire(ctx, rows);
    return { change: 'blocks', item: { userId: blockedId, block: found ?? null } };
  };
}

async function toWire(ctx: Context, rows: Block[]): Promise<WireBlock[]> {
  const users = await loadUsers(
    ctx,
    rows.map((row) => row.blockedId),
  );
  return rows.flatMap(({ blockedId, createdAt }) => {
    const user = users.get(blockedId);
    return user ? [{ user, createdAt: createdAt.toISOString() }] : [];
  });
}
