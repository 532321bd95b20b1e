import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Socket } from 'socket.io-client';
import type {
  FriendAnswer,
  FriendRequest,
  Heads,
  MarkerEvent,
  MeEvent,
  Message,
  MessageEvent,
  TypingEvent,
} from '@co-talk/sdk/protocol';
import { call, eventually, next, startTestApp, type Person, type TestApp } from '../testing.ts';
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

const text = (roomId: string, text: string) => ({ roomId, clientId: randomUUID(), text });
const syncAll = (socket: Socket) => call(socket, 'sync', { epoch: null, rev: 0, rooms: [] });
const readyz = async (app: TestApp) => {
  const answer = await fetch(`${app.url}/readyz`);
  return { ready: answer.ok, ...((await answer.json()) as { redis: boolean }) };
};

/** Two people in a room, each on a node of their own, and in step. */
async function apart(): Promise<{ mine: Socket; theirs: Socket; roomId: string; me: string; them: string }> {
  const pair = await one.pairRaw();
  const [mine, theirs] = [await one.connect(pair.one.token), await two.connect(pair.other.token)];
  for (const socket of [mine, theirs]) expect(await syncAll(socket)).toMatchObject({ ok: true });
  return { mine, theirs, roomId: pair.roomId, me: pair.one.user.id, them: pair.other.user.id };
}

/** The texts of a room as a person's client has them. */
const textsOf = ({ client }: Person, roomId: string) =>
  client.messages
    .room(roomId)
    .store.get()
    .messages.map((message) => message.text);

describe('between two nodes', () => {
  test('messages, typing and read markers reach the others, each once, and not the one who sent them', async () => {
    const { mine, theirs, roomId, me } = await apart();
    const heard: unknown[] = [];
    theirs.on('message', ({ rev, message }: MessageEvent) => heard.push([rev, message.text]));
    theirs.on('typing', (event: TypingEvent) => heard.push(event));
    theirs.on('read', (event: MarkerEvent) => heard.push(event));
    const echo: unknown[] = [];
    for (const event of ['message', 'typing']) mine.on(event, (payload) => echo.push(payload));
    for (const each of ['one', 'two', 'three']) await call<Message>(mine, 'message:send', text(roomId, each));
    await call(mine, 'typing', { roomId, typing: true });
    await call(mine, 'room:read', { roomId, seq: 3 });
    await eventually(() => heard.length === 5);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(heard).toEqual([
      [2, 'one'],
      [3, 'two'],
      [4, 'three'],
      { roomId, userId: me, typing: true },
      { roomId, userId: me, seq: 3 },
    ]);
    expect(echo).toEqual([]);
  });

  test('a friendship made on one node opens a room that is heard on the other at once', async () => {
    const [asks, accepts] = [await one.signUpRaw(), await one.signUpRaw()];
    const [mine, theirs] = [await one.connect(asks.token), await two.connect(accepts.token)];
    const asked = next<MeEvent>(theirs, 'me');
    const request = await one.request<FriendRequest>('POST', '/friends/requests', {
      token: asks.token,
      body: { userId: accepts.user.id },
    });
    expect(await asked).toMatchObject({ change: 'requests', item: { id: request.body.id } });
    const friend = await one.request<FriendAnswer>('POST', `/friends/requests/${request.body.id}/accept`, {
      token: accepts.token,
    });
    const { roomId } = friend.body.friend;
    const heads: Heads[] = [];
    const messages: MessageEvent[] = [];
    theirs.on('heads', (event: Heads) => heads.push(event));
    theirs.on('message', (event: MessageEvent) => messages.push(event));
    const sent = await call<Message>(mine, 'message:send', text(roomId, 'first'));
    expect(sent).toMatchObject({ ok: true });
    // Live, or where the room's channel was not there yet, by the comparison that follows it.
    await eventually(() => messages.length > 0 || heads.some((event) => event.rooms[roomId] === 2), 3_000);
    const second = next<MessageEvent>(theirs, 'message');
    await call<Message>(mine, 'message:send', text(roomId, 'second'));
    expect((await second).message.text).toBe('second');
  });

  test('after a sync, everything from the other node is heard', async () => {
    for (let times = 0; times < 10; times += 1) {
      const pair = await one.pairRaw();
      const [mine, theirs] = [await one.connect(pair.one.token), await two.connect(pair.other.token)];
      await syncAll(theirs);
      const heard = next<MessageEvent>(theirs, 'message');
      await call<Message>(mine, 'message:send', text(pair.roomId, 'now'));
      expect((await heard).message.text).toBe('now');
      mine.disconnect();
      theirs.disconnect();
    }
  });

  test('when a node ends, its people go on at the other, and nothing is lost', async () => {
    const three = await startTestApp({ REDIS_URL: redis.url, DATABASE_URL: one.config.databaseUrl ?? '' });
    const { mine, roomId } = await apart();
    const pair = await one.pairRaw();
    const leaving = await three.connect(pair.other.token);
    const draining = next<{ reconnectInMs: number }>(leaving, 'server:draining');
    const gone = new Promise((resolve) => leaving.once('disconnect', resolve));
    const sends = Promise.all(
      Array.from({ length: 50 }, (_, place) => call<Message>(mine, 'message:send', text(roomId, String(place)))),
    );
    await three.restart();
    expect((await draining).reconnectInMs).toBeGreaterThanOrEqual(0);
    await gone;
    const back = await one.connect(pair.other.token);
    expect(await syncAll(back)).toMatchObject({ ok: true });
    expect((await sends).every((answer) => answer.ok)).toBe(true);
    await three.close();
  });
});

