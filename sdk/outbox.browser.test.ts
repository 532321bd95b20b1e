import { commands } from 'vitest/browser';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { goHome, newApp, openLine, pair, remember, signUp, type Person } from '../widget/testing-people.ts';
import { until } from '../widget/testing.ts';
import { createClient, type Client, type ClientOptions, type Id } from './index.ts';
import { closeTabs, forgetDatabases, openTab, type PageTab } from './testing-pages.ts';

let line: string;
let mina: Person;
let roomId: Id;
const clients: Client[] = [];
const options = (): ClientOptions => ({ server: line, app: mina.app });

/** A client of this very page. */
function open(): Client {
  const client = createClient(options());
  clients.push(client);
  return client;
}

const down = (on: boolean) => commands.setLine(line, { down: on });
const isOnline = (client: Client) => until(() => client.status.get() === 'online', 'the connection');
const shown = (client: Client) =>
  client.messages
    .room(roomId)
    .store.get()
    .messages.map(({ text, state }) => `${text} ${state}`);
/** What the server has of the room, in order. */
const stored = async () =>
  (await commands.query('select text from messages where room_id = $1 order by seq', [roomId])).map(({ text }) => text);
const all = async (...texts: string[]) => {
  await until(async () => (await stored()).length >= texts.length, `${String(texts.length)} messages`);
  // A second copy of any would be there by now.
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await stored()).toEqual(texts);
};
const send = (client: Client, ...texts: string[]) => {
  for (const text of texts)
    client.messages
      .room(roomId)
      .send(text)
      .catch(() => undefined);
};
const databases = async () => (await indexedDB.databases()).map(({ name }) => name ?? '');
const nameOf = () => `co-talk:${line}:${mina.app}`;

/** What this browser has kept of unsent messages. */
async function kept(): Promise<string> {
  if (!(await databases()).includes(nameOf())) return '';
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(nameOf());
    // Thrown away meanwhile: looking must not make an empty one.
    request.onupgradeneeded = () => request.transaction?.abort();
    request.onerror = () => {
      if (request.error?.name === 'AbortError') resolve('');
      else reject(new Error('unable to look into the database'));
    };
    request.onsuccess = () => {
      const { result: db } = request;
      const end = (texts: unknown[]) => {
        db.close();
        resolve(texts.join());
      };
      if (!db.objectStoreNames.contains('texts')) {
        end([]);
        return;
      }
      const read = db.transaction('texts').objectStore('texts').getAll();
      read.onsuccess = () => end(read.result);
    };
  });
}

beforeEach(async () => {
  localStorage.clear();
  await forgetDatabases();
  const app = await newApp();
  mina = await signUp(app, 'Mina');
  roomId = await pair(mina, await signUp(app, 'Minji Kim'));
  line = await openLine();
  await remember(mina, line);
  await until(async () => (await databases()).includes(nameOf()), 'that the page has looked for what was left');
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  closeTabs();
  await goHome();
});

