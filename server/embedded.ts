import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { findPostgresHost, type PostgresHost } from './embedded-host.ts';
import { stopOrphan } from './embedded-orphan.ts';
import type { Log } from './log.ts';

export interface EmbeddedPostgres {
  /** Address of the database, with its password. */
  readonly url: string;
  /** Lets running transactions end in a rollback, writes a checkpoint and resolves when PostgreSQL is gone. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  dataDir: string;
  log: Log;
  /** PostgreSQL settings that differ from the defaults here. */
  settings?: Record<string, string>;
  /** Called when PostgreSQL ends although nobody has asked it to. */
  onUnexpectedExit?: () => void;
}

const USER = 'co_talk';
const DATABASE = 'co_talk';
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;
const START_ATTEMPTS = 5;

const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  jit: 'off',
  log_line_prefix: '',
  // Statements and details carry what people wrote; the server logs its own errors without it.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

/**
 * Starts PostgreSQL from npm on a free loopback port, with its files below `dataDir`. A PostgreSQL that an ended run
 * has left behind on the same folder is stopped first, so the caller must hold the folder for itself.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const cluster = join(options.dataDir, 'postgres');
  await mkdir(options.dataDir, { recursive: true });
  const host = await findPostgresHost(options.dataDir);
  const password = await readOrCreatePassword(options.dataDir);
  if (!(await exists(join(cluster, 'PG_VERSION')))) await createCluster(host, options.dataDir, cluster, password);
  await stopOrphan(cluster, options.log);

  for (let attempt = 1; ; attempt += 1) {
    const port = await findFreePort();
    const server = startServer(host, cluster, port, options);
    const url = `postgres://${USER}:${password}@127.0.0.1:${String(port)}/`;
    try {
      await waitUntilReady(server, `${url}postgres`);
      await createDatabase(`${url}postgres`);
      return { url: url + DATABASE, stop: server.stop };
    } catch (error) {
      await server.stop();
      // Another program may have taken the port; children of a killed PostgreSQL may need a moment to notice.
      if (attempt === START_ATTEMPTS || !/already in use|still in use/.test(String(error))) throw error;
      await delay(500 * attempt);
    }
  }
}

async function readOrCreatePassword(dataDir: string): Promise<string> {
  const file = join(dataDir, 'postgres-password');
  if (!(await exists(file))) {
    if (await exists(join(dataDir, 'postgres', 'PG_VERSION'))) {
      throw new Error(`unable to start the embedded PostgreSQL; its password in ${file} is missing; restore that file`);
    }
    await writeFile(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  }
  return (await readFile(file, 'utf8')).trim();
}

async function createCluster(host: PostgresHost, dataDir: string, cluster: string, password: string): Promise<void> {
  // Built aside and renamed when complete, so that a start which was cut short leaves no half cluster.
  const building = `${cluster}-new`;
  const passwordFile = `${building}-password`;
  await rm(building, { recursive: true, force: true });
  await mkdir(building, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (host.owner) {
    await chown(building, host.owner.uid, host.owner.gid);
    await chown(passwordFile, host.owner.uid, host.owner.gid);
  }
  try {
    const args = [
      `--pgdata=${building}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      // Unicode rules that come with PostgreSQL: the same on every system, whatever locales it has.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ];
    const initdb = host.spawn(host.initdb, args, { cwd: dataDir, env: {}, stdio: ['ignore', 'ignore', 'pipe'] });
    const output = collectLines(initdb);
    const [code] = (await once(initdb, 'close')) as [number | null];
    if (code !== 0) throw new Error(`unable to create the embedded database; ${output.join(' ')}`);
    await rename(building, cluster);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

interface Server {
  readonly process: ChildProcess;
  /** What PostgreSQL said last. */
  readonly lines: string[];
  stop(this: void): Promise<void>;
}

function startServer(host: PostgresHost, cluster: string, port: number, options: EmbeddedOptions): Server {
  const settings = Object.entries({ ...SETTINGS, ...options.settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const child = host.spawn(host.postgres, ['-D', cluster, '-p', String(port), ...settings], {
    cwd: cluster,
    env: {},
    // A group of its own: Ctrl-C in the terminal must not reach PostgreSQL before the server has let go of it.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let ready = false;
  let stopping = false;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', resolve);
    child.once('error', () => {
      resolve();
    });
  });
  const lines = collectLines(child, (line) => {
    ready ||= line.includes('ready to accept connections');
    if (!ready || stopping || !/^(WARNING|FATAL|PANIC):(?!.*starting up)/.test(line))
      options.log.debug({ source: 'postgres' }, line);
    else options.log.warn({ source: 'postgres' }, line);
  });
  const endWithProcess = () => child.kill('SIGINT');
  process.once('exit', endWithProcess);
  void exited.then(() => {
    process.removeListener('exit', endWithProcess);
    if (!stopping) options.onUnexpectedExit?.();
  });

  return {
    process: child,
    lines,
    stop: async () => {
      stopping = true;
      child.kill('SIGINT');
      const timer = setTimeout(() => child.kill('SIGQUIT'), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

function collectLines(child: ChildProcess, onLine?: (line: string) => void): string[] {
  const lines: string[] = [];
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line);
      if (lines.length > 20) lines.shift();
      onLine?.(line);
    });
  }
  return lines;
}

async function waitUntilReady(server: Server, url: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const problem = await tryConnecting(url);
    if (!problem) return;
    if (server.process.exitCode !== null || server.process.signalCode !== null || Date.now() > deadline) {
      // The last lines may still be on their way through the pipe.
      await delay(50);
      const reason = server.lines.find((line) => line.startsWith('FATAL:')) ?? server.lines.at(-1) ?? problem;
      throw new Error(
        `unable to start the embedded PostgreSQL; ${server.lines.find((l) => /in use/.test(l)) ?? reason}`,
      );
    }
    await delay(25);
  }
}

async function tryConnecting(url: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.end();
    return null;
  } catch (error) {
    return String(error);
  }
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (!rowCount) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('unable to find a free port; none was given');
  return address.port;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
