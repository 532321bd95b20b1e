import { once } from 'node:events';
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Refreshed, SessionEndReason } from '@co-talk/sdk/protocol';
import { revoke } from '../auth/revocations.ts';
import { call, eventually, next, startTestApp, type RawPerson, type TestApp } from '../testing.ts';
import { startRedis, type TestRedis } from '../testing-redis.ts';

/** Milliseconds within which what was taken away is gone everywhere. */
const WITHIN_MS = 2_000;

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

/** How, and how fast, a socket ends from now on. */
async function ending(socket: Socket): Promise<{ reason: SessionEndReason; ms: number }> {
  const started = Date.now();
  const gone = once(socket as never, 'disconnect');
  const { reason } = await next<{ reason: SessionEndReason }>(socket, 'session:ended');
  await gone;
  return { reason, ms: Date.now() - started };
}

describe.each([
  ['with Redis', 'up'],
  ['with a Redis that is away', 'away'],
] as const)('%s', (_name, redisIs) => {
  let one: TestApp;
  let two: TestApp;
  beforeAll(async () => {
    if (redisIs === 'away') await redis.kill();
    one = await startTestApp({ REDIS_URL: redis.url, ACCESS_TOKEN_TTL: '1h', LOG_LEVEL: 'error' });
    two = await startTestApp({ REDIS_URL: redis.url, DATABASE_URL: one.config.databaseUrl ?? '' });
  });
  afterAll(async () => {
    await two.close();
    await one.close();
  });

  test.each<[string, SessionEndReason, (person: RawPerson) => Promise<unknown>]>([
    ['a sign-out', 'logout', ({ token }) => one.request('POST', '/auth/logout', { token })],
    [
      'a sign-out from another device',
      'revoked',
      ({ token, sessionId }) => one.request('DELETE', `/me/sessions/${sessionId}`, { token }),
    ],
    [
      'a copied token',
      'revoked',
      async ({ refreshToken }) => {
        let newest = refreshToken;
        for (let times = 0; times < 2; times += 1) {
          const { body } = await one.request<Refreshed>('POST', '/auth/refresh', { body: { refreshToken: newest } });
          newest = body.session.refreshToken;
          await one.request('POST', '/auth/refresh', { body: { refreshToken: newest } });
        }
        await one.request('POST', '/auth/refresh', { body: { refreshToken } });
      },
    ],
  ])('%s on one node ends the sockets on the other', async (_what, reason, act) => {
    const person = await one.signUpRaw();
    const other = await one.signUpRaw();
    const [socket, bystander] = [await two.connect(person.token), await two.connect(other.token)];
    const ended = ending(socket);
    await act(person);
    const { reason: heard, ms } = await ended;
    expect(heard).toBe(reason);
    expect(ms).toBeLessThan(WITHIN_MS);
    expect(bystander.connected).toBe(true);
  });

  test('whoever is removed from a room hears nothing of it two seconds later', async () => {
    const { one: stays, other: goes, roomId } = await one.pairRaw();
    const [mine, theirs] = [await one.connect(stays.token), await two.connect(goes.token)];
    for (const socket of [mine, theirs]) await call(socket, 'sync', { epoch: null, rev: 0, rooms: [] });
    const heard: unknown[] = [];
    theirs.on('typing', (event) => heard.push(event));
    // What removing will do.
    const em = one.db.fork('default');
    await em.execute('update chat_room_members set left_at = now() where room_id = ? and user_id = ?', [
      roomId,
      goes.user.id,
    ]);
    await revoke(em, 'default', { userId: goes.user.id, sessionId: null, roomId, reason: 'revoked' });
    await new Promise((resolve) => setTimeout(resolve, WITHIN_MS));
    heard.length = 0;
    expect(await call(mine, 'typing', { roomId, typing: true })).toMatchObject({ ok: true });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([heard, theirs.connected]).toEqual([[], true]);
  });

  test('a revocation that was taken back takes nothing', async () => {
    const { one: stays, other, roomId } = await two.pairRaw();
    const [mine, theirs] = [await two.connect(stays.token), await two.connect(other.token)];
    const em = one.db.fork('default');
    const rest = { userId: other.user.id, sessionId: null, reason: 'revoked' } as const;
    await revoke(em, 'default', { ...rest, roomId });
    await revoke(em, 'default', { ...rest, roomId: null });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const heard = next(theirs, 'typing');
    await call(mine, 'typing', { roomId, typing: true });
    expect(await heard).toMatchObject({ roomId });
  });

  test('a user who ends is out on all nodes', async () => {
    const person = await one.signUpRaw();
    const sockets = [await one.connect(person.token), await two.connect(person.token)];
    const ended = Promise.all(sockets.map(ending));
    const em = one.db.fork('default');
    await em.execute('update users set disabled_at = now() where id = ?', [person.user.id]);
    await revoke(em, 'default', { userId: person.user.id, sessionId: null, roomId: null, reason: 'revoked' });
    for (const { reason, ms } of await ended) {
      expect(reason).toBe('revoked');
      expect(ms).toBeLessThan(WITHIN_MS);
    }
  });

  test('a revocation that commits late still counts', async () => {
    const person = await one.signUpRaw();
    const socket = await two.connect(person.token);
    const ended = ending(socket);
    await one.db.fork('default').transactional(async (em) => {
      await revoke(em, 'default', {
        userId: person.user.id,
        sessionId: person.sessionId,
        roomId: null,
        reason: 'revoked',
      });
      await new Promise((resolve) => setTimeout(resolve, 3_000));
    });
    await eventually(() => !socket.connected, WITHIN_MS);
    expect((await ended).reason).toBe('revoked');
  });
});
