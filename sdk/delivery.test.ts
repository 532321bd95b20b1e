import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { eventually, startTestApp, type Person, type TestApp } from '../server/testing.ts';
import { createClient, lifeOf, memoryStorage, type Client, type Message, type SessionStorage } from './index.ts';
import { startProxy, type Proxy } from './testing.ts';

let app: TestApp;
let proxy: Proxy;
const clients: Client[] = [];

beforeAll(async () => {
  app = await startTestApp();
  proxy = await startProxy(app.url);
});
afterEach(() => {
  proxy.refuse(false);
  proxy.refuseUpgrades(false);
  for (const client of clients.splice(0)) client.close();
});
afterAll(async () => {
  await proxy.close();
  await app.close();
});

/** A device of somebody behind the line that fails. */
async function behindProxy(person: Person, storage: SessionStorage = memoryStorage()): Promise<Client> {
  const client = createClient({ server: proxy.url, app: app.app, storage });
  clients.push(client);
  await client.auth.logIn(person);
  return client;
}

async function pair(): Promise<{ one: Person; other: Person; roomId: string }> {
  const [one, other] = [await app.signUp(), await app.signUp()];
  return { one, other, roomId: await app.befriend(one, other) };
}

const online = (client: Client) => eventually(() => client.status.get() === 'online');
const texts = (client: Client, roomId: string) =>
  client.messages
    .room(roomId)
    .store.get()
    .messages.map((one) => one.text);
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

test('a message reaches the other one, live, with the room list and the unread count', async () => {
  const { one, other, roomId } = await pair();
  const heard: Message[] = [];
  other.client.on('message', ({ message }) => heard.push(message));
  const sent: Message[] = [];
  one.client.on('sent', ({ message }) => sent.push(message));
  const room = one.client.messages.room(roomId);
  await room.load();
  const promise = room.send('  hello  ');
  expect(room.store.get().messages).toMatchObject([{ state: 'pending', text: 'hello', seq: null }]);
  expect(await promise).toMatchObject({ seq: 1, text: 'hello', senderId: one.id });
  expect(room.store.get().messages).toMatchObject([{ state: 'sent', text: 'hello', seq: 1 }]);

  await eventually(() => heard.length === 1);
  const [inList] = other.client.rooms.store.get().rooms;
  expect(inList).toMatchObject({ id: roomId, lastMessage: { text: 'hello' }, me: { unread: 1 } });
  expect(other.client.rooms.store.get().unread).toBe(1);
  expect(one.client.rooms.store.get().unread).toBe(0);
  expect(sent.map(({ id }) => id)).toEqual([heard[0]?.id]);

  const there = other.client.messages.room(roomId);
  await there.load();
  there.markRead();
  await eventually(() => other.client.rooms.store.get().unread === 0);
  await eventually(() => room.store.get().readMarkers.get(other.id) === 1);
});

test('a message that is on another device is delivered, told seldom; read by somebody it is read', async () => {
  const { one, other, roomId } = await pair();
  const room = one.client.messages.room(roomId);
  await room.load();
  const last = () => {
    const message = room.store.get().messages.at(-1);
    return message && lifeOf(message, room.store.get());
  };
  other.client.close();
  const first = room.send('0');
  expect(last()).toBe('pending');
  await first;
  expect(last()).toBe('sent');
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(last()).toBe('sent');

  const device = await behindProxy(other);
  await eventually(() => last() === 'delivered');
  const told: (number | undefined)[] = [];
  room.store.subscribe(({ deliveredMarkers }) => told.push(deliveredMarkers.get(other.id)));
  for (const text of numbers(1, 30)) await room.send(text);
  await eventually(() => last() === 'delivered');
  expect(new Set(told).size).toBeLessThanOrEqual(4);

  const there = device.messages.room(roomId);
  await there.load();
  there.markRead();
  await eventually(() => last() === 'read');
  const late = await app.logIn(one);
  const again = late.messages.room(roomId);
  await again.load();
  await eventually(() => again.store.get().deliveredMarkers.get(other.id) === 31);
});

