import { once } from 'node:events';
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page, Problem, SessionEndReason, User } from '@co-talk/sdk/protocol';
import { next, startTestApp, type TestApp } from '../testing.ts';
import { startRedis, type TestRedis } from '../testing-redis.ts';
import { disableUser } from './disable.ts';

/** Milliseconds within which what was taken away is gone everywhere. */
const WITHIN_MS = 2_000;

const by = { kind: 'operator', id: 'operator' } as const;

let redis: TestRedis;
let one: TestApp;
let two: TestApp;
beforeAll(async () => {
  redis = await startRedis();
  one = await startTestApp({ REDIS_URL: redis.url });
  two = await startTestApp({ REDIS_URL: redis.url, DATABASE_URL: one.config.databaseUrl ?? '' });
});
afterAll(async () => {
  await two.close();
  await one.close();
  await redis.close();
});

/** How, and how fast, a socket ends from now on. */
async function ending(socket: Socket): Promise<{ reason: SessionEndReason; ms: number }> {
  const started = Date.now();
  const gone = once(socket as never, 'disconnect');
  const { reason } = await next<{ reason: SessionEndReason }>(socket, 'session:ended');
  await gone;
  return { reason, ms: Date.now() - started };
}

const logIn = (email: string | null) =>
  one.request<Problem>('POST', '/auth/login', {
    body: { app: 'default', email, password: 'correct horse battery staple' },
  });

describe('a disabled user', () => {
  test('is out on every node within two seconds, and comes in nowhere', async () => {
    const [person, other] = await Promise.all([one.signUpRaw(), one.signUpRaw()]);
    const sockets = [await one.connect(person.token), await two.connect(person.token)];
    const bystander = await two.connect(other.token);
    const ended = Promise.all(sockets.map(ending));
    await disableUser(one.context(), person.user.id, true, by);
    for (const { reason, ms } of await ended) {
      expect(reason).toBe('revoked');
      expect(ms).toBeLessThan(WITHIN_MS);
    }
    expect(bystander.connected).toBe(true);
    for (const node of [one, two]) {
      expect((await node.request<Problem>('GET', '/me', { token: person.token })).body.code).toBe('session_ended');
    }
    const refresh = { body: { refreshToken: person.refreshToken } };
    expect((await two.request<Problem>('POST', '/auth/refresh', refresh)).body.code).toBe('session_ended');
    expect((await logIn(person.user.email)).body.code).toBe('unauthenticated');
    const found = await one.request<Page<User>>('GET', `/users?q=${person.user.nickname}`, { token: other.token });
    expect(found.body.items).toEqual([]);
  });

  test('who is let in again signs in anew', async () => {
    const person = await one.signUpRaw();
    await disableUser(one.context(), person.user.id, true, by);
    await disableUser(one.context(), person.user.id, true, by);
    await disableUser(two.context(), person.user.id, false, by);
    expect((await one.request('GET', '/me', { token: person.token })).status).toBe(401);
    expect((await logIn(person.user.email)).status).toBe(200);
    const rows = await one.db.orm.em
      .fork()
      .execute('select action from audit_log where target_id = ? order by id', [person.user.id]);
    expect(rows).toEqual([{ action: 'user.disable' }, { action: 'user.enable' }]);
  });

  test('is one of this app, or there is none', async () => {
    const person = await one.signUpRaw();
    await expect(disableUser(one.context('another'), person.user.id, true, by)).rejects.toMatchObject({
      code: 'not_found',
    });
    expect((await one.request('GET', '/me', { token: person.token })).status).toBe(200);
  });
});
