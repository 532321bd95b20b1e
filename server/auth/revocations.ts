import type { EntityManager } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import type { Id, SessionEndReason } from '@co-talk/sdk/protocol';
import { newId } from '../ids.ts';
import { SELECT_EPOCH } from '../orm.ts';
import type { Revocation } from './revocation.entity.ts';

/** What a node needs to know of a revocation. */
export type Revoked = Pick<Revocation, 'appId' | 'userId' | 'sessionId' | 'roomId' | 'reason'>;

/**
 * Takes something away from a user's open sockets, on every node within two seconds. Belongs into the transaction that takes it
 * away in the database, as its last statement.
 */
export async function revoke(
  em: EntityManager,
  appId: string,
  { userId, ...what }: Omit<Revoked, 'appId'>,
): Promise<void> {
  // The time of the row, not of the transaction: those who look for it look back no further than they must.
  await em.execute(
    `insert into revocations (id, app_id, user_id, session_id, room_id, reason, created_at) values (?, ?, ?, ?, ?, ?, clock_timestamp())`,
    [newId(), appId, userId, what.sessionId, what.roomId, what.reason],
  );
}

/** The same for many sessions, by one statement. */
export async function revokeSessions(
  em: EntityManager,
  appId: string,
  sessions: readonly { id: Id; userId: Id }[],
  reason: SessionEndReason,
): Promise<void> {
  const rows = sessions.map(({ id, userId }) => ({ id: newId(), user_id: userId, session_id: id }));
  await em.execute(
    `insert into revocations (id, app_id, user_id, session_id, reason, created_at)
     select r.id, ?, r.user_id, r.session_id, ?, clock_timestamp()
     from jsonb_to_recordset(?::jsonb) r(id uuid, user_id uuid, session_id uuid)`,
    [appId, reason, JSON.stringify(rows)],
  );
}

/** Seconds that a transaction may take from {@link revoke} to its commit. */
const OVERLAP_SECONDS = 30;

/**
 * The epoch, and what was revoked in the last seconds and has not been given again since: a room that was joined anew, a user who
 * was let in again.
 */
const WATCH = `
  select e.epoch, coalesce((
    select json_agg(json_build_object('appId', v.app_id, 'userId', v.user_id, 'sessionId', v.session_id, 'roomId', v.room_id, 'reason', v.reason))
    from revocations v
    where v.created_at > now() - make_interval(secs => $1) and case
      when v.session_id is not null then true
      when v.room_id is not null then not exists (
        select from chat_room_members m where m.room_id = v.room_id and m.user_id = v.user_id and m.left_at is null)
      when v.user_id is null then not exists (select from apps a where a.id = v.app_id and a.removed_at is null)
      else not exists (select from users u where u.id = v.user_id and u.disabled_at is null)
    end), '[]') as revoked
  from (${SELECT_EPOCH}) e`;

/**
 * Reads what every node must know soon, whatever else is away.
 * @param seconds since this was last asked; what was answered then may be answered again
 */
export async function readWatch(pool: Pool, seconds: number): Promise<{ epoch: string; revoked: Revoked[] }> {
  const answer = await pool.query<{ epoch: string; revoked: Revoked[] }>(WATCH, [seconds + OVERLAP_SECONDS]);
  const [row] = answer.rows;
  if (!row) throw new Error('the database has no installation row');
  return row;
}

export async function forgetOldRevocations(pool: Pool): Promise<void> {
  await pool.query("delete from revocations where created_at < now() - interval '1 day'");
}
