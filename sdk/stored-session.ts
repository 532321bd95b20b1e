import type { CookieSession, Id, Me, Session } from './protocol/index.ts';

/** What a host-signed token says of its user. */
export interface HostClaims {
  /** Who it is, for the host site. */
  sub: string;
  /** Name, picture and address in one text: another text means that the server has something to change. */
  profile: string;
}

/**
 * What is stored, as JSON, under `co-talk:<server>:<app>:session` (`server` is an origin without a trailing slash).
 * The widget's loader reads the same key to know whether somebody is signed in: fields may be added, never renamed.
 * Where the refresh token is in a cookie, both tokens are empty here and `renewAt` is 0.
 */
export interface StoredSession {
  me: Me;
  sessionId: Id;
  accessToken: string;
  refreshToken: string;
  /** When to get the next access token, shortly before this one expires: milliseconds since 1970 by this device's clock. */
  renewAt: number;
  /** Signed in by the host site, as this user of it. */
  host?: HostClaims | undefined;
}

/** @returns `null` for whatever cannot be a session */
export function parseSession(raw: string | null): StoredSession | null {
  try {
    const value: unknown = JSON.parse(raw ?? 'null');
    return isStored(value) ? value : null;
  } catch {
    return null;
  }
}

/** What is stored of it: an access token is of no use without the cookie, and better off in memory alone. */
export const toText = (session: StoredSession): string =>
  JSON.stringify(session.refreshToken ? session : { ...session, accessToken: '', renewAt: 0 });

export function toStored(me: Me, session: Session | CookieSession, host?: HostClaims): StoredSession {
  const { sessionId, accessToken, accessTokenExpiresIn: seconds } = session;
  const refreshToken = 'refreshToken' in session ? session.refreshToken : '';
  // Tokens expire on full seconds, so up to one early.
  const early = Math.min(60, 1 + seconds / 5);
  return { me, sessionId, accessToken, refreshToken, renewAt: Date.now() + (seconds - early) * 1000, host };
}

function isStored(value: unknown): value is StoredSession {
  if (typeof value !== 'object' || value === null) return false;
  const { me, accessToken, refreshToken, renewAt } = value as Partial<StoredSession>;
  return (
    typeof me?.id === 'string' &&
    typeof accessToken === 'string' &&
    typeof refreshToken === 'string' &&
    typeof renewAt === 'number'
  );
}
