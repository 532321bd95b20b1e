import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FoundMessages, Id } from '@co-talk/sdk/protocol';
import { startTestApp, type RawPerson, type TestApp } from '../testing.ts';
import { talkIn, type Talk } from '../testing-search.ts';

let app: TestApp;
let talk: Talk;
let one: RawPerson;
let other: RawPerson;
let roomId: Id;
beforeAll(async () => {
  app = await startTestApp();
  talk = talkIn(app);
  ({ one, other, roomId } = await app.pairRaw());
});
afterAll(() => app.close());

describe('messages are found', () => {
  const said = [
    'Shall we meet at the Café Müller tomorrow?',
    'The resume is on my desk',
    '내일 점심 같이 먹을래? 물도 사 와',
    '明日の会議は東京駅です',
    '我们周末去北京喝茶吧',
    'ｶﾞｽ代を払った',
    'O\'Neil said: 100% of C:\\temp_files -- "gone"',
    'Party at eight 🎉🎂',
    'Привет, ёлка готова',
    'مَرْحَبًا بالعالم',
  ];
  beforeAll(async () => {
    for (const text of said) await talk.say(one, roomId, text);
    await talk.indexed();
  });

  test.each([
    ['Korean of two characters', '점심', 2],
    ['a part of a Korean word', '을래', 2],
    ['one Korean syllable', '물', 2],
    ['Japanese of two characters', '会議', 3],
    ['a part of a Japanese word', '東京', 3],
    ['half-width kana by their usual form', 'ガス', 5],
    ['Chinese of two characters', '北京', 4],
    ['one Chinese character', '茶', 4],
    ['accents by letters without', 'cafe muller', 0],
    ['letters without accents by accents', 'résumé', 1],
    ['a part of a word', 'morro', 0],
    ['several words in any order', 'desk resume', 1],
    ['words in quotation marks', '"on my desk"', 1],
    ['a quotation mark of English', "o'neil", 6],
    ['a percent sign', '100%', 6],
    ['a backslash and an underscore', ':\\temp_', 6],
    ['a quoted word', '"gone"', 6],
    ['a picture', '🎂', 7],
    ['Cyrillic in another case, without its dots', 'ЕЛКА', 8],
    ['Arabic without its marks', 'مرحبا', 9],
  ])('by %s', async (_, q, place) => {
    expect(await talk.find(other, q)).toEqual([said[place]]);
  });

  test.each([
    "' or 1=1 --",
    '%%%',
    '___',
    '.*',
    '\\\\\\',
    '{1,2}',
    '"; drop table messages',
    'tomorow',
    '심점',
    '京東',
  ])('by none of %j', async (q) => {
    expect(await talk.find(other, q)).toEqual([]);
  });

  test('with where it matches, who said it, what stands around it, and the room', async () => {
    const { body } = await talk.ask(other, '점심');
    expect(body.items).toHaveLength(1);
    const [{ message, matches, context } = expect.fail()] = body.items;
    expect(matches.map(({ from, to }) => message.text.slice(from, to))).toEqual(['점심']);
    expect([context.before?.text, context.after?.text]).toEqual([said[1], said[3]]);
    expect(body.users.map(({ id }) => id)).toEqual([one.user.id]);
    expect(body.rooms.map(({ id, peer }) => [id, peer?.id])).toEqual([[roomId, one.user.id]]);
  });
});

test.each([
  ['nothing', ''],
  ['spaces', '   '],
  ['one letter', 'a'],
  ['1,000 characters', 'long '.repeat(200)],
  ['NUL', 'a\0b'],
])('%s is refused', async (_, q) => {
  const { status, body } = await talk.ask(one, q);
  expect([status, body.code, body.errors?.[0]?.path]).toEqual([400, 'invalid_request', 'q']);
});

test.each([
  ['a cursor from elsewhere', { cursor: 'bm90IG9uZQ' }],
  ['a room that is no id', { roomId: 'room' }],
  ['what is not known', { order: 'oldest' }],
  ['a limit beyond the maximum', { limit: '101' }],
])('%s is refused', async (_, more) => {
  expect((await talk.ask(one, 'hello', more)).body.code).toBe('invalid_request');
});

describe('page by page', () => {
  const all = (pages: FoundMessages[]) => pages.flatMap(({ items }) => items.map(({ message }) => message.text));

  async function read(q: string, more: Record<string, string>, between?: (page: number) => Promise<void>) {
    const pages: FoundMessages[] = [];
    for (let next: string | null = ''; next !== null; next = pages.at(-1)?.next ?? null) {
      const { body } = await talk.ask(one, q, { ...more, ...(next === '' ? {} : { cursor: next }) });
      pages.push(body);
      await between?.(pages.length);
    }
    return pages;
  }

  test('every one comes once, the newest first, of all rooms, while more is said', async () => {
    const another = await app.pairRaw();
    const rooms = [roomId, (await openRoom(another.other)).id];
    const said: string[] = [];
    for (let n = 0; n < 23; n += 1) {
      said.unshift(`kettle number ${String(n)}`);
      await talk.say(one, rooms[n % 2] ?? '', said[0] ?? '');
    }
    await talk.indexed();
    const pages = await read('kettle', { limit: '5' }, async (page) => {
      await talk.say(one, roomId, `kettle of late ${String(page)}`);
      await talk.indexed();
    });
    expect(all(pages)).toEqual(said);
    expect(pages.map(({ items }) => items.length)).toEqual([5, 5, 5, 5, 3]);
  });

  test('of one room alone', async () => {
    const there = await openRoom((await app.pairRaw()).other);
    await talk.say(one, there.id, 'teapot here');
    await talk.say(one, roomId, 'teapot elsewhere');
    await talk.indexed();
    expect(await talk.find(one, 'teapot', { roomId: there.id })).toEqual(['teapot here']);
    expect(await talk.find(one, 'teapot')).toEqual(['teapot elsewhere', 'teapot here']);
  });

  test('a page ends where too much was looked at that only looked like it, and the next one goes on', async () => {
    const { id } = await openRoom((await app.pairRaw()).other);
    await talk.say(one, id, 'abcd at last');
    // The same parts, and never the whole.
    await app.db.ownPool.query(
      `insert into messages (room_id, seq, app_id, id, rev, client_id, sender_id, text, created_at)
       select $1, n, 'default', gen_random_uuid(), n + 1, n::text, $2, 'xabc bcdx ' || n, now() from generate_series(2, 4200) n`,
      [id, one.user.id],
    );
    await app.db.ownPool.query(
      'update chat_rooms set last_seq = 4200, last_rev = 4201, last_activity_at = now() where id = $1',
      [id],
    );
    await talk.say(one, id, 'on it goes');
    await talk.indexed();
    const pages = await read('abcd', { roomId: id });
    expect(pages.length).toBeGreaterThan(1);
    expect(all(pages)).toEqual(['abcd at last']);
  });

  async function openRoom(peer: RawPerson): Promise<{ id: Id }> {
    const body = { type: 'direct', userId: peer.user.id };
    return (await app.request<{ id: Id }>('POST', '/rooms', { token: one.token, body })).body;
  }
});
