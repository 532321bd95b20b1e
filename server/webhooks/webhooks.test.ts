import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditEntry, CreatedKey, Problem, Webhook, WebhookWithSecret } from '@co-talk/sdk/protocol';
import { managing } from '../testing-receiver.ts';
import { startTestApp, type TestApp } from '../testing.ts';

let app: TestApp;
let manage: ReturnType<typeof managing>;
beforeAll(async () => {
  app = await startTestApp({ OUTBOUND_ALLOW_LOOPBACK: 'false' });
  manage = managing(app);
});
afterAll(() => app.close());

const URL_OK = 'https://8.8.8.8/hook?key=confidential';
const unknown = randomUUID();

it('shows the secret when it is made, and never again', async () => {
  const { secret, ...webhook } = await manage.add(URL_OK, 'user.*', 'message.created', 'user.*');
  expect(secret).toMatch(/^whsec_/);
  expect(webhook).toMatchObject({
    ...{ url: URL_OK, events: ['user.*', 'message.created'], description: '', enabled: true },
    ...{ disabledReason: null, disabledAt: null, failingSince: null, previousSecretUntil: null },
  });
  const one = await manage.request<Webhook>('GET', `/${webhook.id}`);
  expect(one.body).toEqual(webhook);
  const all = await manage.request<{ items: Webhook[] }>('GET', '');
  expect(all.body.items).toContainEqual(webhook);
  expect(JSON.stringify(all.body)).not.toContain('secret"');
});

it('keeps the secret encrypted', async () => {
  const { id, secret } = await manage.add(URL_OK, '*');
  const [row] = await app.db.orm.em.fork().execute('select * from webhooks where id = ?', [id]);
  expect(JSON.stringify(row)).not.toContain(secret.slice('whsec_'.length));
});

it('changes what is named and nothing else', async () => {
  const { id, secret: _secret, ...before } = await manage.add(URL_OK, 'user.*');
  const change = (body: unknown) => manage.request<Webhook>('PATCH', `/${id}`, body);
  expect((await change({})).body).toEqual({ id, ...before });
  expect((await change({ description: 'CRM' })).body).toEqual({ id, ...before, description: 'CRM' });
  const disabled = (await change({ enabled: false })).body;
  expect(disabled).toMatchObject({ enabled: false, disabledReason: 'manual', description: 'CRM' });
  expect(disabled.disabledAt).not.toBeNull();
  expect((await change({ enabled: true, events: ['*'] })).body).toEqual({
    ...{ id, ...before, description: 'CRM', events: ['*'] },
  });
});

it('gives a new secret, and keeps the old one for as long as was asked for', async () => {
  const { id, secret } = await manage.add(URL_OK, '*');
  const rotate = (body?: unknown) => manage.request<WebhookWithSecret>('POST', `/${id}/rotate-secret`, body);
  const hoursLeft = ({ body }: { body: Webhook }) =>
    (Date.parse(body.previousSecretUntil ?? '') - Date.now()) / 3_600_000;
  const first = await rotate();
  expect(first.body.secret).not.toBe(secret);
  expect(hoursLeft(first)).toBeCloseTo(24, 1);
  expect(hoursLeft(await rotate({ overlapHours: 48 }))).toBeCloseTo(48, 1);
  expect((await rotate({ overlapHours: 0 })).body.previousSecretUntil).toBeNull();
});

it('removes', async () => {
  const { id } = await manage.add(URL_OK, '*');
  expect((await manage.request('DELETE', `/${id}`)).status).toBe(204);
  for (const [method, path, body] of [
    ['GET', ''],
    ['PATCH', '', {}],
    ['DELETE', ''],
    ['POST', '/rotate-secret'],
    ['POST', '/test'],
    ['GET', '/deliveries'],
    ['POST', `/deliveries/${unknown}/replay`],
    ['POST', '/replay', { since: '2026-01-01T00:00:00Z' }],
  ] as const) {
    const answer = await manage.request<Problem>(method, `/${id}${path}`, body);
    expect([path, answer.status, answer.body.code]).toEqual([path, 404, 'not_found']);
  }
});

it('takes no test where it is disabled, and replays nothing that there is not', async () => {
  const { id } = await manage.add(URL_OK, '*');
  await manage.request('PATCH', `/${id}`, { enabled: false });
  expect((await manage.request<Problem>('POST', `/${id}/test`)).body.code).toBe('conflict');
  expect((await manage.request<Problem>('POST', `/${id}/deliveries/${unknown}/replay`)).body.code).toBe('not_found');
});

