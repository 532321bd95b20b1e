import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, startTestApp, type TestApp } from '../server/testing.ts';
import type { Message, Reaction, RoomMessages } from './index.ts';
import { withReaction } from './reactions.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

async function talk(): Promise<{ room: RoomMessages; theirs: RoomMessages; message: Message; me: string }> {
  const [one, other] = [await app.signUp(), await app.signUp()];
  const roomId = await app.befriend(one, other);
  const [room, theirs] = [one, other].map(({ client }) => client.messages.room(roomId)) as [RoomMessages, RoomMessages];
  await room.load();
  await theirs.load();
  const message = await theirs.send('before');
  await eventually(() => room.store.get().messages.length === 1);
  return { room, theirs, message, me: one.id };
}
const shown = ({ store }: RoomMessages) => {
  const [message] = store.get().messages;
  return message?.state === 'sent'
    ? message.reactions.map(({ emoji, count }) => `${emoji}${String(count)}`).join(' ')
    : '';
};

test('a reaction shows at once, stays while it is stored, and reaches the others', async () => {
  const { room, theirs, message } = await talk();
  const reacting = room.react(message.id, '👍', true);
  expect(shown(room)).toBe('👍1');
  const seen: string[] = [];
  const stop = room.store.subscribe(() => seen.push(shown(room)));
  await reacting;
  await eventually(() => shown(theirs) === '👍1');
  await theirs.react(message.id, '👍', true);
  await eventually(() => shown(room) === '👍2');
  stop();
  expect(seen.filter((text) => text !== '👍1' && text !== '👍2')).toEqual([]);
  const taking = room.react(message.id, '👍', false);
  expect(shown(room)).toBe('👍1');
  await taking;
  await eventually(() => shown(theirs) === '👍1');
});

test('one that the server refuses is taken back', async () => {
  const { room, message } = await talk();
  await room.react(message.id, '👍', true);
  const refused = room.react(message.id, 'no emoji', true);
  expect(shown(room)).toBe('👍1 no emoji1');
  await expect(refused).rejects.toMatchObject({ code: 'invalid_request' });
  expect(shown(room)).toBe('👍1');
});

test('many at once end as they were meant last, and so for somebody who comes then', async () => {
  const { room, theirs, message } = await talk();
  const all = Array.from({ length: 20 }, (_, turn) =>
    room.react(message.id, turn % 2 === 0 ? '👍' : '🎉', turn % 3 !== 0),
  );
  await Promise.all(all);
  await eventually(() => shown(theirs) === shown(room));
  // Of 👍 the last was turn 18, of 🎉 turn 19.
  expect(shown(room)).toBe('🎉1');
});

test('whatever people do, each is counted once', () => {
  const act = fc.record({ who: fc.nat(30), emoji: fc.constantFrom('👍', '🎉', '🍵'), on: fc.boolean() });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const model = new Map<string, Set<string>>();
      let reactions: Reaction[] = [];
      for (const { who, emoji, on } of acts) {
        const people = model.get(emoji) ?? new Set();
        // Nobody knows of those who are not named whether they have reacted.
        if (people.size >= 20) continue;
        if (on) people.add(String(who));
        else people.delete(String(who));
        model.set(emoji, people);
        reactions = withReaction(reactions, String(who), emoji, on);
      }
      for (const [emoji, people] of model) {
        const held = reactions.find((one) => one.emoji === emoji);
        expect([held?.count ?? 0, new Set(held?.userIds)]).toEqual([people.size, people]);
      }
    }),
  );
});
