import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

const ownerSchema = z.object({
  pid: z.number().int().positive(),
  started: z.string(),
  ending: z.boolean().default(false),
});
type Owner = z.output<typeof ownerSchema>;

export interface FolderLock {
  /** Lets the next one wait for the folder instead of giving up. */
  announceEnd: () => void;
  release: () => void;
}

/** Long enough for another process that takes over the same lock to have written its name too. */
const TAKE_OVER_MS = 100;
/** A little more than a server takes to end. */
const ENDING_MS = 35_000;

/**
 * Takes the data folder for this process alone, whatever a process that has ended without a word has left there.
 *
 * @throws when another server that is still running has it
 */
export async function lockFolder(dataDir: string): Promise<FolderLock> {
  const file = join(dataDir, 'server.lock');
  const self: Owner = { pid: process.pid, started: startOf(process.pid) ?? '', ending: false };
  const write = (owner: Owner, flag: 'w' | 'wx') => {
    writeFileSync(file, JSON.stringify(owner), { flag });
  };
  await waitWhileEnding(file);
  try {
    write(self, 'wx');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const owner = readOwner(file);
    if (owner && isRunning(owner)) throw alreadyRunning(dataDir, owner);
    write(self, 'w');
    await delay(TAKE_OVER_MS);
    const winner = readOwner(file);
    if (winner && winner.pid !== self.pid) throw alreadyRunning(dataDir, winner);
  }
  return {
    announceEnd: () => {
      write({ ...self, ending: true }, 'w');
    },
    release: () => {
      rmSync(file, { force: true });
    },
  };
}

async function waitWhileEnding(file: string): Promise<void> {
  const deadline = Date.now() + ENDING_MS;
  for (;;) {
    const owner = readOwner(file);
    if (!owner?.ending || !isRunning(owner) || Date.now() > deadline) return;
    await delay(50);
  }
}

function alreadyRunning(dataDir: string, { pid }: Owner): Error {
  return new Error(
    `unable to start; another Co-Talk server (process ${String(pid)}) is running on ${dataDir}; stop it, or set DATA_DIR and PORT for a second one`,
  );
}

function readOwner(file: string): Owner | null {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Process numbers are used again; number and time of start together are not. */
function isRunning(owner: Owner): boolean {
  return startOf(owner.pid) === owner.started;
}

function startOf(pid: number): string | null {
  try {
    if (process.platform === 'linux') {
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
      // The program's name comes second, in brackets, and may contain anything.
      const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return state === 'Z' ? null : `${boot} ${fields[18] ?? ''}`;
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim() || null;
  } catch {
    return null;
  }
}
