import type { ErrorCode, FieldError, WireError } from './protocol/index.ts';

/**
 * Codes that arise on this side: `network` the server cannot be reached (or something in between answers for it) ·
 * `timeout` it did not answer in 10 s · `closed` the client was closed or the user signed out meanwhile · `provider_failed` the
 * page's token provider rejected or took longer than 10 s.
 */
export type LocalErrorCode = 'network' | 'timeout' | 'closed' | 'provider_failed';

/**
 * Every rejection of this package. Branch on `code`; `message` is a sentence for people.
 *
 * @example
 * try {
 *   await client.auth.logIn({ email, password });
 * } catch (error) {
 *   if (error instanceof CoTalkError && error.code === 'unauthenticated') showWrongPassword();
 * }
 */
export class CoTalkError extends Error {
  override name = 'CoTalkError';
  readonly code: ErrorCode | LocalErrorCode;
  /** HTTP status, `0` where there was none. */
  readonly status: number;
  /** Whether the same call can succeed later. */
  readonly retryable: boolean;
  /** Milliseconds to wait before trying again. */
  readonly retryAfterMs: number | undefined;
  /** What is wrong with which field, for `invalid_request`. */
  readonly errors: FieldError[] | undefined;

  constructor(
    code: ErrorCode | LocalErrorCode,
    message: string,
    more: { status?: number; retryable?: boolean; retryAfterMs?: number; errors?: FieldError[]; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.code = code;
    this.status = more.status ?? 0;
    this.retryable = more.retryable ?? ['network', 'timeout', 'provider_failed'].includes(code);
    this.retryAfterMs = more.retryAfterMs;
    this.errors = more.errors;
  }

  /** For logs and storage: `JSON.stringify` leaves the message of an error out. */
  toJSON(): Pick<CoTalkError, 'code' | 'message' | 'status' | 'retryable'> {
    const { code, message, status, retryable } = this;
    return { code, message, status, retryable };
  }
}

export function fromWire(error: WireError, status = 0): CoTalkError {
  return new CoTalkError(error.code, error.detail, { ...error, status });
}

/** The call was overtaken by a sign-out, another user's sign-in or `close()`. */
export const closedError = () =>
  new CoTalkError('closed', 'unable to finish; the user signed out or the client was closed');

/** Nothing was said to the server: the same call can succeed once there is a connection. */
export const offlineError = () =>
  new CoTalkError('closed', 'unable to reach the server; there is no connection', { retryable: true });

export function toError(error: unknown): CoTalkError {
  if (error instanceof CoTalkError) return error;
  return new CoTalkError('internal', error instanceof Error ? error.message : String(error), { cause: error });
}
