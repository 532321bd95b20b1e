import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AdminApp, CreatedKey, Problem } from '@co-talk/sdk/protocol';
import { findFreePorts, root, run } from '../scripts/testing.ts';
import { Person } from './person.ts';
import { setStage, type Stage } from './stage.ts';

// Three sites on three origins, two apps on one server: a shop with accounts (app `default`), a rowing club that signs its members, and
// a star night for guests (both app `outdoors`).

let stage: Stage;
let club: string;
let night: string;

beforeAll(async () => {
  stage = await setStage();
  const port = await findFreePorts();
  [club, night] = [`http://localhost:${port}`, `http://localhost:${port + 1}`];
  await manage<AdminApp>('POST', '/apps', {
    ...{ id: 'outdoors', name: 'Outdoors', origins: [club, night] },
    ...{ accounts: false, guests: true, hostUsers: true },
  });
  const key = await manage<CreatedKey>('POST', '/apps/outdoors/keys', { kind: 'signing', name: 'club' });
  const shared = { CO_TALK_URL: stage.server.url, CO_TALK_APP: 'outdoors' };
  const sites = [
    run(process.execPath, [join(root, 'examples/own-auth/server.mjs')], {
      ...shared,
      ...{ PORT: String(port), CO_TALK_KEY: key.secret ?? '', CO_TALK_KEY_ID: key.id },
    }),
    run(process.execPath, [join(root, 'examples/guest/serve.mjs')], { ...shared, PORT: String(port + 1) }),
  ];
  await Promise.all(sites.map((site) => site.saying(/is at http/)));
}, 60_000);
afterAll(() => stage.close());

