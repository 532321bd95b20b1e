import type { EntityManager } from '@mikro-orm/postgresql';
import type { ErasureReport, Id } from '@co-talk/sdk/protocol';
import { audit, type By } from '../audit/audit.ts';
import { endSessionsOf } from '../auth/end-sessions.ts';
import { Session } from '../auth/session.entity.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { expireFilesOf, removeFilesOf } from '../files/forget.ts';
import { forgetSome } from '../friends/forget.ts';
import { forgetMails } from '../mail/forget.ts';
import { blankSome } from '../messages/blank.ts';
import { unreactSome } from '../messages/unreact.ts';
import { forgetReports } from '../reports/forget.ts';
import { leaveForGood, roomsEverOf } from '../rooms/leave.ts';
import { emit } from '../webhooks/outbox.ts';
import { Avatar } from './avatar.entity.ts';
import { Erasure, toReport } from './erasure.entity.ts';
import { bumpRev } from './lookup.ts';
import { User } from './user.entity.ts';

/** What those see who do not know `kind: 'deleted'`. */
const NOBODY = 'Deleted user';

/** Seconds without progress after which whoever was at it is taken to be dead. */
const LEASE_SECONDS = 30;

const FIRST: Id = '00000000-0000-0000-0000-000000000000';

/** Of a user's row, what may be empty and says nothing of the person. */
const KEPT = new Set(['disabledAt', 'erasedAt']);

type Enough = () => boolean;
const never: Enough = () => false;

type Removed = Partial<ErasureReport['removed']>;

/**
 * Removes a person: their profile, sessions and picture at once and together, then friendships, requests, blocks, memberships and
 * the texts of their messages in batches, and what they have reacted with. Everybody else's devices hear it. What has begun ends by itself, on this node or another,
 * whatever happens to this one; asking again tells how far it is.
 *
 * @param enough whether to stop here: what is left then is done without the caller
 * @throws AppError `not_found`: there never was such a user in this app
 */
export async function eraseUser(ctx: Context, userId: Id, by: By, enough: Enough = never): Promise<ErasureReport> {
  await begin(ctx, userId, by);
  try {
    return await continueErasure(ctx, userId, enough);
  } catch (error) {
    // The person is gone, and the rest will go: whoever asked is not to think that nothing has happened.
    ctx.publish.discard();
    ctx.log.error({ err: error }, 'an erasure could not go on; will try again');
    return readReport(ctx, userId);
  }
}

async function begin(ctx: Context, userId: Id, by: By): Promise<void> {
  const ended = await ctx.em.transactional(async (em) => {
    const [user] = await em.execute<{ erased: boolean; address: string | null }[]>(
      'select erased_at is not null as erased, email_key as address from users where id = ? and app_id = ? for no key update',
      [userId, ctx.appId],
    );
    if (!user) throw new AppError('not_found', 'unable to erase the user; there is none with this id');
    if (user.erased) return [];
    const now = new Date();
    const nothing = Object.fromEntries(emptied().map((name) => [name, null]));
    await em.nativeUpdate(
      User,
      { id: userId },
      {
        ...nothing,
        ...{ kind: 'deleted', nickname: NOBODY, nicknameKey: '', emailVerified: false, findableByEmail: false },
        ...{ disabledAt: now, erasedAt: now },
      },
    );
    await bumpRev(em, userId);
    await forgetMails(em, userId, user.address);
    await expireFilesOf(em, ctx.appId, userId);
    const avatars = await em.nativeDelete(Avatar, { userId });
    await em.insert(Erasure, {
      ...{
        userId,
        appId: ctx.appId,
        avatars,
        messages: 0,
        rooms: 0,
        friends: 0,
        requests: 0,
        blocks: 0,
        sessions: 0,
        reports: 0,
      },
      ...{ createdAt: now, leaseUntil: now, finishedAt: null },
    });
    await emit(em, ctx.appId, 'user.erased', { userId });
    await audit(em, { appId: ctx.appId, by, action: 'user.erase', target: { kind: 'user', id: userId } });
    const open = await endSessionsOf(em, ctx.appId, userId, 'logout');
    await note(em, userId, { sessions: await em.nativeDelete(Session, { userId }) });
    return open;
  });
  for (const sessionId of ended) ctx.publish.endSession(sessionId, 'logout');
}