describe('without Redis', () => {
  test('each node goes on, people on others hear with delay, and at once when it is back', async () => {
    const [here, there] = [await one.signUp(), await two.signUp()];
    const roomId = await one.befriend(here, there);
    const beside = await one.signUpRaw();
    await there.client.messages.room(roomId).load();
    await here.client.messages.room(roomId).send('before');
    await eventually(() => textsOf(there, roomId).includes('before'));

    await redis.kill();
    await eventually(async () => !(await readyz(one)).redis && !(await readyz(two)).redis);
    expect(await readyz(one)).toMatchObject({ ready: true, redis: false });

    const socket = await one.connect(beside.token);
    expect(await syncAll(socket)).toMatchObject({ ok: true });
    await here.client.messages.room(roomId).send('meanwhile');
    await eventually(() => textsOf(there, roomId).includes('meanwhile'), 10_000);

    await redis.start();
    await eventually(async () => (await readyz(one)).redis && (await readyz(two)).redis, 10_000);
    const started = Date.now();
    await here.client.messages.room(roomId).send('again');
    await eventually(() => textsOf(there, roomId).includes('again'));
    expect(Date.now() - started).toBeLessThan(1_000);
    expect(textsOf(there, roomId)).toEqual(['before', 'meanwhile', 'again']);
  });

  test('a Redis that hangs holds up nobody on the same node', async () => {
    const pair = await one.pairRaw();
    const [mine, theirs] = [await one.connect(pair.one.token), await one.connect(pair.other.token)];
    for (const socket of [mine, theirs]) await syncAll(socket);
    redis.freeze();
    try {
      for (let place = 0; place < 20; place += 1) {
        const heard = next<MessageEvent>(theirs, 'message');
        const started = Date.now();
        expect(await call<Message>(mine, 'message:send', text(pair.roomId, String(place)))).toMatchObject({ ok: true });
        expect((await heard).message.text).toBe(String(place));
        expect(Date.now() - started).toBeLessThan(500);
      }
      // Nor those who come: they are told a little later what they may have missed.
      const started = Date.now();
      const late = await one.connect((await one.signUpRaw()).token);
      const heads = next<Heads>(late, 'heads');
      expect(await syncAll(late)).toMatchObject({ ok: true });
      expect(Date.now() - started).toBeLessThan(2_500);
      expect((await heads).rooms).toEqual({});
    } finally {
      redis.thaw();
    }
    await eventually(async () => (await readyz(one)).redis && (await readyz(two)).redis, 15_000);
  });

  test('a Redis that was emptied changes nothing', async () => {
    const { mine, theirs, roomId } = await apart();
    await redis.flush();
    const heard = next<MessageEvent>(theirs, 'message');
    await call<Message>(mine, 'message:send', text(roomId, 'still here'));
    expect((await heard).message.text).toBe('still here');
  });

  test('a node starts and serves while its Redis does not answer', async () => {
    const alone = await startTestApp({ REDIS_URL: 'redis://127.0.0.1:1' });
    const pair = await alone.pairRaw();
    const [mine, theirs] = [await alone.connect(pair.one.token), await alone.connect(pair.other.token)];
    const heard = next<MessageEvent>(theirs, 'message');
    await call<Message>(mine, 'message:send', text(pair.roomId, 'alone'));
    expect((await heard).message.text).toBe('alone');
    expect(await readyz(alone)).toMatchObject({ ready: true, redis: false });
    await alone.close();
  });
});
