import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '@co-talk/sdk';
import type { Id } from '@co-talk/sdk/protocol';
import { eventually, startTestApp, type Person, type TestApp } from '../testing.ts';

// Old snapshot + events = fresh fetch: after every change, a device that has lived through the events shows exactly what a
// device shows that has just fetched everything. Otherwise the server and the reducers disagree.

let app: TestApp;
let one: Person;
let other: Person;
let roomId: Id;

beforeAll(async () => {
  app = await startTestApp();
  [one, other] = await Promise.all([app.signUp('Minji'), app.signUp('Ben')]);
  ({ id: roomId } = await one.client.rooms.openDirect(other.id));
});
afterAll(() => app.close());

/** Moves with a person's own lists too, of which nobody else hears: it orders versions, and is not shown. */
const withoutUserRev = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'nickname' in value ? { ...value, rev: 0 } : value;

function shown(client: Client): unknown {
  const { rooms, unread } = client.rooms.store.get();
  const { friends, incoming, outgoing, blocks } = client.friends.store.get();
  const all = { me: client.auth.store.get().me, rooms, unread, friends, incoming, outgoing, blocks };
  return JSON.parse(JSON.stringify(all, withoutUserRev));
}

async function agree(person: Person): Promise<void> {
  const fresh = await app.logIn(person);
  try {
    const expected = shown(fresh);
    await eventually(() => {
      expect(shown(person.client)).toEqual(expected);
      return true;
    }, 4_000);
  } finally {
    fresh.close();
  }
}

const say = (person: Person, text: string) => person.client.messages.room(roomId).send(text);

async function readAll(person: Person): Promise<void> {
  const room = person.client.messages.room(roomId);
  await room.load();
  room.markRead();
  await eventually(() => person.client.rooms.store.get().unread === 0);
}

const changes: [string, () => Promise<unknown>][] = [
  ['a direct room is opened', async () => one.client.rooms.openDirect((await app.signUp('Ari')).id)],
  ['a message is sent', () => say(one, 'Hi! Did the samples arrive?')],
  ['it is answered twice', async () => [await say(other, 'They did'), await say(other, 'and the paper is lovely')]],
  ['it is read', () => readAll(one)],
  ['the other reads too', () => readAll(other)],
  ['more comes after reading', () => say(one, '저는 오늘 오후에 시간 괜찮아요 🙂')],
  ['the room is muted and pinned', () => other.client.rooms.updateMe(roomId, { muted: true, pinned: true })],
  ['the room is hidden', () => other.client.rooms.updateMe(roomId, { hidden: true })],
  ['the room is shown again', () => other.client.rooms.updateMe(roomId, { hidden: false, muted: false })],
  ['the profile changes', () => one.client.auth.updateMe({ nickname: 'Minji Kim', about: 'Writing a book about tea' })],
  ['they become friends', () => app.befriend(one, other)],
  ['one blocks the other', () => one.client.friends.block(other.id)],
  ['and takes it back', () => one.client.friends.unblock(other.id)],
];

test.each(changes)('after %s, everybody’s open device agrees with a fresh one', async (_name, change) => {
  await change();
  await agree(one);
  await agree(other);
});
