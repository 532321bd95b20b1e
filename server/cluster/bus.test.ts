import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createLog } from '../log.ts';
import { eventually } from '../testing.ts';
import { startRedis, type TestRedis } from '../testing-redis.ts';
import { createBus, type Bus } from './bus.ts';

const log = createLog({ logLevel: 'error', logFormat: 'json' });
const buses: Bus[] = [];
let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterEach(async () => {
  await Promise.all(buses.splice(0).map((bus) => bus.close()));
});
afterAll(() => redis.close());

async function join(): Promise<Bus> {
  const bus = createBus(redis.url, log);
  buses.push(bus);
  await eventually(bus.up);
  return bus;
}

/** What a bus hears on these channels. */
function listen(bus: Bus, ...channels: string[]): string[] {
  const heard: string[] = [];
  for (const channel of channels) {
    bus.sSubscribe(channel, (message, on) => heard.push(`${on.toString()}: ${message.toString()}`));
  }
  return heard;
}

test('after waiting for channels, all of them are heard, however many', async () => {
  const [one, other] = [await join(), await join()];
  const channels = Array.from({ length: 3_000 }, (_, place) => `channel ${String(place)}`);
  const heard = listen(other, ...channels);
  expect(await other.heard(channels)).toBe(true);
  for (const channel of channels) void one.sPublish(channel, 'hello');
  await eventually(() => heard.length === channels.length);
  expect(heard).toEqual(channels.map((channel) => `${channel}: hello`));
});

test('what is published keeps its order', async () => {
  const [one, other] = [await join(), await join()];
  const heard = listen(other, 'order');
  await other.heard(['order']);
  for (let place = 0; place < 500; place += 1) {
    void one.sPublish('order', String(place));
    if (place % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await eventually(() => heard.length === 500);
  expect(heard).toEqual(Array.from({ length: 500 }, (_, place) => `order: ${String(place)}`));
});

test('a channel that was left and taken again in one breath is heard; one that was left is not', async () => {
  const [one, other] = [await join(), await join()];
  const heard = listen(other, 'left', 'again');
  await other.heard(['left', 'again']);
  other.sUnsubscribe('left');
  other.sUnsubscribe('again');
  const again = listen(other, 'again');
  expect(await other.heard(['left', 'again'])).toBe(true);
  for (const channel of ['left', 'again']) void one.sPublish(channel, 'hello');
  await eventually(() => again.length > 0);
  expect([heard, again]).toEqual([[], ['again: hello']]);
});

test('nothing piles up behind a Redis that hangs, and afterwards everything goes on', async () => {
  const [one, other] = [await join(), await join()];
  const heard = listen(other, 'flood');
  await other.heard(['flood']);
  redis.freeze();
  const payload = 'x'.repeat(100_000);
  for (let place = 0; place < 1_000; place += 1) {
    void one.sPublish('flood', payload);
    if (place % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await other.heard(['flood', 'another'])).toBe(true);
  const waited = listen(other, 'late');
  const started = Date.now();
  expect(await other.heard(['late'])).toBe(false);
  expect(Date.now() - started).toBeLessThan(1_500);
  redis.thaw();
  await eventually(() => heard.length > 0);
  await eventually(async () => one.up() && other.up() && (await other.heard(['late'])));
  // Four million bytes, of a hundred.
  expect(heard.length).toBeLessThanOrEqual(41);
  void one.sPublish('late', 'hello');
  await eventually(() => waited.length === 1);
});

test('a new connection hears what the old one did', async () => {
  const [one, other] = [await join(), await join()];
  const heard = listen(other, 'before', 'left');
  await other.heard(['before', 'left']);
  const changes: boolean[] = [];
  other.onChange(() => changes.push(other.up()));
  await redis.kill();
  await eventually(() => !one.up() && !other.up());
  expect(await other.heard(['before'])).toBe(false);
  other.sUnsubscribe('left');
  const meanwhile = listen(other, 'meanwhile');
  void one.sPublish('before', 'lost');
  await redis.start();
  await eventually(() => one.up() && other.up(), 10_000);
  for (const channel of ['left', 'before', 'meanwhile']) void one.sPublish(channel, 'hello');
  await eventually(() => heard.length > 0 && meanwhile.length > 0);
  expect([heard, meanwhile]).toEqual([['before: hello'], ['meanwhile: hello']]);
  expect(changes).toEqual([false, true]);
});
