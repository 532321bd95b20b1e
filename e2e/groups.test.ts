import { afterAll, beforeAll, expect, test } from 'vitest';
import { Person } from './person.ts';
import { setStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
}, 60_000);
afterAll(() => stage.close());

/** What has happened, as it stands in the room. */
const told = async (person: Person) =>
  (await person.chat.locator('.happening').allInnerTexts()).map((text) => text.replaceAll(/[\u2068\u2069]/g, ''));

test('a group in three browsers: made, joined by a link, changed, and left behind', async () => {
  const [mina, jun] = await stage.pair('Mina', 'Jun');

  // Mina makes it with Jun, who has it at once.
  await mina.button('Back').click();
  await mina.button('New chat').click();
  await mina.button(/^New group/).click();
  await mina.chat.getByLabel('Group name').fill('Tea club');
  await mina.chat.getByRole('checkbox', { name: 'Jun' }).click();
  await mina.button(/^Create group/).click();
  await mina.composer.waitFor();
  await jun.button('Back').click();
  await jun.roomWith('Tea club').click();
  await jun.composer.waitFor();
  await mina.send('Who brings the tea?');
  await expect.poll(() => jun.messages()).toEqual(['Who brings the tea?']);
  expect(await told(jun)).toEqual(['Mina created “Tea club”']);

  // A link of hers, which Yuna opens before she has an account.
  await mina.button('Tea club').click();
  await mina.button('Invite links').click();
  await mina.button('Make link').click();
  const link = await mina.chat.getByLabel('New link').inputValue();
  expect(link).toContain('#co-talk-invite=');
  const yuna = await Person.arrive(stage.browser, link, 'Yuna');
  await yuna.chat.getByLabel('E-mail').waitFor();
  expect(yuna.page.url()).not.toContain('invite');
  await yuna.use(async (client, nickname) => {
    await client.auth.signUp({ email: `${nickname}@example.com`, password: 'correct horse battery', nickname });
  }, yuna.nickname);
  await yuna.chat.getByText('2 members').waitFor();
  await yuna.button('Join').click();
  await yuna.composer.waitFor();
  await yuna.send('I do');
  await expect.poll(() => jun.messages()).toEqual(['Who brings the tea?', 'I do']);
  await expect.poll(() => told(jun)).toEqual(['Mina created “Tea club”', 'Yuna joined']);
  // She reads it from when she came.
  expect(await yuna.messages()).toEqual(['I do']);

  // Roles, a name, and somebody who is removed: live in all of them.
  await mina.button('Back').click();
  await mina.button(/^More about .?Yuna/).click();
  await mina.chat.getByRole('menuitem', { name: 'Make admin' }).click();
  await yuna.button('Tea club').click();
  await yuna.chat.getByText('You are an admin').waitFor();
  await yuna.button('Rename').click();
  await yuna.chat.getByLabel('Name', { exact: true }).fill('Coffee club');
  await yuna.button('Save').click();
  await jun.button('Coffee club').waitFor();
  await yuna.button(/^More about .?Jun/).click();
  await yuna.chat.getByRole('menuitem', { name: 'Remove from group' }).click();
  await yuna.button('Remove').click();
  await jun.chat.getByText('This chat is no longer available.').waitFor();
  await jun.button('Back').click();
  await expect.poll(() => jun.roomWith('Coffee club').count()).toBe(0);

  // The owner goes, and Yuna owns it.
  await mina.button('Leave group').click();
  await mina.chat.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click();
  await mina.button('New chat').waitFor();
  await expect.poll(() => mina.roomWith('Coffee club').count()).toBe(0);
  await yuna.chat.getByText('1 member · You own it').waitFor();
  for (const person of [mina, jun, yuna]) expect(person.problems).toEqual([]);
}, 120_000);
