import type { LogIn, SignedIn, SignUp, Upgrade } from '@co-talk/sdk/protocol';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { refuseWithoutMail } from '../mail/available.ts';
import { cleanEmail, emailKey, emailProblem } from '../users/email.ts';
import { newUser } from '../users/new-user.ts';
import { lockUsers } from '../users/lookup.ts';
import { cleanNickname, nicknameKey, nicknameProblem } from '../users/nickname.ts';
import { refuse } from '../users/problems.ts';
import { orTaken, refuseTaken } from '../users/taken.ts';
import { toWireMe, User } from '../users/user.entity.ts';
import { queueVerification, refuseUnverified, unverified, wantsVerified } from './email-verification.ts';
import { knownHere } from './known-address.ts';
import { hashPassword, isOutdated, passwordProblem, verifyPassword } from './passwords.ts';
import { startSession } from './sessions.ts';
import { requireWay } from './sign-in.ts';
import { emit } from '../webhooks/outbox.ts';

/**
 * Opens an account and signs in. A mail goes out with a link that confirms the address; where the app lets nobody in before, that
 * is all.
 *
 * @throws AppError `sign_in_disabled`, `invalid_email`, `invalid_nickname`, `weak_password`, `email_taken`, `nickname_taken`,
 * `overloaded`, `email_unverified` (the account is open), `not_available`
 */
export async function signUp(
  ctx: Context,
  input: SignUp,
  userAgent: string | null,
  language: string,
): Promise<SignedIn> {
  const doing = 'sign up';
  await requireWay(ctx, 'accounts');
  const mustVerify = await wantsVerified(ctx);
  if (mustVerify) refuseWithoutMail(ctx, doing);
  const account = checkAccount(doing, input);
  await refuseTaken(ctx.em, doing, account);
  const passwordHash = await hashPassword(ctx.config, input.password);
  const user = newUser(ctx.appId, { kind: 'account', ...account, passwordHash });
  const session = await orTaken(doing, () =>
    ctx.em.transactional(async (em) => {
      await em.insert(User, user);
      await emit(em, ctx.appId, 'user.created', { userId: user.id });
      await queueVerification(ctx, em, user.id, language);
      return mustVerify ? null : startSession(ctx, em, user.id, userAgent);
    }),
  );
  ctx.mailer.wake();
  if (!session) throw unverified(doing);
  return { user: toWireMe(user), session, device: ctx.limits.guesses.device(ctx.appId, account.emailKey) };
}

/**
 * What an account is opened with, as it is kept.
 * @throws AppError `invalid_email`, `invalid_nickname`, `weak_password`
 */
export function checkAccount(
  doing: string,
  input: Upgrade,
): Pick<User, 'nickname' | 'nicknameKey'> & { email: string; emailKey: string } {
  const email = cleanEmail(input.email);
  const nickname = cleanNickname(input.nickname);
  const own = [email, email.split('@')[0] ?? '', nickname];
  refuse(doing, [
    { path: 'email', code: 'invalid_email', message: emailProblem(email) },
    { path: 'nickname', code: 'invalid_nickname', message: nicknameProblem(nickname) },
    { path: 'password', code: 'weak_password', message: passwordProblem(input.password, own) },
  ]);
  return { email, nickname, emailKey: emailKey(email), nicknameKey: nicknameKey(nickname) };
}

/**
 * Signs in on one more device. An unknown address, a wrong password and a disabled account answer alike, in the same time.
 * @throws AppError `sign_in_disabled`, `unauthenticated`, `rate_limited`, `overloaded`, `email_unverified`, `not_available`
 */
export async function logIn(ctx: Context, input: LogIn, userAgent: string | null, language: string): Promise<SignedIn> {
  await requireWay(ctx, 'accounts');
  const account = emailKey(input.email);
  const { appId, address, limits } = ctx;
  const attempt = await limits.guesses.begin({
    ...{ appId, account, address, device: input.device },
    knownHere: () => knownHere(ctx, account),
  });
  const where = { emailKey: account, kind: 'account' as const, disabledAt: null };
  const user = await ctx.em.findOne(User, where, { disableIdentityMap: true });
  const right = await verifyPassword(ctx.config, input.password, user?.passwordHash ?? null).catch(
    async (error: unknown) => {
      await attempt.forgive();
      throw error;
    },
  );
  if (!user || !right) throw wrongCredentials();
  await attempt.forgive();
  await refuseUnverified(ctx, 'sign in', user, language);
  const outdated = isOutdated(ctx.config, user.passwordHash ?? '');
  const passwordHash = outdated ? await hashPassword(ctx.config, input.password) : user.passwordHash;
  const session = await ctx.em.transactional(async (em) => {
    await lockUsers(em, appId, [user.id]);
    const now = await em.findOne(User, { id: user.id, disabledAt: null }, { disableIdentityMap: true });
    // Whoever has changed it meanwhile has ended all sessions: this one must not outlive them.
    const same = now?.passwordHash === user.passwordHash;
    if (!same && !(await verifyPassword(ctx.config, input.password, now?.passwordHash ?? null)))
      throw wrongCredentials();
    if (outdated) await em.nativeUpdate(User, { id: user.id, passwordHash: user.passwordHash }, { passwordHash });
    return startSession(ctx, em, user.id, userAgent);
  });
  return { user: toWireMe(user), session, device: limits.guesses.device(appId, account) };
}

const wrongCredentials = (): AppError =>
  new AppError('unauthenticated', 'unable to sign in; the e-mail address or the password is not right');
