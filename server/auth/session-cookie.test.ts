import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Me, Problem, Session, SignedIn } from '@co-talk/sdk/protocol';
import { startTestApp, type Answer, type TestApp } from '../testing.ts';
import { createHostSite, updateApp } from '../testing-host.ts';

const OWN = 'https://www.shop.example';
const SIBLING = 'https://blog.shop.example';
const EVIL = 'https://evil.example';
const PASSWORD = 'correct horse battery staple';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ PUBLIC_URL: 'https://chat.shop.example' });
  await createHostSite(app, 'shop');
  await createHostSite(app, 'other');
  const open = { guests: true, accounts: true };
  await updateApp(app, 'shop', { ...open, origins: [OWN, 'https://*.shop.example'] });
  await updateApp(app, 'other', { ...open, origins: ['https://other.example', SIBLING] });
});
afterAll(() => app.close());

type Answered = Answer<SignedIn & Problem>;

/** A browser on a page of the shop, and what it sends along. */
function inMode(more: Record<string, string> = {}): Record<string, string> {
  return { origin: OWN, 'x-co-talk-session': 'cookie', ...more };
}
const post = (path: string, body: unknown, headers: Record<string, string>, token?: string) =>
  app.request<SignedIn & Problem>('POST', path, { body, headers, ...(token === undefined ? {} : { token }) });
const visit = (headers = inMode()) => post('/auth/guest', { app: 'shop' }, headers);
const refresh = (session: Pick<Session, 'sessionId'>, cookie: string, headers = inMode()) =>
  post('/auth/refresh', { sessionId: session.sessionId }, { ...headers, cookie });
const cookieOf = (answer: Answer) => answer.headers.getSetCookie().at(-1)?.split(';')[0] ?? '';
const account = () => ({
  email: `${randomUUID()}@example.com`,
  password: PASSWORD,
  nickname: randomUUID().slice(0, 18),
});

async function signedIn(): Promise<{ session: Session; cookie: string; user: Me }> {
  const answer = await visit();
  return { ...answer.body, cookie: cookieOf(answer) };
}

