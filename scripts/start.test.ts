import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { endAllRuns, findFreePorts, isAlive, postgresOf, root, run, type Run } from './testing.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'co-talk-start-'));
let port: number;

beforeAll(async () => {
  port = await findFreePorts();
  // The first start of all builds; what is measured and killed below are starts.
  const first = start();
  await first.saying(/Co-Talk is running/);
  await endAllRuns();
});

afterEach(endAllRuns);

afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

/** `npm start`, on a folder of the test's own. */
function start(env: NodeJS.ProcessEnv = {}): Run {
  return run('npm', ['start', '--silent'], { PORT: String(port), DATA_DIR: dataDir, ...env });
}

async function call<T>(path: string, body?: unknown, token?: string): Promise<T> {
  const response = await fetch(`http://localhost:${port}/api/v1${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return (await response.json()) as T;
}

/** The process that npm has started for us, and that holds the folder. */
function serverPid(): number {
  const { pid } = JSON.parse(readFileSync(join(dataDir, 'server.lock'), 'utf8')) as { pid: number };
  return pid;
}

async function listening(): Promise<boolean> {
  return fetch(`http://localhost:${port}/livez`).then(
    (response) => response.ok,
    () => false,
  );
}

it('prints where to look and how to make two people talk', async () => {
  const server = start();
  await server.saying(/Ctrl-C stops everything/);
  expect(server.output()).toContain(`http://localhost:${port}`);
  expect(server.output()).toContain(`http://localhost:${port + 1}`);
  expect(server.output()).toMatch(/two people talk/);
  expect(server.output()).toContain(`http://localhost:${port}/console/`);
  expect(server.output()).toContain(join(dataDir, 'operator-key'));

  const page = await (await fetch(`http://localhost:${port + 1}/`)).text();
  expect(page).toContain(`<script type="module" src="http://localhost:${port}/co-talk.js"></script>`);
  const loader = await fetch(`http://localhost:${port}/co-talk.js`);
  expect(loader.headers.get('access-control-allow-origin')).toBe('*');
  const [, widget] = /"(\.\/assets\/[^"]+\.js)"/.exec(await loader.text()) ?? [];
  expect((await fetch(new URL(String(widget), `http://localhost:${port}/`))).status).toBe(200);
  expect((await fetch(`http://localhost:${port}/readyz`)).status).toBe(200);
});

it('starts again quickly, with everything that was there', async () => {
  const first = start();
  await first.saying(/Co-Talk is running/);
  const account = { app: 'default', email: 'minji@example.com', password: 'correct horse battery' };
  await call('/auth/signup', { ...account, nickname: 'minji' });
  first.process.kill('SIGTERM');
  await first.ended;

  const before = Date.now();
  const second = start();
  await second.saying(/Co-Talk is running/);
  expect(Date.now() - before).toBeLessThan(15_000);
  const { user, session } = await call<{ user: { nickname: string }; session: { accessToken: string } }>(
    '/auth/login',
    account,
  );
  expect(user.nickname).toBe('minji');
  expect(await call('/me', undefined, session.accessToken)).toMatchObject({ nickname: 'minji' });
});

it('SIGTERM to npm stops everything that was started', async () => {
  const server = start();
  await server.saying(/Co-Talk is running/);
  const pids = [serverPid(), postgresOf(dataDir)];
  server.process.kill('SIGTERM');
  await server.ended;
  expect(pids).not.toContain(null);
  // npm may be gone a moment before what it has passed the signal on to.
  await expect.poll(() => pids.some((pid) => pid !== null && isAlive(pid)), { timeout: 10_000 }).toBe(false);
});

it('SIGTERM to the server ends it in order', async () => {
  const server = run(process.execPath, ['scripts/start.mjs'], { PORT: String(port), DATA_DIR: dataDir });
  await server.saying(/Co-Talk is running/);
  server.process.kill('SIGTERM');
  expect(await server.ended).toBe(0);
  expect(server.output()).not.toMatch(/"level":"(error|fatal)"/);
  expect(postgresOf(dataDir)).toBeNull();
});

it('Ctrl-C in a terminal, which reaches all of them at once, ends everything in order', async () => {
  const server = start();
  await server.saying(/Co-Talk is running/);
  const pids = [serverPid(), postgresOf(dataDir)];
  process.kill(-Number(server.process.pid), 'SIGINT');
  await server.ended;
  expect(server.output()).not.toMatch(/"level":"(error|fatal)"/);
  for (const pid of pids) expect(pid !== null && isAlive(pid)).toBe(false);
});

