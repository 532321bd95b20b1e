import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockFolder } from './folder-lock.ts';

let folder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'co-talk-lock-'));
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Another process that takes the folder and says so. */
async function lockElsewhere(): Promise<ChildProcess> {
  const module = fileURLToPath(new URL('./folder-lock.ts', import.meta.url));
  const code = `const { lockFolder } = await import(${JSON.stringify(module)});
    await lockFolder(${JSON.stringify(folder)});
    console.log('locked');
    setInterval(() => {}, 1000);`;
  const args = ['--experimental-strip-types', '--no-warnings', '--input-type=module', '-e', code];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

it('gives the folder to one process at a time', async () => {
  const holder = await lockElsewhere();
  await expect(lockFolder(folder)).rejects.toThrow(
    `unable to start; another Co-Talk server (process ${String(holder.pid)}) is running on ${folder}`,
  );
});

it('gives it back without a trace', async () => {
  const lock = await lockFolder(folder);
  lock.release();
  expect(readdirSync(folder)).toEqual([]);
  (await lockFolder(folder)).release();
});

it('waits for a process that is ending', async () => {
  const lock = await lockFolder(folder);
  lock.announceEnd();
  let taken = false;
  const next = lockFolder(folder).then(() => (taken = true));
  await delay(200);
  expect(taken).toBe(false);
  lock.release();
  await next;
});

it('takes it from a process that was killed', async () => {
  const holder = await lockElsewhere();
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  await expect(lockFolder(folder)).resolves.toBeDefined();
});

it('takes it although another process has got the same number since', async () => {
  const holder = await lockElsewhere();
  const file = join(folder, 'server.lock');
  const owner = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; started: string };
  writeFileSync(file, JSON.stringify({ ...owner, pid: holder.pid, started: 'long ago' }));
  await expect(lockFolder(folder)).resolves.toBeDefined();
});

it.each(['', 'not json', '{}', '{"pid":-1,"started":""}'])(
  'takes it when what was left there is %j',
  async (content) => {
    writeFileSync(join(folder, 'server.lock'), content);
    await expect(lockFolder(folder)).resolves.toBeDefined();
  },
);
