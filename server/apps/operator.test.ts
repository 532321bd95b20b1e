import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditEntry, Page, Problem } from '@co-talk/sdk/protocol';
import { startTestApp, type TestApp } from '../testing.ts';

const OPERATOR = 'the-key-of-whoever-runs-this-server';
const CONSOLE = { 'x-co-talk-console': '1' };

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ OPERATOR_KEY: OPERATOR });
});
afterAll(() => app.close());

const ask = (headers: Record<string, string>, method = 'GET', path = '/admin/apps', body?: unknown) =>
  app.request<Problem>(method, path, { headers, ...(body === undefined ? {} : { body }) });

async function signIn(at = app): Promise<{ cookie: string; header: string }> {
  const answer = await at.request('POST', '/admin/session', { body: { key: OPERATOR } });
  expect(answer.status).toBe(204);
  const header = answer.headers.get('set-cookie') ?? '';
  return { cookie: header.split(';')[0] ?? '', header };
}

test('the console’s cookie is for this server’s pages alone, and no script sees it', async () => {
  const { header } = await signIn();
  expect(header).toMatch(
    /^co_talk_console=[\w-]{43}; Max-Age=43200; Path=\/api\/v1\/admin; HttpOnly; SameSite=Strict$/,
  );
  const secure = await startTestApp({ OPERATOR_KEY: OPERATOR, PUBLIC_URL: 'https://chat.example.com' });
  expect((await signIn(secure)).header).toMatch(/; SameSite=Strict; Secure$/);
  await secure.close();
});

test('it opens what is managed only from the console', async () => {
  const { cookie } = await signIn();
  const own = app.url;
  const tries: [Record<string, string>, number][] = [
    [{ cookie, ...CONSOLE }, 200],
    [{ cookie, ...CONSOLE, origin: own }, 200],
    // A form, an image, a link on another site; and a page of another site, should the browser be old.
    [{ cookie }, 401],
    [{ cookie, origin: 'https://evil.example' }, 401],
    [{ cookie, ...CONSOLE, origin: 'https://evil.example' }, 401],
    [{ cookie, ...CONSOLE, origin: 'null' }, 401],
    [{ cookie: 'co_talk_console=guessed', ...CONSOLE }, 401],
    [{ cookie: `${cookie}x`, ...CONSOLE }, 401],
    [{ authorization: `Bearer ${cookie.split('=')[1] ?? ''}` }, 401],
    [{ authorization: `Bearer ${OPERATOR}`, origin: 'https://evil.example' }, 403],
  ];
  for (const [headers, status] of tries) expect([headers, (await ask(headers)).status]).toEqual([headers, status]);
});

test('it ends by signing out, with another operator key, and in time', async () => {
  const { cookie } = await signIn();
  const headers = { cookie, ...CONSOLE };
  const gone = await ask(headers, 'DELETE', '/admin/session');
  expect([gone.status, gone.headers.get('set-cookie')]).toEqual([
    204,
    expect.stringContaining('co_talk_console=; Max-Age=0'),
  ]);
  expect((await ask(headers)).status).toBe(401);

  const second = { cookie: (await signIn()).cookie, ...CONSOLE };
  const other = await startTestApp({ OPERATOR_KEY: `${OPERATOR}-2`, DATABASE_URL: app.config.databaseUrl ?? '' });
  expect((await other.request('GET', '/admin/apps', { headers: second })).status).toBe(401);
  await other.close();
  expect((await ask(second)).status).toBe(200);
  await app.db.ownPool.query("update operator_sessions set expires_at = now() - interval '1 second'");
  expect((await ask(second)).status).toBe(401);
});

test('a wrong key opens nothing, and without an operator key there is no operator', async () => {
  for (const key of ['', 'wrong', `${OPERATOR} `, OPERATOR.toUpperCase()]) {
    expect((await app.request('POST', '/admin/session', { body: { key } })).status).toBe(401);
  }
  const { body } = await app.request<Problem>('GET', '/admin/apps', { token: OPERATOR.slice(0, -1) });
  expect(body.code).toBe('unauthenticated');
});

test('the log keeps what was done, takes no changes, and has no secrets in it', async () => {
  await signIn();
  const name = 'Renamed by the operator';
  await app.request('PATCH', '/admin/apps/default', { token: OPERATOR, body: { name } });
  const { body } = await app.request<Page<AuditEntry>>('GET', '/admin/audit', { token: OPERATOR });
  expect(body.items.slice(0, 2)).toMatchObject([
    { action: 'app.update', by: { kind: 'operator' }, appId: 'default', details: { changed: 'name' } },
    { action: 'console.sign-in', by: { kind: 'operator' }, appId: null },
  ]);
  for (const secret of [OPERATOR, name]) expect(JSON.stringify(body)).not.toContain(secret);
  for (const change of ['update audit_log set action = $1', 'delete from audit_log where action <> $1']) {
    await expect(app.db.ownPool.query(change, ['x'])).rejects.toThrow('the audit log takes no changes');
  }
});
