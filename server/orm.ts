import { Migrator } from '@mikro-orm/migrations';
import { MikroORM, type EntityManager } from '@mikro-orm/postgresql';
import { Client, Pool } from 'pg';
import { v4 as uuidv4 } from 'uuid';
import { AppKey } from './apps/app-key.entity.ts';
import { App, Installation } from './apps/app.entity.ts';
import { OperatorSession } from './apps/operator-session.entity.ts';
import { AuditEntry } from './audit/audit.entity.ts';
import { Revocation } from './auth/revocation.entity.ts';
import { RefreshToken, Session } from './auth/session.entity.ts';
import { Attachment, StoredFile } from './files/file.entity.ts';
import { Block, Friend, FriendRequest } from './friends/friend.entity.ts';
import type { Log } from './log.ts';
import { Mail, MailToken } from './mail/mail.entity.ts';
import { Message } from './messages/message.entity.ts';
import { Reaction } from './messages/reaction.entity.ts';
import { migrations } from './migrations/index.ts';
import { Report } from './reports/report.entity.ts';
import { RoomInvite } from './rooms/invite.entity.ts';
import { Room, RoomMember, RoomPicture } from './rooms/room.entity.ts';
import { MessageTerms, SearchPosition } from './search/search.entity.ts';
import { createRead, type Read } from './statements.ts';
import { Avatar } from './users/avatar.entity.ts';
import { Erasure } from './users/erasure.entity.ts';
import { User } from './users/user.entity.ts';
import { Webhook, WebhookDelivery } from './webhooks/webhook.entity.ts';

const perApp = [
  AppKey,
  AuditEntry,
  User,
  Session,
  RefreshToken,
  Revocation,
  Friend,
  FriendRequest,
  Block,
  Room,
  RoomMember,
  RoomPicture,
  RoomInvite,
  Message,
  Reaction,
  MessageTerms,
  SearchPosition,
  Mail,
  MailToken,
  Avatar,
  StoredFile,
  Attachment,
  Erasure,
  Webhook,
  WebhookDelivery,
  Report,
];

/** Limits of every connection, so that nothing waits or holds a lock for ever. Milliseconds. */
const TIMEOUTS = {
  connectionTimeoutMillis: 10_000,
  lock_timeout: 5_000,
  statement_timeout: 15_000,
  idle_in_transaction_session_timeout: 10_000,
  // A database that has fallen silent, or is out of reach, stops nothing by itself.
  query_timeout: 20_000,
  // Compiling what is asked briefly and often takes longer than to answer it.
  options: '-c jit=off',
};

/** One row, `epoch`. */
export const SELECT_EPOCH = `
  select i.epoch || '.' || s.system_identifier || '.' || c.timeline_id as epoch
  from installation i, pg_control_system() s, pg_control_checkpoint() c`;

/** What {@link alone} locks: any number that nobody else in this database uses. */
const MIGRATION_LOCK = 4_267_251;

/** One that stores, and those that wait for rooms whose lock somebody holds. */
export const SEND_CONNECTIONS = 5;

const OWN_CONNECTIONS = 2;

export interface Database {
  orm: MikroORM;
  /** {@link SEND_CONNECTIONS} of the hot path's own, so that sends never queue behind reads. */
  sendPool: Pool;
  /** For what the server does by itself: it must come in time however busy the others are. */
  ownPool: Pool;
  /** An EntityManager of its own that sees only this app's rows; fork one per request and per socket event. */
  fork: (appId: string) => EntityManager;
  /** For what is asked all the time; see {@link Read}. */
  read: Read;
  /** Names of the entities that the app filter holds for, and of their tables. */
  filtered: string[];
  tables: string[];
  /** Installation uuid + PostgreSQL's system identifier + timeline: another one means another history. */
  epoch: () => Promise<string>;
  close: () => Promise<void>;
}

/** The ORM as the server and the migration script use it. */
export function createOrm(url: string, log: Log, poolMax: number): MikroORM {
  return new MikroORM({
    clientUrl: url,
    entities: [App, Installation, OperatorSession, ...perApp],
    extensions: [Migrator],
    migrations: {
      migrationsList: migrations,
      path: 'server/migrations',
      snapshot: false,
      emit: 'ts',
      tableName: 'migrations',
    },
    // Functions and triggers are written by hand in migrations.
    schemaGenerator: { ignoreRoutines: true, ignoreTriggers: true },
    filters: {
      app: {
        name: 'app',
        cond: (args: { appId?: string }) => {
          if (!args.appId) throw new Error('a query without an app: fork the EntityManager with Database.fork');
          return { appId: args.appId };
        },
        entity: perApp.map((entity) => entity.meta.className),
        default: true,
      },
    },
    driverOptions: TIMEOUTS,
    pool: { min: 0, max: poolMax },
    forceUtcTimezone: true,
    logger: (message) => {
      log.debug(message);
    },
    colors: false,
  });
}

/**
 * Connects, and brings the schema up to date.
 *
 * @param url `postgresql://…`
 * @throws an Error with one sentence when the database cannot be reached.
 */
export async function connectDatabase(url: string, log: Log, poolMax: number): Promise<Database> {
  const orm = createOrm(url, log, poolMax);
  try {
    await orm.connect();
    await orm.em.fork().execute('select 1');
  } catch (error) {
    await orm.close();
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`unable to reach the database; ${why}; check DATABASE_URL`, { cause: error });
  }
  await alone(url, () => orm.migrator.up());
  const openPool = (max: number) => {
    const pool = new Pool({ connectionString: url, max, ...TIMEOUTS });
    pool.on('error', (error) => {
      if (!pool.ending) log.warn({ err: error }, 'an idle database connection broke');
    });
    return pool;
  };
  const sendPool = openPool(SEND_CONNECTIONS);
  const ownPool = openPool(OWN_CONNECTIONS);
  const read = await createRead(orm);
  const em = orm.em.fork();
  await em.execute('insert into installation (id, epoch) values (1, ?) on conflict do nothing', [uuidv4()]);
  return {
    orm,
    sendPool,
    ownPool,
    read,
    fork: (appId) => {
      const fork = orm.em.fork();
      fork.setFilterParams('app', { appId });
      return fork;
    },
    filtered: perApp.map((entity) => entity.meta.className),
    tables: perApp.map((entity) => entity.meta.tableName),
    epoch: async () => {
      const [row] = await em.execute<{ epoch: string }[]>(`select epoch from (${SELECT_EPOCH}) e`);
      if (!row) throw new Error('unable to start; the database has no installation row; restore it or migrate again');
      return row.epoch;
    },
    close: async () => {
      await Promise.all([sendPool.end(), ownPool.end()]);
      await orm.close();
    },
  };
}

/** Several servers may start at the same moment: one migrates, the others find it done. */
async function alone(url: string, work: () => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url });
  // Whatever breaks it, the next query says so.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('begin');
    await client.query('set local idle_in_transaction_session_timeout = 0');
    await client.query('set local statement_timeout = 0');
    await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await work();
  } finally {
    await client.end();
  }
}
