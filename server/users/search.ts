import { z } from 'zod';
import { LIMITS, type AppSettings, type FoundUser, type Friendship, type Page } from '@co-talk/sdk/protocol';
import { settingsOf } from '../apps/apps.ts';
import type { Actor, Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { cutPage, decodeCursor, type PageQuery } from '../cursor.ts';
import { cleanText, id } from '../validate.ts';
import { toWire, type UserRow } from './user.entity.ts';

type Row = Omit<UserRow, 'createdAt'> & { createdMs: number; friendship: Friendship; rank: number; sort: string };

const position = z.tuple([z.int().min(0).max(2), cleanText(256), id]);

/**
 * People by a part of their nickname, or of their e-mail address before the `@`, never of its domain: a whole nickname first,
 * then beginnings, then the rest. Never oneself, nor who has blocked the one who asks. Addresses match as the app and their owners
 * allow.
 */
export async function searchUsers(
  ctx: Context,
  actor: Actor,
  query: PageQuery & { q: string },
): Promise<Page<FoundUser>> {
  const q = query.q.normalize('NFC');
  const email = q.toLowerCase();
  const part = `%${escapeLike(q)}%`;
  const emailPart = `%${escapeLike(email)}%`;
  const emails = await emailSearch(ctx, actor, email);
  const byEmail = BY_EMAIL[emails];
  const after = query.cursor === undefined ? undefined : decodeCursor(position, query.cursor);
  const rows = await ctx.em.execute<Row[]>(
    `select * from (
       select u.id, u.rev, u.nickname, u.about, u.avatar_url as "avatarUrl", u.kind,
         (extract(epoch from u.created_at) * 1000)::float8 as "createdMs", lower(u.nickname) collate "C" as sort,
         case when lower(u.nickname) = lower(?) or (u.findable_by_email and u.email_key = ?) then 0
           when starts_with(lower(u.nickname), lower(?)) then 1 else 2 end as rank,
         case when exists (select from blocks b where b.app_id = u.app_id and b.user_id = ? and b.blocked_id = u.id) then 'blocked'
           when exists (select from friends f where f.app_id = u.app_id and f.user_id = ? and f.friend_id = u.id) then 'friend'
           else coalesce((
             select case when r.from_id = u.id then 'incoming' else 'outgoing' end from friend_requests r
             where r.app_id = u.app_id and r.status = 'pending'
               and ((r.from_id = u.id and r.to_id = ?) or (r.from_id = ? and r.to_id = u.id))
           ), 'none') end as friendship
       from users u
       where u.app_id = ? and u.id <> ? and u.disabled_at is null
         and (lower(u.nickname) like lower(?)${byEmail})
         and not exists (select from blocks b where b.app_id = u.app_id and b.user_id = u.id and b.blocked_id = ?)
     ) found
     ${after ? 'where (rank, sort, id) > (?::int, ?, ?::uuid)' : ''}
     order by rank, sort, id limit ?`,
    [
      ...[q, emails === 'off' ? '' : email, q],
      ...Array.from({ length: 4 }, () => actor.userId),
      ...[ctx.appId, actor.userId, part],
      ...{ partial: [emailPart, emailPart, email], exact: [email], off: [] }[emails],
      actor.userId,
      ...(after ?? []),
      query.limit + 1,
    ],
  );
  const page = cutPage(rows, query.limit, (row) => [row.rank, row.sort, row.id]);
  return { items: page.rows.map(toFoundUser), next: page.next };
}

/** Only those who have not opted out. The domain never matches by itself. */
const BY_EMAIL: Record<AppSettings['emailSearch'], string> = {
  partial: `or (u.findable_by_email and u.email_key like ? and (split_part(u.email_key, '@', 1) like ? or u.email_key = ?))`,
  exact: 'or (u.findable_by_email and u.email_key = ?)',
  off: '',
};

/**
 * How `q` is looked for among e-mail addresses: as the app says. They have a limit of their own, so that nobody lists them by
 * trying; beyond it, a nickname is still found.
 * @throws AppError `rate_limited`: it is an address that is looked for
 */
async function emailSearch(ctx: Context, actor: Actor, q: string): Promise<AppSettings['emailSearch']> {
  const { emailSearch: mode } = settingsOf(await ctx.app());
  if (mode === 'off' || q.length < LIMITS.emailSearchMin || (mode === 'exact' && !q.includes('@'))) return 'off';
  try {
    await ctx.limits.use('emailSearches', { userId: actor.userId, address: ctx.address, appId: ctx.appId });
    return mode;
  } catch (error) {
    if (!q.includes('@') && error instanceof AppError && error.code === 'rate_limited') return 'off';
    throw error;
  }
}

function toFoundUser({ createdMs, friendship, ...user }: Row): FoundUser {
  return { ...toWire({ ...user, createdAt: new Date(createdMs) }), friendship };
}

/** A text to be found as it is by `like`. */
export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
