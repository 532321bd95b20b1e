import { createHash, randomBytes } from 'node:crypto';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type {
  Id,
  Page,
  Refresh,
  Refreshed,
  Session as WireSession,
  SessionEndReason,
  SessionInfo,
} from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { newId } from '../ids.ts';
import { User } from '../users/user.entity.ts';
import { addressHash } from './known-address.ts';
import { revoke, revokeSessions } from './revocations.ts';
import { RefreshToken, Session } from './session.entity.ts';
import { signAccessToken } from './tokens.ts';

/** How long a replaced token is still good once its successor is in use: for answers lost on the way, and other tabs. */
const GRACE_MS = 60_000;

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

const ended = () => new AppError('session_ended', 'unable to continue; this session has ended; sign in again');

/**
 * Signs a user in on one more device, within the caller's transaction. Takes away what has expired of theirs.
 * @param keyId of the site's key that vouches for them: with it the session ends
 */
export async function startSession(
  ctx: Context,
  em: EntityManager,
  userId: Id,
  userAgent: string | null,
  keyId: string | null = null,
): Promise<WireSession> {
  // Somebody who was disabled or erased while their password was looked at does not come back in by it.
  const [standing] = await em.execute<unknown[]>(
    'select id from users where id = ? and app_id = ? and disabled_at is null for share',
    [userId, ctx.appId],
  );
  if (!standing) throw ended();
  const now = new Date();
  const expired = await em.find(Session, { userId, expiresAt: { $lt: now } }, { disableIdentityMap: true });
  if (expired.length > 0) {
    const ids = expired.map((session) => session.id);
    await em.nativeDelete(RefreshToken, { sessionId: { $in: ids } });
    await em.nativeDelete(Session, { id: { $in: ids } });
  }
  const id = newId();
  const dates = { createdAt: now, lastUsedAt: now, expiresAt: expiryAfter(ctx, now), endedAt: null };
  await em.insert(Session, { id, appId: ctx.appId, userId, userAgent, keyId, addressHash: addressHash(ctx), ...dates });
  return issue(ctx, em, { userId, sessionId: id }, 1, now);
}

/**
 * Gives a new refresh token for one that is good: one that is unused, or was replaced but whose successor has not been in use
 * for more than a minute. Any other token of the family has been copied, so the whole family ends.
 *
 * @throws AppError `session_ended`
 */
export async function refresh(ctx: Context, { refreshToken }: Refresh, ofSession?: Id): Promise<Refreshed> {
  const hash = hashOf(refreshToken);
  const { sessionId } = (await ctx.em.findOne(RefreshToken, { hash }, { disableIdentityMap: true })) ?? {};
  if (sessionId === undefined || sessionId !== (ofSession ?? sessionId)) throw ended();
  const outcome = await ctx.em.transactional(async (em) => {
    const now = new Date();
    const family = await em.findOne(
      Session,
      { id: sessionId, endedAt: null },
      { lockMode: LockMode.PESSIMISTIC_WRITE, disableIdentityMap: true },
    );
    const token = await em.findOne(RefreshToken, { hash }, { disableIdentityMap: true });
    if (!family || !token || token.expiresAt <= now) return 'over';
    if ((await em.count(User, { id: family.userId, disabledAt: null })) === 0) return 'over';
    const newest = await newestUsed(em, sessionId);
    if (newest && isStale(token, newest, now)) {
      await endWithin(ctx, em, { userId: family.userId, sessionId }, 'revoked');
      return 'copied';
    }
    await em.nativeUpdate(RefreshToken, { hash, usedAt: null }, { usedAt: now });
    await em.nativeDelete(RefreshToken, { sessionId, expiresAt: { $lt: now } });
    await em.nativeUpdate(Session, { id: sessionId }, { lastUsedAt: now, expiresAt: expiryAfter(ctx, now) });
    const generation = Math.max(token.generation, newest?.generation ?? 0) + 1;
    return issue(ctx, em, { userId: family.userId, sessionId }, generation, now);
  });
  if (outcome === 'copied') ctx.publish.endSession(sessionId, 'revoked');
  if (outcome === 'copied' || outcome === 'over') throw ended();
  return { session: outcome };
}

/** New tokens for a session that goes on, within the caller's transaction. The old ones go the way of those that are replaced. */
export async function renewSession(ctx: Context, em: EntityManager, actor: Actor): Promise<WireSession> {
  const now = new Date();
  const { sessionId } = actor;
  const [newest] = await em.find(
    RefreshToken,
    { sessionId },
    { orderBy: { generation: 'desc' }, limit: 1, disableIdentityMap: true },
  );
  await em.nativeUpdate(Session, { id: sessionId }, { lastUsedAt: now, expiresAt: expiryAfter(ctx, now) });
  return issue(ctx, em, actor, (newest?.generation ?? 0) + 1, now);
}

/**
 * The app of a refresh token: the one thing it does not carry.
 * @throws AppError `session_ended`
 */
export async function appOfRefreshToken(em: EntityManager, { refreshToken }: Refresh): Promise<string> {
  const [row] = await em.execute<{ appId: string }[]>(`select app_id as "appId" from refresh_tokens where hash = ?`, [
    hashOf(refreshToken),
  ]);
  if (!row) throw ended();
  return row.appId;
}

