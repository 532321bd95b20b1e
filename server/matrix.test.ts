import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Ack, CreatedKey, FriendRequest, MessageEvent, Problem, Room, SignedIn } from '@co-talk/sdk/protocol';
import { call, eventually, startTestApp, type RawPerson, type TestApp } from './testing.ts';
import { checkAnswers, type AnswerCheck } from './testing-openapi.ts';

// Who gets which answer. Everybody asks about the same person, the owner; each asks about the room that they have, had, or
// have never had with the owner. A new route or event needs a row here.

const WHO = ['member', 'former', 'stranger', 'blocked', 'foreigner', 'anonymous'] as const;
type Who = (typeof WHO)[number];

/** Those who manage: with a secret key of the people's app, with one of another app, and with the operator key. */
const KEYS = ['key', 'foreign key', 'operator'] as const;

/** What a request is about, as one of them sees it. */
interface About {
  owner: RawPerson;
  room: string;
  /** The member's own: a request to them, one from them, another device of theirs. */
  incoming: string;
  outgoing: string;
  session: string;
}

interface World {
  people: Record<Who, RawPerson | undefined>;
  rooms: Record<Who, string>;
  about: Omit<About, 'room'>;
}

let app: TestApp;
let described: AnswerCheck;
let reading: World;
let keys: Record<(typeof KEYS)[number], string>;
beforeAll(async () => {
  app = await startTestApp({ OPERATOR_KEY: OPERATOR });
  described = await checkAnswers(app.url);
  const em = app.db.orm.em.fork();
  await em.execute("insert into apps (id, name, origins, no_origin) values ('another', 'Another', '{}', true)");
  keys = { key: await createKey('default'), 'foreign key': await createKey('another'), operator: OPERATOR };
  reading = await createWorld();
});
afterAll(() => app.close());

const PASSWORD = 'correct horse battery staple';
const OPERATOR = 'the-key-of-whoever-runs-this-server';

async function createKey(appId: string): Promise<string> {
  const body = { kind: 'secret', name: 'site' };
  const answer = await app.request<CreatedKey>('POST', `/admin/apps/${appId}/keys`, { token: OPERATOR, body });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body.secret ?? '';
}

let worlds = 0;

async function createWorld(): Promise<World> {
  worlds += 1;
  const signUp = (name: string, to?: string) => app.signUpRaw(`${name} ${String(worlds)}`, to);
  const [owner, member, former, stranger, blocked, third, foreigner] = await Promise.all([
    signUp('owner'),
    signUp('member'),
    signUp('former'),
    signUp('stranger'),
    signUp('blocked'),
    signUp('third'),
    signUp('foreigner', 'another'),
  ]);
  const post = async <T>(from: RawPerson, path: string, body?: unknown) =>
    (await app.request<T>('POST', path, { token: from.token, ...(body === undefined ? {} : { body }) })).body;
  const open = async (other: RawPerson) =>
    (await post<Room>(owner, '/rooms', { type: 'direct', userId: other.user.id })).id;
  const ask = async (from: RawPerson, to: RawPerson) =>
    (await post<FriendRequest>(from, '/friends/requests', { userId: to.user.id })).id;

  await post(member, `/friends/requests/${await ask(owner, member)}/accept`);
  const [room, left, closed] = [await open(member), await open(former), await open(blocked)];
  for (const id of [room, left, closed])
    await post(owner, `/rooms/${id}/messages`, { clientId: 'first', text: 'a secret' });
  // What leaving will do.
  await app.db.orm.em
    .fork()
    .execute('update chat_room_members set left_at = now() where room_id = ? and user_id = ?', [left, former.user.id]);
  await app.request('PUT', `/blocks/${blocked.user.id}`, { token: owner.token });
  const incoming = await ask(third, member);
  const outgoing = await ask(member, await signUp('asked'));
  const device = await app.request<SignedIn>('POST', '/auth/login', {
    body: { app: 'default', email: member.user.email, password: PASSWORD },
  });
  return {
    people: { member, former, stranger, blocked, foreigner, anonymous: undefined },
    rooms: { member: room, former: left, stranger: room, blocked: closed, foreigner: room, anonymous: room },
    about: { owner, incoming, outgoing, session: device.body.session.sessionId },
  };
}