it('stops when npm was killed without a word to it', async () => {
  const server = start();
  await server.saying(/Co-Talk is running/);
  const pid = serverPid();
  server.process.kill('SIGKILL');
  while (isAlive(pid)) await delay(20);
  expect(postgresOf(dataDir)).toBeNull();
});

it('starts after the server was killed, with its PostgreSQL still running', async () => {
  const first = start();
  await first.saying(/Co-Talk is running/);
  process.kill(serverPid(), 'SIGKILL');
  await first.ended;
  const orphan = postgresOf(dataDir);
  expect(orphan).not.toBeNull();

  const second = start();
  await second.saying(/Co-Talk is running/);
  expect(postgresOf(dataDir)).not.toBe(orphan);
  expect(await listening()).toBe(true);
});

it('ends with one sentence on a folder that is in use', async () => {
  const first = start();
  await first.saying(/Co-Talk is running/);
  const second = run(process.execPath, ['scripts/start.mjs'], { PORT: String(port + 50), DATA_DIR: dataDir });
  expect(await second.ended).toBe(1);
  expect(second.output().trim()).toMatch(
    /^unable to start; another Co-Talk server \(process \d+\) is running on [^\n]+$/,
  );
  expect(await listening()).toBe(true);
});

it.each([
  [0, 'PORT'],
  [1, 'DEMO_PORT'],
])('ends with one sentence when port + %i is taken, naming %s', async (offset, variable) => {
  const other = createServer().listen(port + offset, '127.0.0.1');
  const server = run(process.execPath, ['scripts/start.mjs'], {
    PORT: String(port),
    DATA_DIR: dataDir,
    LOG_LEVEL: 'error',
  });
  expect(await server.ended).toBe(1);
  expect(server.output().trim()).toBe(
    `unable to listen on port ${port + offset}; another program is using it; set ${variable} to another one`,
  );
  expect(postgresOf(dataDir)).toBeNull();
  other.close();
});

it('ends with one sentence that names a wrong variable', async () => {
  const server = run(process.execPath, ['scripts/start.mjs'], { PORT: 'many', DATA_DIR: dataDir });
  expect(await server.ended).toBe(1);
  expect(server.output().trim()).toBe(
    'unable to start; the environment variable PORT must be a whole number from 0 to 65535',
  );
});

it('ends with one sentence when the database cannot be reached', async () => {
  const server = run(process.execPath, ['scripts/start.mjs'], {
    PORT: String(port),
    DATA_DIR: dataDir,
    DATABASE_URL: `postgres://nobody:hunter2@127.0.0.1:${port + 1}/nothing`,
  });
  expect(await server.ended).toBe(1);
  expect(server.output()).toMatch(/unable to .+database.+/);
  expect(server.output()).not.toContain('hunter2');
});

it('refuses production without a secret', async () => {
  const server = run(process.execPath, ['scripts/start.mjs'], {
    PORT: String(port),
    DATA_DIR: dataDir,
    NODE_ENV: 'production',
  });
  expect(await server.ended).toBe(1);
  expect(server.output()).toContain('SECRET');
});

it('writes JSON logs in which every line is an object with a level', async () => {
  const server = run(process.execPath, ['scripts/start.mjs'], {
    PORT: String(port),
    DATA_DIR: dataDir,
    LOG_FORMAT: 'json',
  });
  await server.saying(/Co-Talk is running/);
  await call('/me');
  await server.saying(/"msg":"request"/);
  const lines = server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ level: expect.any(String) as string });
  expect(lines.some((line) => /"requestId":"[\w-]+".+"status":401/.test(line))).toBe(true);
});

it('knows its commands from any folder', async () => {
  const cli = (...args: string[]) =>
    run(process.execPath, [join(root, 'server', 'dist', 'cli.js'), ...args], {}, tmpdir());
  const version = cli('--version');
  expect(await version.ended).toBe(0);
  expect(version.output()).toMatch(/^\d+\.\d+\.\d+\n$/);
  const help = cli('--help');
  expect(await help.ended).toBe(0);
  expect(help.output()).toContain('co-talk <command>');
  const wrong = cli('dance');
  expect(await wrong.ended).toBe(1);
  expect(wrong.output()).toBe('unable to run; there is no command "dance"; see co-talk --help\n');
});
