import type { LogIn, SignedIn, SignUp, Upgrade } from '@co-talk/sdk/protocol';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { cleanEmail, emailKey, emailProblem } from '../users/email.ts';
import { newUser } from '../users/new-user.ts';
import { cleanNickname, nicknameKey, nicknameProblem } from '../users/nickname.ts';
import { refuse } from '../users/problems.ts';
import { orTaken, refuseTaken } from '../users/taken.ts';
import { toWireMe, User } from '../users/user.entity.ts';
import { hashPassword, isOutdated, passwordProblem, verifyPassword } from './passwords.ts';
import { startSession } from './sessions.ts';
import { requireWay } from './sign-in.ts';

/**
 * Opens an account and signs in.
 * @throws AppError `sign_in_disabled`, `invalid_email`, `invalid_nickname`, `weak_password`, `email_taken`, `nickname_taken`,
 * `overloaded`
 */
export async function signUp(ctx: Context, input: SignUp, userAgent: string | null): Promise<SignedIn> {
  const doing = 'sign up';
  await requireWay(ctx, 'accounts');
  const account = checkAccount(doing, input);
  await refuseTaken(ctx.em, doing, account);
  const passwordHash = await hashPassword(ctx.config, input.password);
  const user = newUser(ctx.appId, { kind: 'account', ...account, passwordHash });
  const session = await orTaken(doing, () =>
    ctx.em.transactional(async (em) => {
      await em.insert(User, user);
      return startSession(ctx, em, user.id, userAgent);
    }),
  );
  return { user: toWireMe(user), session };
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
 * @throws AppError `sign_in_disabled`, `unauthenticated`, `overloaded`
 */
export async function logIn(ctx: Context, input: LogIn, userAgent: string | null): Promise<SignedIn> {
  await requireWay(ctx, 'accounts');
  const where = { emailKey: emailKey(input.email), kind: 'account' as const, disabledAt: null };
  const user = await ctx.em.findOne(User, where, { disableIdentityMap: true });
  const right = await verifyPassword(ctx.config, input.password, user?.passwordHash ?? null);
  if (!user || !right) {
    throw new AppError('unauthenticated', 'unable to sign in; the e-mail address or the password is not right');
  }
  const outdated = isOutdated(ctx.config, user.passwordHash ?? '');
  const passwordHash = outdated ? await hashPassword(ctx.config, input.password) : user.passwordHash;
  const session = await ctx.em.transactional(async (em) => {
    // Unless it was changed meanwhile.
    if (outdated) await em.nativeUpdate(User, { id: user.id, passwordHash: user.passwordHash }, { passwordHash });
    return startSession(ctx, em, user.id, userAgent);
  });
  return { user: toWireMe(user), session };
}
