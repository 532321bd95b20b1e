import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient, memoryStorage } from '@co-talk/sdk';
import type { CreatedKey, SignedIn } from '@co-talk/sdk/protocol';
import { createUserToken } from './token.ts';
import { createDatabase, eventually } from './testing.ts';

const SECRET = 'planted-secret-of-the-server-4711';
const OPERATOR = 'planted-operator-key-4711';
const PASSWORD = 'planted-password-4711';
const TEXT = 'planted words of a message 4711';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

test('the log of a busy day, at its most talkative, has no secret and nothing that anybody wrote in it', async () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const server = spawn(process.execPath, ['--conditions=co-talk-source', main], {
    env: {
      ...process.env,
      ...{ PORT: '0', DEMO_PORT: '0', LOG_LEVEL: 'debug', LOG_FORMAT: 'json', BCRYPT_COST: '10' },
      ...{ DATABASE_URL: database.url, SECRET, OPERATOR_KEY: OPERATOR },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(server, 'exit');
  let log = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const url = await eventually(() => /"server":"(http:[^"]+)".*"msg":"listening"/.exec(log)?.[1], 30_000);
  const secrets = new Set([SECRET, OPERATOR, PASSWORD, TEXT]);

  async function ask<T>(method: string, path: string, body: unknown, token?: string): Promise<T> {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
    return (await answer.json().catch(() => null)) as T;
  }

  const account = { app: 'default', email: 'planted@example.com', password: PASSWORD, nickname: 'Planted' };
  const { session } = await ask<SignedIn>('POST', '/auth/signup', account);
  await ask('POST', '/auth/login', { app: 'default', email: account.email, password: `${PASSWORD}-wrong` });
  await ask('POST', '/auth/login', { ...account, [PASSWORD]: 1 });
  await ask('POST', '/auth/password/forgot', { app: 'default', email: account.email });
  await ask('POST', '/auth/password/reset', { token: `${PASSWORD}-token`, password: PASSWORD });
  await ask('GET', `/me`, undefined, `${session.accessToken}x`).catch(() => null);
  const refreshed = await ask<SignedIn>('POST', '/auth/refresh', { refreshToken: session.refreshToken });
  const keys = [];
  for (const kind of ['secret', 'signing'])
    keys.push(await ask<CreatedKey>('POST', '/admin/apps/default/keys', { kind, name: 'site' }, OPERATOR));
  const userToken = createUserToken({ id: '1', nickname: 'Mira' }, { app: 'default', key: keys[1]?.secret ?? '' });
  const host = await ask<SignedIn>('POST', '/auth/exchange', { app: 'default', userToken });
  await ask('POST', '/admin/session', { key: OPERATOR });
  await ask('POST', '/admin/session', { key: `${OPERATOR}-wrong` });

  const client = createClient({ server: url, app: 'default', storage: memoryStorage() });
  await client.auth.logIn(account);
  const { body } = {
    body: await ask<{ id: string }>('POST', '/rooms', { type: 'direct', userId: host.user.id }, session.accessToken),
  };
  await client.messages.room(body.id).send(TEXT);
  await ask('POST', `/rooms/${body.id}/messages`, { clientId: 'c', text: TEXT, [TEXT]: 1 }, session.accessToken);
  await ask('GET', `/users?q=${encodeURIComponent(TEXT)}`, undefined, session.accessToken).catch(() => null);
  client.close();

  for (const one of [session, refreshed.session, host.session]) {
    secrets.add(one.accessToken);
    secrets.add(one.refreshToken);
  }
  for (const key of keys) if (key.secret !== null) secrets.add(key.secret);
  secrets.add(userToken);
  server.kill('SIGTERM');
  await ended;
  expect(log.split('\n').length).toBeGreaterThan(15);
  expect(log).toContain('/auth/login');
  for (const secret of secrets) expect([secret, log.includes(secret)]).toEqual([secret, false]);
}, 60_000);