test('a clock that is set back or forward by a day changes nothing', async () => {
  const { one, other, roomId } = await pair();
  const client = await behindProxy(other);
  await online(client);
  const room = client.messages.room(roomId);
  await room.load();
  const day = 24 * 60 * 60 * 1000;
  try {
    for (const [index, shift] of [-day, day].entries()) {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + shift });
      proxy.refuse(true);
      proxy.cut();
      await eventually(() => client.status.get() !== 'online');
      const begun = performance.now();
      // To the heartbeat of an open line, a day has passed without a beat: as after a night asleep.
      await one.client.messages.room(roomId).send(`missed ${String(index)}`);
      expect(performance.now() - begun).toBeLessThan(5_000);
      const mine = room.send(`mine ${String(index)}`);
      proxy.refuse(false);
      await mine;
      await online(client);
      await eventually(() => texts(client, roomId).length === 2 * (index + 1));
      vi.useRealTimers();
    }
  } finally {
    vi.useRealTimers();
  }
  expect(texts(client, roomId)).toEqual(['missed 0', 'mine 0', 'missed 1', 'mine 1']);
  expect(client.auth.store.get().status).toBe('signed-in');
});

test('thirty messages sent while the line is cut arrive once and in order', async () => {
  const { one, other, roomId } = await pair();
  const client = await behindProxy(other);
  const room = client.messages.room(roomId);
  const heard: string[] = [];
  client.on('message', ({ message }) => heard.push(message.text));
  await online(client);
  await room.load();
  const writer = one.client.messages.room(roomId);
  for (const text of numbers(1, 5)) await writer.send(text);
  proxy.refuse(true);
  proxy.cut();
  await eventually(() => client.status.get() !== 'online');
  await Promise.all(numbers(6, 35).map((text) => writer.send(text)));
  proxy.refuse(false);
  await eventually(() => texts(client, roomId).length === 35);
  expect(texts(client, roomId)).toEqual(numbers(1, 35));
  await eventually(() => heard.length === 35);
  expect(heard).toEqual(numbers(1, 35));
  expect(client.rooms.store.get().rooms[0]?.me?.unread).toBe(35);
});

test('what is written while the line is cut is pending, and sent in order when it is back', async () => {
  const { one, other, roomId } = await pair();
  const client = await behindProxy(one);
  await online(client);
  const room = client.messages.room(roomId);
  await room.load();
  proxy.refuse(true);
  proxy.cut();
  await eventually(() => client.status.get() !== 'online');
  const promises = numbers(1, 10).map((text) => room.send(text));
  expect(room.store.get().messages.map(({ state }) => state)).toEqual(Array(10).fill('pending'));
  proxy.refuse(false);
  expect((await Promise.all(promises)).map(({ seq }) => seq)).toEqual(numbers(1, 10).map(Number));
  expect(room.store.get().messages.map(({ state }) => state)).toEqual(Array(10).fill('sent'));
  const there = other.client.messages.room(roomId);
  await there.load();
  expect(texts(other.client, roomId)).toEqual(numbers(1, 10));
});

test('a lost answer: sent again, stored once', async () => {
  const { one, other, roomId } = await pair();
  const client = await behindProxy(one);
  await online(client);
  const room = client.messages.room(roomId);
  await room.load();
  const there = other.client.messages.room(roomId);
  await there.load();
  proxy.deafen();
  const promise = room.send('once');
  await eventually(() => texts(other.client, roomId).length === 1);
  expect(await promise).toMatchObject({ seq: 1, text: 'once' });
  await room.send('twice');
  await eventually(() => texts(other.client, roomId).length === 2);
  expect(texts(client, roomId)).toEqual(['once', 'twice']);
  expect(texts(other.client, roomId)).toEqual(['once', 'twice']);
});

test('after a reload the unsent messages are still there, and are sent', async () => {
  const { one, other, roomId } = await pair();
  const storage = memoryStorage();
  const before = await behindProxy(one, storage);
  await online(before);
  proxy.refuse(true);
  proxy.cut();
  await eventually(() => before.status.get() !== 'online');
  const lost = before.messages.room(roomId).send('kept');
  const closed = expect(lost).rejects.toMatchObject({ code: 'closed' });
  await new Promise((resolve) => setTimeout(resolve, 50));
  before.close();
  await closed;

  const after = createClient({ server: proxy.url, app: app.app, storage });
  clients.push(after);
  expect(after.auth.store.get().me?.id).toBe(one.id);
  await eventually(() => texts(after, roomId).length === 1);
  expect(after.messages.room(roomId).store.get().messages).toMatchObject([{ state: 'pending', text: 'kept' }]);
  proxy.refuse(false);
  const there = other.client.messages.room(roomId);
  await there.load();
  await eventually(() => there.store.get().messages.length === 1);
  await eventually(() =>
    after.messages
      .room(roomId)
      .store.get()
      .messages.every(({ state }) => state !== 'pending'),
  );
  expect(texts(other.client, roomId)).toEqual(['kept']);
});

