import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from './person.ts';
import { expectSame, setStage, type Stage } from './stage.ts';

let stage: Stage;
let ann: Person;
let bob: Person;

beforeAll(async () => {
  stage = await setStage();
  [ann, bob] = await stage.pair('ann', 'bob');
});
afterAll(() => stage.close());

/** Everything that the page has of its open room, with what is further up. */
const allOf = (person: Person) =>
  person.use((client) => {
    const [room] = client.rooms.store.get().rooms;
    const { messages } = client.messages.room(room?.id ?? '').store.get();
    return messages.map(({ text, state }) => (state === 'sent' ? text : `${state}: ${text}`));
  });

const WORDS = ['one', 'two', 'three', 'four', 'five'];

test('whatever is killed while both write, all of it is there once, in one order, and stays', async () => {
  const sent: string[] = [];
  const deaths = [() => stage.server.kill(), () => stage.server.killAll(), () => stage.server.kill()];
  for (const [round, kill] of deaths.entries()) {
    const texts = (person: Person) => WORDS.map((word) => `${word} of ${person.nickname}, round ${round}`);
    sent.push(...texts(ann), ...texts(bob));
    const writing = [ann, bob].map(async (person) => {
      for (const text of texts(person)) await person.send(text);
    });
    // In the middle of it: the first of the round has come across, the last has not been written.
    await expect.poll(async () => (await allOf(bob)).includes(texts(ann)[0] ?? ''), { timeout: 20_000 }).toBe(true);
    await kill();
    await Promise.all(writing);
    await stage.server.start();
  }
  for (const person of [ann, bob]) {
    await expect.poll(async () => (await allOf(person)).sort(), { timeout: 30_000 }).toEqual([...sent].sort());
  }
  const order = await allOf(bob);
  expect(await allOf(ann)).toEqual(order);
  for (const person of [ann, bob]) {
    const isTheirs = (text: string) => text.includes(` of ${person.nickname},`);
    expect(order.filter(isTheirs)).toEqual(sent.filter(isTheirs));
  }

  // What is on the screen, and what a page shows that knows nothing yet.
  await expectSame([ann, bob], order);
  await Promise.all([ann, bob].map((person) => person.page.reload()));
  await Promise.all([ann.enter('bob'), bob.enter('ann')]);
  await expectSame([ann, bob], order);
  expect(await allOf(ann)).toEqual(order);
});
