import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message, MessageEvent } from '@co-talk/sdk/protocol';
import { call, next, startTestApp, type TestApp } from '../testing.ts';
import { startRedis, type TestRedis } from '../testing-redis.ts';

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

test('a message reaches the people on the other node', async () => {
  const pair = await one.pairRaw();
  const [mine, theirs] = [await one.connect(pair.one.token), await two.connect(pair.other.token)];
  await call(theirs, 'sync', { epoch: null, rev: 0, rooms: [] });
  const heard = next<MessageEvent>(theirs, 'message');
  const sent = await call<Message>(mine, 'message:send', {
    roomId: pair.roomId,
    clientId: randomUUID(),
    text: 'over there',
  });
  expect(await heard).toMatchObject({ roomId: pair.roomId, message: sent.ok && sent.data });
});
