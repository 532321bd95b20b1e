import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id } from '@co-talk/sdk/protocol';
import type { Context } from '../context.ts';
import { loadUser, toArray } from '../users/lookup.ts';
import { emit } from '../webhooks/outbox.ts';
import { blockNews } from './blocks.ts';
import { Block, FriendRequest } from './friend.entity.ts';
import { endFriendship, friendNews } from './friends.ts';
import { findOpen, requestNews, setStatus } from './requests.ts';
import { tell, type Telling } from './pair.ts';

/** People in one transaction: their rows are locked meanwhile. */
const BATCH = 50;

const KNOWN = `
  select friend_id as id from friends where app_id = :app and user_id = :user
  union select case when from_id = :user then to_id else from_id end from friend_requests
    where app_id = :app and (from_id = :user or to_id = :user)
  union select blocked_id from blocks where app_id = :app and user_id = :user
  union select user_id from blocks where app_id = :app and blocked_id = :user`;

/**
 * Removes friendships, requests and blocks, in either direction, between somebody who is gone and some of those they knew, within
 * the caller's transaction. The others hear what has gone from their lists.
 *
 * @returns how many of each were removed; all 0: nothing is left
 */
export async function forgetSome(
  ctx: Context,
  em: EntityManager,
  userId: Id,
): Promise<{ friends: number; requests: number; blocks: number }> {
  const names = KNOWN.match(/:(user|app)\b/g) ?? [];
  const known = await em.execute<{ id: Id }[]>(`${KNOWN.replaceAll(/:(user|app)\b/g, '?')} order by id limit ?`, [
    ...names.map((name) => (name === ':user' ? userId : ctx.appId)),
    BATCH,
  ]);
  const ids = known.map(({ id }) => id);
  const removed = { friends: 0, requests: 0, blocks: 0 };
  if (ids.length === 0) return removed;
  // In one order, as everywhere: each of them takes a revision below.
  await em.execute('select id from users where id = any(?::uuid[]) order by id for no key update', [toArray(ids)]);
  const user = await loadUser({ ...ctx, em }, userId);
  for (const id of ids) {
    const tellings: Telling[] = [];
    if (await endFriendship(em, userId, id)) {
      removed.friends += 1;
      await emit(em, ctx.appId, 'friend.removed', { userIds: [userId, id] });
      tellings.push([id, friendNews(id, userId)]);
    }
    const open = await findOpen(em, userId, id);
    if (open) {
      await setStatus(em, open.id, 'cancelled');
      tellings.push([id, requestNews(open.id)]);
    }
    const theirs = await em.nativeDelete(Block, { userId: id, blockedId: userId });
    if (theirs > 0) tellings.push([id, blockNews(id, userId)]);
    removed.blocks += theirs + (await em.nativeDelete(Block, { userId, blockedId: id }));
    await tell(ctx, em, tellings);
    // Only now: the news above were read from them.
    const pair = [
      { fromId: userId, toId: id },
      { fromId: id, toId: userId },
    ];
    removed.requests += await em.nativeDelete(FriendRequest, { $or: pair });
    ctx.publish.user(id, 'user', [{ user }]);
  }
  return removed;
}
