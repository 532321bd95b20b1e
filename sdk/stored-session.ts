import type { Id, Me, Session } from './protocol/index.ts';

/**
 * What is stored, as JSON, under `co-talk:<server>:<app>:session` (`server` is an origin without a trailing slash).
 * The widget's loader reads the same key to know whether somebody is signed in: fields may be added, never renamed.
 */
export interface StoredSession {
  me: Me;
  sessionId: Id;
  accessToken: string;
  refreshToken: string;
  /** When to get the next access token, shortly before this one expires: milliseconds since 1970 by this device's clock. */
  renewAt: number;
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

export function toStored(me: Me, session: Session): StoredSession {
  const { sessionId, accessToken, refreshToken, accessTokenExpiresIn: seconds } = session;
  // Tokens expire on full seconds, so up to one early.
  const early = Math.min(60, 1 + seconds / 5);
  return { me, sessionId, accessToken, refreshToken, renewAt: Date.now() + (seconds - early) * 1000 };
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
