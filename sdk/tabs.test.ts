import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { eventually, startTestApp, type Person, type TestApp } from '../server/testing.ts';
import { createHostSite } from '../server/testing-host.ts';
import { createClient, memoryStorage, type Client, type SessionStorage, type TokenProvider } from './index.ts';
import { somebody } from './testing-people.ts';
import { startProxy } from './testing.ts';

let app: TestApp;
const clients: Client[] = [];
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  vi.unstubAllGlobals();
});
afterAll(() => app.close());

/** A page of a browser: its own window, and a storage that tells the windows of all other tabs. */
function openTab(
  shared: { storage: SessionStorage; windows: EventTarget[] },
  server = app.url,
  tokenProvider?: TokenProvider,
): { client: Client; window: EventTarget } {
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  vi.stubGlobal('window', window);
  vi.stubGlobal('document', document);
  shared.windows.push(window);
  const tell = (key: string) => {
    for (const other of shared.windows)
      if (other !== window) other.dispatchEvent(Object.assign(new Event('storage'), { key }));
  };
  const storage: SessionStorage = {
    get: (key) => shared.storage.get(key),
    set: (key, value) => {
      void shared.storage.set(key, value);
      tell(key);
    },
    remove: (key) => {
      void shared.storage.remove(key);
      tell(key);
    },
  };
  const client = createClient({ server, app: app.app, storage, ...(tokenProvider && { tokenProvider }) });
  clients.push(client);
  return { client, window };
}

const browser = () => ({ storage: memoryStorage(), windows: [] as EventTarget[] });
const signedIn = (client: Client, person: Person) => eventually(() => client.auth.store.get().me?.id === person.id);

test('signing in, out and in as somebody else is followed by every tab', async () => {
  const [one, other] = [await app.signUp(), await app.signUp()];
  await app.befriend(one, other);
  const shared = browser();
  const { client: first } = openTab(shared);
  const { client: second } = openTab(shared);
  expect(second.auth.store.get().status).toBe('signed-out');
  await first.auth.logIn(one);
  await signedIn(second, one);
  await eventually(() => second.rooms.store.get().rooms.length === 1);

  const reasons: string[] = [];
  second.on('session-ended', ({ reason }) => reasons.push(reason));
  await first.auth.logOut();
  await eventually(() => second.auth.store.get().status === 'signed-out');
  expect(reasons).toEqual(['logout']);
  expect(second.rooms.store.get().rooms).toEqual([]);

  await first.auth.logIn(other);
  await signedIn(second, other);
  await eventually(() => second.status.get() === 'online');
  await first.auth.logIn(one);
  await signedIn(second, one);
  expect(second.friends.store.get().friends.every(({ user }) => user.id === other.id)).toBe(true);
});

test('users of the site: all tabs agree on who is here, and a session that takes the place of another ends nobody’s', async () => {
  const site = await createHostSite(app);
  const bob = somebody('Bob');
  let ada = somebody('Ada');
  let here: typeof ada | null = ada;
  const provider: TokenProvider = () => here && site.token(here);
  const shared = browser();
  const { client: first } = openTab(shared, app.url, provider);
  await eventually(() => first.status.get() === 'online');
  const { client: second } = openTab(shared, app.url, provider);
  await eventually(() => second.status.get() === 'online');
  const id = first.auth.store.get().me?.id;
  const sessionsOf = async (client: Client) => (await client.auth.sessions()).map((session) => session.id);
  expect(second.auth.store.get().me?.id).toBe(id);
  expect(await sessionsOf(first)).toHaveLength(1);

  const reasons: string[] = [];
  for (const client of [first, second]) client.on('session-ended', ({ reason }) => reasons.push(reason));
  here = ada = { ...ada, nickname: 'Ada Lovelace' };
  await first.auth.identify();
  await eventually(async () => (await sessionsOf(first)).length === 1 && (await sessionsOf(second)).length === 1);
  await eventually(() => second.status.get() === 'online' && second.auth.store.get().me?.nickname === 'Ada Lovelace');
  expect([reasons, await sessionsOf(second)]).toEqual([[], await sessionsOf(first)]);

  here = bob;
  await second.auth.identify();
  await eventually(() => first.auth.store.get().me?.nickname === 'Bob');
  expect([...first.users.store.get().values()].map(({ nickname }) => nickname)).toEqual(['Bob']);

  here = null;
  await first.auth.identify();
  await eventually(() => second.auth.store.get().status === 'signed-out');

  // What one tab asks about, the other does not show in the meantime.
  here = bob;
  await second.auth.identify();
  await eventually(() => first.auth.store.get().me?.nickname === 'Bob');
  first.close();
  second.close();
  here = ada;
  const third = openTab(shared, app.url, () => new Promise((resolve) => setTimeout(() => resolve(provider()), 200)));
  third.window.dispatchEvent(new Event('focus'));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(third.client.auth.store.get()).toEqual({ status: 'restoring', me: null });
  await eventually(() => third.client.auth.store.get().me?.id === id);
});