describe('a reload', () => {
  test('with messages on their way sends them once, in order, before anything new', async () => {
    await down(true);
    const tab = await openTab();
    send(tab.createClient(options()), 'one', 'two', 'three');
    await until(async () => (await kept()).includes('three'), 'what is kept');
    tab.close();

    const client = open();
    await client.messages
      .room(roomId)
      .load()
      .catch(() => undefined);
    send(client, 'four');
    await down(false);
    await all('one', 'two', 'three', 'four');
    await until(async () => (await kept()) === '', 'that nothing is kept any more');
    await client.messages.room(roomId).load();
    await until(() => shown(client).length === 4, 'the messages');
    expect(shown(client)).toEqual(['one sent', 'two sent', 'three sent', 'four sent']);
  });

  test('after the answer was lost sends no second copy', async () => {
    const tab = await openTab();
    const before = tab.createClient(options());
    await until(() => before.status.get() === 'online', 'the connection');
    await commands.setLine(line, { deaf: true });
    send(before, 'hello');
    await until(async () => (await stored()).length === 1, 'the message on the server');
    tab.close();
    send(open(), 'again');
    await all('hello', 'again');
  });

  test('shows what was given up, with the reason, and it can be tried again or discarded', async () => {
    const tab = await openTab();
    const before = tab.createClient(options());
    await until(() => before.status.get() === 'online', 'the connection');
    await commands.query('update chat_room_members set left_at = now() where room_id = $1', [roomId]);
    send(before, 'refused', 'refused as well');
    await until(async () => ((await kept()).match(/not_found/g) ?? []).length === 2, 'that they are given up');
    tab.close();
    await commands.query('update chat_room_members set left_at = null where room_id = $1', [roomId]);

    const client = open();
    const room = client.messages.room(roomId);
    await room.load();
    await until(() => shown(client).length === 2, 'both');
    const [first, second] = room.store.get().messages;
    expect(first).toMatchObject({ state: 'failed', error: { code: 'not_found', retryable: false } });
    expect(await client.messages.unsent()).toBe(2);
    expect(await room.retry(first?.clientId ?? '')).toMatchObject({ text: 'refused' });
    room.discard(second?.clientId ?? '');
    await all('refused');
    expect(await client.messages.unsent()).toBe(0);
  });
});

describe('two tabs', () => {
  test('each sends its own: one that is frozen holds up nobody, and when it is closed the other goes on', async () => {
    // Nothing that it asks of the network comes about, as in a frozen page.
    const frozen = await openTab('WebSocket = class { close() {} }; fetch = () => new Promise(() => {});');
    const asleep = frozen.createClient(options());
    send(asleep, 'written first');
    await until(async () => (await kept()).includes('written first'), 'what is kept');

    const client = open();
    await isOnline(client);
    send(client, 'written second');
    await all('written second');
    expect(await client.messages.unsent()).toBe(1);
    expect(shown(client).filter((text) => text.startsWith('written first'))).toEqual([]);

    window.dispatchEvent(new Event('focus'));
    frozen.close();
    await all('written second', 'written first');
    expect(await client.messages.unsent()).toBe(0);
  });

  test('that wait for the same one: one of them takes over, and nothing is sent twice', async () => {
    await down(true);
    const tab = await openTab();
    send(tab.createClient(options()), 'one', 'two', 'three');
    await until(async () => (await kept()).includes('three'), 'what is kept');
    const waiting: PageTab[] = [await openTab(), await openTab()];
    const heirs = waiting.map((one) => one.createClient(options()));
    await until(async () => (await heirs[1]?.messages.unsent()) === 3, 'that they look');
    tab.close();
    await until(() => heirs.some((heir) => shown(heir).length === 3), 'that one takes over');
    expect(heirs.filter((heir) => shown(heir).length > 0)).toHaveLength(1);
    await down(false);
    await all('one', 'two', 'three');
  });

  test('sign out together, and what was unsent is gone', async () => {
    await down(true);
    const tab = await openTab();
    const other = tab.createClient(options());
    send(other, 'secret');
    const client = open();
    await until(async () => (await client.messages.unsent()) === 1, 'the message of the other tab');
    await client.auth.logOut();
    await until(() => other.auth.store.get().status === 'signed-out', 'the other tab');
    expect(await kept()).not.toContain('secret');

    await down(false);
    const next = await signUp(mina.app, 'Ben Okafor');
    await client.auth.logIn(next);
    await until(() => other.auth.store.get().me?.id === next.id, 'the other tab');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await stored()).toEqual([]);
  });

  test('renew a token one after the other; a tab frozen in the middle is waited for 5 s, not longer', async () => {
    const renewals = async () =>
      (await commands.requestsOn(line)).filter((one) => one.startsWith('POST') && one.endsWith('/refresh')).length;
    const session = `${nameOf()}:session`;
    const expired = () => {
      const value = JSON.parse(localStorage.getItem(session) ?? '{}') as object;
      localStorage.setItem(session, JSON.stringify({ ...value, renewAt: 0 }));
    };
    // Tokens of one and the same second are alike.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expired();
    const [one, two] = [await openTab(), await openTab()];
    await Promise.all([one, two].map((tab) => tab.createClient(options()).auth.sessions()));
    expect(await renewals()).toBe(1);
    one.close();
    two.close();

    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expired();
    const frozen = await openTab();
    void frozen.window.navigator.locks.request(`${session}:${mina.id}`, () => new Promise(() => undefined));
    const client = open();
    const begun = performance.now();
    expect((await client.auth.sessions()).some(({ current }) => current)).toBe(true);
    expect(performance.now() - begun).toBeLessThan(7_000);
    expect(await renewals()).toBe(2);
    expect(client.auth.store.get().status).toBe('signed-in');
  });

  test('a session that ends by itself keeps what is unsent, for the same person only', async () => {
    await down(true);
    const client = open();
    send(client, 'mine');
    await until(async () => (await kept()).includes('mine'), 'what is kept');
    await commands.query('update sessions set ended_at = now() where user_id = $1', [mina.id]).catch(() => undefined);
    await commands.query('delete from sessions where user_id = $1', [mina.id]).catch(() => undefined);
    await down(false);
    await until(() => client.auth.store.get().status === 'signed-out', 'the end of the session');
    expect(await kept()).toContain('mine');
    const ben = await signUp(mina.app, 'Ben Okafor');
    await client.auth.logIn(ben);
    await isOnline(client);
    expect(await client.messages.unsent()).toBe(0);
    expect(await stored()).toEqual([]);
    await client.auth.logOut();
    await client.auth.logIn(mina);
    await all('mine');
  });
});

