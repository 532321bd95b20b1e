import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';

/** @throws AppError `not_available`: this server sends no mail, and does not pretend to */
export function refuseWithoutMail({ mailer }: Pick<Context, 'mailer'>, doing: string): void {
  if (mailer.available) return;
  throw new AppError('not_available', `unable to ${doing}; this server sends no mail; ask whoever runs the site`);
}
