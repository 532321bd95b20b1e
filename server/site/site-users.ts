import { z } from 'zod';
import type { AdminUser, Id, ImportedUser, ImportUser, Page } from '@co-talk/sdk/protocol';
import { audit, type By } from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { cutPage, decodeCursor, type PageQuery } from '../cursor.ts';
import { AppError, toAppError, toWireError } from '../errors.ts';
import { disableUser } from '../users/disable.ts';
import { keepHostUser } from '../users/host-users.ts';
import { toWire, User } from '../users/user.entity.ts';
import { id } from '../validate.ts';

const position = z.tuple([id]);

/** The users of the app, the newest first; `q`: a part of the nickname, the e-mail address, or the whole id of the site. */
export async function listUsers(
  ctx: Context,
  { q, cursor, limit }: PageQuery & { q?: string | undefined },
): Promise<Page<AdminUser>> {
  const [after] = cursor === undefined ? [] : decodeCursor(position, cursor);
  const part = `%${(q ?? '').replaceAll(/[\\%_]/g, '\\$&')}%`;
  const users = await ctx.em.find(
    User,
    {
      erasedAt: null,
      ...(after === undefined ? {} : { id: { $lt: after } }),
      ...(q === undefined
        ? {}
        : { $or: [{ nickname: { $ilike: part } }, { emailKey: { $ilike: part } }, { externalId: q }] }),
    },
    { orderBy: { id: 'desc' }, limit: limit + 1, disableIdentityMap: true },
  );
  const page = cutPage(users, limit, (user) => [user.id]);
  return { items: page.rows.map(toAdminUser), next: page.next };
}

/** Users of the app by id, in one query; those who are gone are among them, unknown ids are not. */
export async function usersById(ctx: Context, ids: Id[]): Promise<Map<Id, AdminUser>> {
  const users = await ctx.em.find(User, { id: { $in: [...new Set(ids)] } }, { disableIdentityMap: true });
  return new Map(users.map((user) => [user.id, toAdminUser(user)]));
}

/** @throws AppError `not_found` */
export async function showUser(ctx: Context, userId: Id): Promise<AdminUser> {
  const user = await ctx.em.findOne(User, { id: userId, erasedAt: null }, { disableIdentityMap: true });
  if (!user) throw new AppError('not_found', 'unable to find the user; there is none with this id');
  return toAdminUser(user);
}

/**
 * Takes over what the site knows of its users: each by itself, in order, so that one that is refused holds up no other. The same
 * again changes nothing.
 */
export async function importUsers(ctx: Context, by: By, users: ImportUser[]): Promise<{ items: ImportedUser[] }> {
  const items: ImportedUser[] = [];
  for (const user of users) items.push(await importUser(ctx, by, user));
  return { items };
}

async function importUser(
  ctx: Context,
  by: By,
  { disabled, kind = 'host', ...said }: ImportUser,
): Promise<ImportedUser> {
  const { externalId } = said;
  try {
    const kept = await ctx.em.transactional(async (em) => {
      const { user, outcome } = await keepHostUser(ctx, em, { kind, ...said }, '');
      if (outcome !== 'unchanged') {
        const action = outcome === 'created' ? 'user.create' : 'user.update';
        await audit(em, { appId: ctx.appId, by, action, target: { kind: 'user', id: user.id } });
      }
      return { userId: user.id, outcome, disabled: user.disabledAt !== null };
    });
    ctx.publish.flush();
    const switched = disabled !== undefined && disabled !== kept.disabled;
    if (switched) await disableUser(ctx, kept.userId, disabled, by);
    const outcome = switched && kept.outcome === 'unchanged' ? 'updated' : kept.outcome;
    return { externalId, user: await showUser(ctx, kept.userId), outcome, error: null };
  } catch (error) {
    ctx.publish.discard();
    const known = toAppError(error);
    if (known.code === 'internal') ctx.log.error({ err: error }, 'a user could not be imported');
    return { externalId, user: null, outcome: 'refused', error: toWireError(known) };
  }
}

const toAdminUser = (user: User): AdminUser => ({
  ...toWire(user),
  email: user.email,
  emailVerified: user.emailVerified,
  externalId: user.externalId,
  disabled: user.disabledAt !== null,
  lastSeenAt: user.lastSeenAt?.toISOString() ?? null,
});