type Request = (about: About) => [path: string, body?: unknown];

const page =
  (path: string): Request =>
  () => [path];
const credentials = (about: About) => ({ app: 'default', email: about.owner.user.email, password: 'not the password' });
const account = () => ({
  email: `${randomUUID()}@example.com`,
  password: 'k3j9!xqz-one',
  nickname: randomUUID().slice(0, 18),
});
const newcomer = () => ({ app: 'default', ...account() });
const signing = { kind: 'signing', name: 'new' };
const quiet = { events: ['user.erased'], enabled: false };
const text = () => ({ clientId: randomUUID(), text: 'hello' });

/** The answers in the order of {@link WHO}: a status with `!` where the answer names the owner, or the code of the error. */
const ROUTES: [route: string, request: Request, ...answers: string[]][] = [
  ['GET /apps/:appId/config', page('/apps/default/config'), '200', '200', '200', '200', '200', '200'],
  ['POST /auth/signup', () => ['/auth/signup', newcomer()], '201', '201', '201', '201', '201', '201'],
  ['POST /auth/login', (about) => ['/auth/login', credentials(about)], ...everybody('unauthenticated')],
  ['POST /admin/session', () => ['/admin/session', { key: 'guessed' }], ...everybody('unauthenticated')],
  [
    'POST /auth/exchange',
    () => ['/auth/exchange', { app: 'default', userToken: 'guessed' }],
    ...everybody('unauthenticated'),
  ],
  ['POST /auth/guest', () => ['/auth/guest', { app: 'default' }], '201', '201', '201', '201', '201', '201'],
  ['POST /me/upgrade', () => ['/me/upgrade', account()], ...signedIn('conflict')],
  ['POST /auth/refresh', () => ['/auth/refresh', { refreshToken: 'guessed' }], ...everybody('session_ended')],
  ['POST /auth/logout', page('/auth/logout'), '204', '204', '204', '204', '204', 'unauthenticated'],
  [
    'POST /auth/password/forgot',
    ({ owner }) => ['/auth/password/forgot', { app: 'default', email: owner.user.email }],
    ...everybody('202'),
  ],
  [
    'POST /auth/password/reset',
    () => ['/auth/password/reset', { token: 'guessed', password: 'k3j9!xqz-one' }],
    ...everybody('not_found'),
  ],
  ['POST /auth/email/verify', () => ['/auth/email/verify', { token: 'guessed' }], ...everybody('not_found')],
  ['POST /me/email/verification', page('/me/email/verification'), ...signedIn('202')],
  ['GET /me', page('/me'), '200', '200', '200', '200', '200', 'unauthenticated'],
  ['PATCH /me', () => ['/me', { about: 'new' }], '200', '200', '200', '200', '200', 'unauthenticated'],
  ['PUT /me/avatar', () => ['/me/avatar', {}], ...signedIn('unsupported_media')],
  ['DELETE /me/avatar', page('/me/avatar'), ...signedIn('200')],
  ['DELETE /me', () => ['/me', { password: PASSWORD }], ...signedIn('200')],
  ['GET /me/export', page('/me/export'), '200!', '200!', '200', '200!', '200', 'unauthenticated'],
  ['GET /me/sessions', page('/me/sessions'), '200', '200', '200', '200', '200', 'unauthenticated'],
  ['DELETE /me/sessions/:id', ({ session }) => [`/me/sessions/${session}`], '204', ...onlyTheirs(4)],
  ['GET /me/unread', page('/me/unread'), '200', '200', '200', '200', '200', 'unauthenticated'],
  [
    'GET /users',
    ({ owner }) => [`/users?q=${encodeURIComponent(owner.user.nickname)}`],
    '200!',
    '200!',
    '200!',
    '200',
    '200',
    'unauthenticated',
  ],
  [
    'GET /users/:id',
    ({ owner }) => [`/users/${owner.user.id}`],
    '200!',
    '200!',
    '200!',
    'not_found',
    'not_found',
    'unauthenticated',
  ],
  ['GET /friends', page('/friends'), '200!', '200', '200', '200', '200', 'unauthenticated'],
  ['DELETE /friends/:userId', ({ owner }) => [`/friends/${owner.user.id}`], '204', ...onlyTheirs(4)],
  ['GET /friends/requests', page('/friends/requests'), '200', '200', '200', '200', '200', 'unauthenticated'],
  [
    'POST /friends/requests',
    ({ owner }) => ['/friends/requests', { userId: owner.user.id }],
    ...['already_friends', '201!', '201!', 'blocked', 'not_found', 'unauthenticated'],
  ],
  [
    'POST /friends/requests/:id/accept',
    ({ incoming }) => [`/friends/requests/${incoming}/accept`],
    '200',
    ...onlyTheirs(4),
  ],
  [
    'POST /friends/requests/:id/reject',
    ({ incoming }) => [`/friends/requests/${incoming}/reject`],
    '204',
    ...onlyTheirs(4),
  ],
  ['DELETE /friends/requests/:id', ({ outgoing }) => [`/friends/requests/${outgoing}`], '204', ...onlyTheirs(4)],
  ['GET /blocks', page('/blocks'), '200', '200', '200', '200', '200', 'unauthenticated'],
  [
    'PUT /blocks/:userId',
    ({ owner }) => [`/blocks/${owner.user.id}`],
    '204',
    '204',
    '204',
    '204',
    'not_found',
    'unauthenticated',
  ],
  [
    'DELETE /blocks/:userId',
    ({ owner }) => [`/blocks/${owner.user.id}`],
    '204',
    '204',
    '204',
    '204',
    'not_found',
    'unauthenticated',
  ],
  ['GET /rooms', page('/rooms'), '200!', '200', '200', '200!', '200', 'unauthenticated'],
  [
    'POST /rooms',
    ({ owner }) => ['/rooms', { type: 'direct', userId: owner.user.id }],
    ...['200!', 'not_found', '201!', 'blocked', 'not_found', 'unauthenticated'],
  ],
  ['GET /rooms/:id', ({ room }) => [`/rooms/${room}`], ...membersOnly('200!')],
  ['PATCH /rooms/:id/me', ({ room }) => [`/rooms/${room}/me`, { muted: true }], ...membersOnly('200')],
  ['GET /rooms/:id/members', ({ room }) => [`/rooms/${room}/members`], ...membersOnly('200!')],
  ['POST /rooms/:id/read', ({ room }) => [`/rooms/${room}/read`, { seq: 1 }], ...membersOnly('204')],
  ['GET /rooms/:id/messages', ({ room }) => [`/rooms/${room}/messages`], ...membersOnly('200!')],
  ['POST /rooms/:id/messages', ({ room }) => [`/rooms/${room}/messages`, text()], ...membersOnly('201', 'blocked')],
  [
    'GET /presence',
    ({ owner }) => [`/presence?ids=${owner.user.id}`],
    '200!',
    '200',
    '200',
    '200',
    '200',
    'unauthenticated',
  ],
  [
    'POST /sync',
    ({ room }) => ['/sync', { epoch: null, rev: 0, rooms: [{ id: room, rev: 0 }] }],
    ...['200!', '200', '200', '200!', '200', 'unauthenticated'],
  ],
];

