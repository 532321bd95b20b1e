import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id } from '@co-talk/sdk/protocol';

/** Reports in one transaction. */
const BATCH = 500;

/**
 * Takes away, of somebody who is gone, some of the reports about them, and the reasons out of those they made: what they have reported
 * may still have to be looked at.
 *
 * @returns how many; 0: nothing is left
 */
export async function forgetReports(em: EntityManager, appId: string, userId: Id): Promise<{ reports: number }> {
  const about = await em.execute<{ id: Id }[]>(
    `delete from reports where id = any(array(
       select id from reports where author_id = ? and app_id = ? limit ${String(BATCH)}
     )) returning id`,
    [userId, appId],
  );
  const by = await em.execute<{ id: Id }[]>(
    `update reports set reason = '' where id = any(array(
       select id from reports where reporter_id = ? and app_id = ? and reason <> '' limit ${String(BATCH)}
     )) returning id`,
    [userId, appId],
  );
  return { reports: about.length + by.length };
}
