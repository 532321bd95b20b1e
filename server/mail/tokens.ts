import { createHash, randomBytes } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import type { Id } from '@co-talk/sdk/protocol';
import { AppError } from '../errors.ts';
import { Mail, MailToken, type MailKind } from './mail.entity.ts';

/** Minutes for which a link can be used. */
const GOOD_MINUTES: Record<MailKind, number> = { forgot: 30, verify: 3 * 24 * 60, changed: 0 };

/** Mails of one kind to one user in an hour: nobody can fill somebody else's mailbox with them. */
const PER_HOUR = 5;

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Makes the token of a mail that is about to be sent. Only its hash is kept. */
export async function mintToken(
  em: EntityManager,
  mail: Mail,
  { id: userId, emailKey: address }: { id: Id; emailKey: string },
): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const createdAt = new Date();
  const expiresAt = new Date(createdAt.getTime() + GOOD_MINUTES[mail.kind] * 60_000);
  const { appId, kind, id: mailId } = mail;
  await em.insert(MailToken, { hash: hashOf(token), appId, userId, kind, mailId, address, createdAt, expiresAt });
  return token;
}

/** Whether the user has got, or will get, so many mails of this kind within an hour that another one is too much. */
export async function isTooMuch(em: EntityManager, userId: Id, kind: MailKind, except?: Id): Promise<boolean> {
  const since = new Date(Date.now() - 3_600_000);
  const others = except === undefined ? {} : { $ne: except };
  const sent = await em.find(
    MailToken,
    { userId, kind, createdAt: { $gt: since }, mailId: others },
    { fields: ['mailId'] },
  );
  const waiting = await em.find(Mail, { userId, kind, id: others }, { fields: ['id'] });
  return new Set([...sent.map(({ mailId }) => mailId), ...waiting.map(({ id }) => id)]).size >= PER_HOUR;
}

/**
 * What a token stands for, as long as it is good.
 * @throws AppError `not_found`: unknown, used, expired, or mailed for something else
 */
export async function readToken(em: EntityManager, doing: string, kind: MailKind, token: string): Promise<MailToken> {
  const where = { hash: hashOf(token), kind, expiresAt: { $gt: new Date() } };
  const found = await em.findOne(MailToken, where, { disableIdentityMap: true });
  if (!found) throw uselessToken(doing);
  return found;
}

/**
 * The app of a token: the one thing it does not carry.
 * @throws AppError `not_found`
 */
export async function appOfToken(em: EntityManager, doing: string, kind: MailKind, token: string): Promise<string> {
  const [row] = await em.execute<{ appId: string }[]>(
    'select app_id as "appId" from mail_tokens where hash = ? and kind = ? and expires_at > now()',
    [hashOf(token), kind],
  );
  if (!row) throw uselessToken(doing);
  return row.appId;
}

/**
 * Uses a token up, and all others of its kind that the user has, within the caller's transaction.
 * @returns `false` when somebody else was faster
 */
export async function spendTokens(em: EntityManager, { hash, userId, kind }: MailToken): Promise<boolean> {
  const spent = await em.nativeDelete(MailToken, { hash });
  await em.nativeDelete(MailToken, { userId, kind });
  return spent === 1;
}

/** One sentence for all of them: a link says nothing to whoever guesses. */
export const uselessToken = (doing: string): AppError =>
  new AppError('not_found', `unable to ${doing}; the link was used or has expired; ask for a new one`);

/** An hour after they have expired nobody counts them any more. */
export async function forgetOldTokens(pool: Pool): Promise<void> {
  await pool.query("delete from mail_tokens where expires_at < now() - interval '1 hour'");
}
