import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type {
  AdminApp,
  AdminRoom,
  Attachment,
  CreatedInvite,
  CreatedKey,
  FileUrls,
  FoundMessage,
  FriendRequest,
  ImportedUser,
  Message,
  Page,
  ReportedMessage,
  Room,
  SignedIn,
  WebhookDelivery,
  WebhookWithSecret,
} from '@co-talk/sdk/protocol';
import { eventually, startTestApp, type RawPerson, type TestApp } from '../testing.ts';
import { createHostSite } from '../testing-host.ts';
import { askFor, checkAnswers, type AnswerCheck, type Asked } from '../testing-openapi.ts';
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

/** Asks as the description says, and compares the answer with it. */
async function ask<T = undefined>(route: string, status: number, asked: Asked = {}): Promise<T> {
  const answer = await askFor<T>(app, route, asked);
  expect([route, answer.status, answer.status === status ? '' : answer.body]).toEqual([route, status, '']);
  expect(check.problems(route, answer)).toEqual([]);
  seen.add(`${route} ${String(status)}`);
  return answer.body;
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

test('files', async () => {
  const one = await app.signUpRaw();
  const head = (field: string) => `--x\r\nContent-Disposition: form-data; name="${field}"`;
  const form = {
    ...as(one),
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    body: `${head('clientId')}\r\n\r\nonce\r\n${head('file')}; filename="tea.json"\r\n\r\n"tea"\r\n--x--\r\n`,
  };
  const { id } = await ask<Attachment>('POST /files', 201, form);
  await ask('POST /files', 200, form);
  const { items } = await ask<FileUrls>('POST /files/urls', 200, { ...as(one), body: { ids: [id] } });
  const query = Object.fromEntries(new URLSearchParams(items[0]?.url.split('?')[1]));
  expect(await ask<string>('GET /files/:id', 200, { ids: [id], query })).toBe('tea');
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
  const found = await eventually(async () => {
    const page = await ask<Page<FoundMessage>>('GET /search/messages', 200, { ...as(other), query: { q: 'hello' } });
    return page.items[0];
  });
  expect(found.matches).toEqual([{ from: 0, to: 5 }]);
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

test('messages that change', async () => {
  const { one, roomId } = await app.pairRaw();
  const body = { clientId: 'c', text: 'hello' };
  const { id } = (await app.request<Message>('POST', `/rooms/${roomId}/messages`, { token: one.token, body })).body;
  const about = { ...as(one), ids: [roomId, id] };
  await ask('PATCH /rooms/:id/messages/:messageId', 200, { ...about, body: { text: 'hi' } });
  const targets = [roomId, id].map((target) => ({ roomId: target, clientId: 'f' }));
  const reacting = { ...about, ids: [roomId, id, '👍'] };
  await ask('PUT /rooms/:id/messages/:messageId/reactions/:emoji', 200, reacting);
  await ask('DELETE /rooms/:id/messages/:messageId/reactions/:emoji', 200, reacting);
  await ask('POST /rooms/:id/messages/:messageId/forward', 200, { ...about, body: { targets } });
  await ask('DELETE /rooms/:id/messages/:messageId', 200, about);
});

test('what was reported', async () => {
  const { one, other, roomId } = await app.pairRaw();
  const body = { clientId: randomUUID(), text: 'buy this' };
  const { id } = await ask<Message>('POST /rooms/:id/messages', 201, { ...as(one), ids: [roomId], body });
  const reporting = { ...as(other), ids: [roomId, id], body: { reason: 'Spam' } };
  await ask('POST /rooms/:id/messages/:messageId/report', 204, reporting);
  const list = 'GET /admin/apps/:appId/reports';
  const open = await ask<Page<ReportedMessage>>(list, 200, { ...operator(), ids: ['default'] });
  const { id: reportId } = open.items.find(({ message }) => message?.id === id) ?? { id: '' };
  const resolving = { ...operator(), ids: ['default', reportId], body: { resolution: 'removed' } };
  await ask('POST /admin/apps/:appId/reports/:reportId/resolve', 200, resolving);
  const query = { state: 'resolved' };
  const resolved = await ask<Page<ReportedMessage>>(list, 200, { ...operator(), ids: ['default'], query });
  expect(resolved.items.map((item) => item.id)).toEqual([reportId]);
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

test('the site and its people', async () => {
  const { ids, token } = { ...operator(), ids: ['default'] };
  const on = (...more: string[]) => ({ token, ids: [...ids, ...more] });
  const users = ['host', 'host', 'bot'].map((kind) => ({ externalId: randomUUID(), nickname: 'Ada', kind }));
  const refused = { externalId: randomUUID(), nickname: '' };
  const body = { users: [...users, refused] };
  const made = await ask<Page<ImportedUser>>('POST /admin/apps/:appId/users', 200, { ...on(), body });
  expect(made.items.map(({ outcome }) => outcome)).toEqual(['created', 'created', 'created', 'refused']);
  const [one = '', other = '', bot = ''] = made.items.map(({ user }) => user?.id ?? '');
  await ask('GET /admin/apps/:appId/users', 200, on());
  await ask('GET /admin/apps/:appId/users/:userId', 200, on(one));
  await ask('PATCH /admin/apps/:appId/users/:userId', 200, { ...on(one), body: { disabled: false } });
  const group = { type: 'group', name: 'Order', memberIds: [one, other, bot], clientId: 'order' };
  const room = await ask<AdminRoom>('POST /admin/apps/:appId/rooms', 201, { ...on(), body: group });
  await ask('POST /admin/apps/:appId/rooms', 200, { ...on(), body: group });
  await ask('GET /admin/apps/:appId/rooms', 200, on());
  await ask('GET /admin/apps/:appId/rooms/:roomId', 200, on(room.id));
  await ask('GET /admin/apps/:appId/rooms/:roomId/members', 200, on(room.id));
  const text = { userId: bot, clientId: 'sent', text: 'hello' };
  const posts = 'POST /admin/apps/:appId/rooms/:roomId/messages';
  const message = await ask<Message>(posts, 201, { ...on(room.id), body: text });
  await ask(posts, 200, { ...on(room.id), body: text });
  await ask('GET /admin/apps/:appId/rooms/:roomId/messages', 200, on(room.id));
  const removes = 'DELETE /admin/apps/:appId/rooms/:roomId/messages/:messageId';
  await ask(removes, 200, on(room.id, message.id));
  await ask('GET /admin/apps/:appId/users/:userId/export', 200, on(bot));
  await ask('DELETE /admin/apps/:appId/users/:userId', 200, on(bot));
});

test('oneself', async () => {
  const person = await app.signUpRaw();
  const body = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#3d5afe' } })
    .png()
    .toBuffer();
  await ask('PUT /me/avatar', 200, { ...as(person), body, headers: { 'content-type': 'image/png' } });
  await ask('GET /me/export', 200, as(person));
  await ask('DELETE /me/avatar', 200, as(person));
  await ask('DELETE /me', 200, { ...as(person), body: { password: PASSWORD } });
});

test('groups', async () => {
  const [owner, one, other] = await Promise.all([app.signUpRaw(), app.signUpRaw(), app.signUpRaw()]);
  const group = { type: 'group', name: 'Tea', memberIds: [one.user.id], clientId: 'tea' };
  const room = await ask<Room>('POST /rooms', 201, { ...as(owner), body: group });
  await ask('POST /rooms', 200, { ...as(owner), body: group });
  const on = (person: RawPerson, ...more: string[]) => ({ ...as(person), ids: [room.id, ...more] });
  await ask('PATCH /rooms/:id', 200, { ...on(owner), body: { name: 'Tea club' } });
  const body = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#3d5afe' } })
    .png()
    .toBuffer();
  await ask('PUT /rooms/:id/picture', 200, { ...on(owner), body, headers: { 'content-type': 'image/png' } });
  await ask('DELETE /rooms/:id/picture', 200, on(owner));
  await ask('POST /rooms/:id/members', 200, { ...on(owner), body: { userIds: [other.user.id] } });
  await ask('GET /rooms/:id/members', 200, { ...on(one), query: { limit: '2' } });
  await ask('PATCH /rooms/:id/members/:userId', 200, { ...on(owner, one.user.id), body: { role: 'admin' } });
  await ask('GET /rooms/:id/messages', 200, on(one));
  await ask('DELETE /rooms/:id/members/:userId', 204, on(one, other.user.id));
  const link = await ask<CreatedInvite>('POST /rooms/:id/invites', 201, { ...on(owner), body: { maxUses: 2 } });
  await ask('GET /rooms/:id/invites', 200, on(owner));
  const { token } = link;
  const guest = await app.signUpRaw();
  await ask('POST /invites/preview', 200, { ...as(guest), body: { token } });
  await ask('POST /invites/join', 200, { ...as(guest), body: { token } });
  await ask('DELETE /rooms/:id/invites/:inviteId', 204, on(owner, link.id));
  const channel = await ask<Room>('POST /rooms', 201, { ...as(owner), body: { type: 'channel', name: 'News' } });
  await ask('GET /channels', 200, { ...as(one), query: { q: 'new' } });
  await ask('GET /channels/:id/messages', 200, { ...as(one), ids: [channel.id] });
  await ask('POST /rooms/:id/join', 200, { ...as(one), ids: [channel.id] });
  await ask('POST /rooms/:id/leave', 204, on(one));
  await ask('DELETE /rooms/:id', 204, on(owner));
});

test('an erasure that has not come to its end', async () => {
  const people = await Promise.all([app.signUpRaw(), app.signUpRaw()]);
  const [one, other] = people;
  const body = { userId: other.user.id };
  const { id } = await ask<FriendRequest>('POST /friends/requests', 201, { ...as(one), body });
  await ask('POST /friends/requests/:id/accept', 200, { ...as(other), ids: [id] });
  const em = app.db.orm.em.fork();
  await em.execute(`create function stay() returns trigger language plpgsql as $$ begin raise 'stays for now'; end $$`);
  await em.execute('create trigger stay before delete on friends for each row execute function stay()');
  await ask('DELETE /me', 202, { ...as(one), body: { password: PASSWORD } });
  await ask('DELETE /admin/apps/:appId/users/:userId', 202, { ...operator(), ids: ['default', other.user.id] });
  await em.execute('drop trigger stay on friends');
});

test('the console', async () => {
  const signIn = { body: { key: app.config.operatorKey } };
  await ask('POST /admin/session', 204, signIn);
  const { headers } = await askFor(app, 'POST /admin/session', signIn);
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
