import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditEntry, Page } from '@co-talk/sdk/protocol';
import { startTestApp, type TestApp } from '../testing.ts';

const OPERATOR = 'the-key-of-whoever-runs-this-server';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ OPERATOR_KEY: OPERATOR });
  const ask = (method: string, path: string, body: unknown) => app.request(method, path, { token: OPERATOR, body });
  await ask('POST', '/admin/apps', { id: 'shop', name: 'Shop' });
  await ask('PATCH', '/admin/apps/shop', { guests: true });
  await ask('POST', '/admin/apps/shop/keys', { kind: 'secret', name: 'Server' });
  await ask('PATCH', '/admin/apps/default', { guests: false });
});
afterAll(() => app.close());

async function actions(path: string): Promise<string[]> {
  const answer = await app.request<Page<AuditEntry>>('GET', path, { token: OPERATOR });
  expect(answer.status).toBe(200);
  return answer.body.items.map((entry) => `${entry.appId ?? ''} ${entry.action}`);
}

test('the newest comes first, of all apps or of one', async () => {
  expect(await actions('/admin/audit')).toEqual([
    'default app.update',
    'shop key.create',
    'shop app.update',
    'shop app.create',
  ]);
  expect(await actions('/admin/apps/shop/audit')).toEqual(['shop key.create', 'shop app.update', 'shop app.create']);
});

test.each([
  ['action=app', ['shop app.update', 'shop app.create']],
  ['action=app.create', ['shop app.create']],
  ['action=ap', []],
  ['by=operator&action=key', ['shop key.create']],
  ['by=system', []],
  ['since=2020-01-01T00:00:00.000Z&action=key', ['shop key.create']],
  ['since=2999-01-01T00:00:00.000Z', []],
  ['until=2020-01-01T00:00:00.000Z', []],
])('it is filtered by %s', async (query, expected) => {
  expect(await actions(`/admin/apps/shop/audit?${query}`)).toEqual(expected);
});

test.each(['action=%25', 'action=app.create.more', 'by=somebody', 'since=yesterday', 'until=0000-01-01T00:00:00Z'])(
  '%s is no filter',
  async (query) => {
    expect((await app.request('GET', `/admin/audit?${query}`, { token: OPERATOR })).status).toBe(400);
  },
);
