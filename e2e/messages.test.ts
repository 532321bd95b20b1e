import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
import type { Person } from './person.ts';
import { setStage, type Stage } from './stage.ts';

// Two people who answer each other, change what they have said, and take it back.

let stage: Stage;
let minji: Person;
let ben: Person;

beforeAll(async () => {
  stage = await setStage();
  [minji, ben] = await stage.pair('minji', 'ben_okafor');
});
afterAll(() => stage.close());

const bubble = (person: Person, text: string): Locator =>
  person.chat.locator('[part~="bubble"]').filter({ hasText: text }).last();

async function pick(person: Person, text: string, item: string): Promise<void> {
  const row = person.chat
    .getByRole('listitem')
    .filter({ has: person.page.locator('[part~="bubble"]', { hasText: text }) });
  await row.first().hover();
  await row.first().getByRole('button', { name: 'Message actions' }).click();
  await person.chat.getByRole('menuitem', { name: item, exact: true }).click();
}

const field = (person: Person): Locator => person.chat.getByRole('textbox', { name: /^Message/ });

it('an answer shows what it answers, and leads there however far up it is', async () => {
  await minji.send('Where do we meet?');
  await bubble(ben, 'Where do we meet?').waitFor();
  await ben.use(async (client) => {
    const [room] = client.rooms.store.get().rooms;
    if (room) for (let n = 1; n <= 120; n += 1) await client.messages.room(room.id).send(`step ${String(n)}`);
  });
  await bubble(minji, 'step 120').waitFor();
  await minji.use(async (client) => {
    const [room] = client.rooms.store.get().rooms;
    if (!room) throw new Error('there is no room');
    const messages = client.messages.room(room.id);
    await messages.loadAround(1);
    const [first] = messages.store.get().messages;
    await messages.loadLatest();
    if (first?.state === 'sent') await messages.send('I asked something', { replyTo: first });
  });
  const answer = bubble(ben, 'I asked something');
  await answer.getByRole('button', { name: /Where do we meet/ }).click();
  await expect.poll(() => ben.messages()).toContain('Where do we meet?');
  await pick(ben, 'Where do we meet?', 'Reply');
  await field(ben).fill('At the statoin');
  await field(ben).press('Enter');
  await bubble(minji, 'At the statoin').getByText('Where do we meet?').waitFor();
});

it('what is edited changes on both sides, in the quotes, too', async () => {
  await field(ben).press('ArrowUp');
  await expect.poll(() => field(ben).inputValue()).toBe('At the statoin');
  await field(ben).fill('At the station');
  await field(ben).press('Enter');
  for (const person of [minji, ben]) await bubble(person, 'At the station').getByText('edited').waitFor();
  await pick(minji, 'At the station', 'Reply');
  await field(minji).fill('Fine');
  await field(minji).press('Enter');
  await bubble(ben, 'Fine').getByText('At the station').waitFor();
});

it('what is deleted is gone on both sides, from the quotes, too', async () => {
  await pick(ben, 'At the station', 'Delete');
  await ben.chat.getByRole('button', { name: 'Delete for everybody' }).click();
  for (const person of [minji, ben]) {
    await bubble(person, 'Fine').getByText('Message deleted').waitFor();
    await expect.poll(() => person.chat.innerText()).not.toContain('At the station');
  }
  await minji.page.reload();
  await minji.open();
  await minji.enter('ben_okafor');
  await bubble(minji, 'Fine').getByText('Message deleted').waitFor();
  expect(await minji.chat.innerText()).not.toContain('At the station');
  expect([...minji.problems, ...ben.problems]).toEqual([]);
});
