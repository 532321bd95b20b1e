import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { until } from '../widget/testing.ts';
import { goHome, keep, newApp, signUp, type Person } from '../widget/testing-people.ts';
import { createClient, type Client } from './index.ts';
import { openSocket } from './socket.ts';

const SERVER = inject('serverUrl');
const HERE = SERVER.replace('127.0.0.1', 'localhost');

let mina: Person;
beforeEach(async () => {
  mina = await signUp(await newApp(), 'Mina');
});
afterEach(goHome);

/** A client that is online, and what becomes of that. */
async function online(server: string): Promise<{ client: Client; seen: string[] }> {
  const client = keep(createClient({ server, app: mina.app, storage: 'memory' }));
  await client.auth.logIn(mina);
  await until(() => client.status.get() === 'online', 'the connection');
  const seen: string[] = [];
  client.status.subscribe((status) => seen.push(status));
  return { client, seen };
}

test('when the network goes, so does the connection, at once', async () => {
  const { client, seen } = await online(SERVER);
  dispatchEvent(new Event('offline'));
  expect(seen).toEqual(['online', 'connecting']);
  await until(() => client.status.get() === 'online', 'the connection');
  client.close();
  dispatchEvent(new Event('offline'));
  expect(seen).toEqual(['online', 'connecting', 'online', 'offline']);
});

test('the page’s own machine is there without a network', async () => {
  const { client, seen } = await online(HERE);
  dispatchEvent(new Event('offline'));
  await client.auth.sessions();
  expect(seen).toEqual(['online']);
});

/** How a socket ends. */
const endOf = (server: string) =>
  new Promise((resolve) => {
    let isOpened = false;
    const end = (how: unknown) => resolve({ how, isOpened });
    openSocket(server, { token: 'none', protocol: 1 }, { onEvent: end, onRefused: end, onClosed: end });
    isOpened = true;
  });

test('a browser’s own WebSocket is told why it is refused', async () => {
  expect(await endOf(SERVER)).toMatchObject({ how: { code: 'unauthenticated' }, isOpened: true });
});

test.each(['ftp://127.0.0.1', 'http://127.0.0.1:1'])('nobody at %s: closed, after it is opened', async (server) => {
  expect(await endOf(server)).toEqual({ how: undefined, isOpened: true });
});
