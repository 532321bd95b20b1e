import { AppError } from '../errors.ts';
import { CONSOLE_HOURS } from './operator.ts';

const NAME = 'co_talk_console';

/** What only a page of this server can send along: a form or a foreign page cannot, without being asked for first. */
const HEADER = 'x-co-talk-console';

/** The console's cookie, where the request comes from the console. `header` gives the request's headers by name. */
export function consoleCookie(header: (name: string) => string | undefined): string | undefined {
  const origin = header('origin');
  const own = origin === undefined || (URL.canParse(origin) && new URL(origin).host === header('host'));
  if (!own || header(HEADER) !== '1') return undefined;
  for (const pair of (header('cookie') ?? '').split(';')) {
    const [name, value] = pair.trim().split('=');
    if (name === NAME && value) return value;
  }
  return undefined;
}

/** `Set-Cookie`, for the console's pages alone; an empty value takes it away. */
export function writeConsoleCookie(value: string, publicUrl: string): string {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  const age = value === '' ? 0 : CONSOLE_HOURS * 3600;
  return `${NAME}=${value}; Max-Age=${String(age)}; Path=/api/v1/admin; HttpOnly; SameSite=Strict${secure}`;
}

export const keyInPage = (): AppError =>
  new AppError(
    'forbidden',
    'unable to answer; this key belongs on a server, never into a page; revoke it and make another',
  );

export const notOperator = (): AppError =>
  new AppError('forbidden', 'unable to answer; this is for the operator key; a secret key manages its own app only');

export const unknownApp = (): AppError =>
  new AppError('not_found', 'unable to find the app; there is none with this id');
