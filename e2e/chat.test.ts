import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHROMIUM_MISSING, findChromium } from '../scripts/chromium.mjs';
import { endAllRuns } from '../scripts/testing.ts';
import { Person, type ChatElement } from './person.ts';
import { startServer, type TestServer } from './server.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'co-talk-e2e-'));
let server: TestServer;
let browser: Browser;
let minji: Person;
let ben: Person;

/** What has been said so far; both must see exactly this. */
const said: string[] = [];

beforeAll(async () => {
  const found = await findChromium();
  if (!found) throw new Error(CHROMIUM_MISSING);
  server = await startServer(dataDir);
  browser = await chromium.launch({ executablePath: found.executablePath, args: found.args });
});

afterAll(async () => {
  await browser.close();
  await endAllRuns();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Both have these messages at the end of their room, in this order; what is further up is not on the screen. */
async function bothSee(texts: string[]): Promise<void> {
  const last = texts.slice(-12);
  for (const person of [minji, ben]) {
    const seen = async () => (await person.messages()).slice(-last.length);
    await expect.poll(seen, { timeout: 20_000, message: `${person.nickname} sees` }).toEqual(last);
  }
}

async function say(person: Person, text: string): Promise<void> {
  said.push(text);
  await person.send(text);
}

// One story; every part starts where the one before it has ended.

it('two people sign up on the page of somebody else', async () => {
  minji = await Person.arrive(browser, server.siteUrl, 'minji');
  ben = await Person.arrive(browser, server.siteUrl, 'ben_okafor');
  expect(new URL(server.siteUrl).origin).not.toBe(new URL(server.url).origin);
  await minji.signUp();
  await ben.signUp();
});

it('the page and the chat keep their styles to themselves', async () => {
  const styleOf = (locator: Locator) =>
    locator.evaluate((element) => {
      const { textTransform, letterSpacing, borderRadius } = getComputedStyle(element);
      return { textTransform, letterSpacing, isSquare: borderRadius === '0px' };
    });
  const ofPage = await styleOf(minji.page.getByRole('button', { name: 'Add to basket' }).first());
  expect(ofPage).toMatchObject({ textTransform: 'uppercase', isSquare: true });
  const ofChat = await styleOf(minji.button('Find people').last());
  expect(ofChat).toEqual({ textTransform: 'none', letterSpacing: 'normal', isSquare: false });
});

it('one finds the other and they become friends', async () => {
  await minji.askToBeFriends('ben_okafor');
  await ben.acceptFriend('minji');
  // Accepting opens their room by itself, on both sides.
  await minji.openRoomWith('ben_okafor');
  if (!(await ben.composer.isVisible())) await ben.openRoomWith('minji');
});

it('they chat both ways', async () => {
  await say(minji, 'Hi! Did the samples arrive?');
  await bothSee(said);
  await say(ben, 'They did, and the paper is lovely 🙂');
  await bothSee(said);
  await say(minji, '저는 오늘 오후에 시간 괜찮아요');
  await bothSee(said);
});

it('typing shows, and goes away', async () => {
  await ben.composer.pressSequentially('Let me', { delay: 40 });
  await minji.chat.getByText(/ben_okafor.? is typing…/).waitFor({ state: 'attached' });
  await ben.composer.fill('');
  await minji.chat.getByText(/ben_okafor.? is typing…/).waitFor({ state: 'detached' });
});

it('a message is marked as read once the other has it on screen', async () => {
  await minji.chat.getByText('Read', { exact: true }).last().waitFor({ state: 'attached' });
});

it('the unread mark comes, and goes away when read', async () => {
  await minji.button('Back').click();
  await say(ben, 'Shall we order the whole batch?');
  await minji.roomWith('ben_okafor').getByText('1 unread message').waitFor({ state: 'attached' });

  await minji.roomWith('ben_okafor').click();
  await bothSee(said);
  await minji.button('Back').click();
  await minji.roomWith('ben_okafor').getByText('1 unread message').waitFor({ state: 'detached' });
});

it('a closed chat counts on its launcher', async () => {
  await minji.chat.getByRole('button', { name: 'Close' }).first().click();
  await say(ben, 'I would take ten');
  await minji.button('Open chat, 1 unread').click();
  await minji.openRoomWith('ben_okafor');
  await bothSee(said);
});

it('reload keeps everything', async () => {
  for (const [person, other] of [
    [minji, ben],
    [ben, minji],
  ] as const) {
    await person.page.reload();
    await person
      .button(/^(Open|Close) chat|^Open chat/)
      .first()
      .waitFor();
    if (!(await person.button(/^Chats/).isVisible())) await person.open();
    await person.openRoomWith(other.nickname);
  }
  await bothSee(said);
});

it('nothing is lost or doubled when the server is killed in the middle of it', async () => {
  await say(minji, 'before the lights go out');
  await bothSee(said);
  await server.kill();
  await say(minji, 'in the dark, one');
  await say(minji, 'in the dark, two');
  await minji.chat.getByText('Waiting to send').first().waitFor();
  await server.start();
  await bothSee(said);
  await say(ben, 'and there was light');
  await bothSee(said);

  await ben.page.reload();
  await ben
    .button(/^Open chat/)
    .first()
    .waitFor();
  if (!(await ben.button(/^Chats/).isVisible())) await ben.open();
  await ben.openRoomWith('minji');
  await bothSee(said);
});

it('whatever the moment it is killed at', async () => {
  const sent: string[] = [];
  for (const round of [1, 2]) {
    for (const word of ['one', 'two', 'three']) {
      for (const person of [minji, ben]) {
        const text = `${word} of ${person.nickname}, round ${round}`;
        sent.push(text);
        await person.send(text);
      }
    }
    // The acks of the last ones are still on their way.
    await server.kill();
    await server.start();
  }
  const newOf = async (person: Person) => (await person.messages()).filter((text) => text.includes('round'));
  for (const person of [minji, ben]) {
    await expect.poll(async () => (await newOf(person)).sort(), { timeout: 30_000 }).toEqual([...sent].sort());
    for (const round of [1, 2]) {
      const mine = (await newOf(person)).filter((text) => text.endsWith(`of ${person.nickname}, round ${round}`));
      expect(mine.map((text) => text.split(' ')[0])).toEqual(['one', 'two', 'three']);
    }
  }
  said.push(...(await newOf(ben)));
  await bothSee(said);
});

it('a third person cannot read along', async () => {
  const eve = await Person.arrive(browser, server.siteUrl, 'eve');
  await eve.signUp();
  await say(ben, 'the door code is 4711');
  await bothSee(said);

  // Through the client that the element offers to its page.
  const roomIds = await ben.page.evaluate(() => {
    const { client } = document.querySelector('co-talk') as unknown as ChatElement;
    return client.rooms.store.get().rooms.map((room) => room.id);
  });
  expect(roomIds).toHaveLength(1);
  const answers = await eve.page.evaluate(async (id) => {
    const { client } = document.querySelector('co-talk') as unknown as ChatElement;
    const room = client.messages.room(id);
    const attempts = [client.rooms.get(id), client.rooms.members(id), room.load(), room.send('let me in')];
    const codeOf = (error: unknown) => (error as { code: string }).code;
    return Promise.all(attempts.map((attempt) => attempt.then(() => 'done', codeOf)));
  }, String(roomIds[0]));
  expect(answers).toEqual(['not_found', 'not_found', 'not_found', 'not_found']);
  expect(eve.frames.length).toBeGreaterThan(0);
  expect(eve.frames.join('\n')).not.toContain('4711');
  expect(await eve.chat.innerText()).not.toContain('4711');
  await bothSee(said);
  await eve.context.close();
});

it('nothing went wrong on the pages', () => {
  expect(minji.problems).toEqual([]);
  expect(ben.problems).toEqual([]);
});