/** @throws AppError `session_ended` */
export async function appOfSession(em: EntityManager, sessionId: Id): Promise<string> {
  const [row] = await em.execute<{ appId: string }[]>(`select app_id as "appId" from sessions where id = ?`, [
    sessionId,
  ]);
  if (!row) throw ended();
  return row.appId;
}

/** Ends the session that asks, and closes its sockets. */
export async function logOut(ctx: Context, actor: Actor): Promise<void> {
  await ctx.em.transactional((em) => endWithin(ctx, em, actor, 'logout'));
  ctx.publish.endSession(actor.sessionId, 'logout');
}

/** The devices a user is signed in on, the one used last first. */
export async function listSessions(ctx: Context, actor: Actor): Promise<Page<SessionInfo>> {
  const sessions = await ctx.em.find(
    Session,
    { userId: actor.userId, endedAt: null, expiresAt: { $gt: new Date() } },
    { orderBy: { lastUsedAt: 'desc', id: 'desc' }, disableIdentityMap: true },
  );
  const items = sessions.map((session) => ({
    id: session.id,
    current: session.id === actor.sessionId,
    userAgent: session.userAgent,
    createdAt: session.createdAt.toISOString(),
    lastUsedAt: session.lastUsedAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
  }));
  return { items, next: null };
}

/**
 * Signs one of the own devices out.
 * @throws AppError `not_found`
 */
export async function endSession(ctx: Context, actor: Actor, sessionId: Id): Promise<void> {
  await ctx.em.transactional(async (em) => {
    const own = await em.count(Session, { id: sessionId, userId: actor.userId, endedAt: null });
    if (own === 0) throw new AppError('not_found', 'unable to end the session; there is none with this id');
    await endWithin(ctx, em, { userId: actor.userId, sessionId }, 'revoked');
  });
  ctx.publish.endSession(sessionId, 'revoked');
}

/**
 * Ends the sessions that a key of the site has vouched for, within the caller's transaction, as its last statements. There may be
 * as many as the site has people: a few statements for all of them, so that the nodes hear of it in time.
 */
export async function endSessionsOfKey(
  { appId }: Pick<Context, 'appId'>,
  em: EntityManager,
  keyId: string,
): Promise<void> {
  const ended = await em.execute<{ id: Id; userId: Id }[]>(
    `update sessions set ended_at = now() where app_id = ? and key_id = ? and ended_at is null returning id, user_id as "userId"`,
    [appId, keyId],
  );
  await em.execute(
    'delete from refresh_tokens where app_id = ? and session_id in (select id from sessions where app_id = ? and key_id = ?)',
    [appId, appId, keyId],
  );
  await revokeSessions(em, appId, ended, 'revoked');
}

/** Ends all sessions of an app, within the caller's transaction, whose EntityManager sees all apps. */
export async function endSessionsOfApp(em: EntityManager, appId: string): Promise<void> {
  await em.execute('update sessions set ended_at = now() where app_id = ? and ended_at is null', [appId]);
  await em.execute('delete from refresh_tokens where app_id = ?', [appId]);
  await revoke(em, appId, { userId: null, sessionId: null, roomId: null, reason: 'revoked' });
}

async function endWithin(
  ctx: Pick<Context, 'appId'>,
  em: EntityManager,
  { userId, sessionId }: Actor,
  reason: SessionEndReason,
): Promise<void> {
  await em.nativeUpdate(Session, { id: sessionId, endedAt: null }, { endedAt: new Date() });
  await em.nativeDelete(RefreshToken, { sessionId });
  await revoke(em, ctx.appId, { userId, sessionId, roomId: null, reason });
}

async function issue(
  ctx: Context,
  em: EntityManager,
  actor: Actor,
  generation: number,
  now: Date,
): Promise<WireSession> {
  const refreshToken = randomBytes(32).toString('base64url');
  const expiresAt = expiryAfter(ctx, now);
  const { sessionId } = actor;
  const row = { hash: hashOf(refreshToken), appId: ctx.appId, sessionId, generation, usedAt: null, expiresAt };
  await em.insert(RefreshToken, row);
  const { token, expiresIn } = signAccessToken(ctx.config, ctx.appId, actor);
  return {
    sessionId,
    accessToken: token,
    accessTokenExpiresAt: new Date(now.getTime() + expiresIn * 1000).toISOString(),
    accessTokenExpiresIn: expiresIn,
    refreshToken,
    refreshTokenExpiresAt: expiresAt.toISOString(),
    refreshTokenExpiresIn: ctx.config.refreshTokenTtlSeconds,
  };
}

const expiryAfter = (ctx: Context, now: Date): Date =>
  new Date(now.getTime() + ctx.config.refreshTokenTtlSeconds * 1000);

/** The first use of the newest generation in use. */
async function newestUsed(em: EntityManager, sessionId: Id): Promise<RefreshToken | undefined> {
  const [token] = await em.find(
    RefreshToken,
    { sessionId, usedAt: { $ne: null } },
    { orderBy: { generation: 'desc', usedAt: 'asc' }, limit: 1, disableIdentityMap: true },
  );
  return token;
}

/** Whether a token was overtaken: by its successor, or by another token for the same predecessor. */
function isStale(token: RefreshToken, newest: RefreshToken, now: Date): boolean {
  const behind = newest.generation - token.generation;
  if (behind < 0 || (behind === 0 && token.usedAt !== null)) return false;
  return behind > 1 || newest.usedAt === null || newest.usedAt.getTime() + GRACE_MS < now.getTime();
}