test('where WebSocket is blocked, lists, history and sending go by HTTP', async () => {
  const { one, other, roomId } = await pair();
  await other.client.messages.room(roomId).send('hello');
  proxy.refuseUpgrades(true);
  const client = await behindProxy(one);
  await eventually(() => client.rooms.store.get().loaded);
  expect(client.status.get()).not.toBe('online');
  const room = client.messages.room(roomId);
  await room.load();
  expect(await room.send('by HTTP')).toMatchObject({ seq: 2 });
  expect(texts(client, roomId)).toEqual(['hello', 'by HTTP']);
  expect(client.friends.store.get().friends.map(({ user }) => user.id)).toEqual([other.id]);
  await client.friends.remove(other.id);
  expect(client.friends.store.get().friends).toEqual([]);
});

test('the server is restarted in mid-conversation: nothing is lost or doubled', async () => {
  const { one, other, roomId } = await pair();
  const rooms = [one, other].map(({ client }) => client.messages.room(roomId));
  await Promise.all(rooms.map((room) => room.load()));
  const sends: Promise<Message>[] = [];
  for (const text of numbers(1, 10)) for (const room of rooms) sends.push(room.send(text));
  const restarted = app.restart();
  for (const text of numbers(11, 20)) for (const room of rooms) sends.push(room.send(text));
  await restarted;
  const stored = await Promise.all(sends);
  expect(new Set(stored.map(({ id }) => id)).size).toBe(40);
  for (const room of rooms) {
    await eventually(() => room.store.get().messages.length === 40);
    const { messages } = room.store.get();
    expect(messages.map(({ seq }) => seq)).toEqual(numbers(1, 40).map(Number));
    for (const { id } of [one, other]) {
      expect(messages.filter(({ senderId }) => senderId === id).map(({ text }) => text)).toEqual(numbers(1, 20));
    }
  }
});

describe('history', () => {
  test('pages before, around and after join into one window without holes', async () => {
    const { one, other, roomId } = await pair();
    const writer = one.client.messages.room(roomId);
    await Promise.all(numbers(1, 180).map((text) => writer.send(text)));
    const room = other.client.messages.room(roomId);
    const shown = () => texts(other.client, roomId);
    await room.load();
    expect(shown()).toEqual(numbers(131, 180));
    expect(room.store.get()).toMatchObject({ hasBefore: true, hasAfter: false });
    await Promise.all([room.loadBefore(), room.loadBefore()]);
    expect(shown()).toEqual(numbers(81, 180));

    await room.loadAround(40);
    expect(shown()).toContain('40');
    expect(room.store.get()).toMatchObject({ hasBefore: true, hasAfter: true });
    await writer.send('181');
    const pending = other.client.messages.room(roomId).store.get().messages.at(-1)?.text;
    expect(pending).not.toBe('181');
    while (room.store.get().hasAfter) await room.loadAfter();
    while (room.store.get().hasBefore) await room.loadBefore();
    expect(shown()).toEqual(numbers(1, 181));

    await writer.send('182');
    await eventually(() => shown().length === 182);
    await room.loadAround(2);
    expect(shown()).toHaveLength(182);
  });

  test('one’s own message is not shown in the middle of history, and is there at the end', async () => {
    const { one, roomId } = await pair();
    const room = one.client.messages.room(roomId);
    await room.load();
    await Promise.all(numbers(1, 120).map((text) => room.send(text)));
    await room.loadLatest();
    const elsewhere = await app.logIn(one);
    const reader = elsewhere.messages.room(roomId);
    await reader.loadAround(10);
    expect(reader.store.get().hasAfter).toBe(true);
    await reader.send('121');
    expect(texts(elsewhere, roomId)).not.toContain('121');
    await reader.loadLatest();
    expect(texts(elsewhere, roomId).at(-1)).toBe('121');
    expect(reader.store.get().hasAfter).toBe(false);
  });

  test('a third person can neither read nor write', async () => {
    const { one, roomId } = await pair();
    await one.client.messages.room(roomId).send('private');
    const third = await app.signUp();
    const room = third.client.messages.room(roomId);
    await expect(room.load()).rejects.toMatchObject({ code: 'not_found' });
    expect(room.store.get()).toMatchObject({ status: 'gone', messages: [] });
    await expect(room.send('hello?')).rejects.toMatchObject({ code: 'not_found' });
    expect(third.client.rooms.store.get().rooms).toEqual([]);
  });
});

