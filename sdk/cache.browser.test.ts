import { commands } from 'vitest/browser';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { goHome, newApp, openLine, pair, remember, signUp, write, type Person } from '../widget/testing-people.ts';
import { until } from '../widget/testing.ts';
import { persistentCache } from './cache.ts';
import { createClient, type Client, type Id } from './index.ts';
import { closeTabs, forgetDatabases, openTab } from './testing-pages.ts';

let line: string;
let mina: Person;
let minji: Person;
let roomId: Id;
const clients: Client[] = [];

function open(): Client {
  const client = createClient({ server: line, app: mina.app, cache: persistentCache() });
  clients.push(client);
  return client;
}

const down = (on: boolean) => commands.setLine(line, { down: on });
const isOnline = (client: Client) => until(() => client.status.get() === 'online', 'the connection');
const texts = (client: Client) =>
  client.messages
    .room(roomId)
    .store.get()
    .messages.map(({ text }) => text);
const lists = (client: Client) => {
  const { loaded, rooms } = client.rooms.store.get();
  return { loaded, rooms: rooms.map(({ peer, lastMessage }) => [peer?.nickname, lastMessage?.text]) };
};

/** What this browser has kept of what was shown; with `text`, puts that in its place. */
function kept(text?: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(`co-talk:${line}:${mina.app}:cache`, 1);
    request.onupgradeneeded = () => void request.result.createObjectStore('texts');
    request.onerror = () => reject(new Error('unable to look into the database'));
    request.onsuccess = () => {
      const work = request.result.transaction('texts', 'readwrite');
      const table = work.objectStore('texts');
      const read = table.get('snapshot');
      if (text !== undefined) table.put(text, 'snapshot');
      work.oncomplete = () => {
        request.result.close();
        resolve(read.result as string | undefined);
      };
    };
  });
}

/** A page that has shown the room with these messages, and is closed. */
async function visit(...messages: string[]): Promise<void> {
  await write(minji, roomId, ...messages);
  const client = open();
  await isOnline(client);
  await client.messages.room(roomId).load();
  await until(() => texts(client).at(-1) === messages.at(-1) && client.rooms.store.get().loaded, 'the messages');
  client.close();
  await until(async () => (await kept())?.includes(messages.at(-1) ?? '') === true, 'what is kept');
}

beforeEach(async () => {
  localStorage.clear();
  await forgetDatabases();
  const app = await newApp();
  [mina, minji] = [await signUp(app, 'Mina'), await signUp(app, 'Minji Kim')];
  roomId = await pair(mina, minji);
  line = await openLine();
  await remember(mina, line);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  closeTabs();
  await goHome();
});

test('a page that is opened again shows rooms and messages before the server has said a word', async () => {
  await visit('one', 'two', 'three');
  await down(true);
  const client = open();
  // As a page does that was closed with a room open.
  client.messages
    .room(roomId)
    .load()
    .catch(() => undefined);
  await until(() => client.rooms.store.get().loaded, 'the rooms');
  expect(lists(client).rooms).toEqual([['Minji Kim', 'three']]);
  const room = client.messages.room(roomId);
  expect(room.store.get()).toMatchObject({ status: 'ready', hasBefore: false, hasAfter: false });
  expect(texts(client)).toEqual(['one', 'two', 'three']);
  expect(client.users.store.get().get(minji.id)?.nickname).toBe('Minji Kim');
  // Whoever was there when it was kept may not be there now.
  expect(client.rooms.store.get().rooms[0]?.presence?.online).toBe(false);
  await room.load();
  const pending = room.send('written without a line');
  expect(texts(client)).toEqual(['one', 'two', 'three', 'written without a line']);
  await down(false);
  expect(await pending).toMatchObject({ seq: 4 });
});

test('and then catches up from there: one question, no page, and every message once', async () => {
  await visit('one', 'two');
  await write(minji, roomId, 'three', 'four');
  await commands.query(`update messages set text = 'one, edited' where room_id = $1 and seq = 1`, [roomId]);
  const [{ rev } = { rev: 0 }] = await commands.query(
    'update chat_rooms set last_rev = last_rev + 1 where id = $1 returning last_rev as rev',
    [roomId],
  );
  await commands.query('update messages set rev = $2, changed = true where room_id = $1 and seq = 1', [roomId, rev]);
  const before = (await commands.requestsOn(line)).length;
  const client = open();
  const news: string[] = [];
  client.on('message', ({ message }) => news.push(message.text));
  await until(() => client.rooms.store.get().loaded, 'the rooms');
  await client.messages.room(roomId).load();
  await until(() => texts(client).length === 4, 'what was missed');
  expect(texts(client)).toEqual(['one, edited', 'two', 'three', 'four']);
  expect(news).toEqual(['three', 'four']);
  expect(lists(client).rooms).toEqual([['Minji Kim', 'four']]);
  const asked = (await commands.requestsOn(line)).slice(before);
  expect(asked.filter((one) => one.endsWith('/messages') || one.endsWith('/rooms'))).toEqual([]);
});

