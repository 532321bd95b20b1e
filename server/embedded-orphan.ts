import { execFileSync } from 'node:child_process';
import { readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from './log.ts';

const FAST_SHUTDOWN_MS = 20_000;
const IMMEDIATE_SHUTDOWN_MS = 10_000;

/** Stops the PostgreSQL which an ended run has left on the folder `cluster`, and removes what a killed one left there. */
export async function stopOrphan(cluster: string, log: Log): Promise<void> {
  const pidFile = join(cluster, 'postmaster.pid');
  const content = await readFile(pidFile, 'utf8').catch(() => '');
  const pid = Number(content.split('\n')[0]);
  if (!content) return;
  if (await isPostgresOf(cluster, pid)) {
    log.warn({ pid }, 'stopping the PostgreSQL that an earlier run has left behind');
    process.kill(pid, 'SIGINT');
    if (!(await isGoneWithin(FAST_SHUTDOWN_MS, cluster, pid))) {
      process.kill(pid, 'SIGQUIT');
      if (!(await isGoneWithin(IMMEDIATE_SHUTDOWN_MS, cluster, pid))) {
        throw new Error(
          `unable to stop the PostgreSQL that an earlier run has left behind; process ${String(pid)} does not end; end it by hand`,
        );
      }
    }
  }
  // PostgreSQL would take any process that has got this number since for itself, and refuse to start.
  await rm(pidFile, { force: true });
}

async function isGoneWithin(milliseconds: number, cluster: string, pid: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (await isPostgresOf(cluster, pid)) {
    if (Date.now() > deadline) return false;
    await delay(50);
  }
  return true;
}

/** Process numbers are used again: only the command line tells whether this one is PostgreSQL on this folder. */
async function isPostgresOf(cluster: string, pid: number): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 1) return false;
  const args = await readCommandLine(pid);
  const folder = args[args.indexOf('-D') + 1];
  if (!args[0]?.includes('postgres') || folder === undefined) return false;
  const [asked, found] = await Promise.all([realpath(cluster), realpath(folder).catch(() => folder)]);
  return asked === found;
}

async function readCommandLine(pid: number): Promise<string[]> {
  try {
    if (process.platform === 'linux') return (await readFile(`/proc/${String(pid)}/cmdline`, 'utf8')).split('\0');
    const line = execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [program = '', rest = ''] = line.split(' -D ', 2);
    return [program, '-D', rest.split(' -p ')[0] ?? ''];
  } catch {
    return [];
  }
}
