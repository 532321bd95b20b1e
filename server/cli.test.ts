import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client as Pg } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Problem } from '@co-talk/sdk/protocol';
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
});

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

test.each([
  [['app', 'update', 'default', '--origin', 'shop.example'], '"shop.example" is not one'],
  [['app', 'update', 'default', '--origin', 'https://shop.example/path'], 'is not one'],
  [['app', 'update', 'nobody', '--origin', 'https://shop.example'], 'there is no app "nobody"'],
  [['app', 'update', 'default'], 'app takes'],
  [['app', 'list', 'x'], 'app takes'],
  [['app'], 'app takes'],
  [['dance'], 'there is no command "dance"'],
  [['migrate', 'now'], '"now" is too much'],
  [['--loud'], 'unable to run'],
])('%j ends with one sentence', async (args, sentence) => {
  const { code, err } = await coTalk(...args);
  expect(code).toBe(1);
  expect(err).toContain(sentence);
  expect(err.trim().split('\n')).toHaveLength(1);
});

test('help and version', async () => {
  expect((await coTalk('--help')).out).toContain('app update <id>');
  expect((await coTalk('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});
