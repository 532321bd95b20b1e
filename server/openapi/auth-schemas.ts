import { z } from 'zod';
import type { AppConfig, CookieSession, Refreshed, Session, SessionInfo, SignedIn } from '@co-talk/sdk/protocol';
import { me } from './user-schemas.ts';
import { count, id, time, wire } from './wire.ts';

const withoutToken = {
  sessionId: id,
  accessToken: z.string(),
  accessTokenExpiresAt: time,
  accessTokenExpiresIn: count,
  refreshTokenExpiresAt: time,
  refreshTokenExpiresIn: count,
};
const COOKIE_SESSION: CookieSession = {
  sessionId: '019aab35-0c4d-7a1b-9e2f-3a4b5c6d7e8f',
  accessToken: 'eyJhbGciOiJIUzI1NiIs…',
  accessTokenExpiresAt: '2026-11-22T08:59:00.000Z',
  accessTokenExpiresIn: 900,
  refreshTokenExpiresAt: '2026-11-29T08:44:00.000Z',
  refreshTokenExpiresIn: 604_800,
};

const session = wire<Session>().named('Session', z.object({ ...withoutToken, refreshToken: z.string() }), {
  ...COOKIE_SESSION,
  refreshToken: 'Q2hhbmdlcyB3aXRoIGV2ZXJ5IHVzZQ',
});
const cookieSession = wire<CookieSession>().named('CookieSession', z.object(withoutToken), COOKIE_SESSION);
const eitherSession = z.union([session, cookieSession]);

export const signedIn = wire<SignedIn<Session | CookieSession>>().named(
  'SignedIn',
  z.object({ user: me, session: eitherSession, device: z.string().optional() }),
);
export const refreshed = wire<Refreshed<Session | CookieSession>>().named(
  'Refreshed',
  z.object({ session: eitherSession }),
);
export const sessionInfo = wire<SessionInfo>().named(
  'SessionInfo',
  z.object({
    id,
    current: z.boolean(),
    userAgent: z.string().nullable(),
    createdAt: time,
    lastUsedAt: time,
    expiresAt: time,
  }),
);

export const appConfig = wire<AppConfig>().named(
  'AppConfig',
  z.object({
    protocol: z.literal(1),
    features: z.array(z.string()),
    signIn: z.object({
      ...{ accounts: z.boolean(), guests: z.boolean(), host: z.boolean() },
      passwordReset: z.boolean().exactOptional(),
    }),
    limits: z.object({
      editWindowMinutes: count.nullable().exactOptional(),
      messageLength: count,
      fileBytes: count.exactOptional(),
    }),
    pushKey: z.string().nullable(),
  }),
);
