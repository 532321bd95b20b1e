import type { EraseMe, ErasureReport } from '@co-talk/sdk/protocol';
import { verifyPassword } from '../auth/passwords.ts';
import type { Actor, Context } from '../context.ts';
import { eraseUser } from './erase.ts';
import { refuse } from './problems.ts';
import { User } from './user.entity.ts';

/** Milliseconds for which an answer waits for the end: most are done by then. */
export const ERASE_WAIT_MS = 5_000;

/** Whether whoever asked has waited long enough. */
export function patience(): () => boolean {
  const end = Date.now() + ERASE_WAIT_MS;
  return () => Date.now() > end;
}

/**
 * Erases oneself. An account confirms with its password, which counts as an attempt to sign in.
 * @throws AppError `invalid_request` (the password is not right), `rate_limited`, `overloaded`
 */
export async function eraseMe(ctx: Context, actor: Actor, { password }: EraseMe): Promise<ErasureReport> {
  const user = await ctx.em.findOneOrFail(User, { id: actor.userId }, { disableIdentityMap: true });
  if (user.kind === 'account') {
    const { appId, address } = ctx;
    const attempt = await ctx.limits.guesses.begin({
      ...{ appId, account: user.emailKey ?? '', address, device: undefined },
      knownHere: () => Promise.resolve(true),
    });
    const right = await verifyPassword(ctx.config, password ?? '', user.passwordHash);
    const message = right ? undefined : 'is not right';
    refuse('erase the account', [{ path: 'password', code: 'invalid_request', message }]);
    await attempt.forgive();
  }
  return eraseUser(ctx, user.id, { kind: 'user', id: user.id }, patience());
}
