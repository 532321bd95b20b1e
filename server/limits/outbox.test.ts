import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../testing.ts';
import { LIMIT_CLASSES } from './table.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_FACTOR: '1' });
});
afterAll(() => app.close());

test('an outbox with more than is allowed at once goes out whole, once and in order', async () => {
  const [one, other] = [await app.signUp(), await app.signUp()];
  const roomId = await app.befriend(one, other);
  const room = one.client.messages.room(roomId);
  const { times } = LIMIT_CLASSES.messages.socket;
  const texts = Array.from({ length: times + 30 }, (_, n) => `message ${String(n)}`);
  const sent = texts.map((text) => room.send(text));
  expect((await Promise.all(sent)).map(({ text }) => text)).toEqual(texts);
  const stored = await app.db.read<{ text: string }>(
    { name: 'all-texts', text: 'select text from messages where room_id = $1 order by seq' },
    [roomId],
  );
  expect(stored.map(({ text }) => text)).toEqual(texts);
}, 60_000);
