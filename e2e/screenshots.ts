// Makes the picture of the README from the real thing: `npm run screenshots`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { createClient, memoryStorage, type Client } from '@co-talk/sdk';
import { CHROMIUM_MISSING, findChromium } from '../scripts/chromium.mjs';
import { endAllRuns, root } from '../scripts/testing.ts';
import { startServer } from './server.ts';

const PASSWORD = 'correct horse battery';
const OTHERS = ['Ben Okafor', 'Sofia López', '준호', 'Ari Tanaka'];

const clients: Client[] = [];
const dataDir = mkdtempSync(join(tmpdir(), 'co-talk-screenshots-'));
const found = await findChromium({ install: true });
if (!found) throw new Error(CHROMIUM_MISSING);
const server = await startServer(dataDir);
const browser = await chromium.launch({ executablePath: found.executablePath, args: found.args });
try {
  const minji = await signUp('Minji Kim');
  const others = await Promise.all(OTHERS.map(signUp));
  for (const other of others) await befriend(minji, other);
  const [ben, sofia, junho, ari] = others;
  await say(ari, minji, 'See you at the tasting on Saturday?');
  await say(minji, sofia, 'The kettle arrived in one piece');
  await say(junho, minji, '내일 회의 자료 보냈어요');
  await say(ben, minji, 'Hi! Did the samples arrive?');
  await say(minji, ben, 'They did, and the paper is lovely');
  await say(minji, ben, '저는 오늘 오후에 시간 괜찮아요 🙂');
  await say(ben, minji, 'Then let’s order the whole batch today?');
  await say(minji, ben, 'Yes! I’ll send the order after lunch.');
  await say(ben, minji, 'Wonderful. I put the kettle on already ☕');

  const page = await browser.newPage({ viewport: { width: 1180, height: 760 }, deviceScaleFactor: 2, locale: 'en-US' });
  await page.goto(server.siteUrl);
  const chat = page.locator('co-talk');
  await chat.getByRole('button', { name: 'Open chat' }).click();
  await chat.getByRole('button', { name: 'Sign in' }).click();
  await chat.getByLabel('E-mail').fill(emailOf('Minji Kim'));
  await chat.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await chat.getByRole('button', { name: 'Sign in' }).first().click();
  await chat.getByText('Ben Okafor').first().click();
  await chat.getByText('Wonderful.').last().waitFor();
  await chat.getByRole('textbox').evaluate((composer) => {
    composer.blur();
  });
  await delay(1000);
  await page.screenshot({ path: join(root, 'docs', 'screenshot.png') });
} finally {
  for (const client of clients) client.close();
  await browser.close();
  await endAllRuns();
  rmSync(dataDir, { recursive: true, force: true });
}

interface Somebody {
  client: Client;
  id: string;
}

function emailOf(nickname: string): string {
  return `${Buffer.from(nickname).toString('hex')}@example.com`;
}

async function signUp(nickname: string): Promise<Somebody> {
  const client = createClient({ server: server.url, app: 'default', storage: memoryStorage() });
  clients.push(client);
  const me = await client.auth.signUp({ email: emailOf(nickname), password: PASSWORD, nickname });
  return { client, id: me.id };
}

async function befriend(one: Somebody, other: Somebody): Promise<void> {
  await other.client.friends.request(one.id);
  await one.client.friends.request(other.id);
}

async function say(from: Somebody | undefined, to: Somebody | undefined, text: string): Promise<void> {
  if (!from || !to) throw new Error('unable to speak; somebody is missing');
  const room = await from.client.rooms.openDirect(to.id);
  await from.client.messages.room(room.id).send(text);
  const read = to.client.messages.room(room.id);
  await read.load();
  read.markRead();
}
