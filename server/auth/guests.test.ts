import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS, type Me, type MeEvent, type Problem, type SignedIn, type User } from '@co-talk/sdk/protocol';
import { next, startTestApp, type TestApp } from '../testing.ts';
import { updateApp } from '../testing-host.ts';
import { nicknameProblem } from '../users/nickname.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  const em = app.db.orm.em.fork();
  await em.execute("insert into apps (id, name, origins, no_origin) values ('closed', 'Closed', '{}', true)");
});
afterAll(() => app.close());

type Answered = SignedIn & Problem;
const PASSWORD = 'k3j9!xqz-horse';
const post = (path: string, body: unknown, token?: string) =>
  app.request<Answered>('POST', path, { body, ...(token === undefined ? {} : { token }) });
const visit = async (nickname?: string) => (await post('/auth/guest', { app: 'default', nickname })).body;
const account = () => ({
  email: `${randomUUID()}@example.com`,
  password: PASSWORD,
  nickname: randomUUID().slice(0, 18),
});

describe('a guest', () => {
  test('comes in by a name, which others may have too', async () => {
    const someone = await app.signUpRaw();
    const { status, body } = await post('/auth/guest', { app: 'default', nickname: ` ${someone.user.nickname} ` });
    expect(status).toBe(201);
    expect(body.user).toMatchObject({ kind: 'guest', nickname: someone.user.nickname, email: null });
    const twin = await visit(someone.user.nickname);
    expect(twin.user.id).not.toBe(body.user.id);
    const me = await app.request<Me>('GET', '/me', { token: body.session.accessToken });
    expect(me.body).toEqual(body.user);
  });

  test('gets a friendly name where there is none', async () => {
    const names = await Promise.all(Array.from({ length: 10 }, async () => (await visit()).user.nickname));
    for (const name of names) {
      expect(name).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
      expect(nicknameProblem(name)).toBeUndefined();
    }
    expect(new Set(names).size).toBeGreaterThan(1);
  });

  test.each<[string, unknown, string]>([
    ['one character', 'x', 'invalid_nickname'],
    ['too many', 'x'.repeat(LIMITS.nicknameMax + 1), 'invalid_nickname'],
    ['nothing', '  ', 'invalid_nickname'],
    ['what cannot be seen', 'Ad\u202ea', 'invalid_nickname'],
    ['a number', 42, 'invalid_request'],
    ['null', null, 'invalid_request'],
  ])('does not come in by %s', async (_name, nickname, code) => {
    expect((await post('/auth/guest', { app: 'default', nickname })).body.code).toBe(code);
  });

  test('chats like anybody else', async () => {
    const [one, other] = [await visit(), await visit()];
    const token = one.session.accessToken;
    const room = await app.request<{ id: string }>('POST', '/rooms', {
      token,
      body: { type: 'direct', userId: other.user.id },
    });
    const body = { clientId: randomUUID(), text: 'hello' };
    expect((await app.request('POST', `/rooms/${room.body.id}/messages`, { token, body })).status).toBe(201);
  });

  test('stays out where the app takes none; so do accounts where it takes none of these', async () => {
    const refused = await post('/auth/guest', { app: 'closed' });
    expect([refused.status, refused.body.code]).toEqual([403, 'sign_in_disabled']);
    const opened = account();
    expect((await post('/auth/signup', { app: 'closed', ...opened })).status).toBe(201);
    await updateApp(app, 'closed', { accounts: false });
    const { email, password } = opened;
    expect((await post('/auth/login', { app: 'closed', email, password })).body.code).toBe('sign_in_disabled');
    expect((await post('/auth/signup', { app: 'closed', ...account() })).body.code).toBe('sign_in_disabled');
  });
});

describe('opening an account', () => {
  test('a guest stays who they are, with their rooms and their session', async () => {
    const [guest, peer] = [await visit('Visitor'), await app.signUpRaw()];
    const { accessToken, refreshToken, sessionId } = guest.session;
    const room = await app.request<{ id: string }>('POST', '/rooms', {
      token: accessToken,
      body: { type: 'direct', userId: peer.user.id },
    });
    const [own, other] = [await app.connect(accessToken), await app.connect(peer.token)];
    const [mine, theirs] = [next<MeEvent>(own, 'me'), next<{ user: User }>(other, 'user')];
    const asked = account();
    const { status, body } = await post('/me/upgrade', asked, accessToken);
    expect(status).toBe(200);
    const { email, nickname } = asked;
    expect(body.user).toMatchObject({ id: guest.user.id, kind: 'account', email, nickname, emailVerified: false });
    expect(await mine).toEqual({ rev: body.user.rev, change: 'profile', item: body.user });
    expect((await theirs).user).toMatchObject({ id: guest.user.id, kind: 'account', nickname });
    expect(body.session.sessionId).toBe(sessionId);
    const token = body.session.accessToken;
    const rooms = await app.request<{ items: { id: string }[] }>('GET', '/rooms', { token });
    expect(rooms.body.items.map(({ id }) => id)).toEqual([room.body.id]);
    expect(own.connected).toBe(true);
    // The answer may be lost on the way: until the new tokens are used, the old ones hold.
    for (const one of [refreshToken, body.session.refreshToken])
      expect((await post('/auth/refresh', { refreshToken: one })).status).toBe(200);
    const login = await post('/auth/login', { app: 'default', email, password: PASSWORD });
    expect(login.body.user).toEqual(body.user);
  });

  test('two that do it at the same moment do it once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const token = (await visit()).session.accessToken;
      const answers = await Promise.all([1, 2, 3].map(() => post('/me/upgrade', account(), token)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
      const won = answers.find(({ status }) => status === 200);
      expect((await app.request<Me>('GET', '/me', { token })).body).toEqual(won?.body.user);
    }
  });

  test('two guests that want one address or one name: one gets it, the other stays a guest', async () => {
    for (const same of ['email', 'nickname'] as const) {
      const [one, two] = [account(), account()];
      const tokens = [await visit(), await visit()].map(({ session }) => session.accessToken);
      const answers = await Promise.all([
        post('/me/upgrade', one, tokens[0]),
        post('/me/upgrade', { ...two, [same]: one[same] }, tokens[1]),
      ]);
      expect(answers.map(({ body }) => body.code).filter(Boolean)).toEqual([`${same}_taken`]);
      const loser = tokens[answers.findIndex(({ status }) => status !== 200)] ?? '';
      expect((await app.request<Me>('GET', '/me', { token: loser })).body).toMatchObject({
        kind: 'guest',
        email: null,
      });
    }
  });

  test('an address or a name that somebody has is refused, and so is a weak password', async () => {
    const { user } = await app.signUpRaw();
    const token = (await visit()).session.accessToken;
    const ask = async (changes: object) => (await post('/me/upgrade', { ...account(), ...changes }, token)).body.code;
    expect(await ask({ email: user.email })).toBe('email_taken');
    expect(await ask({ nickname: user.nickname.toUpperCase() })).toBe('nickname_taken');
    expect(await ask({ password: 'password1' })).toBe('weak_password');
    expect(await ask({ email: 'nobody' })).toBe('invalid_email');
    expect(await ask({ kind: 'account' })).toBe('invalid_request');
  });

  test('is for guests: who has an account is told so', async () => {
    const { status, body } = await post('/me/upgrade', account(), (await app.signUpRaw()).token);
    expect([status, body.code]).toEqual([409, 'conflict']);
  });
});
