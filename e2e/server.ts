import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client as Pg } from 'pg';
import { findFreePorts, isAlive, postgresOf, root, run, type Run } from '../scripts/testing.ts';

/** The built server with an embedded PostgreSQL and the demo site, as `npm start` runs it. */
export interface TestServer {
  url: string;
  siteUrl: string;
  /** Ends the process without a word to it; its PostgreSQL keeps running. */
  kill: () => Promise<void>;
  /** The same, and its PostgreSQL as well. */
  killAll: () => Promise<void>;
  /** Starts it again, on the same ports and data. */
  start: () => Promise<void>;
  /** A query to its database. */
  sql: (text: string, values?: unknown[]) => Promise<void>;
}

export async function startServer(dataDir: string, env: NodeJS.ProcessEnv = {}): Promise<TestServer> {
  const port = await findFreePorts();
  let server: Run;
  const start = async () => {
    server = run(process.execPath, [join(root, 'server', 'dist', 'main.js')], {
      PORT: String(port),
      DATA_DIR: dataDir,
      ...env,
    });
    await server.saying(/Co-Talk is running/);
  };
  const kill = async () => {
    server.process.kill('SIGKILL');
    await server.ended;
  };
  await start();
  return {
    url: `http://localhost:${port}`,
    siteUrl: `http://localhost:${port + 1}/`,
    start,
    kill,
    killAll: async () => {
      const postgres = postgresOf(dataDir);
      if (postgres !== null) process.kill(postgres, 'SIGKILL');
      await kill();
      while (postgres !== null && isAlive(postgres)) await delay(20);
    },
    sql: async (text, values = []) => {
      // PostgreSQL notes its port on the fourth line.
      const [, , , dbPort] = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
      const password = readFileSync(join(dataDir, 'postgres-password'), 'utf8').trim();
      const pg = new Pg(`postgres://co_talk:${password}@127.0.0.1:${String(dbPort)}/co_talk`);
      await pg.connect();
      try {
        await pg.query(text, values);
      } finally {
        await pg.end();
      }
    },
  };
}
