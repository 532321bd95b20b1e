import type { Id, Me, Time } from './users.ts';

/** Body of `POST /auth/signup`. */
export interface SignUp {
  app: string;
  /** At most `LIMITS.emailMax` characters; unique in the app, letter case ignored. */
  email: string;
  /** `LIMITS.passwordMin` to `passwordMax` characters, not a common one. */
  password: string;
  /** `LIMITS.nicknameMin` to `nicknameMax` graphemes; unique in the app, letter case and look-alikes ignored. */
  nickname: string;
}

/** Body of `POST /auth/login`. */
export interface LogIn {
  app: string;
  email: string;
  password: string;
  /** What an earlier sign-in to this account has answered as `device`: whoever guesses elsewhere does not slow this one down. */
  device?: string;
}

/** Body of `POST /auth/exchange`: somebody whom the host site has signed in. */
export interface Exchange {
  app: string;
  /** A JWT signed by the site's server, see {@link UserTokenClaims}; at most `LIMITS.userTokenMax` characters. */
  userToken: string;
}

/**
 * What a user token says. It is signed with a signing secret of the app (HS256), or with the private half of a key whose public
 * half the app knows (EdDSA, ES256). The header's `kid` names the key; its `typ` is `JWT` or left out.
 */
export interface UserTokenClaims {
  /** The app's id, and nothing else. */
  aud: string;
  /** Who this is on the site: 1 to 200 characters that never change and are never given to somebody else. */
  sub: string;
  /** 1 to `LIMITS.hostNicknameMax` graphemes; need not be unique. What cannot be seen is left out of it. */
  nickname: string;
  /** An `https:` address. Left out, it stays as it is; `null` takes it away. */
  avatarUrl?: string | null;
  /** Left out, it stays as it is; `null` takes it away. Never joins two users. */
  email?: string | null;
  /** Seconds since 1970; at most an hour from now, and from `iat` where there is one. */
  exp: number;
  iat?: number;
  nbf?: number;
}

/** Body of `POST /auth/guest`. Without a nickname, a friendly one is made up. */
export interface GuestSignIn {
  app: string;
  /** As for an account, but need not be unique. */
  nickname?: string;
}

/** Body of `POST /me/upgrade`: the guest becomes an account, with the same rules as {@link SignUp}. */
export interface Upgrade {
  email: string;
  password: string;
  nickname: string;
}

/** Body of `POST /auth/refresh`. */
export interface Refresh {
  refreshToken: string;
}

/** Body of `POST /auth/refresh` where the refresh token is in a cookie: every session has one of its own. */
export interface RefreshByCookie {
  sessionId: Id;
}

/**
 * Request header that says, with the value `cookie`, where the refresh token is to be kept: in an `HttpOnly` cookie. For servers on
 * the site's own domain, and for origins that are themselves on the app's list; requests carry credentials. Holds for what starts
 * a session (`POST /auth/signup`, `/auth/login`, `/auth/guest`, `/auth/exchange`, `/me/upgrade`), `/auth/refresh` and
 * `/auth/logout`.
 */
export const SESSION_HEADER = 'X-Co-Talk-Session';

/** Body of `POST /auth/password/forgot`. The answer is 202 and says nothing about whether there is such an account. */
export interface ForgotPassword {
  app: string;
  email: string;
}

/** Body of `POST /auth/password/reset`. */
export interface ResetPassword {
  /** From the link of the mail: works once, within 30 minutes. */
  token: string;
  /** As in {@link SignUp}. */
  password: string;
}

/** Body of `POST /auth/email/verify`. */
export interface VerifyEmail {
  /** From the link of the mail: good for three days. */
  token: string;
}

/** A signed-in device. `…In` are seconds from the moment of the answer, since clocks differ. */
export interface Session {
  sessionId: Id;
  /** JWT for `Authorization: Bearer` and the socket handshake. */
  accessToken: string;
  accessTokenExpiresAt: Time;
  accessTokenExpiresIn: number;
  /** Opaque; changes with every refresh. */
  refreshToken: string;
  refreshTokenExpiresAt: Time;
  refreshTokenExpiresIn: number;
}

/** A session whose refresh token went into a cookie, see {@link SESSION_HEADER}. */
export type CookieSession = Omit<Session, 'refreshToken'>;

/** Answer to whatever signs somebody in. */
export interface SignedIn<S = Session> {
  user: Me;
  session: S;
  /** For an account: proof that this device has signed in to it, for the next {@link LogIn}. Opens nothing by itself. */
  device?: string;
}

/** Answer to `POST /auth/refresh`. */
export interface Refreshed<S = Session> {
  session: S;
}

/** A row of `GET /me/sessions`: a device that is signed in. */
export interface SessionInfo {
  id: Id;
  /** The session that asks. */
  current: boolean;
  /** The browser's own description of itself, shortened; `null` where it gave none. */
  userAgent: string | null;
  createdAt: Time;
  lastUsedAt: Time;
  expiresAt: Time;
}
