import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Id } from '@co-talk/sdk/protocol';
import { purgeApps } from '../apps/purge.ts';
import { createServerNode } from '../bench/faults/server-node.ts';
import { createStorage } from '../files/storage.ts';
import { eventually, startTestApp, type TestApp } from '../testing.ts';
import { CANDIDATES } from './candidates.ts';
import { gramsOfMessage, segmentOf, termsOf } from './grams.ts';
import { talkIn, type Talk } from '../testing-search.ts';

let app: TestApp;
let talk: Talk;
beforeAll(async () => {
  app = await startTestApp({}, { searchEveryMs: 300 });
  talk = talkIn(app);
});
afterAll(() => app.close());

const query = <T>(sql: string, values: unknown[] = []) =>
  app.db.ownPool.query<T & Record<string, unknown>>(sql, values).then(({ rows }) => rows);

/** What the index should have of a room, and what it has. */
async function indexOf(roomId: Id) {
  const messages = await query<{ seq: number; text: string }>('select seq, text from messages where room_id = $1', [
    roomId,
  ]);
  const rows = await query<{ seq: number; terms: string }>(
    'select seq, terms::text from message_terms where room_id = $1',
    [roomId],
  );
  return {
    should: messages
      .map(({ seq, text }) => `${String(seq)}${termsOf(roomId, segmentOf(seq), gramsOfMessage(text))}`)
      .sort(),
    has: rows.map(({ seq, terms }) => `${String(seq)}${terms}`).sort(),
  };
}

