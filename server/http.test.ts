import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppConfig, Problem } from '@co-talk/sdk/protocol';
import { startTestApp, type TestApp } from './testing.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const signUp = (body: unknown, headers: Record<string, string> = {}) =>
  app.request<Problem>('POST', '/auth/signup', { body, headers });

describe('errors', () => {
  test.each<[string, () => ReturnType<typeof signUp>, number, string]>([
    ['an unknown path', () => app.request('GET', '/nothing'), 404, 'not_found'],
    ['another method', () => app.request('DELETE', '/auth/signup'), 404, 'not_found'],
    ['no token', () => app.request('GET', '/me'), 401, 'unauthenticated'],
    ['a bad token', () => app.request('GET', '/me', { token: 'x' }), 401, 'unauthenticated'],
    [
      'another scheme',
      () => app.request('GET', '/me', { headers: { authorization: 'Basic eDp5' } }),
      401,
      'unauthenticated',
    ],
    ['malformed JSON', () => signUp('{"app":'), 400, 'invalid_request'],
    ['JSON that is no object', () => signUp('5'), 400, 'invalid_request'],
    ['an empty body', () => app.request('POST', '/auth/signup'), 400, 'invalid_request'],
    [
      'another content type',
      () => signUp('app=default', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'unsupported_media',
    ],
    ['an unknown encoding', () => signUp('{}', { 'content-encoding': 'zip' }), 415, 'unsupported_media'],
    ['a huge body', () => signUp({ app: 'x'.repeat(70_000) }), 413, 'too_large'],
    ['a malformed path', () => app.request('GET', '/rooms/%E0%A4%A'), 400, 'invalid_request'],
    ['a body where none belongs', () => app.request('GET', '/apps/default/config?x=1'), 400, 'invalid_request'],
    ['an app id with NUL', () => app.request('GET', '/apps/%00/config'), 404, 'app_unknown'],
    ['an unknown app', () => app.request('GET', '/apps/nobody/config'), 404, 'app_unknown'],
  ])('%s', async (_name, ask, status, code) => {
    const { body, headers, ...answer } = await ask();
    expect([answer.status, body.status, body.code]).toEqual([status, status, code]);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(body.detail).toMatch(/^unable to .+; .+/);
    expect(JSON.stringify(body)).not.toMatch(/node_modules|\.ts|Error:/);
  });

  test('garbage instead of HTTP harms nobody', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(app.url).port), '127.0.0.1', () =>
        socket.end('\x16\x03\x01nonsense\r\n\r\n'),
      );
      socket.on('close', () => {
        resolve();
      });
      socket.resume();
    });
    expect((await fetch(`${app.url}/livez`)).status).toBe(200);
  });
});

test('requests that never end do not keep the server from ending', async () => {
  const own = await startTestApp();
  const slow = [
    'GET / HT',
    'POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{',
  ].map((start) => {
    const socket = connect(Number(new URL(own.url).port), '127.0.0.1', () => socket.write(start));
    return new Promise((resolve) => socket.on('connect', resolve).on('close', resolve));
  });
  await Promise.all(slow);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await own.close();
  await expect(fetch(`${own.url}/livez`)).rejects.toThrow();
});

/** Sends many requests down one connection without waiting, as only a flood does. Resolves to the statuses of the answers. */
function flood(token: string, count: number): Promise<number[]> {
  const lines = (last: boolean) =>
    `GET /api/v1/rooms HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n${last ? 'Connection: close\r\n' : ''}\r\n`;
  return new Promise((resolve, reject) => {
    let answers = '';
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1', () => {
      socket.write(lines(false).repeat(count - 1) + lines(true));
    });
    socket.on('data', (data) => (answers += data.toString()));
    socket.on('error', reject);
    socket.on('close', () => {
      resolve([...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status)));
    });
  });
}

test('more requests than can be answered are told when to come back, and the others are answered', async () => {
  const { token } = await app.signUpRaw();
  const answers = await app.db.orm.em.fork().transactional(async (em) => {
    await em.execute('lock table sessions');
    const floods = [flood(token, 350), flood(token, 350)];
    // On connections of its own, so after the floods were read.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const late = await app.request<Problem>('GET', '/rooms', { token });
    expect([late.status, late.body.code, late.headers.get('retry-after')]).toEqual([503, 'overloaded', '1']);
    return floods;
  });
  const statuses = (await Promise.all(answers)).flat();
  expect(statuses).toHaveLength(700);
  expect(statuses.filter((status) => status === 200).length).toBe(500);
  expect(statuses.filter((status) => status === 503).length).toBe(200);
});

describe('pages of other origins', () => {
  test('are answered when the app allows them', async () => {
    const preflight = await fetch(`${app.url}/api/v1/me`, {
      method: 'OPTIONS',
      headers: { origin: 'https://a.example', 'access-control-request-method': 'PATCH' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/authorization/i);
    const config = await app.request<AppConfig>('GET', '/apps/default/config', {
      headers: { origin: 'http://localhost:1234' },
    });
    expect(config.body).toEqual({
      protocol: 1,
      features: expect.arrayContaining(['friends', 'messages']) as string[],
      signIn: { accounts: true, guests: true, host: true, passwordReset: true },
      limits: { messageLength: 1000, fileBytes: 26_214_400, editWindowMinutes: expect.any(Number) as number },
      pushKey: null,
    });
    expect(config.headers.get('access-control-expose-headers')).toMatch(/X-Request-Id/);
    expect(config.headers.get('access-control-allow-credentials')).toBeNull();
    expect(config.headers.get('cache-control')).toBe('no-store');
    expect(config.headers.get('x-powered-by')).toBeNull();
  });

  test('are refused by name when it does not, before and after sign-in', async () => {
    const headers = { origin: 'https://evil.example' };
    const body = { app: 'default', email: 'a@example.com', password: 'correct horse battery', nickname: 'anybody' };
    expect((await signUp(body, headers)).body.code).toBe('origin_not_allowed');
    const { token } = await app.signUpRaw();
    const answer = await app.request<Problem>('GET', '/me', { token, headers });
    expect([answer.status, answer.body.code]).toEqual([403, 'origin_not_allowed']);
  });

  test('listed origins and their wildcard form match exactly', async () => {
    await app.db.orm.em
      .fork()
      .execute(
        "insert into apps (id, name, origins, loopback, no_origin) values ('listed', 'Listed', '{https://shop.example,https://*.shop.example}', false, false)",
      );
    const ask = async (origin?: string) =>
      (await app.request('GET', '/apps/listed/config', { headers: origin === undefined ? {} : { origin } })).status;
    expect(await ask('https://shop.example')).toBe(200);
    expect(await ask('https://www.shop.example')).toBe(200);
    for (const origin of [
      undefined,
      'http://shop.example',
      'https://shop.example:8443',
      'https://evilshop.example',
      'https://shop.example.evil.example',
      'https://evil.example/.shop.example',
      'https://WWW.shop.example',
      'http://localhost',
      'null',
    ]) {
      expect([origin, await ask(origin)]).toEqual([origin, 403]);
    }
  });
});

test('health: alive and ready', async () => {
  const live = await fetch(`${app.url}/livez`);
  expect([live.status, await live.json()]).toEqual([200, { status: 'ok' }]);
  const ready = await fetch(`${app.url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([200, { status: 'ok', database: true, draining: false }]);
});
