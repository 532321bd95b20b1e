import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page, Problem, Refreshed, SessionInfo, SignedIn } from '@co-talk/sdk/protocol';
import { next, startTestApp, type RawPerson, type TestApp } from '../testing.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const refresh = (refreshToken: unknown) =>
  app.request<Refreshed & Problem>('POST', '/auth/refresh', { body: { refreshToken } });
const renewed = async (refreshToken: string) => {
  const { status, body } = await refresh(refreshToken);
  expect([status, body.code]).toEqual([200, undefined]);
  return body.session;
};
const worksNow = async (token: string) => (await app.request('GET', '/me', { token })).status === 200;
const sessionsOf = async (person: RawPerson) =>
  (await app.request<Page<SessionInfo>>('GET', '/me/sessions', { token: person.token })).body.items;
/** As if this much time had gone by since all tokens of a session were used. */
const letPass = (sessionId: string, seconds: number) =>
  app.db
    .fork('default')
    .execute(`update refresh_tokens set used_at = used_at - make_interval(secs => ?) where session_id = ?`, [
      seconds,
      sessionId,
    ]);

/** Another device of the same person. */
async function logIn(person: RawPerson): Promise<RawPerson> {
  const body = { app: 'default', email: person.user.email, password: 'correct horse battery staple' };
  const { body: signedIn } = await app.request<SignedIn>('POST', '/auth/login', {
    body,
    headers: { 'user-agent': 'Second device' },
  });
  const { session, user } = signedIn;
  return { token: session.accessToken, refreshToken: session.refreshToken, sessionId: session.sessionId, user };
}

