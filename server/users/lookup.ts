import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id, User as WireUser } from '@co-talk/sdk/protocol';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import type { Statement } from '../statements.ts';
import { toWire, User } from './user.entity.ts';

/** Users of this app by id, in one query; unknown ids are left out. */
export async function loadUsers(ctx: Context, ids: Iterable<Id>): Promise<Map<Id, WireUser>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const users = await ctx.em.find(User, { id: { $in: wanted } }, { disableIdentityMap: true });
  return new Map(users.map((user) => [user.id, toWire(user)]));
}

/** @throws AppError `not_found` */
export async function loadUser(ctx: Context, id: Id): Promise<WireUser> {
  const user = (await loadUsers(ctx, [id])).get(id);
  if (!user) throw new AppError('not_found', 'unable to find the user; there is none with this id');
  return user;
}

/**
 * Locks users' rows in one order, so that what two people do to each other at the same moment happens one after the other.
 * @throws AppError `not_found` when one of them is not in this app, or is gone
 */
export async function lockUsers(em: EntityManager, appId: string, ids: Id[]): Promise<void> {
  const rows = await em.execute<{ id: Id }[]>(
    'select id from users where app_id = ? and id = any(?::uuid[]) and erased_at is null order by id for no key update',
    [appId, toArray(ids)],
  );
  if (rows.length < new Set(ids).size)
    throw new AppError('not_found', 'unable to find the user; there is none with this id');
}

/**
 * Takes the next `count` revisions of a user, within the transaction that makes the changes.
 * @returns the first of them
 */
export async function bumpRev(em: EntityManager, userId: Id, count = 1): Promise<number> {
  const [row] = await em.execute<{ rev: number }[]>('update users set rev = rev + ? where id = ? returning rev', [
    count,
    userId,
  ]);
  if (!row) throw new Error('a revision for a user that does not exist');
  return row.rev - count + 1;
}

const REV: Statement = { name: 'user-rev', text: 'select rev from users where id = $1 and app_id = $2' };

/** A user's revision, read before the rows of a list. */
export async function readRev(ctx: Context, userId: Id): Promise<number> {
  const [row] = await ctx.read<{ rev: number }>(REV, [userId, ctx.appId]);
  return row?.rev ?? 0;
}

/** A PostgreSQL array literal for a parameter cast to `uuid[]`. */
export const toArray = (ids: readonly Id[]): string => `{${ids.join(',')}}`;
