import { decodeProtectedHeader, errors, jwtVerify, type JWTPayload } from 'jose';
import { z } from 'zod';
import { LIMITS } from '@co-talk/sdk/protocol';
import { AppError } from '../errors.ts';
import { cleanText } from '../validate.ts';
import { HOST_ALGORITHMS, type HostAlgorithm, type HostKey, type HostKeys } from './host-keys.ts';

/** Seconds by which the site's clock may be wrong. */
const LEEWAY = 30;
/** Seconds from now, and from `iat`, to `exp`. */
const LIFETIME_MAX = 3_600;

/** What a verified user token says of a person: of the right form, not yet judged. */
export interface HostClaims {
  sub: string;
  nickname: string;
  avatarUrl?: string | null | undefined;
  email?: string | null | undefined;
}

const claimsSchema: z.ZodType<HostClaims> = z.object({
  sub: cleanText(200).min(1),
  nickname: cleanText(1_000),
  avatarUrl: cleanText(2_000).nullable().optional(),
  email: cleanText(LIMITS.emailMax).nullable().optional(),
});

const refused = (why: string, cause?: unknown) =>
  new AppError('unauthenticated', `unable to exchange the user token; ${why}`, { cause });

/**
 * Checks who signed a user token, for which app and until when, and reads what it says. Every key has one algorithm, which the
 * token cannot choose; access tokens have keys of their own and another `typ`.
 *
 * @returns the claims, and the id of the app's key that has signed them
 * @throws AppError `token_expired`, `unauthenticated`, `invalid_request` (claims), `overloaded`
 */
export async function verifyUserToken(
  hostKeys: HostKeys,
  appId: string,
  token: string,
): Promise<{ claims: HostClaims; keyId: string | null }> {
  const header = readHeader(token);
  const keys = await hostKeys(appId, header);
  for (const key of keys) {
    const payload = await verifyWith(key, header.alg, appId, token);
    if (payload) return { claims: readClaims(payload), keyId: key.id };
  }
  const named = header.kid === undefined ? '' : ' that its kid names';
  throw refused(keys.length === 0 ? `the app has no key${named} for its algorithm` : 'its signature is not right');
}

function readHeader(token: string): { alg: HostAlgorithm; kid: string | undefined } {
  let header: Record<string, unknown>;
  try {
    header = { ...decodeProtectedHeader(token) };
  } catch (error) {
    throw refused('it is not a JWT', error);
  }
  const alg = HOST_ALGORITHMS.find((known) => known === header['alg']);
  if (!alg) throw refused('its algorithm must be HS256, EdDSA or ES256');
  const { typ, kid } = header;
  if (typ !== undefined && typ !== 'JWT') throw refused('its typ must be JWT');
  if (kid !== undefined && typeof kid !== 'string') throw refused('its kid must be text');
  return { alg, kid };
}

/** What the token says, or `undefined` where this key has not signed it. */
async function verifyWith(
  { key }: HostKey,
  alg: HostAlgorithm,
  appId: string,
  token: string,
): Promise<JWTPayload | undefined> {
  try {
    const options = { algorithms: [alg], audience: appId, clockTolerance: LEEWAY };
    const { payload } = await jwtVerify(token, key, options);
    checkTimes(payload);
    if (payload.aud !== appId) throw refused(`its aud must be "${appId}" alone`);
    return payload;
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (error instanceof errors.JWSSignatureVerificationFailed) return undefined;
    if (error instanceof errors.JWTExpired) {
      throw new AppError('token_expired', 'unable to exchange the user token; it has expired; sign a new one');
    }
    if (error instanceof errors.JWTClaimValidationFailed) throw refused(wrongClaim(error.claim, appId), error);
    throw refused('it is not a JWT that can be verified', error);
  }
}

function wrongClaim(claim: string, appId: string): string {
  if (claim === 'aud') return `its aud must be "${appId}"`;
  if (claim === 'nbf') return 'it is not valid yet; check the clock that its nbf comes from';
  return `its ${claim} must be a time in seconds since 1970`;
}

function checkTimes({ exp, iat }: JWTPayload): void {
  const now = Date.now() / 1_000;
  if (exp === undefined) throw refused('it has no exp; let it expire within an hour');
  if (exp - LEEWAY > now + LIFETIME_MAX) throw refused('its exp must be at most an hour ahead');
  if (iat === undefined) return;
  if (iat - LEEWAY > now) throw refused('its iat lies ahead; check the clock that it comes from');
  if (exp - iat > LIFETIME_MAX) throw refused('its exp must be at most an hour after its iat');
}

function readClaims(payload: JWTPayload): HostClaims {
  const result = claimsSchema.safeParse(payload);
  if (result.success) return result.data;
  const found = result.error.issues.map(({ path, message }) => ({ path: `userToken.${path.join('.')}`, message }));
  throw new AppError(
    'invalid_request',
    `unable to exchange the user token; its ${String(result.error.issues[0]?.path[0])} is not of the right form`,
    {
      errors: found.slice(0, 10),
    },
  );
}
