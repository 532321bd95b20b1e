import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, startTestApp, type Person, type TestApp } from '../server/testing.ts';

let app: TestApp;
let mina: Person;
let minji: Person;
let roomId: string;
beforeAll(async () => {
  app = await startTestApp();
  [mina, minji] = [await app.signUp(), await app.signUp()];
  roomId = await app.befriend(mina, minji);
});
afterAll(() => app.close());

test('what was said is found, page by page, with who has said it', async () => {
  for (let n = 0; n < 5; n += 1) await mina.client.messages.room(roomId).send(`kettle ${String(n)}`);
  await eventually(async () => (await minji.client.search.messages('kettle')).items.length === 5);
  const first = await minji.client.search.messages('kettle', { roomId, limit: 3 });
  const rest = await minji.client.search.messages('kettle', { roomId, limit: 3, cursor: first.next ?? '' });
  expect([...first.items, ...rest.items].map(({ message }) => message.text)).toEqual(
    [4, 3, 2, 1, 0].map((n) => `kettle ${String(n)}`),
  );
  expect(rest.next).toBeNull();
  expect(first.users.map(({ id }) => id)).toEqual([mina.id]);
  expect(first.rooms.map(({ id }) => id)).toEqual([roomId]);
});

test('people in what was found are known from then on', async () => {
  const later = await app.logIn(minji);
  const ben = await app.signUp('Ben who left');
  const room = await ben.client.rooms.openDirect(minji.id);
  await ben.client.messages.room(room.id).send('a rare orchid');
  await eventually(async () => (await later.search.messages('orchid')).items.length === 1);
  expect(later.users.store.get().get(ben.id)?.nickname).toBe('Ben who left');
});

test('what is refused says why', async () => {
  await expect(mina.client.search.messages('a')).rejects.toMatchObject({ code: 'invalid_request' });
  const stranger = await app.signUp();
  await expect(stranger.client.search.messages('kettle', { roomId })).rejects.toMatchObject({ code: 'not_found' });
});
