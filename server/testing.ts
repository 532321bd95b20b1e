import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client as Pg } from 'pg';
import { io, type Socket } from 'socket.io-client';
import { inject } from 'vitest';
import { createClient, memoryStorage, type Client } from '@co-talk/sdk';
import type { Ack, Id, Me, Problem, Room, SignedIn } from '@co-talk/sdk/protocol';
import type { ActionContext } from './context.ts';
import { createApp, type AppOptions, type RunningApp } from './app.ts';
import { loadConfig, type Config } from './config.ts';
import { createLog } from './log.ts';
import { connectDatabase, type Database } from './orm.ts';

/** Of all apps: nodes on one database share their names. */
let people = 0;

/** What a machine with a lot else to do may take for what is there at once on a quiet one. */
const PATIENCE_MS = 20_000;

const PASSWORD = 'correct horse battery staple';

/** A signed-in person of a test, with an SDK client of their own. */
export interface Person {
  client: Client;
  id: Id;
  nickname: string;
  email: string;
  password: string;
}

/** A signed-in person without the SDK: for what the SDK would never send. */
export interface RawPerson {
  token: string;
  refreshToken: string;
  sessionId: Id;
  user: Me;
}

/** An answer to a raw request. */
export interface Answer<T = unknown> {
  status: number;
  headers: Headers;
  body: T;
}

export interface TestApp {
  url: string;
  app: string;
  config: Config;
  db: Database;
  /** All routes and socket events there are. */
  bound: string[];
  /** What an action works with; of the app `default` unless another is named. */
  context: (appId?: string) => ActionContext;
  /** Signs somebody up through the SDK; waits until they are connected. */
  signUp: (nickname?: string) => Promise<Person>;
  /** A further device of a person. */
  logIn: (person: Person) => Promise<Client>;
  signUpRaw: (nickname?: string, app?: string) => Promise<RawPerson>;
  /** Any request to `/api/v1`. A body that is neither a string nor bytes is sent as JSON. */
  request: <T = unknown>(
    method: string,
    path: string,
    options?: { token?: string; body?: unknown; headers?: Record<string, string> },
  ) => Promise<Answer<T>>;
  /** Two people and their direct room. */
  pairRaw: () => Promise<{ one: RawPerson; other: RawPerson; roomId: Id }>;
  /** A bare Socket.IO client that has heard `hello`. */
  connect: (token: string) => Promise<Socket>;
  /** Makes two people friends; resolves to their direct room. */
  befriend: (one: Person, other: Person) => Promise<Id>;
  /** Ends the server and starts another on the same port and database. */
  restart: () => Promise<void>;
  close: () => Promise<void>;
}

/** Resolves when `check` holds, asked every few milliseconds; rejects with its last error or value after `ms`, which cost nothing where it does. */
export async function eventually<T>(check: () => T | Promise<T>, ms = PATIENCE_MS): Promise<NonNullable<T>> {
  const end = Date.now() + ms;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const value = await check();
      if (value) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw last instanceof Error ? last : new Error(`did not come true: ${check.toString()} was ${String(last)}`);
}

/** Emits with an ack; rejects when none comes for long. */
export async function call<T>(socket: Socket, event: string, ...args: unknown[]): Promise<Ack<T>> {
  return (await socket.timeout(PATIENCE_MS).emitWithAck(event, ...args)) as Ack<T>;
}

/** The next event of this name. */
export async function next<T>(socket: Socket, event: string): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`no ${event} came`));
    }, PATIENCE_MS);
    socket.once(event, (payload: T) => {
      clearTimeout(timer);
      resolve(payload);
    });
  });
}

/** An empty database for one test app, or one part alone. */
export async function createDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = new Pg({ connectionString: inject('databaseUrl') });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const url = new URL(inject('databaseUrl'));
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => {
      // A pool is closed before its last connections are, and nobody hears any more that they were ended by force.
      const isOpen = async () =>
        (await admin.query('select from pg_stat_activity where datname = $1', [name])).rows.length > 0;
      for (let tries = 0; tries < 50 && (await isOpen()); tries += 1) await sleep(20);
      await admin.query(`drop database if exists ${name} with (force)`);
      await admin.end();
    },
  };
}

/**
 * The real app on a free loopback port, with an empty database of its own. `env` is what the process would be given: with the
 * `DATABASE_URL` of another app it is a further node beside that one, to be closed before it.
 */
