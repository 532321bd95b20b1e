import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from './embedded.ts';
import { stopOrphan } from './embedded-orphan.ts';
import { createLog, type Log } from './log.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A PostgreSQL in which tests may create databases of their own. */
    databaseUrl: string;
  }
}

const cacheDir = fileURLToPath(new URL('../.cache/', import.meta.url));
const PREFIX = 'test-postgres-';

/** One throw-away PostgreSQL for a whole test run, unless `DATABASE_URL` names one. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const { DATABASE_URL } = process.env;
  if (DATABASE_URL) {
    project.provide('databaseUrl', DATABASE_URL);
    return undefined;
  }
  const log = createLog({ logLevel: 'warn', logFormat: 'pretty' });
  await removeLeftovers(log);
  const dataDir = join(cacheDir, `${PREFIX}${String(process.pid)}`);
  const postgres = await startEmbeddedPostgres({ dataDir, log, settings: { max_connections: '400', fsync: 'off' } });
  project.provide('databaseUrl', postgres.url);
  return async () => {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}

/** A test run that was killed leaves its PostgreSQL behind. */
async function removeLeftovers(log: Log): Promise<void> {
  for (const name of existsSync(cacheDir) ? readdirSync(cacheDir) : []) {
    if (!name.startsWith(PREFIX) || isAlive(Number(name.slice(PREFIX.length)))) continue;
    await stopOrphan(join(cacheDir, name, 'postgres'), log);
    await rm(join(cacheDir, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
