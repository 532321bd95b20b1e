import type { EntityManager } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import type { Id } from '@co-talk/sdk/protocol';
import { newId } from '../ids.ts';
import { Mail, type MailKind } from './mail.entity.ts';

/** Seconds after which whoever took a mail counts as gone. Longer than any try may last. */
const LEASE_SECONDS = 60;

/** Seconds until the next try, after one, two, three … of them. */
const PAUSES = [5, 15, 60, 300, 900];

/** Hours after which a mail is of no use any more: who waits for a new password has asked again. */
const USEFUL_HOURS: Record<MailKind, number> = { forgot: 1, verify: 48, changed: 48 };

/** What is queued. `userId` or, for `forgot`, `address`. */
export interface NewMail {
  appId: string;
  kind: MailKind;
  userId?: Id;
  address?: string;
  language: string;
}

/** Has a mail sent once the transaction of `em` is committed, whatever becomes of this server. Wake the mailer after that. */
export async function queueMail(em: EntityManager, { appId, kind, userId, address, language }: NewMail): Promise<void> {
  const now = new Date();
  const about = { userId: userId ?? null, address: address ?? null };
  await em.insert(Mail, {
    ...{ id: newId(), appId, kind, language, attempts: 0, dueAt: now, createdAt: now },
    ...about,
  });
}

/**
 * Takes the mails that are due, so that nobody else does for a minute. Of all apps; those that have become useless are left.
 */
export async function claimMails(pool: Pool, limit: number): Promise<Mail[]> {
  const { rows } = await pool.query<Mail>(
    `update mails set attempts = attempts + 1, due_at = now() + make_interval(secs => $2)
     where id in (select id from mails where due_at <= now() order by due_at limit $1 for update skip locked)
     returning id, app_id as "appId", kind, user_id as "userId", address, language, attempts, due_at as "dueAt", created_at as "createdAt"`,
    [limit, LEASE_SECONDS],
  );
  return rows;
}

/** It was sent, or nobody wants it any more. */
export async function removeMail(pool: Pool, { id }: Mail): Promise<void> {
  await pool.query('delete from mails where id = $1', [id]);
}

/**
 * Puts a mail off that could not be sent.
 * @returns `false` when it is too old for another try, and gone
 */
export async function postponeMail(pool: Pool, mail: Mail): Promise<boolean> {
  const seconds = PAUSES[Math.min(mail.attempts, PAUSES.length) - 1] ?? 0;
  // Not all of them in the same moment.
  const pause = seconds * (0.8 + 0.4 * Math.random());
  const useful = mail.createdAt.getTime() + USEFUL_HOURS[mail.kind] * 3_600_000;
  if (Date.now() + pause * 1_000 > useful) {
    await removeMail(pool, mail);
    return false;
  }
  await pool.query('update mails set due_at = now() + make_interval(secs => $2) where id = $1', [mail.id, pause]);
  return true;
}