/**
 * What is managed. Nobody of {@link WHO} can: they are `unauthenticated`. The answers to the app's own key, to another app's, and to
 * the operator.
 */
const ADMIN: [route: string, request: Request, ...answers: string[]][] = [
  ['GET /admin/apps', page('/admin/apps'), 'forbidden', 'forbidden', '200'],
  ['POST /admin/apps', () => ['/admin/apps', { name: 'New' }], 'forbidden', 'forbidden', '201'],
  ['GET /admin/apps/:appId', page('/admin/apps/default'), '200', 'not_found', '200'],
  ['PATCH /admin/apps/:appId', () => ['/admin/apps/default', { name: 'Mine' }], '200', 'not_found', '200'],
  ['DELETE /admin/apps/:appId', () => ['/admin/apps/none'], 'forbidden', 'forbidden', 'app_unknown'],
  ['GET /admin/apps/:appId/keys', page('/admin/apps/default/keys'), '200', 'not_found', '200'],
  ['POST /admin/apps/:appId/keys', () => ['/admin/apps/default/keys', signing], '201', 'not_found', '201'],
  [
    'POST /admin/apps/:appId/keys/:key/rotate',
    () => ['/admin/apps/default/keys/k_none/rotate', { overlapHours: 1 }],
    ...['not_found', 'not_found', 'not_found'],
  ],
  [
    'DELETE /admin/apps/:appId/keys/:key',
    page('/admin/apps/default/keys/k_none'),
    'not_found',
    'not_found',
    'not_found',
  ],
  ['GET /admin/apps/:appId/audit', page('/admin/apps/default/audit'), '200', 'not_found', '200'],
  [
    'GET /admin/apps/:appId/users/:userId/export',
    ({ owner }) => [`/admin/apps/default/users/${owner.user.id}/export`],
    ...['200!', 'not_found', '200!'],
  ],
  [
    'DELETE /admin/apps/:appId/users/:userId',
    ({ owner }) => [`/admin/apps/default/users/${owner.user.id}`],
    ...['200!', 'not_found', '200!'],
  ],
  ['GET /admin/apps/:appId/users', page('/admin/apps/default/users'), '200', 'not_found', '200'],
  [
    'POST /admin/apps/:appId/users',
    () => ['/admin/apps/default/users', { users: [{ externalId: '1', nickname: 'Ada' }] }],
    ...['200', 'not_found', '200'],
  ],
  ...adminOf('GET', '/users/:userId', ({ owner }) => [`/users/${owner.user.id}`], '200!'),
  ...adminOf('PATCH', '/users/:userId', ({ owner }) => [`/users/${owner.user.id}`, { disabled: false }], '200!'),
  ...adminOf('GET', '/rooms', () => ['/rooms'], '200'),
  ...adminOf(
    'POST',
    '/rooms',
    ({ owner }) => ['/rooms', { type: 'group', name: 'x', memberIds: [owner.user.id] }],
    '201',
  ),
  ...adminOf('GET', '/rooms/:roomId', ({ room }) => [`/rooms/${room}`], '200'),
  ...adminOf('GET', '/rooms/:roomId/members', ({ room }) => [`/rooms/${room}/members`], '200!'),
  ...adminOf('GET', '/rooms/:roomId/messages', ({ room }) => [`/rooms/${room}/messages`], '200!'),
  ...adminOf(
    'POST',
    '/rooms/:roomId/messages',
    ({ room, owner }) => [`/rooms/${room}/messages`, { userId: owner.user.id, ...text() }],
    'forbidden',
  ),
  ...adminOf(
    'DELETE',
    '/rooms/:roomId/messages/:messageId',
    ({ room }) => [`/rooms/${room}/messages/${room}`],
    'not_found',
  ),
  ...adminOf('GET', '/webhooks', () => ['/webhooks'], '200'),
  ...adminOf('POST', '/webhooks', () => ['/webhooks', { url: 'https://8.8.8.8/', ...quiet }], '201'),
  ...adminOf('GET', '/webhooks/:webhookId', ({ room }) => [`/webhooks/${room}`], 'not_found'),
  ...adminOf('PATCH', '/webhooks/:webhookId', ({ room }) => [`/webhooks/${room}`, quiet], 'not_found'),
  ...adminOf('DELETE', '/webhooks/:webhookId', ({ room }) => [`/webhooks/${room}`], 'not_found'),
  ...adminOf(
    'POST',
    '/webhooks/:webhookId/rotate-secret',
    ({ room }) => [`/webhooks/${room}/rotate-secret`],
    'not_found',
  ),
  ...adminOf('POST', '/webhooks/:webhookId/test', ({ room }) => [`/webhooks/${room}/test`], 'not_found'),
  ...adminOf('GET', '/webhooks/:webhookId/deliveries', ({ room }) => [`/webhooks/${room}/deliveries`], 'not_found'),
  ...adminOf(
    'POST',
    '/webhooks/:webhookId/deliveries/:deliveryId/replay',
    ({ room }) => [`/webhooks/${room}/deliveries/${room}/replay`],
    'not_found',
  ),
  ...adminOf(
    'POST',
    '/webhooks/:webhookId/replay',
    ({ room }) => [`/webhooks/${room}/replay`, { since: '2026-11-22T08:44:00.000Z' }],
    'not_found',
  ),
  ['GET /admin/audit', page('/admin/audit'), 'forbidden', 'forbidden', '200'],
  ['GET /admin/figures', page('/admin/figures'), 'forbidden', 'forbidden', '200'],
  ['GET /admin/apps/:appId/figures', page('/admin/apps/default/figures'), '200', 'not_found', '200'],
  ['GET /admin/session', page('/admin/session'), 'forbidden', 'forbidden', '200'],
  ['DELETE /admin/session', page('/admin/session'), 'forbidden', 'forbidden', 'invalid_request'],
];

