import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Socket } from 'socket.io-client';
import type { Page, Presence } from '@co-talk/sdk/protocol';
import { eventually, next, startTestApp, type RawPerson, type TestApp } from '../testing.ts';
import { startRedis, type TestRedis } from '../testing-redis.ts';
import { GRACE_MS } from './presences.ts';

let redis: TestRedis;
let one: TestApp;
let two: TestApp;
const beside = () => startTestApp({ REDIS_URL: redis.url, DATABASE_URL: one.config.databaseUrl ?? '' });
beforeAll(async () => {
  redis = await startRedis();
  one = await startTestApp({ REDIS_URL: redis.url });
  two = await beside();
});
afterAll(async () => {
  await two.close();
  await one.close();
  await redis.close();
});

const look = async (app: TestApp, person: RawPerson, other: RawPerson) =>
  (await app.request<Page<Presence>>('GET', `/presence?ids=${other.user.id}`, { token: person.token })).body.items[0];
const redisIs = (up: boolean) =>
  eventually(async () => {
    const states = [one, two].map(
      async (app) => (await fetch(`${app.url}/readyz`)).json() as Promise<{ redis: boolean }>,
    );
    return (await Promise.all(states)).every((state) => state.redis === up);
  }, 15_000);

function hear(socket: Socket): Presence[] {
  const heard: Presence[] = [];
  socket.on('presence', (event: Presence) => heard.push(event));
  return heard;
}

test('somebody is online as long as one device is, on whichever node, and both nodes say so', async () => {
  const { one: me, other: they } = await one.pairRaw();
  const watching = await one.connect(me.token);
  const came = next<Presence>(watching, 'presence');
  const phone = await two.connect(they.token);
  expect(await came).toMatchObject({ userId: they.user.id, online: true });
  await eventually(async () => (await look(one, me, they))?.online);

  const heard = hear(watching);
  const laptop = await one.connect(they.token);
  phone.disconnect();
  await new Promise((resolve) => setTimeout(resolve, GRACE_MS + 500));
  expect(heard).toEqual([]);
  expect((await look(two, me, they))?.online).toBe(true);

  laptop.disconnect();
  await eventually(() => heard.length === 1);
  expect(heard[0]).toMatchObject({ userId: they.user.id, online: false });
  expect(Math.abs(Date.parse(heard[0]?.lastSeenAt ?? '') - Date.now())).toBeLessThan(3_000);
  expect([await look(one, me, they), await look(two, me, they)]).toEqual([heard[0], heard[0]]);
});

test('two devices that go at the same moment, from two nodes, are told once', async () => {
  const { one: me, other: they } = await one.pairRaw();
  const heard = hear(await one.connect(me.token));
  const [phone, laptop] = [await two.connect(they.token), await one.connect(they.token)];
  await eventually(() => heard.length > 0);
  phone.disconnect();
  laptop.disconnect();
  await eventually(() => heard.length > 1);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(heard.map(({ online }) => online)).toEqual([true, false]);
});

test('people of a node that has ended go offline, unless they came back on another', { timeout: 40_000 }, async () => {
  const { one: me, other: they } = await one.pairRaw();
  const { one: third, other: back } = await one.pairRaw();
  const three = await beside();
  const [heard, other] = [hear(await one.connect(me.token)), hear(await two.connect(third.token))];
  await Promise.all([three.connect(they.token), three.connect(back.token)]);
  await eventually(() => heard.length === 1 && other.length === 1);
  await three.close();
  await one.connect(back.token);
  await eventually(() => heard.length === 2, 30_000);
  expect(heard.map(({ online }) => online)).toEqual([true, false]);
  expect(other.map(({ online }) => online)).toEqual([true]);
  expect((await look(two, third, back))?.online).toBe(true);
});

test(
  'without Redis nobody seems to go, and what happened meanwhile is told when it is back',
  { timeout: 40_000 },
  async () => {
    const { one: me, other: they } = await one.pairRaw();
    const { one: third, other: stays } = await one.pairRaw();
    const [heard, other] = [hear(await one.connect(me.token)), hear(await one.connect(third.token))];
    const [phone] = [await two.connect(they.token), await two.connect(stays.token)];
    await eventually(() => heard.length === 1 && other.length === 1);

    await redis.kill();
    await redisIs(false);
    expect((await look(one, me, they))?.online).toBe(true);
    phone.disconnect();
    await new Promise((resolve) => setTimeout(resolve, GRACE_MS + 1_000));
    expect(heard).toHaveLength(1);

    await redis.start();
    await redisIs(true);
    await eventually(() => heard.length === 2, 15_000);
    expect(heard[1]).toMatchObject({ userId: they.user.id, online: false });
    expect(other).toHaveLength(1);
    await eventually(async () => !(await look(one, me, they))?.online);
    expect((await look(one, third, stays))?.online).toBe(true);
  },
);

test('a Redis that was emptied knows again who is online', { timeout: 40_000 }, async () => {
  const { one: me, other: they } = await one.pairRaw();
  const watching = await one.connect(me.token);
  const heard = hear(watching);
  await two.connect(they.token);
  await eventually(() => heard.length === 1);
  await redis.flush();
  const three = await beside();
  await eventually(async () => (await look(three, me, they))?.online, 15_000);
  expect((await look(one, me, they))?.online).toBe(true);
  expect(heard).toHaveLength(1);
  await three.close();
});
