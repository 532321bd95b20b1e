import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id, VerifyEmail } from '@co-talk/sdk/protocol';
import { settingsOf } from '../apps/apps.ts';
import type { Actor, Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { refuseWithoutMail } from '../mail/available.ts';
import { accountLink } from '../mail/links.ts';
import type { Addresser } from '../mail/mailer.ts';
import { queueMail } from '../mail/queue.ts';
import { isTooMuch, mintToken, readToken, uselessToken } from '../mail/tokens.ts';
import { lockUsers } from '../users/lookup.ts';
import { User } from '../users/user.entity.ts';
import { tellProfile } from '../users/users.ts';

/** What a sixth mail within an hour has to wait for, at the least. */
const RETRY_AFTER_MS = 10 * 60_000;

/** Has the link mailed that confirms the address of a new account, within the transaction that opens it. Wake the mailer after. */
export async function queueVerification(
  ctx: Pick<Context, 'appId' | 'mailer'>,
  em: EntityManager,
  userId: Id,
  language: string,
): Promise<void> {
  if (ctx.mailer.available) await queueMail(em, { appId: ctx.appId, kind: 'verify', userId, language });
}

/**
 * Has another such link mailed to the user who asks.
 * @throws AppError `conflict` (verified already, or no account of their own), `rate_limited`, `not_available`
 */
export async function sendVerification(ctx: Context, actor: Actor, language: string): Promise<void> {
  const doing = 'send a link that confirms the address';
  refuseWithoutMail(ctx, doing);
  const user = await ctx.em.findOneOrFail(User, { id: actor.userId }, { disableIdentityMap: true });
  if (user.kind !== 'account' || user.emailKey === null)
    throw new AppError('conflict', `unable to ${doing}; only accounts with an e-mail address have one to confirm`);
  if (user.emailVerified) throw new AppError('conflict', `unable to ${doing}; it is confirmed already`);
  if (!(await queueAnother(ctx, user.id, language))) {
    const options = { retryAfterMs: RETRY_AFTER_MS };
    throw new AppError('rate_limited', `unable to ${doing}; there were many within the hour; look for them`, options);
  }
}

/** @returns `false` where there were too many within the hour */
async function queueAnother(ctx: Context, userId: Id, language: string): Promise<boolean> {
  const queued = await ctx.em.transactional(async (em) => {
    await lockUsers(em, ctx.appId, [userId]);
    if (await isTooMuch(em, userId, 'verify')) return false;
    await queueVerification(ctx, em, userId, language);
    return true;
  });
  if (queued) ctx.mailer.wake();
  return queued;
}

/**
 * Confirms the address that a link was mailed to; the user's devices hear of it. Doing it again does nothing.
 * @throws AppError `not_found` (expired or unknown)
 */
export async function verifyEmail(ctx: Context, { token }: VerifyEmail): Promise<void> {
  const { userId, address } = await readToken(ctx.em, DOING_VERIFY, 'verify', token);
  await ctx.em.transactional(async (em) => {
    await lockUsers(em, ctx.appId, [userId]);
    const where = { id: userId, kind: 'account' as const, emailKey: address, disabledAt: null };
    const user = await em.findOne(User, where, { disableIdentityMap: true });
    if (!user) throw uselessToken(DOING_VERIFY);
    if (user.emailVerified) return;
    await em.nativeUpdate(User, { id: userId }, { emailVerified: true });
    await tellProfile(ctx, em, userId);
  });
}

export const DOING_VERIFY = 'confirm the address';

/** Whether the app lets in only those who have confirmed their address. */
export const wantsVerified = async (ctx: Context): Promise<boolean> => settingsOf(await ctx.app()).requireVerifiedEmail;

/** The answer to somebody with the right password who may not come in yet. */
export const unverified = (doing: string): AppError =>
  new AppError('email_unverified', `unable to ${doing}; the address is not confirmed; open the link in the mail`);

/**
 * Lets nobody in whose address is not confirmed, where the app wants that; another mail is on its way to them.
 * To be called once the password is known to be right: nobody else learns that there is such an account.
 *
 * @throws AppError `email_unverified`, `not_available`
 */
export async function refuseUnverified(ctx: Context, doing: string, user: User, language: string): Promise<void> {
  if (user.emailVerified || !(await wantsVerified(ctx))) return;
  refuseWithoutMail(ctx, doing);
  await queueAnother(ctx, user.id, language);
  throw unverified(doing);
}

/** Whoever has not confirmed their address meanwhile. */
export const addressVerify: Addresser = async (em, mail, config) => {
  if (mail.userId === null) return null;
  const where = { id: mail.userId, kind: 'account' as const, emailVerified: false, disabledAt: null };
  const user = await em.findOne(User, where, { disableIdentityMap: true });
  if (!user?.email || !user.emailKey) return null;
  const token = await mintToken(em, mail, { id: user.id, emailKey: user.emailKey });
  return { to: user.email, link: accountLink(config, 'verify', token, mail.language) };
};