describe('a session in a cookie', () => {
  test('keeps the refresh token from scripts, from other sites, and from all other requests', async () => {
    const answer = await visit();
    expect(answer.status).toBe(201);
    expect(answer.body.session).not.toHaveProperty('refreshToken');
    expect(answer.body.session.refreshTokenExpiresIn).toBe(7 * 86_400);
    const [cookie = '', ...more] = answer.headers.getSetCookie();
    expect(more).toEqual([]);
    const [pair = '', ...attributes] = cookie.split('; ');
    expect(pair).toMatch(new RegExp(`^__Secure-co-talk-${answer.body.session.sessionId}=[\\w-]{43}$`));
    expect(attributes.sort()).toEqual(['HttpOnly', 'Max-Age=604800', 'Path=/api/v1/auth', 'SameSite=Strict', 'Secure']);
    expect(JSON.stringify(answer.body)).not.toContain(pair.split('=')[1]);
  });

  test('goes on by its cookie alone, which changes with every refresh', async () => {
    const { session, cookie } = await signedIn();
    const first = await refresh(session, cookie);
    expect([first.status, first.body.session.sessionId]).toEqual([200, session.sessionId]);
    expect(first.body.session).not.toHaveProperty('refreshToken');
    expect(cookieOf(first)).not.toBe(cookie);
    const second = await refresh(session, `theme=dark; ${cookieOf(first)}; lang=ko`);
    expect(second.status).toBe(200);
    const me = await app.request<Me>('GET', '/me', {
      token: second.body.session.accessToken,
      headers: { origin: OWN },
    });
    expect(me.status).toBe(200);
  });

  test('starts with whatever signs somebody in', async () => {
    const site = await createHostSite(app, 'signing');
    await updateApp(app, 'signing', { origins: [OWN] });
    const body = account();
    const opened = await post('/auth/signup', { app: 'shop', ...body }, inMode());
    const { nickname: _nickname, ...credentials } = body;
    const answers = [
      opened,
      await post('/auth/login', { app: 'shop', ...credentials }, inMode()),
      await site.exchange(site.token({ id: 'ada', nickname: 'Ada' }), inMode()),
    ];
    const guest = await signedIn();
    answers.push(await post('/me/upgrade', account(), inMode(), guest.session.accessToken));
    for (const answer of answers) {
      expect(answer.status).toBeLessThan(300);
      expect(answer.body.session).not.toHaveProperty('refreshToken');
      expect((await refresh(answer.body.session, cookieOf(answer))).status).toBe(200);
    }
  });

  test('can take over one that was kept by the page', async () => {
    const { body } = await visit({ origin: OWN });
    const moved = await post('/auth/refresh', { refreshToken: body.session.refreshToken }, inMode());
    expect(moved.body.session).not.toHaveProperty('refreshToken');
    expect((await refresh(body.session, cookieOf(moved))).status).toBe(200);
  });

  test('ends with signing out, and takes the cookie along', async () => {
    const { session, cookie } = await signedIn();
    const out = await post('/auth/logout', undefined, inMode(), session.accessToken);
    expect(out.status).toBe(204);
    expect(out.headers.getSetCookie()).toEqual([
      expect.stringContaining(`-${session.sessionId}=; Path=/api/v1/auth; Max-Age=0`),
    ]);
    const over = await refresh(session, cookie);
    expect([over.status, over.body.code]).toEqual([401, 'session_ended']);
    expect(over.headers.get('content-type')).toContain('application/problem+json');
    expect(over.headers.getSetCookie()).toEqual([expect.stringContaining('Max-Age=0')]);
  });

  test('makes room where a browser has many', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `01a20000-0000-7000-8000-0000000000${String(index + 10)}`);
    const cookie = ids.map((id) => `__Secure-co-talk-${id}=x`).join('; ');
    const cookies = (await visit(inMode({ cookie }))).headers.getSetCookie();
    expect(cookies.map((line) => line.includes('Max-Age=0'))).toEqual([true, true, true, false]);
    expect(cookies.slice(0, 3).map((line) => line.slice(17, 53))).toEqual(ids.slice(0, 3));
  });

  test('is not secure where the server is not: in development', async () => {
    const plain = await startTestApp();
    try {
      const headers = { origin: 'http://localhost:4000', 'x-co-talk-session': 'cookie' };
      const answer = await plain.request('POST', '/auth/guest', { body: { app: 'default' }, headers });
      const [cookie = ''] = answer.headers.getSetCookie();
      expect(cookie).toMatch(/^co-talk-.*; HttpOnly; SameSite=Strict$/);
    } finally {
      await plain.close();
    }
  });
});

