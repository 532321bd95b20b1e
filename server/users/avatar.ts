import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id, Me } from '@co-talk/sdk/protocol';
import type { Config } from '../config.ts';
import type { Actor, Context } from '../context.ts';
import { AppError } from '../errors.ts';
import type { Database } from '../orm.ts';
import type { Statement } from '../statements.ts';
import { Avatar } from './avatar.entity.ts';
import { lockUsers } from './lookup.ts';
import { toPicture } from './picture.ts';
import { toWireMe, User } from './user.entity.ts';
import { tellProfile } from './users.ts';

const addressOf = (config: Config): string => `${config.publicUrl}/avatars/`;

/**
 * Takes a photo as the own picture, in the place of the one before. Friends and those one has a direct room with see it at once.
 * @throws AppError `unsupported_media`, `too_large`, `overloaded`, `forbidden` (a picture that the site gives)
 */
export async function setAvatar(ctx: Context, actor: Actor, photo: Buffer): Promise<Me> {
  const image = await toPicture(photo);
  // Not to be guessed, and nothing that tells when it was made.
  const id = randomUUID();
  return change(ctx, actor, `${addressOf(ctx.config)}${id}`, async (em) => {
    await em.nativeDelete(Avatar, { userId: actor.userId });
    await em.insert(Avatar, { id, appId: ctx.appId, userId: actor.userId, image, createdAt: new Date() });
  });
}

/**
 * Removes the own picture. Where there is none, nothing changes.
 * @throws AppError `forbidden` (a picture that the site gives)
 */
export async function removeAvatar(ctx: Context, actor: Actor): Promise<Me> {
  return change(ctx, actor, null, async (em) => {
    await em.nativeDelete(Avatar, { userId: actor.userId });
  });
}

async function change(
  ctx: Context,
  actor: Actor,
  avatarUrl: string | null,
  store: (em: EntityManager) => Promise<void>,
): Promise<Me> {
  return ctx.em.transactional(async (em) => {
    await lockUsers(em, ctx.appId, [actor.userId]);
    const before = await em.findOneOrFail(User, { id: actor.userId }, { disableIdentityMap: true });
    if (before.kind === 'host')
      throw new AppError('forbidden', 'unable to change the picture; it comes from the site; change it there');
    if (before.avatarUrl === null && avatarUrl === null) return toWireMe(before);
    await store(em);
    await em.nativeUpdate(User, { id: actor.userId }, { avatarUrl });
    return tellProfile(ctx, em, actor.userId);
  });
}

const IMAGE: Statement = {
  name: 'avatar',
  text: 'select image from avatars where id = $1 union all select image from room_pictures where id = $1',
};

/** A picture of a person or a room by its id, whichever app it is of: whoever has the address has seen them. `null`: there is none, or no longer. */
export async function readAvatar(db: Database, id: Id): Promise<Buffer | null> {
  const [row] = await db.read<{ image: Buffer }>(IMAGE, [id]);
  return row?.image ?? null;
}

/** Says the addresses of pictures anew on a server that has got another one itself. */
export async function moveAvatars(db: Database, config: Config): Promise<void> {
  await db.ownPool.query(
    `update users u set avatar_url = $1::text || a.id::text from avatars a
     where a.user_id = u.id and u.avatar_url is distinct from $1::text || a.id::text`,
    [addressOf(config)],
  );
  await db.ownPool.query(
    `update chat_rooms r set avatar_url = $1::text || p.id::text from room_pictures p
     where p.room_id = r.id and r.avatar_url is distinct from $1::text || p.id::text`,
    [addressOf(config)],
  );
}