/** Everything about a user that can be empty is emptied: what is added to the row later, too. */
function emptied(): string[] {
  return Object.entries(User.meta.properties).flatMap(([name, { nullable }]) =>
    nullable === true && !KEPT.has(name) ? [name] : [],
  );
}

/**
 * Goes on with an erasure that has begun. Every batch is a transaction of its own that leaves nothing to undo; two that go on with
 * the same one only share the work.
 *
 * @throws AppError `not_found`: none has begun
 */
export async function continueErasure(ctx: Context, userId: Id, enough: Enough = never): Promise<ErasureReport> {
  const before = await readReport(ctx, userId);
  if (before.finishedAt !== null) return before;
  const done =
    (await forgetAll(ctx, userId, enough, (em) => forgetSome(ctx, em, userId))) &&
    (await forgetAll(ctx, userId, enough, (em) => forgetReports(em, ctx.appId, userId))) &&
    (await leaveRooms(ctx, userId, enough)) &&
    (await removeFilesOf(ctx, userId, enough));
  // Once more: what was being mailed when it began may have left something since.
  if (done) await forgetMails(ctx.em, userId, null);
  const now = new Date();
  const state = done ? { finishedAt: now } : { leaseUntil: now };
  await ctx.em.nativeUpdate(Erasure, { userId, finishedAt: null }, state);
  return readReport(ctx, userId);
}

/** @returns whether nothing is left; the same below */
async function forgetAll(
  ctx: Context,
  userId: Id,
  enough: Enough,
  some: (em: EntityManager) => Promise<Removed>,
): Promise<boolean> {
  while (!enough()) {
    const removed = await batch(ctx, userId, some);
    if (Object.values(removed).every((count) => count === 0)) return true;
  }
  return false;
}

async function leaveRooms(ctx: Context, userId: Id, enough: Enough): Promise<boolean> {
  for (let ids = await roomsEverOf(ctx, userId, FIRST); ids.length > 0;) {
    for (const roomId of ids) {
      // First, so that no message is under way any more when the texts go.
      await batch(ctx, userId, async (em) => ({ rooms: Number(await leaveForGood(ctx, em, userId, roomId)) }));
      if (!(await blankRoom(ctx, userId, roomId, enough))) return false;
      if (!(await unreactRoom(ctx, userId, roomId, enough))) return false;
    }
    ids = await roomsEverOf(ctx, userId, ids.at(-1) ?? FIRST);
  }
  return true;
}

async function blankRoom(ctx: Context, userId: Id, roomId: Id, enough: Enough): Promise<boolean> {
  let after = '';
  while (!enough()) {
    const from = after;
    const { next } = await batch(ctx, userId, (em) => blankSome(ctx, em, userId, roomId, from));
    if (next === null) return true;
    after = next;
  }
  return false;
}

async function unreactRoom(ctx: Context, userId: Id, roomId: Id, enough: Enough): Promise<boolean> {
  while (!enough()) {
    const { more } = await batch(ctx, userId, async (em) => ({
      messages: 0,
      more: await unreactSome(ctx, em, userId, roomId),
    }));
    if (!more) return true;
  }
  return false;
}

/** One step, counted in the transaction that makes it, and told once it is there to stay. */
async function batch<R extends Removed>(ctx: Context, userId: Id, work: (em: EntityManager) => Promise<R>): Promise<R> {
  const removed = await ctx.em.transactional(async (em) => {
    const made = await work(em);
    await note(em, userId, made);
    return made;
  });
  ctx.publish.flush();
  return removed;
}

async function note(em: EntityManager, userId: Id, removed: Removed): Promise<void> {
  const { messages = 0, rooms = 0, friends = 0, requests = 0, blocks = 0, sessions = 0, reports = 0 } = removed;
  await em.execute(
    `update erasures set messages = messages + ?, rooms = rooms + ?, friends = friends + ?, requests = requests + ?,
       blocks = blocks + ?, sessions = sessions + ?, reports = reports + ?, lease_until = now() + make_interval(secs => ?) where user_id = ?`,
    [messages, rooms, friends, requests, blocks, sessions, reports, LEASE_SECONDS, userId],
  );
}

async function readReport(ctx: Context, userId: Id): Promise<ErasureReport> {
  const row = await ctx.em.findOne(Erasure, { userId }, { disableIdentityMap: true });
  if (!row) throw new AppError('not_found', 'unable to erase the user; there is none with this id');
  return toReport(row);
}
