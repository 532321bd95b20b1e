import { Pool, type Client as Pg } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../orm.ts';
import { markBlocked } from '../rooms/direct.ts';
import { createSendQueue, type SendQueue } from './send-queue.ts';
import { createSendStore } from './send-store.ts';
import { log, message, startQueue, type QueueAlone } from '../testing-queue.ts';

let alone: QueueAlone;
let db: Database;
let queue: SendQueue;
let locker: Pg;
let room: QueueAlone['room'];
beforeAll(async () => {
  alone = await startQueue();
  ({ db, queue, locker, room } = alone);
});
afterAll(() => alone.close());

async function stored(roomId: string): Promise<{ seq: number; rev: number; text: string }[]> {
  const { rows } = await admin_(roomId);
  return rows;
}

const admin_ = (roomId: string) =>
  locker.query<{ seq: number; rev: number; text: string }>(
    'select seq, rev, text from messages where room_id = $1 order by seq',
    [roomId],
  );

test('many senders in many rooms at once get dense positions, in the order of their calls', async () => {
  const rooms = await Promise.all(Array.from({ length: 8 }, () => room()));
  const sends = Array.from({ length: 100 }, (_, index) =>
    rooms.map(({ roomId, one, other }) => queue.send(message(roomId, index % 2 ? one : other, `m${String(index)}`))),
  );
  await Promise.all(sends.flat());
  for (const { roomId } of rooms) {
    const rows = await stored(roomId);
    expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    expect(rows.map((row) => row.text)).toEqual(Array.from({ length: 100 }, (_, index) => `m${String(index)}`));
    expect(rows.map((row) => row.rev)).toEqual(Array.from({ length: 100 }, (_, index) => index + 2));
  }
});

test('fifty sends of one client id are one message, in one batch and later', async () => {
  const { roomId, one } = await room();
  const together = await Promise.all(Array.from({ length: 50 }, () => queue.send(message(roomId, one, 'same'))));
  const later = await queue.send(message(roomId, one, 'same'));
  expect(together.filter((sent) => sent.outcome === 'new')).toHaveLength(1);
  expect(new Set([...together, later].map((sent) => sent.seq))).toEqual(new Set([1]));
  const next = await queue.send(message(roomId, one, 'another'));
  expect(next.seq).toBe(2);
});

test('two people may use the same client id', async () => {
  const { roomId, one, other } = await room();
  const sent = await Promise.all([
    queue.send(message(roomId, one, 'same')),
    queue.send(message(roomId, other, 'same')),
  ]);
  expect(sent.map((answer) => [answer.outcome, answer.seq])).toEqual([
    ['new', 1],
    ['new', 2],
  ]);
});

test('a stranger, a former member, an unknown room and another app get the same answer', async () => {
  const { roomId, one, other } = await room();
  await locker.query('update chat_room_members set left_at = now() where room_id = $1 and user_id = $2', [
    roomId,
    other,
  ]);
  const refused = [
    message(roomId, uuidv7(), 'x'),
    message(roomId, other, 'x'),
    message(uuidv7(), one, 'x'),
    message(roomId, one, 'x', { appId: 'another' }),
  ];
  for (const send of refused) await expect(queue.send(send)).rejects.toMatchObject({ code: 'not_found' });
  expect(await stored(roomId)).toEqual([]);
});

test('a block in either direction refuses, and a message sent before it keeps its answer', async () => {
  const { roomId, one, other } = await room();
  const before = await queue.send(message(roomId, one, 'before'));
  await locker.query('insert into blocks (user_id, blocked_id, app_id, created_at) values ($1, $2, $3, now())', [
    other,
    one,
    'default',
  ]);
  await markBlocked(db.fork('default'), 'default', one, other);
  await expect(queue.send(message(roomId, one, 'after'))).rejects.toMatchObject({ code: 'blocked' });
  await expect(queue.send(message(roomId, other, 'after'))).rejects.toMatchObject({ code: 'blocked' });
  expect(await queue.send(message(roomId, one, 'before'))).toMatchObject({ outcome: 'duplicate', seq: before.seq });
});

test('a room whose lock somebody holds stalls nobody else, and keeps its own order', async () => {
  const busy = await room();
  const free = await room();
  await locker.query('begin');
  await locker.query('select from chat_rooms where id = $1 for update', [busy.roomId]);
  const waiting: Promise<unknown>[] = [];
  let answered = 0;
  for (let index = 0; index < 20; index += 1) {
    waiting.push(queue.send(message(busy.roomId, busy.one, `b${String(index)}`)).then(() => (answered += 1)));
    await queue.send(message(free.roomId, free.one, `f${String(index)}`));
  }
  expect(answered).toBe(0);
  expect(await stored(free.roomId)).toHaveLength(20);
  await locker.query('commit');
  await Promise.all(waiting);
  expect((await stored(busy.roomId)).map((row) => row.text)).toEqual(
    Array.from({ length: 20 }, (_, index) => `b${String(index)}`),
  );
});

test('however many rooms are locked, the others go on, and all of them in the end', async () => {
  const busy = await Promise.all(Array.from({ length: 8 }, () => room()));
  const free = await room();
  await locker.query('begin');
  await locker.query('select from chat_rooms where id = any($1) for update', [busy.map(({ roomId }) => roomId)]);
  let answered = 0;
  const waiting = busy.flatMap(({ roomId, one }) =>
    ['first', 'second'].map((text) => queue.send(message(roomId, one, text)).finally(() => (answered += 1))),
  );
  for (let index = 0; index < 5; index += 1) await queue.send(message(free.roomId, free.one, `f${String(index)}`));
  expect(answered).toBe(0);
  await locker.query('commit');
  await Promise.all(waiting);
  for (const { roomId } of busy) expect((await stored(roomId)).map((row) => row.text)).toEqual(['first', 'second']);
});

test('a room that stays locked refuses all that waits for it at once, for later', async () => {
  const impatient = new Pool({ ...db.sendPool.options, lock_timeout: 300 });
  const own = createSendQueue(createSendStore(impatient), log);
  const { roomId, one } = await room();
  await locker.query('begin');
  await locker.query('select from chat_rooms where id = $1 for update', [roomId]);
  const started = performance.now();
  const results = await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) => own.send(message(roomId, one, `m${String(index)}`))),
  );
  // Fifty times the timeout, were each to wait for itself.
  expect(performance.now() - started).toBeLessThan(5_000);
  for (const result of results)
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'overloaded', retryAfterMs: 1000 } });
  await locker.query('commit');
  expect(await own.send(message(roomId, one, 'later'))).toMatchObject({ outcome: 'new', seq: 1 });
  await own.close();
  await impatient.end();
});

test('a row that PostgreSQL refuses fails alone', async () => {
  const { roomId, one } = await room();
  const other = await room();
  const sends = [
    queue.send(message(roomId, one, 'good')),
    queue.send(message(roomId, one, 'bad', { text: 'a\0b' })),
    queue.send(message(other.roomId, other.one, 'good')),
  ];
  const results = await Promise.allSettled(sends);
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await stored(roomId)).toMatchObject([{ seq: 1, text: 'good' }]);
});

test('a closed queue finishes what it took and refuses the rest', async () => {
  const { roomId, one } = await room();
  const closing = createSendQueue(createSendStore(db.sendPool), log);
  const taken = closing.send(message(roomId, one, 'taken'));
  const closed = closing.close();
  await expect(closing.send(message(roomId, one, 'late'))).rejects.toMatchObject({
    code: 'overloaded',
    retryAfterMs: 1000,
  });
  await closed;
  expect(await taken).toMatchObject({ outcome: 'new', seq: 1 });
});