it.each<[string, unknown]>([
  ['no address', { events: ['*'] }],
  ['no events', { url: URL_OK }],
  ['an empty list of events', { url: URL_OK, events: [] }],
  ['an unknown event', { url: URL_OK, events: ['message.read'] }],
  ['an event that only tests send', { url: URL_OK, events: ['webhook.test'] }],
  ['an unknown field', { url: URL_OK, events: ['*'], secret: 'whsec_mine' }],
  ['a field of the server', { url: URL_OK, events: ['*'], appId: 'another' }],
  ['a long address', { url: `https://8.8.8.8/${'x'.repeat(2000)}`, events: ['*'] }],
  ['a long description', { url: URL_OK, events: ['*'], description: 'x'.repeat(201) }],
  ['null', null],
])('refuses %s', async (_what, body) => {
  const answer = await manage.request<Problem>('POST', '', body);
  expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
});

it.each([
  ...[
    'http://127.0.0.1:3000/',
    'http://localhost/',
    'http://[::1]/',
    'http://169.254.169.254/latest',
    'http://10.0.0.1/',
  ],
  ...['ftp://8.8.8.8/', 'https://user:password@8.8.8.8/', 'https://8.8.8.8:22/', 'hook', 'https://'],
])('refuses the address %s, when it is added and when it is changed', async (url) => {
  const { id } =
    (await manage.request<{ items: Webhook[] }>('GET', '')).body.items[0] ?? (await manage.add(URL_OK, '*'));
  for (const answer of [
    await manage.request<Problem>('POST', '', { url, events: ['*'] }),
    await manage.request<Problem>('PATCH', `/${id}`, { url }),
  ]) {
    expect([answer.status, answer.body.code, answer.body.errors?.[0]?.path]).toEqual([400, 'invalid_request', 'url']);
  }
});

it('writes down who did what, without addresses and secrets', async () => {
  const { id, secret } = await manage.add(URL_OK, 'user.*');
  await manage.request('PATCH', `/${id}`, { events: ['*'] });
  await manage.request('POST', `/${id}/rotate-secret`);
  await manage.request('POST', `/${id}/replay`, { since: '2026-01-01T00:00:00+09:00' });
  await manage.request('DELETE', `/${id}`);
  const { body } = await app.request<{ items: AuditEntry[] }>('GET', '/admin/apps/default/audit', {
    token: app.config.operatorKey ?? '',
  });
  const mine = body.items.filter((entry) => entry.target?.id === id).toReversed();
  expect(mine.map((entry) => [entry.by.kind, entry.action, entry.details])).toEqual([
    ['operator', 'webhook.create', { host: '8.8.8.8', events: 'user.*' }],
    ['operator', 'webhook.update', { host: '8.8.8.8', changed: 'events' }],
    ['operator', 'webhook.rotate', { host: '8.8.8.8', overlapHours: 24 }],
    ['operator', 'webhook.replay', { host: '8.8.8.8', since: '2025-12-31T15:00:00.000Z', count: 0 }],
    ['operator', 'webhook.remove', { host: '8.8.8.8' }],
  ]);
  expect(JSON.stringify(body)).not.toMatch(/confidential|whsec_/);
  expect(JSON.stringify(body)).not.toContain(secret);
});

it('is for the app’s own key, and hides one app’s webhooks from another’s', async () => {
  const token = app.config.operatorKey ?? '';
  const keyOf = async (id: string) => {
    await app.request('POST', '/admin/apps', { token, body: { id, name: id } });
    const body = { kind: 'secret', name: 'server' };
    return (await app.request<CreatedKey>('POST', `/admin/apps/${id}/keys`, { token, body })).body.secret ?? '';
  };
  const [mine, theirs] = [await keyOf('mine'), await keyOf('theirs')];
  const body = { url: URL_OK, events: ['*'] };
  const made = await app.request<Webhook>('POST', '/admin/apps/mine/webhooks', { token: mine, body });
  expect(made.status).toBe(201);
  const paths = ['', `/${made.body.id}`, `/${made.body.id}/deliveries`];
  for (const path of paths) {
    const ask = (appId: string, key: string) =>
      app.request('GET', `/admin/apps/${appId}/webhooks${path}`, { token: key });
    expect((await ask('mine', mine)).status).toBe(200);
    expect((await ask('mine', theirs)).status).toBe(404);
    expect((await ask('theirs', theirs)).status).toBe(path === '' ? 200 : 404);
    expect((await ask('mine', 'sk_guessed')).status).toBe(401);
  }
  const all = await app.request<{ items: Webhook[] }>('GET', '/admin/apps/theirs/webhooks', { token: theirs });
  expect(all.body.items).toEqual([]);
});

it('takes twenty of an app, and no more', async () => {
  const token = app.config.operatorKey ?? '';
  await app.request('POST', '/admin/apps', { token, body: { id: 'many', name: 'many' } });
  const many = managing(app, 'many');
  const added = await Promise.all(
    Array.from({ length: 25 }, () => many.request('POST', '', { url: URL_OK, events: ['*'] })),
  );
  expect(added.filter(({ status }) => status === 201)).toHaveLength(20);
  expect(added.filter(({ status }) => status === 400)).toHaveLength(5);
});
