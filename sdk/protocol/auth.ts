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
}

/** Body of `POST /auth/refresh`. */
export interface Refresh {
  refreshToken: string;
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

/** Answer to sign-up and log-in. */
export interface SignedIn {
  user: Me;
  session: Session;
}

/** Answer to `POST /auth/refresh`. */
export interface Refreshed {
  session: Session;
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
