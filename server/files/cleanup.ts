import type { Pool } from 'pg';
import type { Id } from '@co-talk/sdk/protocol';
import type { Log } from '../log.ts';
import type { Database } from '../orm.ts';
import { keysOf } from './file.entity.ts';
import type { FileStorage } from './storage.ts';
import { IS_HELD } from './visible.ts';

export interface FileCleanup {
  close: () => Promise<void>;
}

/** Milliseconds from one look for files that nobody needs to the next. */
export const FILES_EVERY_MS = 60_000;

/** Files that are looked at together, and seconds until another node takes over what one has begun. */
const BATCH = 50;
const LEASE = 600;

interface Due {
  id: Id;
  appId: string;
  variants: Record<string, number>;
  held: boolean;
}

/**
 * Takes files whose time is over: those that a message has stay for good, or until it is deleted; the others are gone from here on,
 * and nothing can have them any more. What a node has left undone is taken again.
 *
 * @param of a condition on `f`, with `$3`
 * @param others what becomes of rows that another node is at; empty: it is waited for
 */
const take = (of: string, others: string): string => `
  with due as (
    select f.id from files f where ${of} order by f.expires_at limit $1 for no key update ${others}
  )
  update files f set
    state = case when h.held then f.state else 'gone' end,
    expires_at = case when h.held then null else now() + make_interval(secs => $2) end
  from due, lateral (select ${IS_HELD.replaceAll('f.id', 'due.id')} and true as held) h
  where f.id = due.id
  returning f.id, f.app_id as "appId", f.variants, h.held`;

/** What is due this moment may be noted half a millisecond later: times are rounded. */
const IS_DUE = "f.expires_at <= now() + interval '1 millisecond'";
const TAKE = take(`${IS_DUE} and $3::uuid is null`, 'skip locked');
/** With those that another node is at: whoever asks for them wants them gone when it has its answer. */
const TAKE_OF = take(`(${IS_DUE} or f.state = 'gone') and f.user_id = $3::uuid`, '');

/**
 * Removes some files that nobody needs: not attached in time, or of messages that are deleted.
 *
 * @param userId only of those that this user has uploaded
 * @returns how many were looked at; 0: there is nothing left to do
 */
export async function removeSome(pool: Pool, storage: FileStorage, userId: Id | null = null): Promise<number> {
  const { rows } = await pool.query<Due>(userId === null ? TAKE : TAKE_OF, [BATCH, LEASE, userId]);
  const gone = rows.filter(({ held }) => !held);
  await storage.remove(gone.flatMap(keysOf));
  const ids = gone.map(({ id }) => id);
  await pool.query('delete from attachments where file_id = any($1::uuid[])', [ids]);
  await pool.query('delete from files where id = any($1::uuid[])', [ids]);
  return rows.length;
}

/** Removes files that nobody needs, in the background. Several nodes at once only share the work. */
export function createFileCleanup(db: Database, storage: FileStorage, log: Log, everyMs: number): FileCleanup {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let work: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    try {
      while (!closed && (await removeSome(db.ownPool, storage)) > 0);
    } catch (error) {
      if (!closed) log.error({ err: error }, 'files that nobody needs could not be removed; will try again');
    }
    if (!closed) timer = setTimeout(start, everyMs);
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