/** The same for the events of the socket, with `ok` for a status. */
const EVENTS: [event: string, input: (about: About) => unknown, ...answers: string[]][] = [
  ['message:send', ({ room }) => ({ roomId: room, ...text() }), ...membersOnly('ok', 'blocked')],
  ['room:read', ({ room }) => ({ roomId: room, seq: 1 }), ...membersOnly('ok')],
  ['room:delivered', ({ room }) => ({ roomId: room, seq: 1 }), ...membersOnly('ok')],
  ['typing', ({ room }) => ({ roomId: room, typing: true }), ...membersOnly('ok')],
  [
    'sync',
    ({ room }) => ({ epoch: null, rev: 0, rooms: [{ id: room, rev: 0 }] }),
    'ok!',
    'ok',
    'ok',
    'ok!',
    'ok',
    'unauthenticated',
  ],
  ['heads', () => ({}), 'ok', 'ok', 'ok', 'ok', 'ok', 'unauthenticated'],
  ['auth:renew', ({ owner }) => ({ token: owner.token }), ...everybody('unauthenticated')],
];

/** For whoever manages the app, by the operator or its own key; to another app's key there is no such app. */
function adminOf(method: string, path: string, request: Request, answer: string): [string, Request, ...string[]][] {
  const ask: Request = (about) => {
    const [rest, body] = request(about);
    return [`/admin/apps/default${rest}`, body];
  };
  return [[`${method} /admin/apps/:appId${path}`, ask, answer, 'not_found', answer]];
}

