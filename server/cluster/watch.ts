import { performance } from 'node:perf_hooks';
import type { Pool } from 'pg';
import { forgetOldAudit } from '../audit/audit.ts';
import { forgetOldRevocations, readWatch, type Revoked } from '../auth/revocations.ts';
import type { Log } from '../log.ts';

export interface Watch {
  close: () => Promise<void>;
}

interface Needs {
  pool: Pool;
  log: Log;
  onRevoked: (revoked: Revoked) => void;
  onEpoch: (epoch: string) => void;
}

const EVERY_MS = 1_000;
/** Rounds between two cleanings. */
const CLEAN_EVERY = 600;

/** Looks each second into the database for what must not depend on Redis. */
export function createWatch({ pool, log, onRevoked, onEpoch }: Needs): Watch {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let seen = performance.now();
  let rounds = 0;
  let failing = false;

  async function look(): Promise<void> {
    const started = performance.now();
    try {
      const { epoch, revoked } = await readWatch(pool, (started - seen) / 1_000);
      seen = started;
      failing = false;
      for (const one of revoked) onRevoked(one);
      onEpoch(epoch);
      if (rounds % CLEAN_EVERY === 0) {
        await forgetOldRevocations(pool);
        await forgetOldAudit(pool);
      }
      rounds += 1;
    } catch (error) {
      // Once: a database that is away is away for many rounds.
      if (!closed && !failing) log.warn({ err: error }, 'unable to look for ended sessions; will try again');
      failing = true;
    }
    if (!closed) timer = setTimeout(start, Math.max(0, started + EVERY_MS - performance.now()));
  }

  let work: Promise<void> = Promise.resolve();
  function start(): void {
    work = look();
  }

  start();
  return {
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await work;
    },
  };
}
