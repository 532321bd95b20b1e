import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MessagePage } from '@co-talk/sdk/protocol';
import { startTestApp, type TestApp } from '../testing.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

/** A pair whose room holds `count` messages of both in turn. */
async function filled(count: number) {
  const pair = await app.pairRaw();
  const em = app.db.orm.em.fork();
  await em.execute(
    `insert into messages (room_id, seq, app_id, id, rev, client_id, sender_id, text, created_at)
     select ?, n, 'default', gen_random_uuid(), n + 1, n::text, (array[?, ?])[1 + n % 2]::uuid, n::text, now()
     from generate_series(1, ?) n`,
    [pair.roomId, pair.one.user.id, pair.other.user.id, count],
  );
  await em.execute('update chat_rooms set last_seq = ?, last_rev = ? where id = ?', [count, count + 1, pair.roomId]);
  const page = async (query: string) =>
    (await app.request<MessagePage>('GET', `/rooms/${pair.roomId}/messages${query}`, { token: pair.one.token })).body;
  return { ...pair, em, page, seqs: async (query: string) => (await page(query)).items.map((message) => message.seq) };
}

test.each<[string, number[]]>([
  ['?before=0', []],
  ['?before=2147483647&limit=2', [9, 10]],
  ['?after=2147483647', []],
  ['?after=9&limit=100', [10]],
  ['?around=0&limit=1', [1]],
  ['?around=2147483647&limit=3', [8, 9, 10]],
  ['?around=5&limit=1', [5]],
  ['?limit=1', [10]],
])('at the edge: %s', async (query, seqs) => {
  const { seqs: ask } = await filled(10);
  expect(await ask(query)).toEqual(seqs);
});

test('an empty room has a page too', async () => {
  const { page } = await filled(0);
  for (const query of ['', '?before=5', '?after=0', '?around=1']) {
    expect(await page(query)).toEqual({ items: [], users: [], firstSeq: 1, lastSeq: 0, rev: 1 });
  }
});

test('every sender of the page is in it once, and nobody else', async () => {
  const { page, one, other } = await filled(10);
  const ids = async (query: string) => (await page(query)).users.map((user) => user.id).sort();
  expect(await ids('')).toEqual([one.user.id, other.user.id].sort());
  expect(await ids('?after=9')).toEqual([one.user.id]);
  const { users } = await page('?after=9');
  expect(users).toEqual([(await app.request(`GET`, `/users/${one.user.id}`, { token: other.token })).body]);
});

test('nothing is served from before one joined, or from what was taken away', async () => {
  const { page, em, roomId, one } = await filled(10);
  await em.execute('update chat_room_members set history_from = 4 where room_id = ? and user_id = ?', [
    roomId,
    one.user.id,
  ]);
  expect(await page('?before=6')).toMatchObject({ firstSeq: 4, items: [{ seq: 4 }, { seq: 5 }] });
  expect((await page('?around=1&limit=3')).items).toEqual([]);
  await em.execute('update chat_rooms set first_seq = 8 where id = ?', [roomId]);
  expect(await page('')).toMatchObject({ firstSeq: 8, items: [{ seq: 8 }, { seq: 9 }, { seq: 10 }] });
});

test('an erased sender leaves the message', async () => {
  const { page, em, other } = await filled(2);
  await em.execute('delete from users where id = ?', [other.user.id]);
  const { items, users } = await page('');
  expect(items.map((message) => message.senderId)).toContain(other.user.id);
  expect(users.map((user) => user.id)).not.toContain(other.user.id);
});
