import { ERRORS, type ErrorCode, type FieldError, type Problem, type WireError } from '@co-talk/sdk/protocol';

/**
 * The one error that actions throw. `message` is a sentence for people, in the form
 * `unable to <do what>; <why>[; <what to do>]`; it never carries a secret or another person's data.
 *
 * @example
 * throw new AppError('not_found', 'unable to open the room; there is none with this id');
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly errors: FieldError[] | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { errors?: FieldError[]; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.errors = options.errors;
    this.retryAfterMs = options.retryAfterMs;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}

/** Anything thrown, as an AppError: what is not one becomes `internal` and keeps its details to the log. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError('internal', 'unable to answer; something went wrong on the server; try again', { cause: error });
}

/** The error part of a socket ack. */
export function toWireError(error: AppError): WireError {
  return {
    code: error.code,
    detail: error.message,
    retryable: ERRORS[error.code].retryable,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    ...(error.errors === undefined ? {} : { errors: error.errors }),
  };
}

/** The body of a failed REST request. */
export function toProblem(error: AppError): Problem {
  const { detail, ...rest } = toWireError(error);
  return { type: 'about:blank', title: error.code.replaceAll('_', ' '), status: error.status, detail, ...rest };
}
