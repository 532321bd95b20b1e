import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client as Pg } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { AdminApp, AppKey, CreatedKey, Problem } from '@co-talk/sdk/protocol';
import { eventually, startTestApp } from './testing.ts';

const database = `test_${randomUUID().replaceAll('-', '')}`;
const admin = new Pg({ connectionString: inject('databaseUrl') });
const url = new URL(inject('databaseUrl'));
url.pathname = `/${database}`;

beforeAll(async () => {
  await admin.connect();
  await admin.query(`create database ${database}`);
});
afterAll(async () => {
  await admin.query(`drop database ${database} with (force)`);
  await admin.end();
});

function coTalk(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const cli = fileURLToPath(new URL('cli.ts', import.meta.url));
  const env = {
    ...process.env,
    DATABASE_URL: url.href,
    LOG_LEVEL: 'error',
    SECRET: 'a secret for tests that is long enough',
  };
  return new Promise((resolve) => {
    execFile(process.execPath, ['--conditions=co-talk-source', cli, ...args], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

test('migrate brings an empty database up to date, and again does nothing', async () => {
  expect(await coTalk('migrate')).toMatchObject({ code: 0, err: '' });
  expect(await coTalk('migrate')).toMatchObject({ code: 0, err: '' });
});

test('app update says which pages may use an app, and app list shows it', async () => {
  const origins = ['https://shop.example', 'https://*.shop.example'];
  const updated = await coTalk('app', 'update', 'default', ...origins.flatMap((origin) => ['--origin', origin]));
  expect(updated).toMatchObject({ code: 0, err: '' });
  const listed = await coTalk('app', 'list');
  expect(listed.out).toContain('default  https://shop.example https://*.shop.example');
  await coTalk(
    'app',
    'update',
    'default',
    '--add-origin',
    'https://b.example',
    '--remove-origin',
    'https://shop.example',
  );
  const { out } = await coTalk('app', 'show', 'default', '--json');
  expect(JSON.parse(out)).toMatchObject({ id: 'default', origins: ['https://*.shop.example', 'https://b.example'] });
});

test('an app is made, given keys, changed, and removed with everything in it', async () => {
  const json = async <T>(...args: string[]): Promise<T> => {
    const { code, out, err } = await coTalk('app', ...args, '--json');
    expect([code, err]).toEqual([0, '']);
    return JSON.parse(out) as T;
  };
  const shop = await json<AdminApp>('create', 'shop', '--name', 'Shop', '--guests', 'on', '--accounts', 'off');
  expect(shop).toMatchObject({
    id: 'shop',
    name: 'Shop',
    guests: true,
    accounts: false,
    hostUsers: false,
    origins: [],
  });
  const key = await json<CreatedKey>('create-key', 'shop', '--kind', 'signing', '--name', 'site');
  expect(key.secret).toMatch(/^uk_[\w-]{43}$/);
  const next = await json<CreatedKey>('rotate-key', 'shop', key.id, '--overlap', '1');
  const { keys } = await json<{ keys: AppKey[] }>('show', 'shop');
  expect(keys.map(({ id }) => id)).toEqual([next.id, key.id]);
  expect(JSON.stringify(keys)).not.toContain(next.secret?.slice(3));
  await json('revoke-key', 'shop', key.id);
  await json('remove', 'shop', '--yes');
  expect((await coTalk('app', 'list')).out).not.toContain('shop  ');
  expect((await coTalk('app', 'create', 'shop', '--name', 'Again')).err).toContain('there is or was one');
}, 60_000);

test('restored makes clients start anew and ends sessions', async () => {
  const app = await startTestApp({ DATABASE_URL: url.href });
  const { token, refreshToken } = await app.signUpRaw();
  const socket = await app.connect(token);
  const ended: unknown[] = [];
  socket.on('session:ended', (event) => ended.push(event));
  const before = await app.db.epoch();
  expect(await coTalk('restored')).toMatchObject({ code: 0, err: '' });
  await eventually(() => ended.length > 0);
  expect(ended).toEqual([{ reason: 'revoked' }]);
  expect(await app.db.epoch()).not.toBe(before);
  const refreshed = await app.request<Problem>('POST', '/auth/refresh', { body: { refreshToken } });
  expect(refreshed.body.code).toBe('session_ended');
  await app.close();
});

// Each is a process of its own, and changes nothing.
test.concurrent.each([
  [['app', 'rotate-key', 'default', 'k_none', '--overlap', ''], '--overlap is a number of hours'],
  [['app', 'create-key', 'default', '--kind', 'secret', '--name', 'x'.repeat(101)], '--name has 1 to 100 characters'],
  [['app', 'create', 'nameless', '--name', ''], 'name: must have 1 to 100 characters'],
  [['app', 'update', 'default', '--origin', 'shop.example'], '"shop.example" is not one'],
  [['app', 'update', 'default', '--origin', 'https://shop.example/path'], 'is not one'],
  [['app', 'update', 'nobody', '--origin', 'https://shop.example'], 'there is none with the id "nobody"'],
  [['app', 'update'], 'app update takes other words'],
  [['app', 'list', 'x'], 'app list takes other words'],
  [['app', 'dance'], 'there is no command "app dance"'],
  [['app', 'create'], 'it needs a --name'],
  [['app', 'create', 'Shop!', '--name', 'Shop'], 'id: must have 2 to 64'],
  [['app', 'update', 'default', '--guests', 'yes'], '--guests is on or off'],
  [['app', 'update', 'default', '--jwks-url', 'shop.example/keys'], 'write it like https://'],
  [['app', 'create-key', 'default', '--kind', 'golden'], '--kind is secret or signing'],
  [['app', 'revoke-key', 'default', 'k_unknown'], 'there is none with this id'],
  [['app', 'remove', 'default'], 'add --yes to do it'],
  [['user', 'dance'], 'there is no command "user dance"'],
  [['user', 'create', '--email', 'x', '--nickname', 'Ada'], 'unable to sign up'],
  [['user', 'disable', 'ada'], '"ada" is not the id of a user'],
  [['user', 'disable', '01900000-0000-7000-8000-000000000000'], 'unable to find the user'],
  [['user', 'erase', '01900000-0000-7000-8000-000000000000'], 'add --yes to do it'],
  [['user', 'token', '4711'], 'the app has no signing key'],
  [['dance'], 'there is no command "dance"'],
  [['migrate', 'now'], '"now" is too much'],
  [['--loud'], 'unable to run'],
])('%j ends with one sentence', async (args, sentence) => {
  const { code, err } = await coTalk(...args);
  expect(code).toBe(1);
  expect(err).toContain(sentence);
  expect(err.trim().split('\n')).toHaveLength(1);
});

test('an account is opened, shut out, let in and erased', async () => {
  const json = async <T>(...args: string[]): Promise<T> => {
    const { code, out, err } = await coTalk('user', ...args, '--json');
    expect([code, err]).toEqual([0, '']);
    return JSON.parse(out) as T;
  };
  const made = await json<{ id: string; password: string }>(
    'create',
    '--email',
    'ada@example.com',
    '--nickname',
    'Ada',
  );
  expect(made.password).toHaveLength(16);
  expect(await json('disable', made.id)).toMatchObject({ disabled: true });
  expect(await json('enable', made.id)).toMatchObject({ disabled: false });
  expect(await json('erase', made.id, '--yes')).toMatchObject({ finishedAt: expect.any(String) as unknown });
  await json<{ id: string }>('create', '--email', 'ada@example.com', '--nickname', 'Ada', '--password', 'k3j9!xqz-one');
}, 60_000);

test('help and version', async () => {
  expect((await coTalk('--help')).out).toContain('co-talk app --help');
  expect((await coTalk('app', '--help')).out).toContain('update <id> [options]');
  expect((await coTalk('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});