test('signing out throws it away, at once and for good', async () => {
  await visit('secret');
  const client = open();
  await until(() => texts(client).length === 1, 'the message');
  await client.auth.logOut();
  await until(async () => (await kept()) === undefined, 'that nothing is kept');
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(await kept()).toBeUndefined();
});

test('the next one to sign in sees nothing of it, also where the sign-out was never seen', async () => {
  await visit('secret');
  localStorage.clear();
  await remember(minji, line);
  const other = await signUp(mina.app, 'Ben Okafor');
  localStorage.clear();
  await remember(other, line);
  const client = open();
  const seen: number[] = [];
  client.rooms.store.subscribe(({ rooms }) => seen.push(rooms.length));
  await isOnline(client);
  await until(() => client.rooms.store.get().loaded, 'the rooms');
  expect(Math.max(...seen)).toBe(0);
  expect(texts(client)).toEqual([]);
  await until(async () => (await kept())?.includes('secret') !== true, 'that it is thrown away');
});

test('a session that ends elsewhere takes it along', async () => {
  await visit('secret');
  await commands.query('delete from sessions where user_id = $1', [mina.id]);
  const client = open();
  await until(() => client.auth.store.get().status === 'signed-out', 'the end of the session');
  await until(async () => (await kept()) === undefined, 'that nothing is kept');
});

test('after a restored backup the page shows what the server has, and says so', async () => {
  await visit('one', 'two');
  const snapshot = (await kept()) ?? '';
  await kept(snapshot.replace(/"epoch":"[^"]*"/, '"epoch":"before the restore"').replaceAll('"two"', '"lost"'));
  await down(true);
  const client = open();
  const resets: (Id | null)[] = [];
  client.on('reset', (event) => resets.push(event.roomId));
  await until(() => texts(client).at(-1) === 'lost', 'what was kept');
  await down(false);
  await until(() => texts(client).at(-1) === 'two', 'what the server has');
  expect(resets).toEqual([null]);
  await until(() => lists(client).loaded, 'the rooms');
  expect(lists(client).rooms).toEqual([['Minji Kim', 'two']]);
});

test.each([
  ['no JSON', () => '{'],
  ['no object', () => '[]'],
  ['of another version', (text: string) => text.replace('"version":1', '"version":99')],
  ['of another user', (text: string) => text.replace(/"userId":"[^"]*"/, '"userId":"somebody"')],
  ['without its lists', (text: string) => text.replace('"lists"', '"list"')],
  ['with nothing in the lists', (text: string) => text.replace(/"friends":\[.*?\],/, '')],
  [
    'with messages that are none',
    (text: string) => text.replace(/"messages":\[.*?\],"firstSeq"/, '"messages":[1,null],"firstSeq"'),
  ],
  ['with rooms that are none', (text: string) => text.replace(/"rooms":\[.*\]\},"users"/, '"rooms":[null,7]},"users"')],
])('%s: thrown away, and everything comes from the server', async (_, damage) => {
  await visit('one', 'two');
  const snapshot = (await kept()) ?? '';
  const damaged = damage(snapshot);
  expect(damaged).not.toBe(snapshot);
  await kept(damaged);
  const client = open();
  await isOnline(client);
  await client.messages.room(roomId).load();
  await until(() => texts(client).length === 2 && lists(client).loaded, 'the messages');
  expect(texts(client)).toEqual(['one', 'two']);
  expect(lists(client).rooms).toEqual([['Minji Kim', 'two']]);
  await until(async () => (await kept())?.includes('"version":1') === true, 'a sound one in its place');
});

test('without IndexedDB there is nothing to show at once, and nothing breaks', async () => {
  await write(minji, roomId, 'one');
  const tab = await openTab('indexedDB.open = () => { throw new Error("blocked"); };');
  const client = tab.createClient({ server: line, app: mina.app, cache: tab.persistentCache() });
  await isOnline(client);
  await client.messages.room(roomId).load();
  expect(texts(client)).toEqual(['one']);
});
