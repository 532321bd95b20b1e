import type { LogIn, SignedIn, SignUp } from '@co-talk/sdk/protocol';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { newId } from '../ids.ts';
import { cleanEmail, emailKey, emailProblem } from '../users/email.ts';
import { cleanNickname, nicknameKey, nicknameProblem } from '../users/nickname.ts';
import { refuse } from '../users/problems.ts';
import { orTaken, refuseTaken } from '../users/taken.ts';
import { toWireMe, User } from '../users/user.entity.ts';
import { hashPassword, passwordProblem, verifyPassword } from './passwords.ts';
import { startSession } from './sessions.ts';

/**
 * Opens an account and signs in.
 * @throws AppError `invalid_email`, `invalid_nickname`, `weak_password`, `email_taken`, `nickname_taken`, `overloaded`
 */
export async function signUp(ctx: Context, input: SignUp, userAgent: string | null): Promise<SignedIn> {
  const doing = 'sign up';
  const email = cleanEmail(input.email);
  const nickname = cleanNickname(input.nickname);
  const own = [email, email.split('@')[0] ?? '', nickname];
  refuse(doing, [
    { path: 'email', code: 'invalid_email', message: emailProblem(email) },
    { path: 'nickname', code: 'invalid_nickname', message: nicknameProblem(nickname) },
    { path: 'password', code: 'weak_password', message: passwordProblem(input.password, own) },
  ]);
  const keys = { emailKey: emailKey(email), nicknameKey: nicknameKey(nickname) };
  await refuseTaken(ctx.em, doing, keys);
  const user: User = {
    id: newId(),
    appId: ctx.appId,
    kind: 'account',
    rev: 0,
    nickname,
    email,
    ...keys,
    emailVerified: false,
    passwordHash: await hashPassword(ctx.config, input.password),
    about: null,
    avatarUrl: null,
    createdAt: new Date(),
    lastSeenAt: null,
    disabledAt: null,
  };
  const session = await orTaken(doing, () =>
    ctx.em.transactional(async (em) => {
      await em.insert(User, user);
      return startSession(ctx, em, user.id, userAgent);
    }),
  );
  return { user: toWireMe(user), session };
}

/**
 * Signs in on one more device. An unknown address, a wrong password and a disabled account answer alike, in the same time.
 * @throws AppError `unauthenticated`, `overloaded`
 */
export async function logIn(ctx: Context, input: LogIn, userAgent: string | null): Promise<SignedIn> {
  const where = { emailKey: emailKey(input.email), disabledAt: null };
  const user = await ctx.em.findOne(User, where, { disableIdentityMap: true });
  const right = await verifyPassword(ctx.config, input.password, user?.passwordHash ?? null);
  if (!user || !right) {
    throw new AppError('unauthenticated', 'unable to sign in; the e-mail address or the password is not right');
  }
  const session = await ctx.em.transactional((em) => startSession(ctx, em, user.id, userAgent));
  return { user: toWireMe(user), session };
}
