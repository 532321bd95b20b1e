import type { EntityManager } from '@mikro-orm/postgresql';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { newId } from '../ids.ts';
import { emit } from '../webhooks/outbox.ts';
import { cleanEmail, emailKey, emailProblem } from './email.ts';
import { lockUsers } from './lookup.ts';
import { cleanHostNickname, hostNicknameProblem, nicknameKey } from './nickname.ts';
import { User } from './user.entity.ts';
import { tellProfile } from './users.ts';

/** What a site says of one of its users, or of a bot. What is left out stays as it is. */
export interface HostUser {
  /** The site's own id. */
  externalId: string;
  kind: 'host' | 'bot';
  nickname: string;
  avatarUrl?: string | null | undefined;
  email?: string | null | undefined;
}

type Profile = Pick<User, 'nickname' | 'nicknameKey'> &
  Partial<Pick<User, 'avatarUrl' | 'email' | 'emailKey' | 'emailVerified'>>;

/**
 * Keeps what a site says of somebody, within the caller's transaction: who is seen first is made, what has changed since is changed
 * and told. Never joined to anybody else, whatever the e-mail address or the name.
 *
 * @param path of the user in the request, for errors
 * @throws AppError `invalid_request`
 */
export async function keepHostUser(
  ctx: Context,
  em: EntityManager,
  said: HostUser,
  path: string,
): Promise<{ user: User; outcome: 'created' | 'updated' | 'unchanged' }> {
  const profile = readProfile(said, path);
  const { externalId, kind } = said;
  const find = () => em.findOne(User, { externalId, kind }, { disableIdentityMap: true });
  const known = await find();
  const created = !known && (await create(ctx, em, said, profile));
  const user = known ?? (await find());
  if (!user) throw new Error('a user that was there a moment ago');
  if (created || !differs(user, profile)) return { user, outcome: created ? 'created' : 'unchanged' };
  await lockUsers(em, ctx.appId, [user.id]);
  await em.nativeUpdate(User, { id: user.id }, profile);
  await tellProfile(ctx, em, user.id);
  return { user: { ...user, ...profile, rev: user.rev + 1 }, outcome: 'updated' };
}

/** @returns whether it was this call that made them: whoever comes at the same moment waits here, and finds it done */
async function create(
  ctx: Context,
  em: EntityManager,
  { externalId, kind }: HostUser,
  profile: Profile,
): Promise<boolean> {
  const {
    nickname,
    nicknameKey: key,
    email = null,
    emailKey = null,
    emailVerified = false,
    avatarUrl = null,
  } = profile;
  const [made] = await em.execute<{ id: string }[]>(
    `insert into users (id, app_id, kind, external_id, nickname, nickname_key, email, email_key, email_verified, avatar_url, created_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, now())
     on conflict (app_id, external_id) where kind = '${kind === 'bot' ? 'bot' : 'host'}' do nothing returning id`,
    [newId(), ctx.appId, kind, externalId, nickname, key, email, emailKey, emailVerified, avatarUrl],
  );
  if (made) await emit(em, ctx.appId, 'user.created', { userId: made.id });
  return made !== undefined;
}

const differs = (user: User, profile: Profile): boolean =>
  (Object.keys(profile) as (keyof Profile)[]).some((name) => profile[name] !== user[name]);

function readProfile({ nickname, avatarUrl, email }: HostUser, path: string): Profile {
  const clean = cleanHostNickname(nickname);
  refuse(`${path}nickname`, hostNicknameProblem(clean));
  if (typeof avatarUrl === 'string') refuse(`${path}avatarUrl`, avatarProblem(avatarUrl));
  if (typeof email === 'string') refuse(`${path}email`, emailProblem(email));
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

function refuse(path: string, problem: string | undefined): void {
  if (problem === undefined) return;
  throw new AppError('invalid_request', `unable to keep the user; ${path} ${problem}`, {
    errors: [{ path, message: problem }],
  });
}

function avatarProblem(avatarUrl: string): string | undefined {
  const url = URL.canParse(avatarUrl) ? new URL(avatarUrl) : undefined;
  if (url?.protocol !== 'https:') return 'must be an https:// address';
  return url.username || url.password ? 'must not carry a user or password' : undefined;
}