describe('refreshing', () => {
  test('gives new tokens of the same session', async () => {
    const person = await app.signUpRaw();
    const session = await renewed(person.refreshToken);
    expect(session.sessionId).toBe(person.sessionId);
    expect(session.refreshToken).not.toBe(person.refreshToken);
    expect(await worksNow(session.accessToken)).toBe(true);
    expect(session.refreshTokenExpiresIn).toBe(7 * 86_400);
    await renewed((await renewed(session.refreshToken)).refreshToken);
  });

  test('an answer lost on the way costs nothing, however late the retry', async () => {
    const person = await app.signUpRaw();
    await renewed(person.refreshToken);
    await letPass(person.sessionId, 86_400);
    const second = await renewed(person.refreshToken);
    await letPass(person.sessionId, 86_400);
    await renewed(second.refreshToken);
  });

  test('the previous token is good for a minute after its successor is first used', async () => {
    const person = await app.signUpRaw();
    const second = await renewed(person.refreshToken);
    await renewed(second.refreshToken);
    await letPass(person.sessionId, 58);
    const late = await renewed(person.refreshToken);
    await letPass(person.sessionId, 3600);
    await renewed(late.refreshToken);
  });

  test('after that minute its use ends the family, closes its sockets and says so', async () => {
    const person = await app.signUpRaw();
    const other = await logIn(person);
    const second = await renewed(person.refreshToken);
    const third = await renewed(second.refreshToken);
    await letPass(person.sessionId, 61);
    const socket = await app.connect(third.accessToken);
    const heard = next<{ reason: string }>(socket, 'session:ended');
    const reused = await refresh(person.refreshToken);
    expect([reused.status, reused.body.code]).toEqual([401, 'session_ended']);
    expect(await heard).toEqual({ reason: 'revoked' });
    for (const { refreshToken } of [second, third])
      expect((await refresh(refreshToken)).body.code).toBe('session_ended');
    const refused = await app.request<Problem>('GET', '/me', { token: third.accessToken });
    expect([refused.status, refused.body.code]).toEqual([401, 'session_ended']);
    expect(await worksNow(other.token)).toBe(true);
  });

  test('a token older than the previous one ends the family at once', async () => {
    const person = await app.signUpRaw();
    const second = await renewed(person.refreshToken);
    const third = await renewed(second.refreshToken);
    const fourth = await renewed(third.refreshToken);
    expect((await refresh(person.refreshToken)).body.code).toBe('session_ended');
    expect(await worksNow(fourth.accessToken)).toBe(false);
  });

  test('a thief and the owner who go on from one token are found out', async () => {
    const person = await app.signUpRaw();
    const [owner, thief] = [await renewed(person.refreshToken), await renewed(person.refreshToken)];
    await renewed(thief.refreshToken);
    await letPass(person.sessionId, 900);
    expect((await refresh(owner.refreshToken)).body.code).toBe('session_ended');
    expect(await worksNow(thief.accessToken)).toBe(false);
  });

  test('two tabs at the same moment both get tokens that work, and can go on', async () => {
    for (let round = 0; round < 10; round += 1) {
      const person = await app.signUpRaw();
      const tabs = await Promise.all([renewed(person.refreshToken), renewed(person.refreshToken)]);
      for (const tab of tabs) expect(await worksNow(tab.accessToken)).toBe(true);
      const again = await Promise.all(tabs.map((tab) => renewed(tab.refreshToken)));
      expect(new Set([...tabs, ...again].map((tab) => tab.refreshToken)).size).toBe(4);
    }
  });

  test('an expired token has ended, and says nothing against the others', async () => {
    const person = await app.signUpRaw();
    const second = await renewed(person.refreshToken);
    const expire = `update refresh_tokens set expires_at = now() - interval '1 second' where session_id = ? and generation = 1`;
    await app.db.fork('default').execute(expire, [person.sessionId]);
    expect((await refresh(person.refreshToken)).body.code).toBe('session_ended');
    await renewed(second.refreshToken);
  });

  test('a disabled user gets no new tokens', async () => {
    const person = await app.signUpRaw();
    await app.db.fork('default').execute('update users set disabled_at = now() where id = ?', [person.user.id]);
    expect((await refresh(person.refreshToken)).body.code).toBe('session_ended');
    expect(await worksNow(person.token)).toBe(false);
  });

  test.each<[string, unknown, number, string]>([
    ['an unknown token', randomBytes(32).toString('base64url'), 401, 'session_ended'],
    ['no token', undefined, 400, 'invalid_request'],
    ['an empty one', '', 401, 'session_ended'],
    ['a number', 7, 400, 'invalid_request'],
    ['an array', ['x'], 400, 'invalid_request'],
    ['an endless one', 'x'.repeat(5000), 400, 'invalid_request'],
  ])('%s is refused', async (_name, token, status, code) => {
    const answer = await refresh(token);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  test('tokens of one kind are none of the other', async () => {
    const person = await app.signUpRaw();
    expect((await refresh(person.token)).body.code).toBe('session_ended');
    expect(await worksNow(person.refreshToken)).toBe(false);
  });

  test('only hashes of tokens are stored', async () => {
    const person = await app.signUpRaw();
    const rows = await app.db
      .fork('default')
      .execute(
        `select row_to_json(r)::text || row_to_json(s)::text as stored from refresh_tokens r join sessions s on s.id = r.session_id`,
      );
    expect(JSON.stringify(rows)).not.toContain(person.refreshToken);
  });

  test('a page that the app does not know cannot refresh', async () => {
    const person = await app.signUpRaw();
    const headers = { origin: 'https://evil.example' };
    const answer = await app.request<Problem>('POST', '/auth/refresh', {
      body: { refreshToken: person.refreshToken },
      headers,
    });
    expect([answer.status, answer.body.code]).toEqual([403, 'origin_not_allowed']);
    await renewed(person.refreshToken);
  });
});

describe('sessions', () => {
  test('are listed with the one that asks marked', async () => {
    const person = await app.signUpRaw();
    const second = await logIn(person);
    const items = await sessionsOf(second);
    expect(items.map(({ id, current }) => [id, current])).toEqual([
      [second.sessionId, true],
      [person.sessionId, false],
    ]);
    expect(items[0]).toEqual({
      id: second.sessionId,
      current: true,
      userAgent: 'Second device',
      createdAt: expect.any(String) as unknown,
      lastUsedAt: expect.any(String) as unknown,
      expiresAt: expect.any(String) as unknown,
    });
  });

  test('logging out ends this one alone: its tokens and sockets', async () => {
    const person = await app.signUpRaw();
    const second = await logIn(person);
    const [socket, other] = await Promise.all([app.connect(person.token), app.connect(second.token)]);
    const heard = next<{ reason: string }>(socket, 'session:ended');
    expect((await app.request('POST', '/auth/logout', { token: person.token })).status).toBe(204);
    expect(await heard).toEqual({ reason: 'logout' });
    expect((await app.request<Problem>('GET', '/me', { token: person.token })).body.code).toBe('session_ended');
    expect((await refresh(person.refreshToken)).body.code).toBe('session_ended');
    expect(other.connected).toBe(true);
    expect((await sessionsOf(second)).map(({ id }) => id)).toEqual([second.sessionId]);
    await renewed(second.refreshToken);
  });

  test('one device can sign out another, once', async () => {
    const person = await app.signUpRaw();
    const second = await logIn(person);
    const socket = await app.connect(person.token);
    const heard = next<{ reason: string }>(socket, 'session:ended');
    const path = `/me/sessions/${person.sessionId}`;
    expect((await app.request('DELETE', path, { token: second.token })).status).toBe(204);
    expect(await heard).toEqual({ reason: 'revoked' });
    expect(await worksNow(person.token)).toBe(false);
    expect((await refresh(person.refreshToken)).body.code).toBe('session_ended');
    expect((await app.request<Problem>('DELETE', path, { token: second.token })).body.code).toBe('not_found');
  });

  test('nobody else can: another’s, an unknown and a malformed id are not found', async () => {
    const [person, stranger] = await Promise.all([app.signUpRaw(), app.signUpRaw()]);
    for (const id of [person.sessionId, randomUUID(), 'x', "'; drop table sessions;--"]) {
      const path = `/me/sessions/${encodeURIComponent(id)}`;
      const answer = await app.request<Problem>('DELETE', path, { token: stranger.token });
      expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
    }
    expect(await worksNow(person.token)).toBe(true);
  });

  test('that have expired go when the user signs in again', async () => {
    const person = await app.signUpRaw();
    const em = app.db.fork('default');
    await em.execute(`update sessions set expires_at = now() - interval '1 day' where id = ?`, [person.sessionId]);
    const second = await logIn(person);
    expect((await sessionsOf(second)).map(({ id }) => id)).toEqual([second.sessionId]);
    expect(await worksNow(person.token)).toBe(false);
    expect(await em.execute('select from refresh_tokens where session_id = ?', [person.sessionId])).toEqual([]);
  });

  test.each([
    ['GET', '/me'],
    ['PATCH', '/me'],
    ['GET', '/me/sessions'],
    ['DELETE', `/me/sessions/${randomUUID()}`],
    ['POST', '/auth/logout'],
    ['GET', '/users?q=a'],
    ['GET', `/users/${randomUUID()}`],
    ['GET', '/friends'],
    ['DELETE', `/friends/${randomUUID()}`],
    ['GET', '/friends/requests'],
    ['POST', '/friends/requests'],
    ['POST', `/friends/requests/${randomUUID()}/accept`],
    ['POST', `/friends/requests/${randomUUID()}/reject`],
    ['DELETE', `/friends/requests/${randomUUID()}`],
    ['GET', '/blocks'],
    ['PUT', `/blocks/${randomUUID()}`],
    ['DELETE', `/blocks/${randomUUID()}`],
  ])('%s %s is for nobody without one', async (method, path) => {
    for (const token of [undefined, 'x', 'a.b.c']) {
      const answer = await app.request<Problem>(method, path, token === undefined ? {} : { token });
      expect([answer.status, answer.body.code]).toEqual([401, 'unauthenticated']);
    }
  });
});
