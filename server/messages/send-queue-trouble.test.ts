import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, type Client as Pg } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { toAppError, toWireError } from '../errors.ts';
import { SEND_CONNECTIONS, type Database } from '../orm.ts';
import { eventually } from '../testing.ts';
import { createSendQueue, type SendQueue } from './send-queue.ts';
import { createSendStore } from './send-store.ts';
import { log, message, startQueue, type QueueAlone } from '../testing-queue.ts';

// What the database and the line to it do to the queue: overload, killed backends, lost answers, silence.

let alone: QueueAlone;
let db: Database;
let queue: SendQueue;
let locker: Pg;
let url: URL;
let room: QueueAlone['room'];
const cleanUps: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  alone = await startQueue();
  ({ db, queue, locker, url, room } = alone);
});

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

afterAll(() => alone.close());

const stored = async (roomId: string): Promise<string[]> => {
  const { rows } = await db.ownPool.query<{ text: string }>(
    'select text from messages where room_id = $1 order by seq',
    [roomId],
  );
  return rows.map((row) => row.text);
};

const isRetryable = (error: unknown): boolean => toWireError(toAppError(error)).retryable;

/** A line to the database that can lose its answers, or fall silent for good. */
async function brokenLine(): Promise<{ queue: SendQueue; lose: (how: 'answers' | 'everything' | 'nothing') => void }> {
  let lost: 'answers' | 'everything' | 'nothing' = 'nothing';
  const sockets = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(Number(url.port), url.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (chunk) => lost !== 'everything' && far.write(chunk));
    far.on('data', (chunk) => {
      if (lost === 'answers') near.destroy();
      else if (lost === 'nothing') near.write(chunk);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String((proxy.address() as AddressInfo).port);
  const { options } = db.sendPool;
  const pool = new Pool({
    ...options,
    connectionString: through.href,
    connectionTimeoutMillis: 500,
    query_timeout: 500,
  });
  pool.on('error', () => undefined);
  cleanUps.push(async () => {
    await pool.end();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => proxy.close(resolve));
  });
  return {
    queue: createSendQueue(createSendStore(pool), log),
    lose: (how) => {
      lost = how;
    },
  };
}

test('no connection that stores waits, works or idles in a transaction for ever', async () => {
  const { rows } = await db.sendPool.query<Record<string, string>>(
    `select current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement,
       current_setting('idle_in_transaction_session_timeout') as idle`,
  );
  expect(rows).toEqual([{ lock: '5s', statement: '15s', idle: '10s' }]);
  expect(db.sendPool.options.query_timeout).toBeGreaterThan(15_000);
});

test('an app that has its share waiting is asked to come back, and no other app is', async () => {
  const busy = await room();
  const free = await room('another');
  await locker.query('begin');
  await locker.query('select from chat_rooms where id = $1 for update', [busy.roomId]);
  const waiting = Array.from({ length: 10_000 }, (_, index) =>
    queue.send(message(busy.roomId, busy.one, String(index))),
  );
  await expect(queue.send(message(busy.roomId, busy.one, 'too many'))).rejects.toMatchObject({
    code: 'overloaded',
    retryAfterMs: 1000,
  });
  expect(await queue.send(message(free.roomId, free.one, 'mine', { appId: 'another' }))).toMatchObject({
    outcome: 'new',
    seq: 1,
  });
  await locker.query('commit');
  const sent = await Promise.all(waiting);
  expect(sent.map(({ seq }) => seq)).toEqual(Array.from({ length: 10_000 }, (_, index) => index + 1));
  expect(await queue.send(message(busy.roomId, busy.one, 'too many'))).toMatchObject({ outcome: 'new', seq: 10_001 });
});

test('a backend that is killed while it waits loses nothing', async () => {
  const busy = await room();
  await locker.query('begin');
  await locker.query('select from chat_rooms where id = $1 for update', [busy.roomId]);
  const texts = Array.from({ length: 10 }, (_, index) => String(index));
  const sent = Promise.allSettled(texts.map((text) => queue.send(message(busy.roomId, busy.one, text))));
  await eventually(async () => {
    const { rowCount } = await db.ownPool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = $1 and wait_event_type = 'Lock' and query like '%send_messages%'`,
      [url.pathname.slice(1)],
    );
    return rowCount;
  });
  await locker.query('commit');
  const results = await sent;
  // What that backend had in hand may be sent again, the rest does not notice.
  const again = texts.filter((_, index) => results[index]?.status === 'rejected');
  expect(again.length).toBeLessThanOrEqual(1);
  for (const text of again) await queue.send(message(busy.roomId, busy.one, text));
  expect((await stored(busy.roomId)).sort()).toEqual(texts);
});

test('a lost answer leaves the outcome open: it may be asked for again, and then says what happened', async () => {
  const { roomId, one } = await room();
  const line = await brokenLine();
  await line.queue.send(message(roomId, one, 'before'));
  line.lose('answers');
  await expect(line.queue.send(message(roomId, one, 'lost'))).rejects.toSatisfy(isRetryable);
  expect(await stored(roomId)).toEqual(['before', 'lost']);
  line.lose('nothing');
  expect(await line.queue.send(message(roomId, one, 'lost'))).toMatchObject({ outcome: 'duplicate', seq: 2 });
  expect(await line.queue.send(message(roomId, one, 'after'))).toMatchObject({ outcome: 'new', seq: 3 });
});

test('a database that has fallen silent is given up, and asked again', async () => {
  const { roomId, one } = await room();
  const line = await brokenLine();
  await line.queue.send(message(roomId, one, 'before'));
  line.lose('everything');
  await expect(line.queue.send(message(roomId, one, 'unheard'))).rejects.toSatisfy(isRetryable);
  line.lose('nothing');
  await eventually(async () => (await line.queue.send(message(roomId, one, 'unheard'))).seq === 2);
  expect(await stored(roomId)).toEqual(['before', 'unheard']);
});

test('a room that there is not is refused at once, however many others are waited for', async () => {
  const rooms = await Promise.all(Array.from({ length: SEND_CONNECTIONS }, () => room()));
  await locker.query('begin');
  cleanUps.push(() => locker.query('rollback'));
  await locker.query('select from chat_rooms where id = any($1) for no key update', [
    rooms.map(({ roomId }) => roomId),
  ]);
  const behind = rooms.map(({ roomId, one }) => queue.send(message(roomId, one, 'behind')));
  const nowhere = queue.send(message(uuidv7(), uuidv7(), 'nowhere')).then(
    () => 'stored',
    (error: unknown) => toAppError(error).code,
  );
  const code = await Promise.race([nowhere, sleep(3_000, 'no answer')]);
  await locker.query('commit');
  expect(code).toBe('not_found');
  await Promise.all(behind);
});