describe('what is stored', () => {
  const put = async (text: unknown, version = 1, table = 'texts') => {
    await forgetDatabases();
    await new Promise<void>((resolve) => {
      const request = indexedDB.open(nameOf(), version);
      request.onupgradeneeded = () => request.result.createObjectStore(table);
      request.onsuccess = () => {
        const work = request.result.transaction(table, 'readwrite');
        work.objectStore(table).put(text, `${mina.id}:outbox`);
        work.oncomplete = () => {
          request.result.close();
          resolve();
        };
      };
    });
  };

  test.each([
    ['is no JSON', '{'],
    ['is no list', '{"a":1}'],
    ['has other things in it', '[1,null,{"clientId":1}]'],
    ['is no text', { some: 'object' }],
  ])('and %s is thrown away', async (_, text) => {
    await put(text);
    const client = open();
    await isOnline(client);
    await client.messages.room(roomId).send('hello');
    await all('hello');
    expect(await kept()).toBe('');
  });

  test('in tables that are none of ours is thrown away', async () => {
    await put('x', 1, 'others');
    await down(true);
    const tab = await openTab();
    send(tab.createClient(options()), 'hello');
    await until(async () => (await databases()).includes(nameOf()) && (await kept()).includes('hello'), 'what is kept');
    tab.close();
    open();
    await down(false);
    await all('hello');
  });

  test('by a later version is left alone: messages go out, and are not kept', async () => {
    await put('later', 7);
    const client = open();
    await isOnline(client);
    await client.messages.room(roomId).send('hello');
    await all('hello');
    expect(await kept()).toBe('later');
  });

  test.each([
    ['throws', 'indexedDB.open = () => { throw new Error("blocked"); };'],
    ['never answers', 'indexedDB.open = () => ({});'],
    ['is missing', 'Object.defineProperty(window, "indexedDB", { value: undefined });'],
    [
      'is blocked, with everything else',
      'for (const one of ["indexedDB", "localStorage"]) Object.defineProperty(window, one, { get() { throw new DOMException("blocked", "SecurityError"); } });',
    ],
  ])('where the browser’s storage %s, messages are sent all the same', async (_, script) => {
    const tab = await openTab(script);
    const client = tab.createClient(options());
    if (client.auth.store.get().status !== 'signed-in') await client.auth.logIn(mina);
    await until(() => client.status.get() === 'online', 'the connection');
    const begun = performance.now();
    await client.messages.room(roomId).send('hello');
    expect(performance.now() - begun).toBeLessThan(1_500);
    await all('hello');
    expect(await client.messages.unsent()).toBe(0);
  });
});
