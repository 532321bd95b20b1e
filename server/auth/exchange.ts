import type { Exchange, SignedIn } from '@co-talk/sdk/protocol';
import { holdKey, noteUse } from '../apps/keys.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { keepHostUser } from '../users/host-users.ts';
import { toWireMe } from '../users/user.entity.ts';
import type { HostKeys } from './host-keys.ts';
import { startSession } from './sessions.ts';
import { requireWay } from './sign-in.ts';
import { verifyUserToken } from './user-token.ts';

/**
 * Signs somebody in whom the host site has signed in. Who is seen first becomes a user of kind `host`; what has changed since is
 * changed, and told.
 *
 * @throws AppError `unauthenticated`, `token_expired`, `invalid_request`, `sign_in_disabled`, `overloaded`
 */
export async function exchange(
  ctx: Context,
  hostKeys: HostKeys,
  { userToken }: Exchange,
  userAgent: string | null,
): Promise<SignedIn> {
  await requireWay(ctx, 'hostUsers');
  const { claims, keyId } = await verifyUserToken(hostKeys, ctx.appId, userToken);
  const { sub: externalId, nickname, avatarUrl, email } = claims;
  if (keyId !== null) await noteUse(ctx.em, ctx.appId, keyId);
  return ctx.em.transactional(async (em) => {
    if (keyId !== null && !(await holdKey(em, ctx.appId, keyId)))
      throw new AppError('unauthenticated', 'unable to sign in; the key of the user token has just ended');
    const said = { externalId, kind: 'host', nickname, avatarUrl, email } as const;
    const { user } = await keepHostUser(ctx, em, said, 'userToken.');
    if (user.disabledAt !== null) throw new AppError('unauthenticated', 'unable to sign in; this user is disabled');
    return { user: toWireMe(user), session: await startSession(ctx, em, user.id, userAgent, keyId) };
  });
}
