import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type {
  AdminApp,
  CreatedKey,
  FriendRequest,
  Message,
  Page,
  Room,
  SignedIn,
  WebhookDelivery,
  WebhookWithSecret,
} from '@co-talk/sdk/protocol';
import { eventually, startTestApp, type Answer, type RawPerson, type TestApp } from '../testing.ts';
import { createHostSite } from '../testing-host.ts';
import { checkAnswers, type AnswerCheck } from '../testing-openapi.ts';
import { startReceiver, stopReceivers } from '../testing-receiver.ts';

// What the server really answers is what the description says, with no field more: every answer that is described is got here at
// least once. What is refused is compared in the matrix.

let app: TestApp;
let check: AnswerCheck;
const seen = new Set<string>();
beforeAll(async () => {
  app = await startTestApp();
  check = await checkAnswers(app.url);
});
afterAll(() => app.close());

interface Asked {
  /** Of the path, in its order. */
  ids?: string[];
  query?: Record<string, string>;
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Asks as the description says, and compares the answer with it. */
async function ask<T = undefined>(route: string, status: number, asked: Asked = {}): Promise<T> {
  const { body, headers } = await answerOf<T>(route, status, asked);
  expect(check.problems(route, { status, headers, body })).toEqual([]);
  seen.add(`${route} ${String(status)}`);
  return body;
}

async function answerOf<T>(
  route: string,
  status: number,
  { ids = [], query = {}, ...rest }: Asked,
): Promise<Answer<T>> {
  const [method = '', template = ''] = route.split(' ');
  const given = [...ids];
  const path = template.replaceAll(/:\w+/g, () => encodeURIComponent(given.shift() ?? ''));
  const search = Object.keys(query).length > 0 ? `?${new URLSearchParams(query).toString()}` : '';
  const answer = await app.request<T>(method, path + search, rest);
  expect([route, answer.status, answer.status === status ? '' : answer.body]).toEqual([route, status, '']);
  return answer;
}

const PASSWORD = 'correct horse battery staple';
const newcomer = () => ({
  email: `${randomUUID()}@example.com`,
  password: PASSWORD,
  nickname: randomUUID().slice(0, 18),
});
const as = ({ token }: RawPerson) => ({ token });
const operator = () => ({ token: app.config.operatorKey ?? '' });

/** The token in the mail whose link leads to a page. */
async function mailed(page: string, email: string): Promise<string> {
  const letters = () => app.context().mailer.inbox?.letters() ?? [];
  return eventually(() => {
    const letter = letters().find(({ to, text }) => to === email && text.includes(`/account/${page}#`));
    return /#token=([\w-]+)/.exec(letter?.text ?? '')?.[1];
  });
}

test('signing in', async () => {
  const account = newcomer();
  const { session } = await ask<SignedIn>('POST /auth/signup', 201, { body: { app: 'default', ...account } });
  const { email, password } = account;
  await ask('POST /auth/login', 200, { body: { app: 'default', email, password } });
  await ask('POST /auth/refresh', 200, { body: { refreshToken: session.refreshToken } });
  const cookie = { 'x-co-talk-session': 'cookie', origin: 'http://localhost:3000' };
  await ask('POST /auth/login', 200, { body: { app: 'default', email, password }, headers: cookie });
  const token = session.accessToken;
  const { items } = await ask<Page<{ id: string; current: boolean }>>('GET /me/sessions', 200, { token });
  const other = items.find(({ current }) => !current)?.id ?? '';
  await ask('DELETE /me/sessions/:id', 204, { ids: [other], token });
  await ask('POST /me/email/verification', 202, { token });
  await ask('POST /auth/email/verify', 204, { body: { token: await mailed('verify', email) } });
  await ask('POST /auth/logout', 204, { token });
  await ask('POST /auth/password/forgot', 202, { body: { app: 'default', email } });
  await ask('POST /auth/password/reset', 204, {
    body: { token: await mailed('reset', email), password: `${PASSWORD} two` },
  });
});

test('guests, and people of the host site', async () => {
  const guest = await ask<SignedIn>('POST /auth/guest', 201, { body: { app: 'default' } });
  await ask('POST /me/upgrade', 200, { body: newcomer(), token: guest.session.accessToken });
  const site = await createHostSite(app);
  const userToken = site.token({ id: 'ada', nickname: 'Ada' });
  await ask('POST /auth/exchange', 200, { body: { app: 'default', userToken } });
});

test('people', async () => {
  const [one, other] = await Promise.all([app.signUpRaw(), app.signUpRaw()]);
  await ask('GET /me', 200, as(one));
  await ask('PATCH /me', 200, { ...as(one), body: { about: 'new' } });
  const found = await ask<Page<unknown>>('GET /users', 200, { ...as(one), query: { q: other.user.nickname } });
  expect(found.items).toHaveLength(1);
  await ask('GET /users/:id', 200, { ...as(one), ids: [other.user.id] });
});

test('friends', async () => {
  const [one, other] = await Promise.all([app.signUpRaw(), app.signUpRaw()]);
  const request = (to: RawPerson) => ({ userId: to.user.id });
  const open = () => ask<FriendRequest>('POST /friends/requests', 201, { ...as(one), body: request(other) });
  const first = await open();
  const requests = await ask<Page<unknown>>('GET /friends/requests', 200, as(other));
  expect(requests.items).toHaveLength(1);
  await ask('POST /friends/requests/:id/reject', 204, { ...as(other), ids: [first.id] });
  await ask('DELETE /friends/requests/:id', 204, { ...as(one), ids: [(await open()).id] });
  await ask('POST /friends/requests/:id/accept', 200, { ...as(other), ids: [(await open()).id] });
  expect((await ask<Page<unknown>>('GET /friends', 200, as(one))).items).toHaveLength(1);
  await ask('DELETE /friends/:userId', 204, { ...as(one), ids: [other.user.id] });
  await open();
  await ask('POST /friends/requests', 200, { ...as(other), body: request(one) });
  await ask('PUT /blocks/:userId', 204, { ...as(one), ids: [other.user.id] });
  expect((await ask<Page<unknown>>('GET /blocks', 200, as(one))).items).toHaveLength(1);
  await ask('DELETE /blocks/:userId', 204, { ...as(one), ids: [other.user.id] });
});

test('rooms, messages, and what was missed', async () => {
  const [one, other] = await Promise.all([app.signUpRaw(), app.signUpRaw()]);
  const body = { type: 'direct', userId: other.user.id };
  const room = await ask<Room>('POST /rooms', 201, { ...as(one), body });
  await ask('POST /rooms', 200, { ...as(one), body });
  const ids = [room.id];
  const text = { clientId: randomUUID(), text: 'hello' };
  await ask<Message>('POST /rooms/:id/messages', 201, { ...as(one), ids, body: text });
  await ask<Message>('POST /rooms/:id/messages', 200, { ...as(one), ids, body: text });
  const history = await ask<Page<Message>>('GET /rooms/:id/messages', 200, {
    ...as(other),
    ids,
    query: { limit: '10' },
  });
  expect(history.items).toHaveLength(1);
  expect((await ask<Page<Room>>('GET /rooms', 200, as(other))).items[0]?.lastMessage?.text).toBe('hello');
  await ask('GET /rooms/:id', 200, { ...as(other), ids });
  expect((await ask<Page<unknown>>('GET /rooms/:id/members', 200, { ...as(other), ids })).items).toHaveLength(2);
  await ask('GET /me/unread', 200, as(other));
  await ask('POST /rooms/:id/read', 204, { ...as(other), ids, body: { seq: 1 } });
  await ask('PATCH /rooms/:id/me', 200, { ...as(other), ids, body: { muted: true } });
  const presences = await ask<Page<unknown>>('GET /presence', 200, { ...as(one), query: { ids: other.user.id } });
  expect(presences.items).toHaveLength(1);
  const rooms = [
    { id: room.id, rev: 0 },
    { id: randomUUID(), rev: 0 },
  ];
  await ask('POST /sync', 200, { ...as(other), body: { epoch: null, rev: 0, rooms } });
});

test('apps', async () => {
  await ask('GET /apps/:appId/config', 200, { ids: ['default'] });
  const made = await ask<AdminApp>('POST /admin/apps', 201, { ...operator(), body: { name: 'New' } });
  const on = { ...operator(), ids: [made.id] };
  await ask('GET /admin/apps', 200, operator());
  await ask('GET /admin/apps/:appId', 200, on);
  await ask('PATCH /admin/apps/:appId', 200, { ...on, body: { settings: { emailSearch: 'off' } } });
  const key = await ask<CreatedKey>('POST /admin/apps/:appId/keys', 201, {
    ...on,
    body: { kind: 'secret', name: 'a' },
  });
  const rotate = { ...operator(), ids: [made.id, key.id], body: { overlapHours: 1 } };
  await ask('POST /admin/apps/:appId/keys/:key/rotate', 201, rotate);
  expect((await ask<Page<unknown>>('GET /admin/apps/:appId/keys', 200, on)).items).toHaveLength(2);
  await ask('DELETE /admin/apps/:appId/keys/:key', 204, { ...operator(), ids: [made.id, key.id] });
  await ask('GET /admin/apps/:appId/audit', 200, on);
  await ask('GET /admin/apps/:appId/figures', 200, on);
  await ask('DELETE /admin/apps/:appId', 204, on);
  await ask('GET /admin/audit', 200, operator());
  await ask('GET /admin/figures', 200, operator());
});

test('webhooks', async () => {
  const site = await startReceiver();
  const all = '/admin/apps/:appId/webhooks';
  const made = await ask<WebhookWithSecret>(`POST ${all}`, 201, {
    ...{ ...operator(), ids: ['default'] },
    body: { url: site.url, events: ['user.created'] },
  });
  const on = { ...operator(), ids: ['default', made.id] };
  await ask(`GET ${all}`, 200, on);
  await ask(`GET ${all}/:webhookId`, 200, on);
  await ask(`PATCH ${all}/:webhookId`, 200, { ...on, body: { description: 'CRM' } });
  await ask(`POST ${all}/:webhookId/rotate-secret`, 200, { ...on, body: { overlapHours: 1 } });
  const { id } = await ask<WebhookDelivery>(`POST ${all}/:webhookId/test`, 202, on);
  await eventually(() => site.received.length > 0);
  await ask(`POST ${all}/:webhookId/deliveries/:deliveryId/replay`, 202, { ...on, ids: [...on.ids, id] });
  const log = await ask<Page<WebhookDelivery>>(`GET ${all}/:webhookId/deliveries`, 200, on);
  expect(log.items).toHaveLength(1);
  await ask(`POST ${all}/:webhookId/replay`, 202, { ...on, body: { since: new Date().toISOString() } });
  await ask(`DELETE ${all}/:webhookId`, 204, on);
  await stopReceivers();
});

test('the console', async () => {
  const signIn = { body: { key: app.config.operatorKey } };
  const { headers } = await answerOf('POST /admin/session', 204, signIn);
  await ask('POST /admin/session', 204, signIn);
  await ask('GET /admin/session', 200, operator());
  const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
  await ask('DELETE /admin/session', 204, { headers: { cookie, 'x-co-talk-console': '1' } });
});

test('every answer that is described was got', () => {
  const described = Object.entries(check.document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { responses }]) =>
      Object.keys(responses as Record<string, unknown>)
        .filter((status) => Number(status) < 400)
        .map((status) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')} ${status}`),
    ),
  );
  expect(described.filter((answer) => !seen.has(answer))).toEqual([]);
});
