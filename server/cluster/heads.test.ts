import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Socket } from 'socket.io-client';
import type { Heads, Hello, Message, Room, SyncAnswer } from '@co-talk/sdk/protocol';
import { call, eventually, next, startTestApp, type RawPerson, type TestApp } from '../testing.ts';

const EVERY_MS = 300;
/** Long enough for several comparisons. */
const SEVERAL_MS = 4 * EVERY_MS;

// Two nodes that do not know of each other: nothing that happens on one is heard on the other, as if it had been lost.
let one: TestApp;
let two: TestApp;
beforeAll(async () => {
  one = await startTestApp();
  two = await startTestApp({ DATABASE_URL: one.config.databaseUrl ?? '' }, { headsEveryMs: EVERY_MS });
});
afterAll(async () => {
  await two.close();
  await one.close();
});

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const send = (person: RawPerson, roomId: string) =>
  one.request<Message>('POST', `/rooms/${roomId}/messages`, {
    token: person.token,
    body: { clientId: randomUUID(), text: 'unheard' },
  });

async function listen(person: RawPerson): Promise<{ socket: Socket; heads: Heads[] }> {
  const socket = await two.connect(person.token);
  await call(socket, 'sync', { epoch: null, rev: 0, rooms: [] });
  const heads: Heads[] = [];
  // What signing up and coming online have changed is told once.
  await wait(SEVERAL_MS);
  socket.on('heads', (event: Heads) => heads.push(event));
  return { socket, heads };
}

test('sockets are told which of their rooms have changed, once, and nothing else', async () => {
  const { one: person, other, roomId } = await one.pairRaw();
  const quiet = await one.request<Room>('POST', '/rooms', {
    token: person.token,
    body: { type: 'direct', userId: (await one.signUpRaw()).user.id },
  });
  const stranger = await listen(await one.signUpRaw());
  const { socket, heads } = await listen(person);
  const answer = await call<SyncAnswer>(socket, 'sync', {
    epoch: null,
    rev: 0,
    rooms: [{ id: quiet.body.id, rev: 1 }],
  });
  const rev = answer.ok ? answer.data.rev : 0;
  await wait(SEVERAL_MS);
  expect(heads).toEqual([]);

  await send(other, roomId);
  await send(other, roomId);
  await eventually(() => heads.some((event) => event.rooms[roomId] === 3));
  await wait(SEVERAL_MS);
  expect(heads.length).toBeLessThanOrEqual(2);
  expect(heads.at(-1)).toEqual({ epoch: await one.db.epoch(), rev, rooms: { [roomId]: 3 } });
  expect(stranger.heads).toEqual([]);
});

test('a change of the user’s own lists is told by their rev', async () => {
  const person = await one.signUpRaw();
  const { heads } = await listen(person);
  const asks = await one.signUpRaw();
  await one.request('POST', '/friends/requests', { token: asks.token, body: { userId: person.user.id } });
  await eventually(() => heads.length === 1);
  expect(heads[0]).toMatchObject({ rooms: {} });
  expect(heads[0]?.rev).toBeGreaterThan(person.user.rev);
});

test('a change that commits after others that began later is told all the same', async () => {
  const { one: person, other, roomId } = await one.pairRaw();
  const { heads } = await listen(person);
  await one.db.orm.em.fork().transactional(async (em) => {
    // What editing will do.
    await em.execute('update chat_rooms set last_rev = last_rev + 1 where id = ?', [roomId]);
    const second = await one.request<Room>('POST', '/rooms', {
      token: other.token,
      body: { type: 'direct', userId: (await one.signUpRaw()).user.id },
    });
    await send(other, second.body.id);
    await wait(SEVERAL_MS);
    expect(heads).toEqual([]);
  });
  await eventually(() => heads.some((event) => event.rooms[roomId] === 2));
});

test('a client gets what it was not told of', async () => {
  const [here, there] = [await one.signUp(), await two.signUp()];
  const room = await here.client.rooms.openDirect(there.id);
  const theirs = () => there.client.rooms.store.get().rooms.find(({ id }) => id === room.id);
  await eventually(theirs);
  await there.client.messages.room(room.id).load();
  await here.client.messages.room(room.id).send('the very last one');
  await eventually(() => theirs()?.lastMessage?.text === 'the very last one');
  expect(
    there.client.messages
      .room(room.id)
      .store.get()
      .messages.map(({ text }) => text),
  ).toEqual(['the very last one']);
});

test('a restored database is noticed by a running server, and clients start anew', async () => {
  const person = await one.signUp();
  const other = await two.signUp();
  const room = await person.client.rooms.openDirect(other.id);
  await person.client.messages.room(room.id).send('kept');
  await person.client.messages.room(room.id).send('lost');
  await eventually(() => other.client.rooms.store.get().rooms[0]?.lastMessage?.text === 'lost');
  const raw = await one.signUpRaw();
  const socket = await two.connect(raw.token);
  let epoch: string | undefined;
  socket.on('heads', (event: Heads) => {
    epoch = event.epoch;
  });
  const before = await one.db.epoch();

  // A backup that was made between the two messages.
  const em = one.db.orm.em.fork();
  await em.transactional(async (tx) => {
    await tx.execute('delete from messages where room_id = ? and seq = 2', [room.id]);
    await tx.execute('update chat_rooms set last_seq = 1, last_rev = 2 where id = ?', [room.id]);
    await tx.execute('update installation set epoch = gen_random_uuid()');
  });
  const now = await one.db.epoch();
  expect(now).not.toBe(before);
  await eventually(() => epoch === now);
  await eventually(() => other.client.rooms.store.get().rooms[0]?.lastMessage?.text === 'kept');
  const answer = await call<SyncAnswer>(socket, 'sync', { epoch: before, rev: raw.user.rev, rooms: [] });
  expect(answer.ok && answer.data).toMatchObject({ epoch, me: { rooms: [] } });
  const later = next<Hello>(socket, 'hello').catch(() => undefined);
  socket.disconnect().connect();
  expect(await later).toMatchObject({ epoch });
});
