import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FoundUser, FriendRequest, Page, Problem, SignedIn } from '@co-talk/sdk/protocol';
import { App } from '../apps/app.entity.ts';
import { startTestApp, type RawPerson, type TestApp } from '../testing.ts';

let app: TestApp;
let here: RawPerson;
let friendHere: RawPerson;
let there: RawPerson;
let otherThere: RawPerson;
let requestThere: string;

beforeAll(async () => {
  app = await startTestApp();
  const row = { id: 'other', name: 'Other', origins: [], loopback: true, noOrigin: true, createdAt: new Date() };
  await app.db.orm.em.fork().insert(App, row);
  here = await app.signUpRaw('Twin');
  friendHere = await app.signUpRaw();
  there = await app.signUpRaw('Twin', 'other');
  otherThere = await app.signUpRaw('Bystander', 'other');
  const body = { userId: there.user.id };
  const { body: request } = await app.request<FriendRequest>('POST', '/friends/requests', {
    token: otherThere.token,
    body,
  });
  requestThere = request.id;
});
afterAll(() => app.close());

const call = (method: string, path: string, body?: unknown) =>
  app.request<Problem>(method, path, { token: here.token, ...(body === undefined ? {} : { body }) });

test.each<[string, string, (id: string) => [path: string, body?: unknown]]>([
  ['GET', 'a user', (id) => [`/users/${id}`]],
  ['POST', 'a request to', (id) => ['/friends/requests', { userId: id }]],
  ['DELETE', 'a friend', (id) => [`/friends/${id}`]],
  ['PUT', 'a block of', (id) => [`/blocks/${id}`]],
  ['DELETE', 'a block of', (id) => [`/blocks/${id}`]],
  ['POST', 'a room with', (id) => ['/rooms', { type: 'direct', userId: id }]],
])('%s %s somebody of another app answers as for an unknown id', async (method, _what, request) => {
  const [foreign, unknown] = [
    await call(method, ...request(there.user.id)),
    await call(method, ...request(randomUUID())),
  ];
  expect(foreign.status).toBe(404);
  expect([foreign.status, foreign.body]).toEqual([unknown.status, unknown.body]);
});

test.each<[string, (id: string) => string]>([
  ['POST', (id) => `/friends/requests/${id}/accept`],
  ['POST', (id) => `/friends/requests/${id}/reject`],
  ['DELETE', (id) => `/friends/requests/${id}`],
])('%s of a request in another app answers as for an unknown id', async (method, path) => {
  const [foreign, unknown] = [await call(method, path(requestThere)), await call(method, path(randomUUID()))];
  expect(foreign.status).toBe(404);
  expect([foreign.status, foreign.body]).toEqual([unknown.status, unknown.body]);
});

test('a session of another app answers as an unknown one, and goes on', async () => {
  const [foreign, unknown] = [
    await call('DELETE', `/me/sessions/${there.sessionId}`),
    await call('DELETE', `/me/sessions/${randomUUID()}`),
  ];
  expect([foreign.status, foreign.body]).toEqual([unknown.status, unknown.body]);
  expect((await app.request('GET', '/me', { token: there.token })).status).toBe(200);
});

test('nobody of another app is found, by name or address', async () => {
  for (const q of ['Twin', 'Bystander', there.user.email ?? '', otherThere.user.email ?? '']) {
    const path = `/users?${new URLSearchParams({ q }).toString()}`;
    const { body } = await app.request<Page<FoundUser>>('GET', path, { token: friendHere.token });
    expect(body.items.map(({ id }) => id)).toEqual(q === 'Twin' ? [here.user.id] : []);
  }
});

test('one address and one nickname can be in two apps, with a password each', async () => {
  const email = `${randomUUID()}@example.com`;
  const person = { email, nickname: 'Both' };
  const signUp = (id: string, password: string) =>
    app.request<SignedIn>('POST', '/auth/signup', { body: { ...person, app: id, password } });
  const [first, second] = [await signUp('default', 'k3j9!xqz-one'), await signUp('other', 'k3j9!xqz-two')];
  expect([first.status, second.status]).toEqual([201, 201]);
  const logIn = (id: string, password: string) =>
    app.request<SignedIn>('POST', '/auth/login', { body: { app: id, email, password } });
  expect((await logIn('other', 'k3j9!xqz-two')).body.user.id).toBe(second.body.user.id);
  expect((await logIn('other', 'k3j9!xqz-one')).status).toBe(401);
});

test('a refresh token goes on in its own app', async () => {
  const { body } = await app.request<{ session: { accessToken: string } }>('POST', '/auth/refresh', {
    body: { refreshToken: there.refreshToken },
  });
  const me = await app.request<{ id: string }>('GET', '/me', { token: body.session.accessToken });
  expect(me.body.id).toBe(there.user.id);
  const rows = await app.db.orm.em
    .fork()
    .execute<{ app: string }[]>('select distinct app_id as app from refresh_tokens where session_id = ?', [
      there.sessionId,
    ]);
  expect(rows).toEqual([{ app: 'other' }]);
});

test('a query that does not say which app is refused', async () => {
  const { User } = await import('../users/user.entity.ts');
  await expect(app.db.orm.em.fork().find(User, {})).rejects.toThrow('app');
  const found = await app.db.fork('other').find(User, {});
  expect(found.every((user) => user.appId === 'other')).toBe(true);
});
