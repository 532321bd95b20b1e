import { createClient, memoryStorage, type Client, type Id } from '@co-talk/sdk';
import type { Message, Room, SignedIn } from '@co-talk/sdk/protocol';
import { inject } from 'vitest';
import { commands } from 'vitest/browser';
import { until } from './testing.ts';

/** The real server. */
export const SERVER = inject('serverUrl');

export const PASSWORD = 'correct horse battery';

/** Somebody with an account, who has never been online. */
export interface Person {
  app: string;
  id: Id;
  nickname: string;
  email: string;
  password: string;
  token: string;
}

const clients: Client[] = [];
const lines: string[] = [];

/** An app of a test's own on the server: nobody else is in it, and every name is free. */
export async function newApp(): Promise<string> {
  const app = `test-${crypto.randomUUID()}`;
  await commands.query('insert into apps (id, name, origins, loopback) values ($1, $1, $2, true)', [app, []]);
  return app;
}

/** A request to the server without the SDK. */
export async function ask<T>(method: string, path: string, o: { token?: string; body?: unknown } = {}): Promise<T> {
  const response = await fetch(`${SERVER}/api/v1${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(o.token === undefined ? {} : { authorization: `Bearer ${o.token}` }),
    },
    body: o.body === undefined ? null : JSON.stringify(o.body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} was refused: ${text}`);
  return (text ? JSON.parse(text) : undefined) as T;
}

export async function signUp(app: string, nickname: string): Promise<Person> {
  const account = { email: `${nickname.split(' ')[0]?.toLowerCase() ?? ''}@example.com`, password: PASSWORD };
  const { user, session } = await ask<SignedIn>('POST', '/auth/signup', { body: { app, nickname, ...account } });
  return { app, id: user.id, nickname, ...account, token: session.accessToken };
}

/** A device of somebody: signed in, online, with its lists. `server`: over a line that can be made to fail. */
export async function connect(person: Person, server = SERVER): Promise<Client> {
  const { app, email, password } = person;
  const client = keep(createClient({ server, app, storage: memoryStorage() }));
  await client.auth.logIn({ email, password });
  await until(() => client.rooms.store.get().loaded && client.status.get() === 'online', 'the lists');
  return client;
}

/** Sign somebody in as the page's own clients find them: the session is stored in the browser. */
export async function remember({ app, email, password }: Person, server = SERVER): Promise<void> {
  const client = createClient({ server, app });
  await client.auth.logIn({ email, password });
  client.close();
}

/** The direct room of two people. */
export async function pair(one: Person, other: Person): Promise<Id> {
  const room = await ask<Room>('POST', '/rooms', { token: one.token, body: { type: 'direct', userId: other.id } });
  return room.id;
}

/** Makes two people friends; resolves to their direct room. */
export async function befriend(one: Person, other: Person): Promise<Id> {
  await request(one, other);
  await request(other, one);
  return pair(one, other);
}

export async function request(from: Person, to: Person): Promise<void> {
  await ask('POST', '/friends/requests', { token: from.token, body: { userId: to.id } });
}

export async function block(who: Person, whom: Person): Promise<void> {
  await ask('PUT', `/blocks/${whom.id}`, { token: who.token });
}

/** Somebody writes, one message after the other. */
export async function write({ token }: Person, roomId: Id, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    const body = { clientId: crypto.randomUUID(), text };
    await ask<Message>('POST', `/rooms/${roomId}/messages`, { token, body });
  }
}

export async function unblock(who: Person, whom: Person): Promise<void> {
  await ask('DELETE', `/blocks/${whom.id}`, { token: who.token });
}

/** Somebody has read up to a message. */
export async function read({ token }: Person, roomId: Id, seq: number): Promise<void> {
  await ask('POST', `/rooms/${roomId}/read`, { token, body: { seq } });
}

/** A line of the test's own to the server, which can be made to fail. */
export async function openLine(): Promise<string> {
  const line = await commands.openLine();
  lines.push(line);
  return line;
}

/** Closes a client when the test is over. */
export function keep(client: Client): Client {
  clients.push(client);
  return client;
}

/** Ends what a test has begun: its clients and lines. */
export async function goHome(): Promise<void> {
  for (const client of clients.splice(0)) client.close();
  for (const line of lines.splice(0)) await commands.closeLine(line);
}
