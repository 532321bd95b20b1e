import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { commands } from 'vitest/browser';
import { until } from '../widget/testing.ts';
import { ask, goHome, keep, newApp, pair, signUp, write, type Person } from '../widget/testing-people.ts';
import { createClient, type Client } from './index.ts';

/** Of the same site as the page of the test: browsers send no such cookie to another one. */
const SERVER = inject('serverUrl').replace('127.0.0.1', 'localhost');

let app: string;
let mina: Person;
const open = () => keep(createClient({ server: SERVER, app, storage: 'cookie' }));
const online = (client: Client) =>
  until(() => client.status.get() === 'online' && client.rooms.store.get().loaded, 'the lists');
const current = async (client: Client) => (await client.auth.sessions()).find((session) => session.current)?.id;
const stored = () => JSON.stringify(Object.entries(localStorage));

beforeEach(async () => {
  localStorage.clear();
  app = await newApp();
  await commands.query('update apps set guests = true where id = $1', [app]);
  mina = await signUp(app, 'Mina');
});
afterEach(goHome);

test('no script can read the session’s tokens, and a reloaded page goes on with it', async () => {
  const first = open();
  await first.auth.logIn(mina);
  await online(first);
  const session = await current(first);
  expect(stored()).toContain(mina.id);
  const kept: unknown = JSON.parse(localStorage.getItem(`co-talk:${SERVER}:${app}:session`) ?? 'null');
  expect(kept).toMatchObject({ sessionId: session, accessToken: '', refreshToken: '' });
  expect(stored()).not.toContain('eyJ');
  expect(document.cookie).toBe('');
  first.close();
  const again = open();
  expect(again.auth.store.get().me?.id).toBe(mina.id);
  await online(again);
  expect(await current(again)).toBe(session);
});

test('tabs renew side by side, and sign out together', async () => {
  const [one, two] = [open(), open()];
  await one.auth.logIn(mina);
  await online(one);
  // Pages tell each other by the storage; these two are in one page.
  const tell = () => {
    for (const key of Object.keys(localStorage)) dispatchEvent(new StorageEvent('storage', { key }));
    dispatchEvent(new StorageEvent('storage', { key: null }));
  };
  tell();
  await online(two);
  expect(await current(two)).toBe(await current(one));
  const ben = await signUp(app, 'Ben');
  const room = await pair(ben, mina);
  await write(ben, room, 'Hello');
  for (const client of [one, two])
    await until(() => client.rooms.store.get().rooms[0]?.lastMessage?.text === 'Hello', 'the message');
  await one.auth.logOut();
  tell();
  await until(() => two.auth.store.get().status === 'signed-out', 'the other tab to sign out');
  expect(stored()).not.toContain(mina.id);
});

test('signing out ends it for good: the cookie is of no use any more', async () => {
  const client = open();
  await client.auth.logIn(mina);
  const session = await current(client);
  await client.auth.logOut();
  const answer = await fetch(`${SERVER}/api/v1/auth/refresh`, {
    method: 'POST',
    credentials: 'include',
    headers: { 'content-type': 'application/json', 'X-Co-Talk-Session': 'cookie' },
    body: JSON.stringify({ sessionId: session }),
  });
  expect(answer.status).toBe(401);
});

test('the next one’s session is their own, and a guest keeps theirs over the upgrade', async () => {
  const client = open();
  await client.auth.logIn(mina);
  await online(client);
  const guest = await client.auth.signInAsGuest({ nickname: 'Gus' });
  await online(client);
  const account = { email: 'gus@example.com', password: 'correct horse battery', nickname: 'Gus' };
  await client.auth.upgrade(account);
  client.close();
  const again = open();
  await online(again);
  expect(again.auth.store.get().me).toMatchObject({ id: guest.id, kind: 'account' });
  const { items } = await ask<{ items: unknown[] }>('GET', '/me/sessions', { token: mina.token });
  // The one that has only asked just now is left.
  expect(items).toHaveLength(1);
});
