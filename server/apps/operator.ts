import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { By } from '../audit/audit.ts';
import { audit } from '../audit/audit.ts';
import type { Config } from '../config.ts';
import { AppError } from '../errors.ts';
import type { Database } from '../orm.ts';
import { appOfSecretKey } from './keys.ts';
import { OperatorSession } from './operator-session.entity.ts';

/** Who manages: the operator, for all apps, or a secret key, for its own app. */
export interface Admin extends By {
  kind: 'operator' | 'key';
  /** `null`: all. */
  appId: string | null;
}

/** What a request shows of who it is from. */
export interface Credentials {
  /** Of `Authorization: Bearer`. */
  bearer: string | undefined;
  /** The console's cookie, where the request may use it. */
  cookie: string | undefined;
}

/** Hours for which the operator stays signed in to the console. */
export const CONSOLE_HOURS = 12;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const operator: Admin = { kind: 'operator', id: 'operator', appId: null };

/** @throws AppError `unauthenticated` */
export async function authenticateAdmin(db: Database, config: Config, { bearer, cookie }: Credentials): Promise<Admin> {
  if (bearer !== undefined) {
    if (isOperatorKey(config, bearer)) return operator;
    const key = await appOfSecretKey(db, bearer);
    if (key) return { kind: 'key', ...key };
  } else if (cookie !== undefined && config.operatorKey !== null) {
    const session = await db.orm.em.fork().count(OperatorSession, {
      ...{ hash: hashOf(cookie), keyHash: hashOf(config.operatorKey) },
      expiresAt: { $gt: new Date() },
    });
    if (session > 0) return operator;
  }
  throw new AppError('unauthenticated', 'unable to continue; a valid operator key or secret key is missing');
}

/** By their hashes, so that the time says nothing. */
function isOperatorKey({ operatorKey }: Config, given: string): boolean {
  return (
    operatorKey !== null && timingSafeEqual(Buffer.from(hashOf(operatorKey), 'hex'), Buffer.from(hashOf(given), 'hex'))
  );
}

/**
 * Signs the operator in to the console.
 * @returns what the cookie holds
 * @throws AppError `unauthenticated`
 */
export async function signInOperator(db: Database, config: Config, key: string): Promise<string> {
  if (!isOperatorKey(config, key)) {
    throw new AppError('unauthenticated', 'unable to sign in; this is not the operator key; it is OPERATOR_KEY');
  }
  const cookie = randomBytes(32).toString('base64url');
  const now = Date.now();
  await db.orm.em.fork().transactional(async (em) => {
    await em.nativeDelete(OperatorSession, { expiresAt: { $lt: new Date(now) } });
    await em.insert(OperatorSession, {
      ...{ hash: hashOf(cookie), keyHash: hashOf(key) },
      ...{ createdAt: new Date(now), expiresAt: new Date(now + CONSOLE_HOURS * 3_600_000) },
    });
    await audit(em, { appId: null, by: operator, action: 'console.sign-in' });
  });
  return cookie;
}

/** Ends the console's session of this cookie. */
export async function signOutOperator(db: Database, cookie: string): Promise<void> {
  await db.orm.em.fork().nativeDelete(OperatorSession, { hash: hashOf(cookie) });
}
