import { createSecretKey, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { Id } from '@co-talk/sdk/protocol';
import type { Config } from '../config.ts';
import type { Actor } from '../context.ts';
import { AppError } from '../errors.ts';
import { deriveFrom, rootKeys, type RootKey } from '../keyring.ts';
import type { Database } from '../orm.ts';
import type { Statement } from '../statements.ts';

const ISSUER = 'co-talk';
const ALGORITHM = 'HS256';

const keys = new WeakMap<RootKey, KeyObject>();

/** As bytes, the library would read it anew for every token, first as a public key. */
function accessKey(root: RootKey): KeyObject {
  const key = keys.get(root) ?? createSecretKey(deriveFrom(root, 'access-token'));
  keys.set(root, key);
  return key;
}

/** The key a token names, where there are several. */
function keyOf(config: Config, token: string): KeyObject {
  const ring = rootKeys(config);
  const kid = ring.length > 1 ? jwt.decode(token, { complete: true })?.header.kid : undefined;
  return accessKey(ring.find(({ id }) => id === kid) ?? ring[0]);
}

/** Signs a short-lived access token (JWT, HS256, `typ: at+jwt` as in RFC 9068). */
export function signAccessToken(config: Config, appId: string, actor: Actor): { token: string; expiresIn: number } {
  const expiresIn = config.accessTokenTtlSeconds;
  const [root] = rootKeys(config);
  const token = jwt.sign({ sid: actor.sessionId, typ: 'access' }, accessKey(root), {
    algorithm: ALGORITHM,
    issuer: ISSUER,
    audience: appId,
    subject: actor.userId,
    expiresIn,
    header: { alg: ALGORITHM, typ: 'at+jwt', kid: root.id },
  });
  return { token, expiresIn };
}

/** What a verified access token says. */
export interface AccessClaims {
  appId: string;
  actor: Actor;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/**
 * Checks signature, algorithm, issuer, audience, kind and expiry.
 * @throws AppError `token_expired`, `unauthenticated`
 */
export function verifyAccessToken(config: Config, token: unknown): AccessClaims {
  if (typeof token !== 'string' || token.length > 2_000) throw unauthenticated();
  let verified: jwt.Jwt;
  try {
    verified = jwt.verify(token, keyOf(config, token), { algorithms: [ALGORITHM], issuer: ISSUER, complete: true });
  } catch (error) {
    if (error instanceof jwt.TokenExpiredError) {
      throw new AppError('token_expired', 'unable to continue; the access token has expired; refresh it');
    }
    throw unauthenticated();
  }
  const { header, payload } = verified;
  if (
    header.typ !== 'at+jwt' ||
    typeof payload === 'string' ||
    payload['typ'] !== 'access' ||
    typeof payload.aud !== 'string' ||
    typeof payload.sub !== 'string' ||
    typeof payload['sid'] !== 'string' ||
    typeof payload.exp !== 'number'
  ) {
    throw unauthenticated();
  }
  return {
    appId: payload.aud,
    actor: { userId: payload.sub, sessionId: payload['sid'] },
    expiresAt: payload.exp * 1000,
  };
}

/**
 * The token's claims, with its session and user still standing.
 * @throws AppError `token_expired`, `unauthenticated`, `session_ended`
 */
export async function authenticate(db: Database, config: Config, token: unknown): Promise<AccessClaims> {
  const claims = verifyAccessToken(config, token);
  await checkSession(db, claims);
  return claims;
}

const STANDING: Statement = {
  name: 'session-standing',
  text: `select s.id from sessions s join users u on u.id = s.user_id and u.app_id = s.app_id
    where s.id = $1 and s.user_id = $2 and s.app_id = $3 and s.ended_at is null and u.disabled_at is null`,
};

/** @throws AppError `session_ended`: the session or the user no longer stands */
async function checkSession(db: Database, claims: AccessClaims): Promise<void> {
  const { appId, actor } = claims;
  const rows = await db.read<{ id: Id }>(STANDING, [actor.sessionId, actor.userId, appId]);
  if (rows.length === 0)
    throw new AppError('session_ended', 'unable to continue; this session has ended; sign in again');
}

function unauthenticated(): AppError {
  return new AppError('unauthenticated', 'unable to continue; a valid access token is missing; sign in');
}
