import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** A program that a test has started. */
export interface Run {
  readonly process: ChildProcess;
  /** Everything it has written so far, to both outputs. */
  output(): string;
  /** Resolves as soon as the output matches; rejects when the program ends first. */
  saying(pattern: RegExp): Promise<void>;
  /** Resolves with its exit code when it has ended; `null` where a signal ended it. */
  readonly ended: Promise<number | null>;
}

const runs = new Set<Run>();

/** Starts a program in a process group of its own, as a terminal would. */
export function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}, cwd = root): Run {
  const child = spawn(command, args, {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A test run has settings of its own, which must not reach what it starts.
    env: { ...process.env, NODE_ENV: '', VITEST: '', DATABASE_URL: '', ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  }
  const ended = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  const started: Run = {
    process: child,
    output: () => output,
    ended,
    saying: async (pattern) => {
      while (!pattern.test(output)) {
        if (child.exitCode !== null || child.signalCode !== null) {
          await ended;
          if (pattern.test(output)) return;
          throw new Error(`${command} ended without saying ${String(pattern)}:\n${output}`);
        }
        await delay(20);
      }
    },
  };
  runs.add(started);
  void ended.then(() => runs.delete(started));
  return started;
}

/** Ends whatever a test has left running. */
export async function endAllRuns(): Promise<void> {
  const ending = [...runs].map(async (left) => {
    left.process.kill('SIGTERM');
    await Promise.race([left.ended, delay(35_000, undefined, { ref: false })]);
    if (runs.has(left) && left.process.pid !== undefined) process.kill(-left.process.pid, 'SIGKILL');
  });
  await Promise.all(ending);
}

/** A port nobody listens on, with the one after it free as well. */
export async function findFreePorts(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  const free = await new Promise<boolean>((resolve) => {
    probe.once('error', () => {
      resolve(false);
    });
    probe.listen(port, '127.0.0.1', () => {
      resolve(true);
    });
  });
  probe.close();
  return free;
}

/** The PostgreSQL that runs on a data folder, if one does. */
export function postgresOf(dataDir: string): number | null {
  const file = join(dataDir, 'postgres', 'postmaster.pid');
  if (!existsSync(file)) return null;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  return isAlive(pid) ? pid : null;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A killed process stays in the list until its parent has looked; it is none for us.
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'));
}
