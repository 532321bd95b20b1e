import type { Id } from '@co-talk/sdk/protocol';
import { DEFAULT_SETTINGS } from '../apps/apps.ts';
import { ActionContext, type Services } from '../context.ts';
import type { Database } from '../orm.ts';
import { eraseUser } from '../users/erase.ts';

export interface GuestCleanup {
  close: () => Promise<void>;
}

/** Milliseconds from one look for guests who will not come back to the next. */
export const GUESTS_EVERY_MS = 3_600_000;

/**
 * Shuts out a few guests who were not seen for as long as their app keeps them: whoever would come back, or become an account, at
 * this very moment, either does so before or cannot any more. Two nodes do not take the same ones; what a node has left undone is
 * taken again.
 */
const TAKE = `
  update users set disabled_at = now() where id in (
    select u.id from users u
    join apps a on a.id = u.app_id and a.removed_at is null
    cross join lateral (
      select now() - make_interval(days => coalesce((a.settings->>'guestRetentionDays')::int, $1)) as cutoff
    ) c
    where u.kind = 'guest' and u.created_at < c.cutoff and (u.last_seen_at is null or u.last_seen_at < c.cutoff)
      and (u.disabled_at is null or u.disabled_at < now() - interval '10 minutes')
      and not exists (select from sessions s where s.user_id = u.id and s.last_used_at >= c.cutoff)
    order by u.created_at limit 20 for update of u skip locked
  ) returning id, app_id as "appId"`;

/** Erases guests who were not seen for as long as their app says. What they wrote stays, of a deleted user. */
export function createGuestCleanup(services: Services, db: Database, everyMs: number): GuestCleanup {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let work: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    try {
      for (let guests = await take(); guests.length > 0; guests = await take()) {
        for (const { id, appId } of guests) {
          if (closed) return;
          const ctx = new ActionContext(services, db, appId);
          await eraseUser(ctx, id, { kind: 'system', id: 'guest-retention' });
          ctx.flush();
        }
      }
    } catch (error) {
      if (!closed) services.log.error({ err: error }, 'old guests could not be removed; will try again');
    }
    if (!closed) timer = setTimeout(start, everyMs);
  }

  async function take(): Promise<{ id: Id; appId: string }[]> {
    if (closed) return [];
    const { rows } = await db.ownPool.query<{ id: Id; appId: string }>(TAKE, [DEFAULT_SETTINGS.guestRetentionDays]);
    return rows;
  }

  function start(): void {
    work = look();
  }

  start();
  return {
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await work;
    },
  };
}
