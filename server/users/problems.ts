import type { ErrorCode } from '@co-talk/sdk/protocol';
import { AppError } from '../errors.ts';

const NAMES = { email: 'the e-mail address', nickname: 'the nickname', password: 'the password', about: 'the text' };

/** A field that somebody filled in, and what is wrong with it. */
export interface Problem {
  path: keyof typeof NAMES;
  code: ErrorCode;
  /** Goes on after the name of the field; `undefined`: all is well. */
  message: string | undefined;
}

/** Throws the first problem, with all of them in its `errors`. */
export function refuse(doing: string, problems: Problem[]): void {
  const found = problems.flatMap(({ message, ...rest }) => (message === undefined ? [] : [{ ...rest, message }]));
  const [first] = found;
  if (!first) return;
  throw new AppError(first.code, `unable to ${doing}; ${NAMES[first.path]} ${first.message}`, {
    errors: found.map(({ path, message }) => ({ path, message })),
  });
}
