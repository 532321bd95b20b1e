import type { ForgotPassword, ResetPassword } from '@co-talk/sdk/protocol';
import { audit } from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { refuseWithoutMail } from '../mail/available.ts';
import { accountLink } from '../mail/links.ts';
import type { Addresser } from '../mail/mailer.ts';
import { queueMail } from '../mail/queue.ts';
import { isTooMuch, mintToken, readToken, spendTokens, uselessToken } from '../mail/tokens.ts';
import { emailKey, emailProblem } from '../users/email.ts';
import { lockUsers } from '../users/lookup.ts';
import { refuse } from '../users/problems.ts';
import { User } from '../users/user.entity.ts';
import { tellProfile } from '../users/users.ts';
import { hashPassword, passwordProblem } from './passwords.ts';
import { endSessionsOf } from './end-sessions.ts';

/**
 * Has a link for a new password mailed, where there is an account with this address. Whether there is, is looked up after the
 * answer and by nobody who waits for it: known, unknown, disabled and the site's own users answer alike, in the same time.
 *
 * @throws AppError `invalid_email`, `not_available`
 */
export async function forgotPassword(ctx: Context, { email }: ForgotPassword, language: string): Promise<void> {
  const doing = 'send a link for a new password';
  refuseWithoutMail(ctx, doing);
  refuse(doing, [{ path: 'email', code: 'invalid_email', message: emailProblem(email) }]);
  await queueMail(ctx.em, { appId: ctx.appId, kind: 'forgot', address: emailKey(email), language });
  ctx.mailer.wake();
}

/**
 * Sets a new password by the token of such a link, which is used up. Ends all sessions of the user and tells them by mail. Who
 * can read the mails of an address has it: it counts as verified from now on.
 *
 * @throws AppError `not_found` (used, expired or unknown), `weak_password`, `overloaded`
 */
export async function resetPassword(ctx: Context, { token, password }: ResetPassword, language: string): Promise<void> {
  const doing = DOING_RESET;
  const found = await readToken(ctx.em, doing, 'forgot', token);
  const where = { id: found.userId, kind: 'account' as const, emailKey: found.address, disabledAt: null };
  const user = await ctx.em.findOne(User, where, { disableIdentityMap: true });
  if (!user) throw uselessToken(doing);
  const own = [found.address, found.address.split('@')[0] ?? '', user.nickname];
  refuse(doing, [{ path: 'password', code: 'weak_password', message: passwordProblem(password, own) }]);
  const passwordHash = await hashPassword(ctx.config, password);
  const ended = await ctx.em.transactional(async (em) => {
    await lockUsers(em, ctx.appId, [user.id]);
    const spent = await spendTokens(em, found);
    // Disabled or renamed meanwhile, or somebody else has used the link.
    if (!spent || (await em.nativeUpdate(User, where, { passwordHash, emailVerified: true })) === 0)
      throw uselessToken(doing);
    if (!user.emailVerified) await tellProfile(ctx, em, user.id);
    const by = { kind: 'user' as const, id: user.id };
    await audit(em, { appId: ctx.appId, by, action: 'user.password', target: by });
    if (ctx.mailer.available) await queueMail(em, { appId: ctx.appId, kind: 'changed', userId: user.id, language });
    return endSessionsOf(em, ctx.appId, user.id, 'revoked');
  });
  for (const sessionId of ended) ctx.publish.endSession(sessionId, 'revoked');
  ctx.mailer.wake();
}

export const DOING_RESET = 'choose a new password';

/** Whoever has an account with the address that was asked about: found out only now. */
export const addressForgot: Addresser = async (em, mail, config) => {
  const where = { emailKey: mail.address, kind: 'account' as const, disabledAt: null };
  const user = mail.address === null ? null : await em.findOne(User, where, { disableIdentityMap: true });
  if (!user?.email || !user.emailKey) return null;
  const { id, email, emailKey: key } = user;
  const token = await em.transactional(async (tx) => {
    await lockUsers(tx, mail.appId, [id]);
    return (await isTooMuch(tx, id, 'forgot', mail.id)) ? null : mintToken(tx, mail, { id, emailKey: key });
  });
  return token === null ? null : { to: email, link: accountLink(config, 'reset', token, mail.language) };
};

/** Whoever has got another password, unless they are gone by now. */
export const addressChanged: Addresser = async (em, mail) => {
  const user = mail.userId === null ? null : await em.findOne(User, { id: mail.userId }, { disableIdentityMap: true });
  return user?.email ? { to: user.email, link: null } : null;
};
