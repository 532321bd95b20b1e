import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Pool } from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../embedded.ts';
import { createLog } from '../../log.ts';
import { startProxy, type FaultProxy } from './proxy.ts';

/** A PostgreSQL whose line to the servers can fail, and that can itself. */
export interface FaultDatabase {
  /** As the servers reach it: through the line. */
  readonly url: string;
  readonly line: FaultProxy;
  /** Whether it may be stopped: it belongs to this run alone. */
  readonly isOwn: boolean;
  /** Straight, past the line. */
  query: <T extends object>(sql: string, values?: unknown[]) => Promise<T[]>;
  /** A connection of its own, past the line: to hold locks with. */
  connect: () => Promise<Client>;
  /** Ends in order, or (`kill`) at once, and starts again. */
  stop: () => Promise<void>;
  kill: () => Promise<void>;
  start: () => Promise<void>;
  /** Runs `work` on the server's maintenance database while nobody is connected to this one. */
  offline: (work: (admin: Client, name: string) => Promise<unknown>) => Promise<void>;
  close: () => Promise<void>;
}

/** @param shared the address of a PostgreSQL that others use as well; left out, an own one is started, with fsync on */
export async function startDatabase(shared?: string): Promise<FaultDatabase> {
  const own = shared === undefined ? await startOwn() : null;
  const name = own ? 'co_talk' : `faults_${randomUUID().replaceAll('-', '')}`;
  if (shared !== undefined) await asAdmin(shared, (admin) => admin.query(`create database ${name}`));
  const base = () => new URL(own?.url() ?? shared ?? '');
  const direct = () => Object.assign(base(), { pathname: `/${name}` });

  const line = await startProxy(() => (own && !own.isUp() ? null : Number(direct().port)));
  const url = Object.assign(direct(), { hostname: '127.0.0.1', port: String(line.port) }).href;
  let pool = openPool();

  function openPool(): Pool {
    const opened = new Pool({ connectionString: direct().href, max: 3 });
    opened.on('error', () => undefined);
    return opened;
  }

  return {
    url,
    line,
    isOwn: own !== null,
    query: async <T extends object>(sql: string, values: unknown[] = []) => (await pool.query<T>(sql, values)).rows,
    connect: async () => {
      const client = new Client({ connectionString: direct().href });
      client.on('error', () => undefined);
      await client.connect();
      return client;
    },
    stop: async () => {
      await pool.end();
      await own?.stop();
    },
    kill: async () => {
      await pool.end();
      await own?.kill();
    },
    start: async () => {
      await own?.start();
      pool = openPool();
    },
    offline: async (work) => {
      await pool.end();
      await asAdmin(base().href, (admin) => work(admin, name));
      pool = openPool();
    },
    close: async () => {
      await pool.end();
      await line.close();
      if (own) await own.close();
      else await asAdmin(base().href, (admin) => admin.query(`drop database if exists ${name} with (force)`));
    },
  };
}

async function asAdmin(url: string, work: (admin: Client) => Promise<unknown>): Promise<void> {
  const admin = new Client({ connectionString: Object.assign(new URL(url), { pathname: '/postgres' }).href });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

async function startOwn() {
  const dataDir = await mkdtemp(join(tmpdir(), 'co-talk-faults-'));
  const log = createLog({ logLevel: 'error', logFormat: 'pretty' });
  let running: EmbeddedPostgres | null = null;
  const start = async () => {
    running = await startEmbeddedPostgres({ dataDir, log });
  };
  const stop = async () => {
    const stopping = running;
    running = null;
    await stopping?.stop();
  };
  await start();
  let url = '';
  return {
    isUp: () => running !== null,
    url: () => (url = running?.url ?? url),
    start,
    stop,
    kill: async () => {
      const [pid = ''] = (await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
      process.kill(Number(pid), 'SIGKILL');
      await stop();
    },
    close: async () => {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
