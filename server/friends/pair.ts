import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id, MeEvent } from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { bumpRev, lockUsers } from '../users/lookup.ts';

type WithoutRev<E> = E extends unknown ? Omit<E, 'rev'> : never;

/** What changed in somebody's own lists. */
export type News = WithoutRev<MeEvent>;

/** Somebody, and how to read what they are told: with a context that sees the transaction's own changes. */
export type Telling = [to: Id, news: (ctx: Context) => Promise<News>];

/**
 * Runs what two people do to each other in one transaction with both locked: whatever they do at the same moment happens
 * one after the other.
 *
 * @throws AppError `not_found` when there is no such user in this app, `invalid_request` with oneself
 */
export async function withPair<T>(
  ctx: Context,
  actor: Actor,
  userId: Id,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> {
  if (userId === actor.userId) {
    const errors = [{ path: 'userId', message: 'must be somebody else' }];
    throw new AppError('invalid_request', 'unable to do this with yourself; it takes somebody else', { errors });
  }
  return ctx.em.transactional(async (em) => {
    await lockUsers(em, ctx.appId, [actor.userId, userId]);
    return work(em);
  });
}

/** Gives each piece of news a revision of its reader, in order. What the news are read from carries all of these revisions. */
export async function tell(ctx: Context, em: EntityManager, tellings: Telling[]): Promise<void> {
  const revs: number[] = [];
  for (const [to] of tellings) revs.push(await bumpRev(em, to));
  for (const [index, [to, read]] of tellings.entries()) {
    const rev = revs[index] ?? 0;
    ctx.publish.user(to, 'me', [{ ...(await read({ ...ctx, em })), rev }]);
  }
}

/** How two people stand to each other, whoever asks. */
export async function relationOf(
  em: EntityManager,
  appId: string,
  one: Id,
  other: Id,
): Promise<{ friends: boolean; blocked: boolean }> {
  const [row] = await em.execute<{ friends: boolean; blocked: boolean }[]>(
    `select exists (select from friends where app_id = ? and user_id = ? and friend_id = ?) as friends,
       exists (
         select from blocks where app_id = ? and ((user_id = ? and blocked_id = ?) or (user_id = ? and blocked_id = ?))
       ) as blocked`,
    [appId, one, other, appId, one, other, other, one],
  );
  return row ?? { friends: false, blocked: false };
}
