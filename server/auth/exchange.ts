import type { EntityManager } from '@mikro-orm/postgresql';
import type { Exchange, SignedIn } from '@co-talk/sdk/protocol';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { newId } from '../ids.ts';
import { cleanEmail, emailKey, emailProblem } from '../users/email.ts';
import { lockUsers } from '../users/lookup.ts';
import { cleanHostNickname, hostNicknameProblem, nicknameKey } from '../users/nickname.ts';
import { toWireMe, User } from '../users/user.entity.ts';
import { tellProfile } from '../users/users.ts';
import type { HostKeys } from './host-keys.ts';
import { startSession } from './sessions.ts';
import { requireWay } from './sign-in.ts';
import { verifyUserToken, type HostClaims } from './user-token.ts';

/** What a site says of its users, as it is kept. What a token leaves out is not there. */
type Profile = Pick<User, 'nickname' | 'nicknameKey'> &
  Partial<Pick<User, 'avatarUrl' | 'email' | 'emailKey' | 'emailVerified'>>;

/**
 * Signs somebody in whom the host site has signed in. Who is seen first becomes a user of kind `host`; what has changed since is
 * changed, and told. Never joined to anybody else, whatever the e-mail address or the name.
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
  const profile = readProfile(claims);
  return ctx.em.transactional(async (em) => {
    const user = await findOrCreate(ctx, em, claims.sub, profile);
    if (user.disabledAt !== null) throw new AppError('unauthenticated', 'unable to sign in; this user is disabled');
    const me = differs(user, profile) ? await update(ctx, em, user, profile) : toWireMe(user);
    return { user: me, session: await startSession(ctx, em, user.id, userAgent, keyId) };
  });
}

async function findOrCreate(ctx: Context, em: EntityManager, externalId: string, profile: Profile): Promise<User> {
  const find = () => em.findOne(User, { externalId, kind: 'host' }, { disableIdentityMap: true });
  const known = await find();
  if (known) return known;
  const { nickname, nicknameKey, email = null, emailKey = null, emailVerified = false, avatarUrl = null } = profile;
  // Whoever comes at the same moment waits here for the first, and finds it done.
  await em.execute(
    `insert into users (id, app_id, kind, external_id, nickname, nickname_key, email, email_key, email_verified, avatar_url, created_at)
     values (?, ?, 'host', ?, ?, ?, ?, ?, ?, ?, now())
     on conflict (app_id, external_id) where kind = 'host' do nothing`,
    [newId(), ctx.appId, externalId, nickname, nicknameKey, email, emailKey, emailVerified, avatarUrl],
  );
  const user = await find();
  if (!user) throw new Error('a user that was there a moment ago');
  return user;
}

async function update(ctx: Context, em: EntityManager, user: User, profile: Profile) {
  await lockUsers(em, ctx.appId, [user.id]);
  await em.nativeUpdate(User, { id: user.id }, profile);
  return tellProfile(ctx, em, user.id);
}

const differs = (user: User, profile: Profile): boolean =>
  (Object.keys(profile) as (keyof Profile)[]).some((name) => profile[name] !== user[name]);

function readProfile({ nickname, avatarUrl, email }: HostClaims): Profile {
  const clean = cleanHostNickname(nickname);
  refuse('nickname', hostNicknameProblem(clean));
  if (typeof avatarUrl === 'string') refuse('avatarUrl', avatarProblem(avatarUrl));
  if (typeof email === 'string') refuse('email', emailProblem(email));
  return {
    nickname: clean,
    nicknameKey: nicknameKey(clean),
    ...(avatarUrl === undefined ? {} : { avatarUrl: avatarUrl === null ? null : new URL(avatarUrl).href }),
    ...(email === undefined
      ? {}
      : {
          email: email === null ? null : cleanEmail(email),
          emailKey: email === null ? null : emailKey(email),
          // The site vouches for it.
          emailVerified: email !== null,
        }),
  };
}

function refuse(claim: string, problem: string | undefined): void {
  if (problem === undefined) return;
  throw new AppError('invalid_request', `unable to exchange the user token; its ${claim} ${problem}`, {
    errors: [{ path: `userToken.${claim}`, message: problem }],
  });
}

function avatarProblem(avatarUrl: string): string | undefined {
  const url = URL.canParse(avatarUrl) ? new URL(avatarUrl) : undefined;
  if (url?.protocol !== 'https:') return 'must be an https:// address';
  return url.username || url.password ? 'must not carry a user or password' : undefined;
}
