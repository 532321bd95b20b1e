import type { Id, Presence, Typing } from '@co-talk/sdk/protocol';
import { ActionContext, type Actor, type Context, type Services } from '../context.ts';
import { directKey } from '../rooms/direct.ts';
import type { Database } from '../orm.ts';
import { requireMember } from '../rooms/members.ts';
import { toArray } from '../users/lookup.ts';
import { hiddenPresence, presenceOf } from './presences.ts';

/** Friends and partners of direct rooms, without those blocked either way: who sees whether the user is online. */
const VISIBLE = `
  select friend_id as id from friends where user_id = :user and app_id = :app
  union
  select o.user_id from chat_room_members m
  join chat_rooms r on r.id = m.room_id and r.type = 'direct'
  join chat_room_members o on o.room_id = m.room_id and o.user_id <> m.user_id
  where m.user_id = :user and m.app_id = :app and m.left_at is null
  except
  select blocked_id from blocks where user_id = :user and app_id = :app
  except
  select user_id from blocks where blocked_id = :user and app_id = :app`;

/** The presence of people among `ids` whom the user may see; others are left out. */
export async function presence(ctx: Context, actor: Actor, ids: Id[]): Promise<{ items: Presence[]; next: null }> {
  const rows = await ctx.em.execute<{ id: Id; seenMs: number | null; gone: boolean }[]>(
    `select u.id, (extract(epoch from u.last_seen_at) * 1000)::float8 as "seenMs", u.erased_at is not null as gone from users u
     where u.id in (${bind(VISIBLE)}) and u.id = any(?::uuid[])`,
    [...bindings(VISIBLE, ctx, actor.userId), toArray(ids)],
  );
  const items = rows.map(({ id, seenMs, gone }) =>
    gone ? hiddenPresence(id) : presenceOf(ctx.presences, id, seenMs === null ? null : new Date(seenMs)),
  );
  return { items, next: null };
}

/** The user's first device has connected, or the last one has gone: notes the time and tells those who may see it. */
export async function announce(ctx: Context, userId: Id, online: boolean): Promise<void> {
  await ctx.em.execute('update users set last_seen_at = now() where id = ? and app_id = ? and erased_at is null', [
    userId,
    ctx.appId,
  ]);
  // Overtaken by the user's coming or going elsewhere, which tells for itself.
  if (ctx.presences.online(userId) === online) await tell(ctx, userId);
}

/** Tells those who may see it whether the user is online. */
async function tell(ctx: Context, userId: Id): Promise<void> {
  const [user] = await ctx.em.execute<{ seenMs: number | null }[]>(
    'select (extract(epoch from last_seen_at) * 1000)::float8 as "seenMs" from users where id = ? and app_id = ?',
    [userId, ctx.appId],
  );
  if (!user) return;
  const presence = presenceOf(ctx.presences, userId, user.seenMs === null ? null : new Date(user.seenMs));
  const rows = await ctx.em.execute<{ id: Id }[]>(bind(VISIBLE), bindings(VISIBLE, ctx, userId));
  for (const { id } of rows) ctx.publish.user(id, 'presence', [presence]);
}

/**
 * Tells how these users stand: after a node that had them has ended, or the nodes could not hear each other.
 * @param agoMs when they were seen last, unless that is known better
 */
export async function tellAgain(services: Services, db: Database, userIds: Id[], agoMs?: number): Promise<void> {
  const users = await db.sendPool.query<{ id: Id; app: string }>(
    `select id, app_id as app from users where id = any($1)`,
    [userIds],
  );
  if (agoMs !== undefined) {
    await db.sendPool.query(
      `update users set last_seen_at = greatest(last_seen_at, now() - make_interval(secs => $2)) where id = any($1) and erased_at is null`,
      [userIds, agoMs / 1_000],
    );
  }
  for (const { id, app } of users.rows) {
    const ctx = new ActionContext(services, db, app);
    await tell(ctx, id);
    ctx.flush();
  }
}

/** A block between two people began or ended: where they share a room, each hears how the other now looks to them. */
export async function announcePair(ctx: Context, one: Id, other: Id): Promise<void> {
  for (const [reader, seen] of [
    [one, other],
    [other, one],
  ] as const) {
    const [row] = await ctx.em.execute<{ hidden: boolean; seenMs: number | null }[]>(
      `select exists (select from blocks where app_id = ? and ((user_id = ? and blocked_id = ?) or (user_id = ? and blocked_id = ?))) as hidden,
         (extract(epoch from u.last_seen_at) * 1000)::float8 as "seenMs"
       from users u join chat_rooms r on r.app_id = u.app_id and r.direct_key = ?
       where u.id = ? and u.app_id = ?`,
      [ctx.appId, one, other, other, one, directKey(one, other), seen, ctx.appId],
    );
    if (!row) return;
    const { hidden, seenMs } = row;
    const presence = hidden
      ? hiddenPresence(seen)
      : presenceOf(ctx.presences, seen, seenMs === null ? null : new Date(seenMs));
    ctx.publish.user(reader, 'presence', [presence]);
  }
}

/** The server goes away: notes when those who are online were last seen. Nobody is told, since they come back elsewhere. */
export async function noteLastSeen(db: Database, ids: Id[]): Promise<void> {
  await db.sendPool.query('update users set last_seen_at = now() where id = any($1) and erased_at is null', [ids]);
}

/**
 * Tells the other members that the user types, or has stopped.
 * @throws AppError `not_found`
 */
export async function typing(ctx: Context, actor: Actor, input: Typing, except: string): Promise<void> {
  await requireMember(ctx, actor, input.roomId);
  ctx.publish.room(input.roomId, 'typing', [{ ...input, userId: actor.userId }], except);
}

const bind = (sql: string): string => sql.replace(/:(user|app)\b/g, '?');

const bindings = (sql: string, ctx: Context, userId: Id): string[] =>
  [...sql.matchAll(/:(user|app)\b/g)].map(([, name]) => (name === 'user' ? userId : ctx.appId));
