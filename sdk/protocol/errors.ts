/**
 * Every error code of the wire with its HTTP status and whether trying the same request again can succeed.
 * Clients branch on the code; the `detail` beside it is a sentence for people.
 */
export const ERRORS = {
  /** A field is missing, unknown, of the wrong type or out of range; `errors` names it. */
  invalid_request: { status: 400, retryable: false },
  /** The e-mail address has no valid form. */
  invalid_email: { status: 400, retryable: false },
  /** The password is too short, too long or too common. */
  weak_password: { status: 400, retryable: false },
  /** The nickname is too short, too long or has characters that cannot be seen. */
  invalid_nickname: { status: 400, retryable: false },
  /** No token, a token that does not verify, or wrong credentials. */
  unauthenticated: { status: 401, retryable: false },
  /** The access token is past its expiry: refresh it. */
  token_expired: { status: 401, retryable: false },
  /** The session was ended (sign-out, reuse of an old refresh token, expiry): sign in again. */
  session_ended: { status: 401, retryable: false },
  /** The app lets nobody in whose e-mail address is not verified; a mail with a link is on its way. */
  email_unverified: { status: 403, retryable: false },
  /** A member who lacks the role for this. */
  forbidden: { status: 403, retryable: false },
  /** One of the two has blocked the other. */
  blocked: { status: 403, retryable: false },
  /** The app does not take people in this way: accounts, guests or users of the site are switched off. */
  sign_in_disabled: { status: 403, retryable: false },
  /** The page's origin is not on the app's list. */
  origin_not_allowed: { status: 403, retryable: false },
  /** Unknown, of another app, or not yours to see: these are never told apart. */
  not_found: { status: 404, retryable: false },
  /** There is no app with this id. */
  app_unknown: { status: 404, retryable: false },
  /** It is not, or no longer, in a state for this. */
  conflict: { status: 409, retryable: false },
  /** Another account of the app has this e-mail address. */
  email_taken: { status: 409, retryable: false },
  /** Another account of the app has this nickname, or one that looks like it. */
  nickname_taken: { status: 409, retryable: false },
  /** The two are friends. */
  already_friends: { status: 409, retryable: false },
  /** A request of one's own is open. */
  request_exists: { status: 409, retryable: false },
  /** The body, or what is asked for, is too large. */
  too_large: { status: 413, retryable: false },
  /** There is no more space for files of this person, or of the app. */
  quota_exceeded: { status: 413, retryable: false },
  /** The body is of another type, or encoding, than the route takes. */
  unsupported_media: { status: 415, retryable: false },
  /** Too often: wait for `retryAfterMs`. */
  rate_limited: { status: 429, retryable: true },
  /** Something went wrong on the server. */
  internal: { status: 500, retryable: true },
  /** This server is not set up for it: it has no mail server, for example. */
  not_available: { status: 501, retryable: false },
  /** The server has too much to do at the moment: wait for `retryAfterMs`. */
  overloaded: { status: 503, retryable: true },
} as const satisfies Record<string, { status: number; retryable: boolean }>;

/** One of the codes in {@link ERRORS}. */
export type ErrorCode = keyof typeof ERRORS;

/** What is wrong with one field. `path` is dotted (`"text"`, `"rooms.0.id"`). */
export interface FieldError {
  path: string;
  message: string;
}

/** Body of every failed REST request, `application/problem+json` (RFC 9457). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  retryable: boolean;
  /** Milliseconds to wait before trying again. */
  retryAfterMs?: number;
  errors?: FieldError[];
}

/** The error part of a failed {@link Ack}. */
export interface WireError {
  code: ErrorCode;
  detail: string;
  retryable: boolean;
  retryAfterMs?: number;
  errors?: FieldError[];
}

/** The answer to a socket event. */
export type Ack<T> = { ok: true; data: T } | { ok: false; error: WireError };
