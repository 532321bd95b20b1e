import type { Database } from './orm.ts';

/**
 * What has to follow after a backup was put back. Clients may hold what the backup does not: another epoch makes them start anew,
 * also those of a running server. Sessions end, since some of them had been ended after the backup was made.
 */
export async function markRestored(db: Database): Promise<void> {
  await db.orm.em.fork().transactional(async (em) => {
    await em.execute('update installation set epoch = gen_random_uuid()');
    await em.execute('delete from refresh_tokens');
    await em.execute(
      `with ended as (update sessions set ended_at = now() where ended_at is null returning id, user_id, app_id)
       insert into revocations (id, app_id, user_id, session_id, reason, created_at)
       select gen_random_uuid(), app_id, user_id, id, 'revoked', clock_timestamp() from ended`,
    );
  });
}
