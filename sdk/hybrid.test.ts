import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, startTestApp, type Person, type TestApp } from '../server/testing.ts';
import type { Client } from './index.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

/** What a client shows, without presence: a device that looks is a device that is online. */
async function shown(client: Client, roomId: string): Promise<unknown> {
  const room = client.messages.room(roomId);
  await room.load();
  const { messages, readMarkers } = room.store.get();
  const state = {
    me: client.auth.store.get().me,
    friends: client.friends.store.get(),
    rooms: client.rooms.store.get(),
    messages,
    readMarkers: [...readMarkers].filter(([, seq]) => seq > 0).sort(),
  };
  return JSON.parse(
    // A person's own revision moves with what they do elsewhere; it is told with their next change.
    JSON.stringify(state, (key, value: unknown) => (key === 'presence' || key === 'rev' ? undefined : value)),
  );
}

interface Pair {
  one: Person;
  other: Person;
  roomId: string;
}

const requestId = async ({ client }: Person, list: 'incoming' | 'outgoing') =>
  (await eventually(() => client.friends.store.get()[list][0])).id;

const unfriend = ({ one, other }: Pair) => one.client.friends.remove(other.id);
const ask = async (pair: Pair) => {
  await unfriend(pair);
  await pair.one.client.friends.request(pair.other.id);
};

const mutations: [string, (pair: Pair) => Promise<unknown>][] = [
  ['sending', ({ one, roomId }) => one.client.messages.room(roomId).send('hello')],
  [
    'sending both ways',
    ({ one, other, roomId }) =>
      Promise.all(
        [1, 2, 3].flatMap((n) => [one, other].map(({ client }) => client.messages.room(roomId).send(String(n)))),
      ),
  ],
  [
    'reading',
    async ({ one, other, roomId }) => {
      await one.client.messages.room(roomId).send('read me');
      const room = other.client.messages.room(roomId);
      await eventually(() => room.store.get().messages.at(-1)?.text === 'read me');
      room.markRead();
      await eventually(() => other.client.rooms.store.get().unread === 0);
    },
  ],
  ['muting', ({ one, roomId }) => one.client.rooms.updateMe(roomId, { muted: true })],
  ['pinning', ({ one, roomId }) => one.client.rooms.updateMe(roomId, { pinned: true })],
  ['hiding', ({ one, roomId }) => one.client.rooms.updateMe(roomId, { hidden: true })],
  ['removing a friend', unfriend],
  ['asking', ask],
  [
    'cancelling',
    async (pair) => {
      await ask(pair);
      await pair.one.client.friends.cancel(await requestId(pair.one, 'outgoing'));
    },
  ],
  [
    'rejecting',
    async (pair) => {
      await ask(pair);
      await pair.other.client.friends.reject(await requestId(pair.other, 'incoming'));
    },
  ],
  [
    'accepting',
    async (pair) => {
      await ask(pair);
      const friend = await pair.other.client.friends.accept(await requestId(pair.other, 'incoming'));
      expect(friend.roomId).toBe(pair.roomId);
    },
  ],
  [
    'asking both ways',
    async (pair) => {
      await unfriend(pair);
      const { one, other } = pair;
      await Promise.all([one.client.friends.request(other.id), other.client.friends.request(one.id)]);
    },
  ],
  ['blocking', ({ one, other }) => one.client.friends.block(other.id)],
  [
    'unblocking',
    async ({ one, other }) => {
      await one.client.friends.block(other.id);
      await one.client.friends.unblock(other.id);
    },
  ],
  [
    'opening a room that is there',
    async ({ one, other, roomId }) => {
      expect((await one.client.rooms.openDirect(other.id)).id).toBe(roomId);
    },
  ],
  [
    'opening a room with somebody new',
    async ({ one }) => {
      const third = await app.signUp();
      const room = await one.client.rooms.openDirect(third.id);
      await one.client.messages.room(room.id).send('hello, stranger');
    },
  ],
  [
    'changing one’s profile',
    async ({ one }) => {
      const nickname = `new ${one.nickname}`;
      expect(await one.client.auth.updateMe({ nickname, about: 'here' })).toMatchObject({ nickname, about: 'here' });
    },
  ],
];

describe('what a client that was there shows is what one that comes now fetches', () => {
  test.each(mutations)('%s', async (_name, mutate) => {
    const [one, other] = [await app.signUp(), await app.signUp()];
    const pair: Pair = { one, other, roomId: await app.befriend(one, other) };
    for (const { client } of [one, other]) await client.messages.room(pair.roomId).load();
    await mutate(pair);
    for (const person of [one, other]) {
      const fresh = await app.logIn(person);
      await eventually(async () => {
        expect(await shown(person.client, pair.roomId)).toEqual(await shown(fresh, pair.roomId));
        return true;
      });
      fresh.close();
    }
  });
});
