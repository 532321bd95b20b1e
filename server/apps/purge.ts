import type { FileStorage } from '../files/storage.ts';
import type { Log } from '../log.ts';
import type { Database } from '../orm.ts';
import { App } from './app.entity.ts';

/** Rows that are deleted at once. */
const PURGE_ROWS = 5_000;

const EVERY_MS = 15_000;

/** Seconds for which nodes that have not heard yet, or were at something, may still write. */
const LATE_SECONDS = 60;

/**
 * Deletes what belongs to removed apps, a few rows at a time; what is left when it is cut short, goes the next time. The audit log
 * stays, and so does the bare row of the app, so that its id is not given again.
 */
export async function purgeApps(db: Database, files: FileStorage, isOver: () => boolean = () => false): Promise<void> {
  const { rows } = await db.ownPool.query<{ id: string; late: boolean }>(
    `select id, removed_at > now() - make_interval(secs => $1) as late from apps where removed_at is not null and name <> ''`,
    [LATE_SECONDS],
  );
  for (const { id, late } of rows) {
    await files.removeApp(id);
    for (const table of db.tables.filter((name) => name !== 'audit_log')) {
      for (let gone = PURGE_ROWS; gone === PURGE_ROWS;) {
        if (isOver()) return;
        const { rowCount } = await db.ownPool.query(
          `delete from ${table} where ctid = any(array(select ctid from ${table} where app_id = $1 limit ${String(PURGE_ROWS)}))`,
          [id],
        );
        gone = rowCount ?? 0;
      }
    }
    // Looked through once more before it counts as done.
    if (late) continue;
    await db.orm.em.fork().nativeUpdate(App, { id }, { name: '', origins: [], jwksUrl: null, settings: {} });
  }
}

/** Deletes what removed apps have left, in the background. Several nodes at once only share the work. */
export function createPurge(db: Database, files: FileStorage, log: Log): { close: () => Promise<void> } {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let work: Promise<void> = Promise.resolve();

  async function purge(): Promise<void> {
    try {
      await purgeApps(db, files, () => closed);
    } catch (error) {
      if (!closed) log.warn({ err: error }, 'a removed app could not be deleted; will try again');
    }
    if (!closed) timer = setTimeout(start, EVERY_MS);
  }

  function start(): void {
    work = purge();
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
