import type { EntityManager } from '@mikro-orm/postgresql';
import { countGraphemes, LIMITS, type Id, type Me, type UpdateMe, type User as WireUser } from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { bumpRev, loadUser, lockUsers } from './lookup.ts';
import { cleanNickname, nicknameKey, nicknameProblem } from './nickname.ts';
import { refuse } from './problems.ts';
import { orTaken, refuseTaken } from './taken.ts';
import { toWire, toWireMe, User } from './user.entity.ts';
import { emit } from '../webhooks/outbox.ts';

/** The signed-in user. */
export async function getMe(ctx: Context, actor: Actor): Promise<Me> {
  return toWireMe(await ctx.em.findOneOrFail(User, { id: actor.userId }, { disableIdentityMap: true }));
}

/**
 * Changes the own profile and settings; what is left out stays. Friends and those one has a direct room with see it at once.
 * @throws AppError `invalid_nickname`, `nickname_taken`, `invalid_request` (about), `forbidden` (a nickname that the site has given)
 */
export async function updateMe(ctx: Context, actor: Actor, input: UpdateMe): Promise<Me> {
  const doing = 'change the profile';
  const about = input.about?.normalize('NFC').trim();
  refuse(doing, [
    {
      path: 'nickname',
      code: 'invalid_nickname',
      message: input.nickname === undefined ? undefined : nicknameProblem(input.nickname),
    },
    { path: 'about', code: 'invalid_request', message: about === undefined ? undefined : aboutProblem(about) },
  ]);
  return orTaken(doing, () =>
    ctx.em.transactional(async (em) => {
      await lockUsers(em, ctx.appId, [actor.userId]);
      const before = await em.findOneOrFail(User, { id: actor.userId }, { disableIdentityMap: true });
      const nickname = input.nickname === undefined ? before.nickname : cleanNickname(input.nickname);
      const changes = {
        nickname,
        about: input.about === undefined ? before.about : about || null,
        findableByEmail: input.settings?.findableByEmail ?? before.findableByEmail,
      };
      const { about: aboutBefore, findableByEmail } = before;
      const same = changes.about === aboutBefore && changes.findableByEmail === findableByEmail;
      if (same && changes.nickname === before.nickname) return toWireMe(before);
      const key = nicknameKey(nickname);
      if (before.kind === 'host' && nickname !== before.nickname)
        throw new AppError('forbidden', `unable to ${doing}; the nickname comes from the site; change it there`);
      if (before.kind === 'account' && key !== before.nicknameKey)
        await refuseTaken(em, doing, { nicknameKey: key }, actor.userId);
      await em.nativeUpdate(User, { id: actor.userId }, { ...changes, nicknameKey: key });
      return tellProfile(ctx, em, actor.userId);
    }),
  );
}

/**
 * Tells the user's devices, webhooks, friends and those they share a room with how the user looks now, within the transaction that has
 * changed it.
 */
export async function tellProfile(ctx: Context, em: EntityManager, userId: Id): Promise<Me> {
  const rev = await bumpRev(em, userId);
  const user = await em.findOneOrFail(User, { id: userId }, { disableIdentityMap: true });
  const me = toWireMe(user);
  ctx.publish.user(userId, 'me', [{ rev, change: 'profile', item: me }]);
  for (const peer of await peersOf(em, ctx.appId, userId)) ctx.publish.user(peer, 'user', [{ user: toWire(user) }]);
  for (const roomId of await groupsOf(em, ctx.appId, userId))
    ctx.publish.room(roomId, 'user', [{ user: toWire(user) }]);
  await emit(em, ctx.appId, 'user.updated', { userId });
  return me;
}

/**
 * A person of this app. Who has blocked the one who asks is not there for them.
 * @throws AppError `not_found`
 */
export async function getUser(ctx: Context, actor: Actor, id: Id): Promise<WireUser> {
  const [row] = await ctx.em.execute<{ blocked: boolean }[]>(
    'select exists (select from blocks where app_id = ? and user_id = ? and blocked_id = ?) as blocked',
    [ctx.appId, id, actor.userId],
  );
  if (row?.blocked) throw new AppError('not_found', 'unable to find the user; there is none with this id');
  return loadUser(ctx, id);
}

function aboutProblem(about: string): string | undefined {
  if (countGraphemes(about) > LIMITS.aboutMax) return `must have at most ${String(LIMITS.aboutMax)} characters`;
  return /[^\P{Cc}\n]/u.test(about) ? 'must not have control characters' : undefined;
}

/** Who has this user in a list of theirs: friends, and the others of direct rooms. */
async function peersOf(em: EntityManager, appId: string, userId: Id): Promise<Id[]> {
  const rows = await em.execute<{ id: Id }[]>(
    `select friend_id as id from friends where app_id = ? and user_id = ?
     union
     select peer.user_id from chat_room_members mine
     join chat_rooms r on r.id = mine.room_id and r.type = 'direct'
     join chat_room_members peer on peer.room_id = r.id and peer.user_id <> mine.user_id
     where mine.app_id = ? and mine.user_id = ? and mine.left_at is null and peer.left_at is null`,
    [appId, userId, appId, userId],
  );
  return rows.map((row) => row.id);
}

/** Rooms of many: who is in one hears of it there. */
async function groupsOf(em: EntityManager, appId: string, userId: Id): Promise<Id[]> {
  const rows = await em.execute<{ id: Id }[]>(
    `select r.id from chat_room_members m join chat_rooms r on r.id = m.room_id and r.type <> 'direct'
     where m.app_id = ? and m.user_id = ? and m.left_at is null`,
    [appId, userId],
  );
  return rows.map((row) => row.id);
}