test('a page that slept through it finds out when it is back that another tab signed out, or in as somebody else', async () => {
  const [one, other] = [await app.signUp(), await app.signUp()];
  const shared = browser();
  const { client: first } = openTab(shared);
  const { client: second, window } = openTab(shared);
  await first.auth.logIn(one);
  await signedIn(second, one);
  // Frozen pages are told nothing.
  shared.windows.splice(shared.windows.indexOf(window), 1);
  await first.auth.logIn(other);
  expect(second.auth.store.get().me?.id).toBe(one.id);
  window.dispatchEvent(new Event('pageshow'));
  await signedIn(second, other);
  await first.auth.logOut();
  window.dispatchEvent(new Event('focus'));
  await eventually(() => second.auth.store.get().status === 'signed-out');
  await first.auth.logIn(one);
  window.dispatchEvent(new Event('focus'));
  await signedIn(second, one);
});

test('a storage that keeps nothing signs nobody out when the page comes back', async () => {
  const person = await app.signUp();
  const windows: EventTarget[] = [];
  const { client, window } = openTab({
    storage: { get: () => null, set: () => undefined, remove: () => undefined },
    windows,
  });
  await client.auth.logIn(person);
  window.dispatchEvent(new Event('focus'));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(client.auth.store.get().me?.id).toBe(person.id);
});

test('a page that closed its client follows no more', async () => {
  const person = await app.signUp();
  const shared = browser();
  const { client: first } = openTab(shared);
  const { client: second } = openTab(shared);
  second.close();
  await first.auth.logIn(person);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(second.auth.store.get().status).toBe('signed-out');
});

test('a page that wakes on a dead line finds out at once, and catches up', async () => {
  const proxy = await startProxy(app.url);
  const [one, other] = [await app.signUp(), await app.signUp()];
  const roomId = await app.befriend(one, other);
  const { client, window } = openTab(browser(), proxy.url);
  await client.auth.logIn(one);
  await eventually(() => client.rooms.store.get().loaded);
  const room = client.messages.room(roomId);
  await room.load();
  proxy.deafen();
  await other.client.messages.room(roomId).send('missed');
  const woken = Date.now();
  window.dispatchEvent(new Event('online'));
  await eventually(() => room.store.get().messages.at(-1)?.text === 'missed', 15_000);
  expect(Date.now() - woken).toBeLessThan(12_000);
  await proxy.close();
});

test('importing the package touches nothing, and a closed client keeps no process alive', async () => {
  const index = fileURLToPath(new URL('./index.ts', import.meta.url));
  const script = `
    for (const name of ['localStorage', 'sessionStorage', 'fetch'])
      Object.defineProperty(globalThis, name, { configurable: true, get() { throw new Error(name + ' was touched'); } });
    const { createClient } = await import(${JSON.stringify(index)});
    console.log('imported');
    createClient({ server: 'http://127.0.0.1:9', app: 'default' }).close();`;
  const args = ['--conditions=co-talk-source', '--no-warnings', '--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 15_000 });
  expect(stdout).toBe('imported\n');
});
