import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import type { Message, Room, SignedIn, WebhookWithSecret } from '@co-talk/sdk/protocol';
import { createServerNode } from '../bench/faults/server-node.ts';
import { isGenuine, managing, startReceiver, stopReceivers } from '../testing-receiver.ts';
import { createDatabase, eventually, startTestApp, type RawPerson, type TestApp } from '../testing.ts';

// Servers that share the work, and servers that die at it.

const PACE = { everyMs: 20, retryMs: [100, 800] };

const OPERATOR = 'the-operator-key-of-this-test-alone';

/** In this order. */
const cleaning: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (let clean = cleaning.pop(); clean; clean = cleaning.pop()) await clean();
  await stopReceivers();
});

async function start(env: Record<string, string> = {}): Promise<TestApp> {
  const app = await startTestApp(env, { webhooks: PACE });
  cleaning.push(() => app.close());
  return app;
}

const beside = (app: TestApp) => ({ DATABASE_URL: app.config.databaseUrl ?? '' });

/** As test apps have it, so that one can take the other's place. */
const envOf = (databaseUrl: string) => ({
  ...{ NODE_ENV: 'test', SECRET: 'a secret for tests that is long enough', BCRYPT_COST: '4', LOG_LEVEL: 'error' },
  ...{ DATABASE_URL: databaseUrl, OPERATOR_KEY: OPERATOR, LOG_FORMAT: 'json' },
});

async function send(app: TestApp, person: RawPerson, roomId: string): Promise<Message> {
  const body = { clientId: randomUUID(), text: 'hello' };
  return (await app.request<Message>('POST', `/rooms/${roomId}/messages`, { token: person.token, body })).body;
}

it('two servers on one database deliver everything, and nothing twice', async () => {
  const site = await startReceiver();
  const one = await start();
  const other = await start(beside(one));
  const { id } = await managing(one).add(site.url, 'message.created');
  const { one: person, roomId } = await one.pairRaw();
  const sent = await Promise.all(
    Array.from({ length: 120 }, (_, index) => send(index % 2 ? one : other, person, roomId)),
  );
  await eventually(() => site.received.length >= sent.length);
  await eventually(async () => (await managing(one).deliveries(id, '?status=pending')).items.length === 0);
  expect(site.received.map((received) => received.id).sort()).toEqual(sent.map((message) => message.id).sort());
});

it('hands on what it has not ended when it ends in order', async () => {
  const database = await createDatabase();
  cleaning.push(() => database.drop());
  const env = { DATABASE_URL: database.url };
  const site = await startReceiver();
  site.answer = () => undefined;
  const first = await startTestApp(env, { webhooks: PACE });
  const { id } = await managing(first).add(site.url, 'user.created');
  const { user } = await first.signUpRaw();
  await eventually(() => site.received.length > 0);
  await first.close();
  site.answer = (_request, res) => res.writeHead(204).end();
  const second = await start(env);
  const delivery = await managing(second).settled(id, 'delivered');
  expect(delivery.about).toEqual({ userId: user.id });
  // That a server ended is not the site's failure.
  expect(delivery.attempts.map(({ status }) => status)).toEqual([204]);
});

it('delivers what a server had committed when it was killed', { timeout: 90_000 }, async () => {
  const database = await createDatabase();
  cleaning.push(() => database.drop());
  const site = await startReceiver();
  // Takes requests, and never answers them.
  site.answer = () => undefined;
  const dying = await createServerNode({ name: 'dying', env: envOf(database.url), onExit: () => undefined });
  cleaning.push(() => dying.kill());
  await dying.start();
  const ask = async <T>(path: string, token: string | null, body: unknown): Promise<T> => {
    const headers = {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const answer = await fetch(`http://127.0.0.1:${String(dying.port)}/api/v1${path}`, init);
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as T;
  };
  const signUp = () =>
    ask<SignedIn>('/auth/signup', null, {
      ...{ app: 'default', email: `${randomUUID()}@example.com`, password: 'correct horse battery staple' },
      nickname: randomUUID().slice(0, 18),
    });
  const [one, other] = [await signUp(), await signUp()];
  const token = one.session.accessToken;
  const room = await ask<Room>('/rooms', token, { type: 'direct', userId: other.user.id });
  const { id, secret } = await ask<WebhookWithSecret>('/admin/apps/default/webhooks', OPERATOR, {
    ...{ url: site.url, events: ['message.created', 'user.created'] },
  });
  const third = await signUp();
  const sent = await Promise.all(
    Array.from({ length: 20 }, () =>
      ask<Message>(`/rooms/${room.id}/messages`, token, { clientId: randomUUID(), text: 'hello' }),
    ),
  );
  await eventually(() => site.received.length > 0);
  await dying.kill();

  const successor = await startTestApp({ DATABASE_URL: database.url, OPERATOR_KEY: OPERATOR }, { webhooks: PACE });
  cleaning.push(() => successor.close());
  const begun = new Set(site.received.map((received) => received.id));
  site.received.length = 0;
  site.answer = (_request, res) => res.writeHead(204).end();
  await eventually(() => site.received.length >= sent.length + 1 - begun.size);
  // What the dead one had under way is left alone as long as a living one could still be at it.
  expect(site.received.some((received) => begun.has(received.id))).toBe(false);
  await successor.db.orm.em.fork().execute("update webhook_deliveries set next_at = next_at - interval '1 min'");
  await eventually(async () => {
    const { items } = await managing(successor).deliveries(id);
    return items.every(({ status }) => status === 'delivered');
  });
  const told = site.received.map((received) => received.id);
  expect(told).toHaveLength(sent.length + 1);
  expect(sent.every((message) => told.includes(message.id))).toBe(true);
  expect(site.of('user.created').map(({ event }) => event.data)).toMatchObject([{ userId: third.user.id }]);
  expect(site.received.every((received) => isGenuine(secret, received))).toBe(true);
});
