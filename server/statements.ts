import type { MikroORM } from '@mikro-orm/postgresql';

/** A query that is asked all the time. */
export interface Statement {
  /** Unique among all statements: PostgreSQL keeps the plan under it. */
  name: string;
  /** With `$1`, `$2` …; no filter adds the app, so it says `app_id` by itself. */
  text: string;
}

/**
 * Runs a statement, prepared once per connection. The ORM writes values into the text of a query, so that PostgreSQL plans each
 * anew, and spends more on a row than the database does: that is for what is asked rarely.
 */
export type Read = <T extends object>(statement: Statement, values: unknown[]) => Promise<T[]>;

/** Reads over the ORM's own connections. */
export async function createRead(orm: MikroORM): Promise<Read> {
  const pool = await orm.em.getConnection().getNativeClient();
  return async <T extends object>(statement: Statement, values: unknown[]) =>
    (await pool.query<T>({ ...statement, values })).rows;
}