describe('texts that cannot be sent', () => {
  test.each([
    ['nothing', ''],
    ['white space', ' \n\t '],
    ['1001 characters', '가'.repeat(1001)],
  ])('%s: refused at once, not in the list', async (_name, text) => {
    const { one, roomId } = await pair();
    const room = one.client.messages.room(roomId);
    await room.load();
    await expect(room.send(text)).rejects.toMatchObject({ code: 'invalid_request' });
    expect(room.store.get().messages).toEqual([]);
  });

  test('a thousand characters as people count them fit', async () => {
    const { one, roomId } = await pair();
    expect(await one.client.messages.room(roomId).send('é'.repeat(1000))).toMatchObject({ seq: 1 });
  });

  test('what the server refuses is failed with the reason, and can be given up', async () => {
    const { one, other, roomId } = await pair();
    const room = one.client.messages.room(roomId);
    await room.load();
    await other.client.friends.block(one.id);
    await expect(room.send('hello')).rejects.toMatchObject({ code: 'blocked' });
    const [failed] = room.store.get().messages;
    expect(failed).toMatchObject({ state: 'failed', text: 'hello', error: { code: 'blocked' } });
    await other.client.friends.unblock(one.id);
    expect(await room.retry(failed?.clientId ?? '')).toMatchObject({ text: 'hello', clientId: failed?.clientId });
    expect(room.store.get().messages).toMatchObject([{ state: 'sent', text: 'hello' }]);
  });
});

test('a room that could not be opened opens by itself, although the live connection never broke', async () => {
  const { one, roomId } = await pair();
  await one.client.messages.room(roomId).send('hello');
  const client = await behindProxy(one);
  await online(client);
  const room = client.messages.room(roomId);
  proxy.refuse(true);
  await expect(room.load()).rejects.toMatchObject({ code: 'network' });
  expect([room.store.get().status, client.status.get()]).toEqual(['error', 'online']);
  proxy.refuse(false);
  await eventually(() => room.store.get().status === 'ready');
  expect(texts(client, roomId)).toEqual(['hello']);
});

test('what a closed page left goes out before what the next one sends, however slow the storage', async () => {
  const { one, roomId } = await pair();
  const kept = memoryStorage();
  const before = await behindProxy(one, kept);
  await online(before);
  proxy.refuse(true);
  proxy.refuseUpgrades(true);
  proxy.cut();
  for (const text of ['one', 'two'])
    before.messages
      .room(roomId)
      .send(text)
      .catch(() => undefined);
  await eventually(async () => (await kept.get(`co-talk:${proxy.url}:${app.app}:${one.id}:outbox`))?.includes('two'));
  before.close();
  proxy.refuse(false);
  proxy.refuseUpgrades(false);
  const slow: SessionStorage = {
    ...kept,
    get: async (key) => {
      if (key.endsWith(':outbox')) await new Promise((resolve) => setTimeout(resolve, 250));
      return kept.get(key);
    },
  };
  const after = createClient({ server: proxy.url, app: app.app, storage: slow });
  clients.push(after);
  await eventually(() => after.auth.store.get().me);
  await after.messages.room(roomId).send('three');
  await after.messages.room(roomId).load();
  await eventually(() => texts(after, roomId).length === 3);
  expect(texts(after, roomId)).toEqual(['one', 'two', 'three']);
});

test('what a closed page left although it is stored is shown once, however late the storage tells of it', async () => {
  const { one, roomId } = await pair();
  const kept = memoryStorage();
  const before = await behindProxy(one, kept);
  await online(before);
  proxy.refuse(true);
  proxy.refuseUpgrades(true);
  proxy.cut();
  const sent = before.messages.room(roomId).send('one');
  const outbox = `co-talk:${proxy.url}:${app.app}:${one.id}:outbox`;
  await eventually(async () => (await kept.get(outbox))?.includes('one'));
  const left = (await kept.get(outbox)) ?? '';
  proxy.refuse(false);
  proxy.refuseUpgrades(false);
  await sent;
  before.close();
  // The page ended before the storage knew of it.
  await kept.set(outbox, left);
  let asked = false;
  const slow: SessionStorage = {
    ...kept,
    get: async (key) => {
      if (key === outbox && !asked) await new Promise((resolve) => setTimeout(resolve, 400));
      if (key === outbox) asked = true;
      return kept.get(key);
    },
  };
  const after = createClient({ server: proxy.url, app: app.app, storage: slow });
  clients.push(after);
  await eventually(() => after.auth.store.get().me);
  const shown: string[] = [];
  after.messages.room(roomId).store.subscribe(({ messages }) => shown.push(messages.map(({ text }) => text).join()));
  await after.messages.room(roomId).load();
  await eventually(async () => asked && (await after.messages.unsent()) === 0);
  expect(shown.at(-1)).toBe('one');
  expect(shown).not.toContain('one,one');
});
