import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client as Pg } from 'pg';
import type { TestProject } from 'vitest/node';
import { createApp } from '../server/app.ts';
import { loadConfig } from '../server/config.ts';
import { createLog } from '../server/log.ts';
import { connectDatabase } from '../server/orm.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The server that the pages of the tests talk to. */
    serverUrl: string;
    /** Its database. */
    serverDatabaseUrl: string;
  }
}

/** The real app on a free loopback port, with an empty database: one for all pages of a test run. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (!project.vitest.projects.some(({ name }) => name.startsWith('widget'))) return undefined;
  const { databaseUrl } = project.getProvidedContext();
  const database = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = new Pg({ connectionString: databaseUrl });
  await admin.connect();
  await admin.query(`create database ${database}`);
  const url = new URL(databaseUrl);
  url.pathname = `/${database}`;
  const config = loadConfig({
    NODE_ENV: 'test',
    PORT: '0',
    SECRET: 'a secret for tests that is long enough',
    BCRYPT_COST: '4',
    RATE_LIMIT_FACTOR: '0',
    LOG_LEVEL: 'error',
    DATABASE_URL: url.href,
    DATA_DIR: join(tmpdir(), database),
  });
  const log = createLog(config);
  const db = await connectDatabase(url.href, log, 10);
  const app = await createApp(config, log, db);
  const port = await app.listen(0, '127.0.0.1');
  project.provide('serverUrl', `http://127.0.0.1:${String(port)}`);
  project.provide('serverDatabaseUrl', url.href);
  return async () => {
    await app.close();
    await db.close();
    await admin.query(`drop database ${database}`);
    await admin.end();
    await rm(config.dataDir, { recursive: true, force: true });
  };
}