async function manage<T>(method: string, path: string, body: unknown): Promise<T> {
  const operatorKey = readFileSync(join(stage.dataDir, 'operator-key'), 'utf8').trim();
  const answer = await fetch(`${stage.server.url}/api/v1/admin${path}`, {
    method,
    headers: { authorization: `Bearer ${operatorKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const data = (await answer.json()) as T & Partial<Problem>;
  if (!answer.ok) throw new Error(data.detail);
  return data;
}

/** Signs in on the club's own page. */
async function signInAtClub(person: Person, name = person.nickname): Promise<void> {
  await person.page.getByRole('button', { name: 'Members' }).click();
  await person.page.getByLabel('Name').fill(name);
  await person.page.getByLabel('Password').fill('spray');
  await person.page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
  await person.page.getByText(name, { exact: true }).first().waitFor();
}

async function arriveAtClub(name: string): Promise<Person> {
  const person = await Person.arrive(stage.browser, club, name);
  await signInAtClub(person);
  await person.open();
  await person.chat.getByText('No chats yet').waitFor();
  return person;
}

const nicknameOf = (person: Person) => person.use((client) => client.auth.store.get().me?.nickname ?? '');
const found = (person: Person, q: string) =>
  person.use(async (client, term) => (await client.users.search(term)).items.map(({ nickname }) => nickname), q);

test('members of the club and a guest of the star night talk, each as their site knows them', async () => {
  const [mira, jonas] = await Promise.all([arriveAtClub('Mira Oduya'), arriveAtClub('Jonas Vik')]);
  expect([await nicknameOf(mira), await nicknameOf(jonas)]).toEqual(['Mira Oduya', 'Jonas Vik']);
  await mira.befriend(jonas);
  await Promise.all([mira.openRoomWith('Jonas'), jonas.openRoomWith('Mira')]);
  await mira.send('High tide at six');
  await expect.poll(() => jonas.messages()).toEqual(['High tide at six']);

  const guest = await Person.arrive(stage.browser, night, 'Guest');
  await guest.open();
  await guest.button('Start chatting').click();
  await guest.chat.getByText('No chats yet').waitFor();
  expect(await guest.use((client) => client.auth.store.get().me?.kind ?? '')).toBe('guest');
  await guest.befriend(jonas);
  await guest.openRoomWith('Jonas');
  await guest.send('Is the boathouse open tonight?');
  const name = await nicknameOf(guest);
  await jonas
    .button(/^(Back|Chats)/)
    .first()
    .click();
  await jonas.openRoomWith(name);
  await expect.poll(() => jonas.messages()).toEqual(['Is the boathouse open tonight?']);

  await guest.page.reload();
  await guest.enter('Jonas');
  await expect.poll(() => guest.messages()).toEqual(['Is the boathouse open tonight?']);
  expect(await nicknameOf(guest)).toBe(name);
  for (const person of [mira, jonas, guest]) {
    expect(person.problems).toEqual([]);
    await person.context.close();
  }
});

test('who signs out of the club is gone from its chat, and nothing of them is left for the next', async () => {
  const mira = await Person.arrive(stage.browser, club, 'Mira Oduya');
  await signInAtClub(mira);
  await mira.enter('Jonas');
  await expect.poll(() => mira.messages()).toContain('High tide at six');
  await mira.page.getByRole('button', { name: 'Sign out' }).first().click();
  await expect.poll(() => mira.messages()).toEqual([]);
  await expect.poll(() => mira.chat.getByText('Jonas').count()).toBe(0);
  // The club hides the chat from strangers.
  await mira.chat.getByText('Sign in on this site to chat.').waitFor({ state: 'attached' });
  mira.frames.length = 0;
  await signInAtClub(mira, 'Yuna Seo');
  await expect.poll(() => nicknameOf(mira)).toBe('Yuna Seo');
  await mira.chat.getByText('No chats yet').waitFor();
  expect(mira.frames.join()).not.toMatch(/High tide|Jonas/);
  const kept = await mira.page.evaluate(() => JSON.stringify(Object.entries(localStorage)));
  expect(kept).not.toMatch(/High tide|Jonas|Mira/);
  // The club's own answer to the chat that asks who is here: nobody.
  const answers = mira.problems.filter((problem) => problem.includes('401 (Unauthorized)'));
  expect(answers.length).toBeGreaterThan(0);
  expect(mira.problems).toEqual(answers);
  await mira.context.close();
});

test('people of two apps never meet, though their names and addresses are equal', async () => {
  const same = { email: 'mira@example.com', password: 'correct horse battery', nickname: 'Mira Oduya' };
  const shopper = await Person.arrive(stage.browser, stage.server.siteUrl, same.nickname);
  await shopper.open();
  await shopper.chat.getByLabel('E-mail').waitFor();
  await shopper.use(async (client, given) => {
    await client.auth.signUp(JSON.parse(given) as { email: string; password: string; nickname: string });
  }, JSON.stringify(same));
  const friend = await Person.arrive(stage.browser, stage.server.siteUrl, 'Shopkeeper');
  await friend.join();
  const rower = await arriveAtClubAgain('Mira Oduya');
  const mate = await arriveAtClubAgain('Jonas Vik');

  expect(await found(friend, 'Mira')).toEqual(['Mira Oduya']);
  expect(await found(mate, 'Mira')).toEqual(['Mira Oduya']);
  expect(await found(shopper, 'Jonas')).toEqual([]);
  expect(await found(rower, 'Shop')).toEqual([]);
  expect(await found(friend, 'mira@example.com')).toEqual(['Mira Oduya']);
  const [there, here] = await Promise.all(
    [rower, shopper].map((person) => person.use((client) => client.auth.store.get().me?.id ?? '')),
  );
  expect(there).not.toBe(here);
  const asked = (person: Person, id = '') =>
    person.use(
      async (client, userId) =>
        client.users.get(userId).then(
          ({ nickname }) => nickname,
          (error: unknown) => (error as { code: string }).code,
        ),
      id,
    );
  expect([await asked(friend, there), await asked(mate, here), await asked(friend, here)]).toEqual([
    'not_found',
    'not_found',
    'Mira Oduya',
  ]);
  expect(await rower.use((client) => client.rooms.store.get().rooms.length)).toBeGreaterThan(0);
  expect(await shopper.use((client) => client.rooms.store.get().rooms.length)).toBe(0);
  for (const person of [shopper, friend, rower, mate]) await person.context.close();
});

/** Somebody who has chats there already. */
async function arriveAtClubAgain(name: string): Promise<Person> {
  const person = await Person.arrive(stage.browser, club, name);
  await signInAtClub(person);
  await person.open();
  await expect.poll(() => nicknameOf(person)).toBe(name);
  await person.button(/^Chats/).waitFor();
  await expect.poll(() => person.use((client) => client.rooms.store.get().loaded)).toBe(true);
  return person;
}

test('the tag of one app on a page of another is refused, and the developer told what to add where', async () => {
  const lost = await Person.arrive(stage.browser, stage.server.siteUrl, 'Nobody');
  const origin = new URL(stage.server.siteUrl).origin;
  const said: string[] = [];
  lost.page.on('console', (message) => said.push(message.text()));
  await lost.page.evaluate(() => {
    document.querySelector('co-talk')?.remove();
    const tag = document.createElement('co-talk');
    tag.setAttribute('app', 'outdoors');
    tag.setAttribute('open', '');
    document.body.append(tag);
  });
  await expect
    .poll(() => said.join('\n'), { timeout: 15_000 })
    .toContain(`npx co-talk app update outdoors --add-origin ${origin}`);
  await lost.context.close();
});