describe('the cookie is of no use', () => {
  const refused = async (answer: Promise<Answered>, status: number, code: string) => {
    const { status: got, body, headers } = await answer;
    expect([got, body.code]).toEqual([status, code]);
    expect(body).not.toHaveProperty('session');
    expect(headers.getSetCookie().filter((line) => !line.includes('Max-Age=0'))).toEqual([]);
  };

  test.each<[string, Record<string, string>, number, string]>([
    ['to another origin', inMode({ origin: EVIL }), 403, 'origin_not_allowed'],
    ['to another app’s origin', inMode({ origin: 'https://other.example' }), 403, 'origin_not_allowed'],
    ['to an origin that the list does not name', inMode({ origin: SIBLING }), 403, 'origin_not_allowed'],
    ['to a page that hides where it is', inMode({ origin: 'null' }), 403, 'origin_not_allowed'],
    [
      'to the same host without encryption',
      inMode({ origin: OWN.replace('https', 'http') }),
      403,
      'origin_not_allowed',
    ],
    ['at another port', inMode({ origin: `${OWN}:8443` }), 403, 'origin_not_allowed'],
    ['to an origin that looks like it', inMode({ origin: `${OWN}.evil.example` }), 403, 'origin_not_allowed'],
    ['without the header', { origin: OWN }, 400, 'invalid_request'],
    ['with another value of the header', inMode({ 'x-co-talk-session': 'true' }), 400, 'invalid_request'],
  ])('%s', async (_name, headers, status, code) => {
    const { session, cookie } = await signedIn();
    await refused(refresh(session, cookie, headers), status, code);
    expect((await refresh(session, cookie)).status).toBe(200);
  });

  test('without an origin, even where clients without one are let in', async () => {
    const { session, cookie } = await signedIn();
    await refused(refresh(session, cookie, { 'x-co-talk-session': 'cookie' }), 403, 'origin_not_allowed');
  });

  test('to a form', async () => {
    const { session, cookie } = await signedIn();
    const body = `sessionId=${session.sessionId}`;
    const headers = { ...inMode({ origin: EVIL }), cookie, 'content-type': 'application/x-www-form-urlencoded' };
    await refused(post('/auth/refresh', body, headers), 415, 'unsupported_media');
  });

  test('for another session, or for one of another app', async () => {
    const [one, two] = [await signedIn(), await signedIn()];
    const value = (cookie: string) => cookie.split('=')[1] ?? '';
    const under = `__Secure-co-talk-${two.session.sessionId}=${value(one.cookie)}`;
    await refused(refresh(two.session, under), 401, 'session_ended');
    await refused(refresh(two.session, one.cookie), 401, 'session_ended');
    const headers = inMode({ origin: 'https://other.example' });
    const foreign = await post('/auth/guest', { app: 'other' }, headers);
    await refused(refresh(foreign.body.session, cookieOf(foreign)), 403, 'origin_not_allowed');
    const planted = `__Secure-co-talk-${foreign.body.session.sessionId}=${value(one.cookie)}`;
    await refused(refresh(foreign.body.session, planted, headers), 401, 'session_ended');
    for (const { session, cookie } of [one, two]) expect((await refresh(session, cookie)).status).toBe(200);
  });

  test('twice: one of the two may have been planted', async () => {
    const [one, two] = [await signedIn(), await signedIn()];
    const planted = two.cookie.replace(two.session.sessionId, one.session.sessionId);
    await refused(refresh(one.session, `${planted}; ${one.cookie}`), 401, 'session_ended');
  });

  test('to other requests, and as a token', async () => {
    const { session, cookie } = await signedIn();
    const me = await app.request<Problem>('GET', '/me', { headers: inMode({ cookie }) });
    expect(me.body.code).toBe('unauthenticated');
    await refused(post('/auth/logout', undefined, inMode({ cookie })), 401, 'unauthenticated');
    await refused(post('/me/upgrade', account(), inMode({ cookie })), 401, 'unauthenticated');
    await refused(refresh(session, cookie.replace('__Secure-', '')), 401, 'session_ended');
  });

  test('for signing in from elsewhere: no cookie is set', async () => {
    for (const origin of [EVIL, SIBLING]) await refused(visit(inMode({ origin })), 403, 'origin_not_allowed');
  });
});

describe('a page is let to send cookies', () => {
  const ask = async (path: string, headers: Record<string, string>, method = 'OPTIONS') => {
    const answer = await fetch(`${app.url}/api/v1${path}`, { method, headers });
    return ['allow-origin', 'allow-credentials', 'allow-headers'].map((name) =>
      answer.headers.get(`access-control-${name}`),
    );
  };
  const preflight = (origin: string) => ({
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type,x-co-talk-session',
  });
  const ALLOWED = 'Authorization, Content-Type, X-Co-Talk-Session';

  test('when it asks for it, and an app names it', async () => {
    for (const path of ['/auth/guest', '/auth/refresh', '/auth/logout', '/me/upgrade'])
      expect(await ask(path, preflight(OWN))).toEqual([OWN, 'true', ALLOWED]);
    const { headers } = await visit();
    expect(headers.get('access-control-allow-origin')).toBe(OWN);
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    expect(headers.get('vary')).toContain('Origin');
  });

  test.each([EVIL, 'null', `${OWN}.evil.example`, 'https://shop.example', 'https://a.shop.example'])(
    'but not at %s',
    async (origin) => {
      expect(await ask('/auth/refresh', preflight(origin))).toEqual(['*', null, ALLOWED]);
    },
  );

  test('but not elsewhere, and not when it does not ask', async () => {
    expect(await ask('/rooms', preflight(OWN))).toEqual(['*', null, ALLOWED]);
    expect(await ask('/me', preflight(OWN))).toEqual(['*', null, ALLOWED]);
    expect((await ask('/auth/refresh', { origin: OWN }))[1]).toBeNull();
    expect((await ask('/auth/refresh', { origin: OWN }, 'POST'))[1]).toBeNull();
  });
});