export async function startTestApp(env: Record<string, string> = {}, options: AppOptions = {}): Promise<TestApp> {
  const own = env['DATABASE_URL'] === undefined ? await createDatabase() : null;
  const databaseUrl = own?.url ?? env['DATABASE_URL'] ?? '';
  const config = loadConfig({
    NODE_ENV: 'test',
    PORT: '0',
    SECRET: 'a secret for tests that is long enough',
    BCRYPT_COST: '4',
    // Tests are many people at one address, in a hurry.
    RATE_LIMIT_FACTOR: '0',
    LOG_LEVEL: 'error',
    DATABASE_URL: databaseUrl,
    // There only once somebody has put something into it.
    DATA_DIR: join(tmpdir(), `co-talk-test-${randomUUID()}`),
    ...env,
  });
  const log = createLog(config);
  let db = await connectDatabase(databaseUrl, log, 5);
  let running = await createApp(config, log, db, options);
  const port = await running.listen(config.port, '127.0.0.1');
  const url = `http://127.0.0.1:${String(port)}`;
  const clients: Client[] = [];
  const sockets: Socket[] = [];
  async function stop(app: RunningApp): Promise<void> {
    await app.close();
    await db.close();
  }

  const request: TestApp['request'] = async (method, path, options = {}) => {
    const headers: Record<string, string> = { ...options.headers };
    if (options.token !== undefined) headers['authorization'] ??= `Bearer ${options.token}`;
    if (options.body !== undefined) headers['content-type'] ??= 'application/json';
    const isReady = typeof options.body === 'string' || options.body instanceof Uint8Array;
    const body = isReady ? (options.body as BodyInit) : JSON.stringify(options.body);
    const init = { method, headers, ...(options.body === undefined ? {} : { body }) };
    const response = await fetch(`${url}/api/v1${path}`, init);
    const text = await response.text();
    const parsed: unknown = text === '' ? undefined : JSON.parse(text);
    return { status: response.status, headers: response.headers, body: parsed as never };
  };

  function newClient(): Client {
    const client = createClient({ server: url, app: 'default', storage: memoryStorage() });
    clients.push(client);
    return client;
  }

  async function connected(client: Client): Promise<void> {
    await eventually(() => client.status.get() === 'online' && client.rooms.store.get().loaded);
  }

  const testApp: TestApp = {
    url,
    app: 'default',
    config,
    get db() {
      return db;
    },
    bound: running.bound,
    context: (appId = 'default') => running.context(appId),
    request,
    signUp: async (nickname = `person${String((people += 1))}`) => {
      const client = newClient();
      const email = `${randomUUID()}@example.com`;
      const me = await client.auth.signUp({ email, password: PASSWORD, nickname });
      await connected(client);
      return { client, id: me.id, nickname, email, password: PASSWORD };
    },
    logIn: async ({ email, password }) => {
      const client = newClient();
      await client.auth.logIn({ email, password });
      await connected(client);
      return client;
    },
    signUpRaw: async (nickname = `raw${String((people += 1))}`, app = 'default') => {
      const body = { app, email: `${randomUUID()}@example.com`, password: PASSWORD, nickname };
      const answer = await request<SignedIn & Problem>('POST', '/auth/signup', { body });
      if (answer.status !== 201) throw new Error(answer.body.detail);
      const { user, session } = answer.body;
      return { token: session.accessToken, refreshToken: session.refreshToken, sessionId: session.sessionId, user };
    },
    pairRaw: async () => {
      const [one, other] = await Promise.all([testApp.signUpRaw(), testApp.signUpRaw()]);
      const room = await request<Room>('POST', '/rooms', {
        token: one.token,
        body: { type: 'direct', userId: other.user.id },
      });
      return { one, other, roomId: room.body.id };
    },
    connect: async (token) => {
      const socket = io(url, {
        auth: { token, protocol: 1 },
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
      });
      sockets.push(socket);
      const failed = once(socket as never, 'connect_error').then(([error]: unknown[]) =>
        Promise.reject(error as Error),
      );
      await Promise.race([next(socket, 'hello'), failed]);
      return socket;
    },
    befriend: async (one, other) => {
      await one.client.friends.request(other.id);
      const incoming = await eventually(() =>
        other.client.friends.store.get().incoming.find((request) => request.from.id === one.id),
      );
      const friend = await other.client.friends.accept(incoming.id);
      await eventually(() => one.client.friends.store.get().friends.some((known) => known.user.id === other.id));
      return friend.roomId;
    },
    restart: async () => {
      await stop(running);
      db = await connectDatabase(databaseUrl, log, 5);
      running = await createApp(config, log, db, options);
      await running.listen(port, '127.0.0.1');
    },
    close: async () => {
      for (const client of clients) client.close();
      for (const socket of sockets) socket.disconnect();
      await stop(running);
      await own?.drop();
      if (env['DATA_DIR'] === undefined) await rm(config.dataDir, { recursive: true, force: true });
    },
  };
  return testApp;
}