function everybody(answer: string): string[] {
  return WHO.map(() => answer);
}

function signedIn(answer: string): string[] {
  return WHO.map((who) => (who === 'anonymous' ? 'unauthenticated' : answer));
}

/** For all but the one it belongs to. */
function onlyTheirs(others: number): string[] {
  return [...Array.from({ length: others }, () => 'not_found'), 'unauthenticated'];
}

function membersOnly(answer: string, toBlocked = answer): string[] {
  return [answer, 'not_found', 'not_found', toBlocked, 'not_found', 'unauthenticated'];
}

const mark = (body: unknown, owner: RawPerson) => (JSON.stringify(body ?? null).includes(owner.user.id) ? '!' : '');

test('every route and every event has a row', () => {
  const rows = [...ROUTES, ...ADMIN, ...EVENTS].map(([name]) => name);
  expect(rows.sort()).toEqual([...app.bound].sort());
});

async function answerTo(token: string | undefined, route: string, [path, body]: ReturnType<Request>, owner: RawPerson) {
  const answer = await app.request<Problem | undefined>(route.split(' ')[0] ?? '', path, {
    ...(token === undefined ? {} : { token }),
    ...(body === undefined ? {} : { body }),
  });
  expect(described.problems(route, answer)).toEqual([]);
  return answer.status < 400 ? `${String(answer.status)}${mark(answer.body, owner)}` : (answer.body?.code ?? '');
}

