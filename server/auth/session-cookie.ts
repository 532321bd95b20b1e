import type { IncomingHttpHeaders } from 'node:http';
import { SESSION_HEADER, type CookieSession, type Id, type Refreshed, type SignedIn } from '@co-talk/sdk/protocol';
import type { App } from '../apps/app.entity.ts';
import { loadApps } from '../apps/apps.ts';
import { originAllowed } from '../apps/origins.ts';
import type { Context, Services } from '../context.ts';
import { AppError, toProblem } from '../errors.ts';
import { Answer } from '../http.ts';
import type { Database } from '../orm.ts';

/** A header of a request. */
export type Header = (name: string) => string | undefined;

/** Turns what an action has answered into what is sent. */
export type Keep = (status: number, answer: SignedIn | Refreshed) => Answer;

/** No other request carries the cookies; of these, refreshing alone reads one. */
const PATH = '/api/v1/auth';

/** Beyond that the oldest go: servers refuse requests whose cookies become too long. */
const COOKIES_MAX = 10;

/**
 * Where the client wants its refresh token: in the answer, or in a cookie that no script can read.
 * @throws AppError `origin_not_allowed`: in a cookie, for a page that is not itself on the app's list
 */
export async function keeper(ctx: Context, header: Header): Promise<Keep> {
  if (!wantsCookie(header)) return (status, answer) => new Answer(status, answer);
  await requireOwnOrigin(ctx, header('origin'));
  return (status, { session, ...rest }) => {
    const { refreshToken, ...kept } = session;
    const body: { session: CookieSession } = { ...rest, session: kept };
    const name = nameFor(ctx, session.sessionId);
    const old = [...readCookies(ctx, header).keys()].filter((known) => known !== name).sort();
    const cookies = [
      ...old.slice(0, Math.max(0, old.length + 1 - COOKIES_MAX)).map((known) => cookie(ctx, known, '', 0)),
      cookie(ctx, name, refreshToken, session.refreshTokenExpiresIn),
    ];
    return new Answer(status, body, { 'Set-Cookie': cookies });
  };
}

/**
 * Runs a refresh with the token in a session's cookie; where the session is over, the cookie goes. A request without the header may
 * come from anywhere, and so may a second cookie of the same name: another host of the site can set one.
 *
 * @throws AppError `invalid_request` without the header, `origin_not_allowed`, and what `work` throws
 */
export async function withCookie(
  ctx: Context,
  header: Header,
  sessionId: Id,
  work: (refreshToken: string) => Promise<Answer>,
): Promise<Answer> {
  if (!wantsCookie(header)) {
    throw new AppError(
      'invalid_request',
      `unable to refresh; there is no refreshToken; send it, or the header ${SESSION_HEADER}: cookie`,
    );
  }
  await requireOwnOrigin(ctx, header('origin'));
  const [token = '', ...more] = readCookies(ctx, header).get(nameFor(ctx, sessionId)) ?? [];
  try {
    return await work(more.length === 0 ? token : '');
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'session_ended')) throw error;
    return new Answer(error.status, toProblem(error), {
      'Content-Type': 'application/problem+json',
      ...forgetCookie(ctx, header, sessionId),
    });
  }
}

/** For the answer that signs a device out. */
export const forgetCookie = (ctx: Context, header: Header, sessionId: Id): Record<string, string> =>
  wantsCookie(header) ? { 'Set-Cookie': cookie(ctx, nameFor(ctx, sessionId), '', 0) } : {};

/**
 * What lets a page send and get cookies: for those alone that ask for it and are themselves on the list of an app. Which app it is
 * about the preflight cannot know; the request is checked again.
 */
export async function credentialHeaders(
  db: Database,
  services: Services,
  headers: IncomingHttpHeaders,
): Promise<Record<string, string>> {
  const { origin } = headers;
  const announced = headers['access-control-request-headers']?.toLowerCase().split(/\s*,\s*/) ?? [];
  const name = SESSION_HEADER.toLowerCase();
  if (origin === undefined || !(name in headers || announced.includes(name))) return {};
  const apps = await loadApps(db);
  if (!apps.some((app) => isOwnOrigin(app, services, origin))) return {};
  return { 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true', Vary: 'Origin' };
}

const wantsCookie = (header: Header): boolean => header(SESSION_HEADER) === 'cookie';

async function requireOwnOrigin(ctx: Context, origin: string | undefined): Promise<void> {
  if (isOwnOrigin(await ctx.app(), ctx, origin)) return;
  throw new AppError(
    'origin_not_allowed',
    'unable to keep the session in a cookie; this origin is not itself on the list of the app; add it without a *',
  );
}

/** A list may take in all of a domain for the chat; a cookie is for the pages that are named. */
const isOwnOrigin = (app: App, services: Pick<Services, 'config'>, origin: string | undefined): boolean =>
  origin !== undefined &&
  originAllowed({ ...app, origins: app.origins.filter((listed) => !listed.includes('*')) }, services, origin);

const isSecure = ({ config }: Context): boolean => config.publicUrl.startsWith('https://');

/** The prefix makes browsers take it over HTTPS alone (RFC 6265bis). */
const prefix = (ctx: Context): string => `${isSecure(ctx) ? '__Secure-' : ''}co-talk-`;

/** One for each session: a late answer to one person never takes the place of the next one's. */
const nameFor = (ctx: Context, sessionId: Id): string => prefix(ctx) + sessionId;

/** All that are ours, by name. Ids sort by time, and so do the names. */
function readCookies(ctx: Context, header: Header): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const pair of (header('cookie') ?? '').split(';')) {
    const [name = '', ...value] = pair.trim().split('=');
    if (!name.startsWith(prefix(ctx)) || !/^[0-9a-f-]{36}$/.test(name.slice(prefix(ctx).length))) continue;
    found.set(name, [...(found.get(name) ?? []), value.join('=')]);
  }
  return found;
}

function cookie(ctx: Context, name: string, value: string, seconds: number): string {
  const secure = isSecure(ctx) ? '; Secure' : '';
  return `${name}=${value}; Path=${PATH}; Max-Age=${String(seconds)}; HttpOnly; SameSite=Strict${secure}`;
}
