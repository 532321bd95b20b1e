import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Problem } from '@co-talk/sdk/protocol';
import { call, eventually, startTestApp, type TestApp } from '../testing.ts';
import { startRedis, type TestRedis } from '../testing-redis.ts';
import { LIMIT_CLASSES } from './table.ts';

const FACTOR = 0.1;
const scaled = ({ times }: { times: number }) => Math.ceil(times * FACTOR);

let redis: TestRedis;
let first: TestApp;
let second: TestApp;
beforeAll(async () => {
  redis = await startRedis();
  const env = { RATE_LIMIT_FACTOR: String(FACTOR), REDIS_URL: redis.url, TRUST_PROXY: '1' };
  first = await startTestApp(env);
  second = await startTestApp({ ...env, DATABASE_URL: first.config.databaseUrl ?? '' });
  await eventually(async () => {
    const states = await Promise.all([first, second].map(async ({ url }) => (await fetch(`${url}/readyz`)).text()));
    return states.every((state) => state.includes('"redis":true'));
  });
  await eventually(async () => (await countTaken(elsewhere(), 2 * most)) === most);
});
afterAll(async () => {
  await second.close();
  await first.close();
  await redis.close();
});

let places = 0;
const elsewhere = () => `203.0.113.${String((places += 1))}`;

const signUp = (app: TestApp, from: string) =>
  app.request<Problem>('POST', '/auth/signup', {
    headers: { 'x-forwarded-for': from },
    body: {
      app: 'default',
      email: `${randomUUID()}@example.com`,
      password: 'correct horse battery staple',
      nickname: randomUUID().slice(0, 18),
    },
  });

/** Asks both servers in turn. @returns how often either said yes */
async function countTaken(from: string, times: number): Promise<number> {
  let taken = 0;
  for (let time = 0; time < times; time += 1)
    if ((await signUp(time % 2 === 0 ? first : second, from)).status === 201) taken += 1;
  return taken;
}

const most = scaled(LIMIT_CLASSES.signUps.address);

test('two servers count together, and after a restart they still know', async () => {
  const from = elsewhere();
  expect(await countTaken(from, 2 * most)).toBe(most);
  await second.restart();
  // Until it has found Redis, it counts for itself.
  await eventually(async () => (await countTaken(from, 2)) === 0);
});

test('what a user does on both servers is added up', async () => {
  const { one, roomId } = await first.pairRaw();
  const sockets = await Promise.all([first, first, second, second].map((app) => app.connect(one.token)));
  let n = 0;
  const send = (socket: Socket) =>
    call(socket, 'message:send', { roomId, clientId: `c${String((n += 1))}`, text: 'x' });
  const each = scaled(LIMIT_CLASSES.messages.socket);
  const answers = await Promise.all(sockets.flatMap((socket) => Array.from({ length: each }, () => send(socket))));
  // Each server for itself has given the user what is allowed at once.
  expect(answers.filter(({ ok }) => ok).length).toBe(4 * each);
  await eventually(async () => {
    // Not all the time: whoever does not listen is cut off.
    await sleep(300);
    const tries = await Promise.all(sockets.map(send));
    // A server for itself would have room for one more within the second.
    return tries.every((answer) => !answer.ok && (answer.error.retryAfterMs ?? 0) > 5_000);
  }, 15_000);
  const other = await first.connect((await first.signUpRaw()).token);
  expect(await call(other, 'heads', {})).toMatchObject({ ok: true });
}, 30_000);

test('Redis that hangs, or is gone, holds nobody up: each server counts for itself until it is back', async () => {
  redis.freeze();
  const started = Date.now();
  expect((await signUp(first, elsewhere())).status).toBe(201);
  expect(Date.now() - started).toBeLessThan(3_000);
  redis.thaw();

  await redis.kill();
  expect(await countTaken(elsewhere(), 4 * most)).toBe(2 * most);

  await redis.start();
  await eventually(async () => (await countTaken(elsewhere(), 2 * most)) === most, 20_000);
}, 60_000);