test.each(ROUTES)('%s', async (route, request, ...expected) => {
  const { people, rooms, about } = route.startsWith('GET') ? reading : await createWorld();
  const answers: string[] = [];
  for (const who of WHO) {
    answers.push(await answerTo(people[who]?.token, route, request({ ...about, room: rooms[who] }), about.owner));
  }
  expect(Object.fromEntries(WHO.map((who, place) => [who, answers[place]]))).toEqual(
    Object.fromEntries(WHO.map((who, place) => [who, expected[place]])),
  );
  // A key is nobody where people are asked for, like one without a token.
  for (const key of KEYS) {
    const asked = request({ ...about, room: rooms.member });
    expect([key, await answerTo(keys[key], route, asked, about.owner)]).toEqual([key, expected.at(-1)]);
  }
});

test.each(ADMIN)('%s', async (route, request, ...expected) => {
  const { people, rooms, about } = route.startsWith('GET') ? reading : await createWorld();
  const asked = () => request({ ...about, room: rooms.member });
  for (const who of WHO) {
    expect([who, await answerTo(people[who]?.token, route, asked(), about.owner)]).toEqual([who, 'unauthenticated']);
  }
  for (const [place, key] of KEYS.entries()) {
    expect([key, await answerTo(keys[key], route, asked(), about.owner)]).toEqual([key, expected[place]]);
  }
});

test.each(EVENTS)('%s', async (event, input, ...expected) => {
  const { people, rooms, about } = await createWorld();
  const answers: string[] = [];
  for (const who of WHO) {
    const answer = await tell(people[who], event, input({ ...about, room: rooms[who] }));
    answers.push(
      typeof answer === 'string' ? answer : answer.ok ? `ok${mark(answer.data, about.owner)}` : answer.error.code,
    );
  }
  expect(Object.fromEntries(WHO.map((who, place) => [who, answers[place]]))).toEqual(
    Object.fromEntries(WHO.map((who, place) => [who, expected[place]])),
  );
});

/** The answer to an event, or the code with which the connection was refused. */
async function tell(person: RawPerson | undefined, event: string, input: unknown): Promise<Ack<unknown> | string> {
  try {
    return await call(await app.connect(person?.token ?? ''), event, input);
  } catch (error) {
    return (error as { data?: { code: string } }).data?.code ?? String(error);
  }
}

test('what happens in a room is heard by its members alone', async () => {
  const { people, rooms, about } = await createWorld();
  const heard = new Map<Who, MessageEvent[]>();
  for (const who of WHO) {
    const person = people[who];
    if (!person) continue;
    const socket = await app.connect(person.token);
    // As a client does that says it is in the room.
    await call(socket, 'sync', { epoch: null, rev: 0, rooms: [{ id: rooms[who], rev: 0 }] });
    socket.on('message', (event: MessageEvent) => heard.set(who, [...(heard.get(who) ?? []), event]));
  }
  for (const id of [rooms.former, rooms.member]) {
    const answer = await app.request('POST', `/rooms/${id}/messages`, { token: about.owner.token, body: text() });
    expect(answer.status).toBe(201);
  }
  await eventually(() => heard.size > 0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect([...heard].map(([who, events]) => [who, events.map((event) => event.roomId)])).toEqual([
    ['member', [rooms.member]],
  ]);
});