test('what is said is found within a second', async () => {
  const { one, other, roomId } = await app.pairRaw();
  const started = performance.now();
  await talk.say(one, roomId, 'quick as can be');
  await eventually(async () => (await talk.find(other, 'quick')).length === 1, 3_000);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('what was there before there was an index is found after the next start', async () => {
  const { one, roomId } = await app.pairRaw();
  for (const text of ['long ago', 'not so long ago']) await talk.say(one, roomId, text);
  await talk.indexed();
  await query('delete from search_positions');
  await query('delete from message_terms');
  await app.restart();
  await talk.indexed();
  expect(await talk.find(one, 'long')).toEqual(['not so long ago', 'long ago']);
});

test('a room of many messages is indexed step by step, with what changes meanwhile', async () => {
  const { one, roomId } = await app.pairRaw();
  await query(
    `insert into messages (room_id, seq, app_id, id, rev, client_id, sender_id, text, created_at)
     select $1, n, 'default', gen_random_uuid(), n + 1, n::text, $2, 'message ' || n, now() from generate_series(1, 9000) n`,
    [roomId, one.user.id],
  );
  await query('update chat_rooms set last_seq = 9000, last_rev = 9001 where id = $1', [roomId]);
  for (let rev = 9002; rev < 9102; rev += 1) {
    await query(
      `with m as (update messages set text = 'edited ' || seq, changed = true, rev = $2 where room_id = $1 and seq = ($2 * 89) % 9000 + 1)
       update chat_rooms set last_rev = $2 where id = $1`,
      [roomId, rev],
    );
  }
  await talk.indexed();
  const { should, has } = await indexOf(roomId);
  expect(should).toHaveLength(9000);
  expect(has).toEqual(should);
}, 60_000);

test('two nodes at the same room do nothing twice, and leave nothing out', async () => {
  const second = await startTestApp({ DATABASE_URL: app.config.databaseUrl ?? '' }, { searchEveryMs: 50 });
  const { one, roomId } = await app.pairRaw();
  const there = talkIn(second);
  try {
    await Promise.all(
      Array.from({ length: 200 }, (_, n) => (n % 2 ? talk : there).say(one, roomId, `both of us ${String(n)}`)),
    );
    await talk.indexed();
  } finally {
    await second.close();
  }
  const { should, has } = await indexOf(roomId);
  expect(should).toHaveLength(200);
  expect(has).toEqual(should);
});

test('what a node that was killed has left behind, another one takes up', async () => {
  const { one, roomId } = await app.pairRaw();
  const dataDir = await mkdtemp(join(tmpdir(), 'co-talk-search-'));
  const victim = await createServerNode({
    name: 'victim',
    env: {
      ...{ NODE_ENV: 'test', DATA_DIR: dataDir, LOG_LEVEL: 'error', RATE_LIMIT_FACTOR: '0', BCRYPT_COST: '4' },
      ...{ DATABASE_URL: app.config.databaseUrl ?? '', SECRET: 'a secret for tests that is long enough' },
    },
    onExit: () => undefined,
  });
  try {
    await victim.start();
    const sends: Promise<number>[] = [];
    const url = `http://127.0.0.1:${String(victim.port)}/api/v1/rooms/${roomId}/messages`;
    const headers = { authorization: `Bearer ${one.token}`, 'content-type': 'application/json' };
    for (let n = 0; n < 400; n += 1) {
      const body = JSON.stringify({ clientId: uuidv7(), text: `before the end ${String(n)}` });
      sends.push(
        fetch(url, { method: 'POST', headers, body }).then(
          ({ status }) => status,
          () => 0,
        ),
      );
      await sleep(2);
    }
    await Promise.race([sends[250], sleep(10_000)]);
    await victim.kill();
    const stored = (await Promise.all(sends)).filter((status) => status === 201).length;
    expect(stored).toBeGreaterThan(100);
    await talk.indexed();
    const { should, has } = await indexOf(roomId);
    expect(should.length).toBeGreaterThanOrEqual(stored);
    expect(has).toEqual(should);
  } finally {
    await victim.kill();
    await rm(dataDir, { recursive: true, force: true });
  }
}, 120_000);

test('a removed app takes its part of the index along', async () => {
  await query(
    "insert into apps (id, name, origins, removed_at) values ('gone', 'Gone', '{}', now() - interval '1 day')",
  );
  const roomId = uuidv7();
  await query("insert into search_positions values ($1, 'gone', 1, 1)", [roomId]);
  await query("insert into message_terms values ($1, 1, 'gone', now(), '{1}')", [roomId]);
  await purgeApps(app.db, createStorage(app.config));
  expect(await query("select from search_positions where app_id = 'gone'")).toEqual([]);
  expect(await query("select from message_terms where app_id = 'gone'")).toEqual([]);
});

test('a search reads the index, and the messages that it names: neither a table, nor all of a room', async () => {
  const rooms = Array.from({ length: 40 }, () => uuidv7());
  for (const roomId of rooms) {
    await query(
      `insert into message_terms (room_id, seq, app_id, created_at, terms)
       select $1, n, 'default', now(), $2::int[] || n from generate_series(1, 500) n`,
      [roomId, termsOf(roomId, 0, gramsOfMessage('the same old words'))],
    );
    await query(
      `insert into messages (room_id, seq, app_id, id, rev, client_id, sender_id, text, created_at)
       select $1, n, 'default', gen_random_uuid(), n, n::text, $2, 'the same old words', now() from generate_series(1, 500) n`,
      [roomId, uuidv7()],
    );
  }
  await query('analyze message_terms, messages');
  const plan = (await query<{ 'QUERY PLAN': string }>(`explain (generic_plan) ${CANDIDATES.text}`)).map(
    (row) => row['QUERY PLAN'],
  );
  const scans = plan.flatMap((line) => /(\w+ )*Scan .*?on \w+( \w)?/.exec(line)?.[0] ?? []);
  expect(scans.filter((scan) => /message_terms/.test(scan))).toEqual([
    'Bitmap Heap Scan on message_terms t',
    'Bitmap Index Scan on message_terms_terms_index',
  ]);
  expect(scans.filter((scan) => /Seq Scan/.test(scan))).toEqual([]);
  expect(plan.join('\n')).toMatch(/Index Cond: \(terms @> /);
});
