import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Me, MeEvent, Problem, User } from '@co-talk/sdk/protocol';
import { eventually, next, startTestApp, type TestApp } from '../testing.ts';
import { createHostSite, createKey, createPair, updateApp, type HostSite } from '../testing-host.ts';
import { createUserToken } from '../token.ts';

let app: TestApp;
let site: HostSite;
beforeAll(async () => {
  app = await startTestApp();
  site = await createHostSite(app);
});
afterAll(() => app.close());

let people = 0;
let ada: { id: string; nickname: string };
beforeEach(() => {
  people += 1;
  ada = { id: `ada-${String(people)}`, nickname: `Ada ${String(people)}` };
});

const getMe = async (token: string) => (await app.request<Me>('GET', '/me', { token })).body;

describe('somebody whom the site has signed in', () => {
  test('is signed in here, and somebody from then on', async () => {
    const email = `Ada.${String(people)}@Example.com`;
    const { status, body } = await site.exchange(
      site.token({ ...ada, email, avatarUrl: 'https://shop.example/a b.png' }),
    );
    expect(status).toBe(200);
    expect(body.user).toMatchObject({
      kind: 'host',
      nickname: ada.nickname,
      email,
      emailVerified: true,
      avatarUrl: 'https://shop.example/a%20b.png',
    });
    expect(await getMe(body.session.accessToken)).toEqual(body.user);
    const refreshToken = body.session.refreshToken;
    expect((await app.request('POST', '/auth/refresh', { body: { refreshToken } })).status).toBe(200);
    const again = await site.signIn(ada);
    expect(again.user).toEqual(body.user);
    expect(again.session.sessionId).not.toBe(body.session.sessionId);
    expect(await getMe(body.session.accessToken)).toEqual(body.user);
  });

  test('many times at the same moment is one user, with a session each', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => site.signIn(ada)));
    expect(new Set(answers.map(({ user }) => user.id)).size).toBe(1);
    expect(new Set(answers.map(({ session }) => session.sessionId)).size).toBe(8);
    const sessions = await app.request<{ items: unknown[] }>('GET', '/me/sessions', {
      token: answers[0]?.session.accessToken ?? '',
    });
    expect(sessions.body.items).toHaveLength(8);
  });

  test('is told when the site has changed something, and so are friends; what is left out stays, null goes', async () => {
    const { user, session } = await site.signIn({ ...ada, avatarUrl: 'https://shop.example/ada.png' });
    const friend = await site.signIn({ id: `friend-${ada.id}`, nickname: 'Friend' });
    await app.request('POST', '/rooms', {
      token: friend.session.accessToken,
      body: { type: 'direct', userId: user.id },
    });
    const [own, other] = [await app.connect(session.accessToken), await app.connect(friend.session.accessToken)];
    const [mine, theirs] = [next<MeEvent>(own, 'me'), next<{ user: User }>(other, 'user')];
    const renamed = await site.signIn({ ...ada, nickname: 'Ada Byron' });
    expect(renamed.user).toMatchObject({ nickname: 'Ada Byron', avatarUrl: 'https://shop.example/ada.png' });
    expect(await mine).toEqual({ rev: renamed.user.rev, change: 'profile', item: renamed.user });
    expect((await theirs).user).toMatchObject({ id: user.id, nickname: 'Ada Byron' });
    expect(await getMe(session.accessToken)).toEqual(renamed.user);
    expect((await site.signIn({ ...ada, nickname: 'Ada Byron', avatarUrl: null })).user.avatarUrl).toBeNull();
  });

  test('hears nothing when nothing has changed', async () => {
    const { user } = await site.signIn(ada);
    expect((await site.signIn(ada)).user.rev).toBe(user.rev);
  });

  test('is never joined to somebody else by e-mail address or name', async () => {
    const account = await app.signUpRaw();
    const same = { nickname: account.user.nickname, email: account.user.email };
    const [one, two] = [await site.signIn({ ...ada, ...same }), await site.signIn({ id: `${ada.id}-two`, ...same })];
    expect(new Set([account.user.id, one.user.id, two.user.id]).size).toBe(3);
    const body = { app: 'default', email: account.user.email, password: 'correct horse battery staple' };
    expect((await app.request<{ user: Me }>('POST', '/auth/login', { body })).body.user.id).toBe(account.user.id);
  });

  test('has taken an address from nobody who opens an account with it later', async () => {
    const email = `later-${ada.id}@example.com`;
    await site.signIn({ ...ada, email });
    const body = { app: 'default', email, password: 'k3j9!xqz-horse', nickname: `later ${String(people)}` };
    expect((await app.request('POST', '/auth/signup', { body })).status).toBe(201);
  });

  test('is another one in another app', async () => {
    const other = await createHostSite(app, `other-${String(people)}`);
    const [here, there] = [await site.signIn(ada), await other.signIn(ada)];
    expect(there.user.id).not.toBe(here.user.id);
    const asked = await app.request<Problem>('GET', `/users/${here.user.id}`, { token: there.session.accessToken });
    expect(asked.body.code).toBe('not_found');
  });

  test('cannot come in while disabled', async () => {
    const { user } = await site.signIn(ada);
    await app.db.fork('default').execute('update users set disabled_at = now() where id = ?', [user.id]);
    const { status, body } = await site.exchange(site.token({ ...ada, nickname: 'Somebody else' }));
    expect([status, body.code]).toEqual([401, 'unauthenticated']);
    const [row] = await app.db.orm.em
      .fork()
      .execute<{ nickname: string }[]>('select nickname from users where id = ?', [user.id]);
    expect(row?.nickname).toBe(ada.nickname);
  });

  test('keeps the name that the site gives, and changes what is their own', async () => {
    const { session } = await site.signIn(ada);
    const patch = (body: object) => app.request<Me & Problem>('PATCH', '/me', { token: session.accessToken, body });
    expect((await patch({ nickname: 'Somebody' })).body.code).toBe('forbidden');
    expect((await patch({ nickname: ada.nickname, about: 'Sails' })).body.about).toBe('Sails');
  });
});

