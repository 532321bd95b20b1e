import type { GuestSignIn, SignedIn, Upgrade } from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { lockUsers } from '../users/lookup.ts';
import { newUser } from '../users/new-user.ts';
import { cleanNickname, nicknameProblem } from '../users/nickname.ts';
import { refuse } from '../users/problems.ts';
import { orTaken, refuseTaken } from '../users/taken.ts';
import { toWireMe, User } from '../users/user.entity.ts';
import { tellProfile } from '../users/users.ts';
import { checkAccount } from './auth.ts';
import { queueVerification } from './email-verification.ts';
import { guestName } from './guest-names.ts';
import { hashPassword } from './passwords.ts';
import { renewSession, startSession } from './sessions.ts';
import { requireWay } from './sign-in.ts';
import { emit } from '../webhooks/outbox.ts';

/**
 * Lets a visitor in who has no account. Others may bear the same nickname; clients show guests as guests.
 * @throws AppError `sign_in_disabled`, `invalid_nickname`
 */
export async function signInAsGuest(ctx: Context, input: GuestSignIn, userAgent: string | null): Promise<SignedIn> {
  await requireWay(ctx, 'guests');
  const nickname = input.nickname === undefined ? guestName() : cleanNickname(input.nickname);
  refuse('sign in as a guest', [{ path: 'nickname', code: 'invalid_nickname', message: nicknameProblem(nickname) }]);
  const user = newUser(ctx.appId, { kind: 'guest', nickname });
  const session = await ctx.em.transactional(async (em) => {
    await em.insert(User, user);
    await emit(em, ctx.appId, 'user.created', { userId: user.id });
    return startSession(ctx, em, user.id, userAgent);
  });
  return { user: toWireMe(user), session };
}

/**
 * Makes a guest an account in place: the same person with the same friends and rooms, and the same session with new tokens.
 * @throws AppError `conflict` (not a guest), `sign_in_disabled`, `invalid_email`, `invalid_nickname`, `weak_password`, `email_taken`,
 * `nickname_taken`, `overloaded`
 */
export async function upgrade(ctx: Context, actor: Actor, input: Upgrade, language: string): Promise<SignedIn> {
  const doing = 'open the account';
  await requireWay(ctx, 'accounts');
  const account = checkAccount(doing, input);
  await requireGuest(ctx, actor);
  await refuseTaken(ctx.em, doing, account);
  const passwordHash = await hashPassword(ctx.config, input.password);
  const answer = await orTaken(doing, () =>
    ctx.em.transactional(async (em) => {
      await lockUsers(em, ctx.appId, [actor.userId]);
      const changes = { kind: 'account' as const, ...account, passwordHash };
      const changed = await em.nativeUpdate(User, { id: actor.userId, kind: 'guest', disabledAt: null }, changes);
      if (changed === 0) throw notGuest();
      const user = await tellProfile(ctx, em, actor.userId);
      await queueVerification(ctx, em, actor.userId, language);
      return { user, session: await renewSession(ctx, em, actor) };
    }),
  );
  ctx.mailer.wake();
  return { ...answer, device: ctx.limits.guesses.device(ctx.appId, account.emailKey) };
}

const notGuest = () => new AppError('conflict', 'unable to open the account; only a guest can; sign up instead');

/** Before the work of hashing. */
async function requireGuest(ctx: Context, actor: Actor): Promise<void> {
  if ((await ctx.em.count(User, { id: actor.userId, kind: 'guest' })) === 0) throw notGuest();
}
