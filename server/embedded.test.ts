import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startEmbeddedPostgres } from './embedded.ts';
import { createLog } from './log.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'co-talk-embedded-'));
const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
const log = createLog({ logLevel: 'error', logFormat: 'json' });

// Each test starts on what the one before has left behind, as runs on one folder do.
beforeAll(async () => {
  await using(async (url) => {
    await query(url, 'create table notes (text text)');
  });
});

afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

async function using(use: (url: string) => Promise<void>): Promise<void> {
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  try {
    await use(postgres.url);
  } finally {
    await postgres.stop();
  }
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows.map((row) => Object.values(row)[0]);
  } finally {
    await client.end();
  }
}

function isAlive(pid: number): boolean {
  try {
    return (
      readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
        .split(') ')[1]
        ?.startsWith('Z') === false
    );
  } catch {
    return false;
  }
}

/** A run that starts PostgreSQL, writes a note and is killed without a chance to stop anything. */
async function killedRun(note: string): Promise<number> {
  const here = (name: string) => JSON.stringify(fileURLToPath(new URL(name, import.meta.url)));
  const code = `const { startEmbeddedPostgres } = await import(${here('./embedded.ts')});
    const { createLog } = await import(${here('./log.ts')});
    const { default: pg } = await import('pg');
    const log = createLog({ logLevel: 'error', logFormat: 'json' });
    const { url } = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, log });
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query("insert into notes values ('${note}')");
    process.kill(process.pid, 'SIGKILL');`;
  const args = ['--experimental-strip-types', '--no-warnings', '--input-type=module', '-e', code];
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const child = spawn(process.execPath, args, { cwd, stdio: 'inherit' });
  await once(child, 'exit');
  return Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
}

it('keeps everything from one start to the next', async () => {
  await using(async (url) => {
    await query(url, "insert into notes values ('kept')");
  });
  expect(existsSync(pidFile)).toBe(false);
  await using(async (url) => {
    expect(await query(url, 'select text from notes')).toContain('kept');
  });
});

it('keeps its password to its owner', async () => {
  expect(statSync(join(dataDir, 'postgres-password')).mode & 0o777).toBe(0o600);
  await using(async (url) => {
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
  });
});

it('writes durably, in UTF-8, with the rules of Unicode', async () => {
  await using(async (url) => {
    expect(await query(url, 'show fsync')).toEqual(['on']);
    expect(await query(url, 'show server_encoding')).toEqual(['UTF8']);
    expect(await query(url, "select lower('ÉCOLE ЖУК')")).toEqual(['école жук']);
  });
});

it('stops a PostgreSQL that a killed run has left behind, and loses nothing', async () => {
  const orphan = await killedRun('before the kill');
  expect(isAlive(orphan)).toBe(true);
  await using(async (url) => {
    expect(isAlive(orphan)).toBe(false);
    expect(await query(url, 'select text from notes')).toContain('before the kill');
  });
});

it('recovers when PostgreSQL itself was killed', async () => {
  const orphan = await killedRun('before the crash');
  process.kill(orphan, 'SIGKILL');
  await using(async (url) => {
    expect(await query(url, 'select text from notes')).toContain('before the crash');
  });
});

it('does not take another process with the same number for PostgreSQL', async () => {
  writeFileSync(pidFile, `${String(process.pid)}\n${join(dataDir, 'postgres')}\n1\n5432\n\n127.0.0.1\n`);
  await using(async (url) => {
    expect(await query(url, 'select 1')).toEqual([1]);
  });
});

it('starts again after a first start that was cut short', async () => {
  mkdirSync(join(dataDir, 'again', 'postgres-new', 'base'), { recursive: true });
  const postgres = await startEmbeddedPostgres({ dataDir: join(dataDir, 'again'), log });
  expect(await query(postgres.url, 'select 1')).toEqual([1]);
  await postgres.stop();
});

it('says so when it ends by itself', async () => {
  const ended = Promise.withResolvers<undefined>();
  const postgres = await startEmbeddedPostgres({ dataDir, log, onUnexpectedExit: () => ended.resolve(undefined) });
  process.kill(Number(readFileSync(pidFile, 'utf8').split('\n')[0]), 'SIGQUIT');
  await ended.promise;
  await postgres.stop();
});

it('names what is missing when the password is gone', async () => {
  const file = join(dataDir, 'postgres-password');
  const password = readFileSync(file, 'utf8');
  rmSync(file);
  await expect(startEmbeddedPostgres({ dataDir, log })).rejects.toThrow(/password in .+postgres-password is missing/);
  writeFileSync(file, password, { mode: 0o600 });
});