describe('the site signs', () => {
  test.each(['ed25519', 'P-256'] as const)('with a key of its own whose public half the app has: %s', async (kind) => {
    const { privatePem, publicPem } = createPair(kind);
    const { id: keyId } = await createKey(app, 'default', 'public', publicPem);
    for (const named of [{ keyId }, {}]) {
      const { status, body } = await site.exchange(createUserToken(ada, { app: 'default', key: privatePem, ...named }));
      expect([status, body.user.nickname]).toEqual([200, ada.nickname]);
    }
  });

  test('with a secret that it does not name', async () => {
    const other = await createKey(app, 'default', 'signing');
    for (const key of [site.key.secret, other.secret ?? ''])
      expect((await site.exchange(createUserToken(ada, { app: 'default', key }))).status).toBe(200);
  });

  test('with the old key and the new one while both hold, and with neither once it is revoked', async () => {
    const own = await createHostSite(app, `rotating-${String(people)}`);
    const keys = `/admin/apps/${own.id}/keys`;
    const operator = app.config.operatorKey ?? '';
    const rotated = await app.request<{ id: string; secret: string }>('POST', `${keys}/${own.key.id}/rotate`, {
      token: operator,
      body: { overlapHours: 1 },
    });
    const renewed = createUserToken(ada, { app: own.id, key: rotated.body.secret, keyId: rotated.body.id });
    for (const token of [own.token(ada), renewed]) expect((await own.exchange(token)).status).toBe(200);
    const [old, now] = [await own.signIn(ada), (await own.exchange(renewed)).body];
    const socket = await app.connect(old.session.accessToken);
    const ended = next<{ reason: string }>(socket, 'session:ended');
    expect((await app.request('DELETE', `${keys}/${own.key.id}`, { token: operator })).status).toBe(204);
    expect((await own.exchange(own.token(ada))).body.code).toBe('unauthenticated');
    // What the revoked key has vouched for ends with it.
    await ended;
    await eventually(async () => {
      const { body } = await app.request<Problem>('GET', '/me', { token: old.session.accessToken });
      return body.code === 'session_ended';
    });
    expect((await app.request('GET', '/me', { token: now.session.accessToken })).status).toBe(200);
  });

  test('in vain at the very moment in which the key is revoked: no session outlives it', async () => {
    const own = await createHostSite(app, `moment-${String(people)}`);
    await own.signIn(ada);
    const revoking = app.db.orm.em.fork();
    await revoking.begin();
    await revoking.execute('update app_keys set revoked_at = now() where id = ?', [own.key.id]);
    // The key holds as far as anybody can see: it waits for the end of the above.
    const coming = own.exchange(own.token(ada));
    await eventually(async () => {
      const waiting = await app.db.orm.em
        .fork()
        .execute<unknown[]>(
          `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
        );
      return waiting.length > 0;
    });
    await revoking.commit();
    const { status, body } = await coming;
    expect([status, body.code]).toEqual([401, 'unauthenticated']);
  });

  test('and can see when a key was used last', async () => {
    const own = await createHostSite(app, `used-${String(people)}`);
    const usedAt = async () => {
      const path = `/admin/apps/${own.id}/keys`;
      const token = app.config.operatorKey ?? '';
      return (await app.request<{ items: { lastUsedAt: string | null }[] }>('GET', path, { token })).body.items[0]
        ?.lastUsedAt;
    };
    expect(await usedAt()).toBeNull();
    await own.signIn(ada);
    expect(Date.parse((await usedAt()) ?? '')).toBeGreaterThan(Date.now() - 10_000);
  });

  test('in vain where the app takes no users of its site', async () => {
    const own = await createHostSite(app, `off-${String(people)}`);
    await updateApp(app, own.id, { hostUsers: false });
    const { status, body } = await own.exchange(own.token(ada));
    expect([status, body.code]).toEqual([403, 'sign_in_disabled']);
    expect(body.detail).toContain(`npx co-talk app update ${own.id} --host-users on`);
  });
});
