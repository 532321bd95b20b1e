import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createApp } from './app.ts';
import { ensureDefaultApp } from './apps/apps.ts';
import { banner } from './banner.ts';
import { loadConfig, readEnvironment, type Config } from './config.ts';
import { createDemo } from './demo.ts';
import { startEmbeddedPostgres } from './embedded.ts';
import { lockFolder } from './folder-lock.ts';
import { createLifecycle, type Lifecycle } from './lifecycle.ts';
import { createLog, type Log } from './log.ts';
import { connectDatabase, type Database } from './orm.ts';
import { VERSION } from './version.ts';

/** Runs the server until a signal ends it. A start that fails says why in one sentence and exits with 1. */
export async function main(): Promise<void> {
  let lifecycle: Lifecycle | undefined;
  try {
    const config = loadConfig(readEnvironment());
    const log = createLog(config);
    lifecycle = createLifecycle(log);
    await start(config, log, lifecycle);
  } catch (error) {
    const why = error instanceof Error ? error : new Error(String(error));
    process.stderr.write(`${why.message}\n`);
    await lifecycle?.end(1);
    process.exitCode = 1;
  }
}

/** Connects to the database, brings its schema up to date, does this work and ends. Exits with 1 where that fails. */
export async function withDatabase(work: (db: Database, log: Log, config: Config) => Promise<void>): Promise<void> {
  const config = loadConfig(readEnvironment());
  const log = createLog(config);
  const lifecycle = createLifecycle(log);
  try {
    const { url } = await openDatabase(config, log, lifecycle);
    const db = await connectDatabase(url, log, config.databasePoolMax);
    lifecycle.onEnd(() => db.close());
    await ensureDefaultApp(db, config.production);
    await work(db, log, config);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    await lifecycle.end(1);
  }
  await lifecycle.end(0);
}

async function start(config: Config, log: Log, lifecycle: Lifecycle): Promise<void> {
  const { url, announceEnd } = await openDatabase(config, log, lifecycle);
  if (lifecycle.isEnding()) return;
  const db = await connectDatabase(url, log, config.databasePoolMax);
  lifecycle.onEnd(() => db.close());
  if (lifecycle.isEnding()) return;
  const app = await createApp(config, log, db);
  lifecycle.onEnd(() => app.close());
  if (lifecycle.isEnding()) return;

  const port = await app.listen(config.port, config.host).catch((error: unknown) => {
    throw listenError(error, config.port, 'PORT');
  });
  const serverUrl = config.port === 0 ? `http://localhost:${String(port)}` : config.publicUrl;
  const demoUrl = config.demoPort === 0 ? null : await startDemo(config, serverUrl, lifecycle);
  if (announceEnd) lifecycle.onEnd(announceEnd);
  log.info({ version: VERSION, server: serverUrl, demo: demoUrl, embedded: config.databaseUrl === null }, 'listening');
  if (!config.production) {
    const out = config.logFormat === 'pretty' ? process.stdout : process.stderr;
    const dataDir = config.databaseUrl === null ? config.dataDir : null;
    out.write(banner({ serverUrl, demoUrl, dataDir, operatorKey: placeOfOperatorKey(config) }));
  }
}

/** The file that the key was made up in, or the variable that gave it. */
function placeOfOperatorKey({ dataDir, operatorKey }: Config): string {
  const file = join(dataDir, 'operator-key');
  const isThere = existsSync(file) && readFileSync(file, 'utf8').trim() === operatorKey;
  return isThere ? file : 'OPERATOR_KEY';
}

interface OpenDatabase {
  url: string;
  announceEnd?: () => void;
}

async function openDatabase(config: Config, log: Log, lifecycle: Lifecycle): Promise<OpenDatabase> {
  if (config.databaseUrl !== null) return { url: config.databaseUrl };
  const lock = await lockFolder(config.dataDir);
  lifecycle.onEnd(lock.release);
  const postgres = await startEmbeddedPostgres({
    dataDir: config.dataDir,
    log,
    onUnexpectedExit: () => {
      log.fatal('the embedded PostgreSQL has ended by itself');
      void lifecycle.end(1);
    },
  });
  lifecycle.onEnd(() => postgres.stop());
  return { url: postgres.url, announceEnd: lock.announceEnd };
}

async function startDemo(config: Config, serverUrl: string, lifecycle: Lifecycle): Promise<string> {
  const demo = createDemo(serverUrl);
  demo.listen(config.demoPort, config.host);
  await once(demo, 'listening').catch((error: unknown) => {
    throw listenError(error, config.demoPort, 'DEMO_PORT');
  });
  lifecycle.onEnd(() => {
    demo.close();
    demo.closeAllConnections();
  });
  return `http://localhost:${String(config.demoPort)}`;
}

function listenError(error: unknown, port: number, variable: string): Error {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const reasons: Record<string, string> = {
    EADDRINUSE: 'another program is using it',
    EACCES: 'this user may not use it',
    EADDRNOTAVAIL: 'this machine does not have the address given as HOST',
  };
  const why = reasons[String(code)] ?? String(error);
  return new Error(`unable to listen on port ${String(port)}; ${why}; set ${variable} to another one`, {
    cause: error,
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
