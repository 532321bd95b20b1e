import type { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { createIndexStore } from '../../search/index-store.ts';
import type { Read } from '../../statements.ts';
import type { Seconds } from './target.ts';

// A year of talk in four languages, made up of words as often as people say them: few all the time, most of them hardly ever.

/** Texts that the messages take turns in. */
const TEXTS = 20_000;
const WORDS = 6_000;

/** How much there is: the first room has `large` messages, and the others share the rest. Somebody is in `few` of them. */
export const SEARCH = { messages: 1_000_000, rooms: 1_000, large: 300_000, few: 50 };

/** Always the same numbers between 0 and 1. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const random = numbers(7);
const below = (count: number): number => Math.floor(random() * count);
const pick = (from: string): string => Array.from(from)[below(Array.from(from).length)] ?? '';

const SYLLABLES =
  'an be con der en fi ge hand in ker lo man ner on per qui re sta the un ver way xi you zen ing tion ly'.split(' ');
const latin = (): string => Array.from({ length: 1 + below(4) }, () => SYLLABLES[below(SYLLABLES.length)]).join('');
const hangul = (): string =>
  Array.from({ length: 1 + below(4) }, () => String.fromCharCode(0xac00 + below(400) * 28)).join('');
const kana = (): string => Array.from({ length: 2 + below(4) }, () => String.fromCharCode(0x3042 + below(80))).join('');
const han = (): string =>
  Array.from({ length: 1 + below(3) }, () => String.fromCharCode(0x4e00 + below(3_000))).join('');

/** The words of a language, the most frequent first. */
export const LANGUAGES = [latin, latin, hangul, kana, han].map((word) => [
  ...new Set(Array.from({ length: WORDS }, () => word() + (random() < 0.001 ? pick('éüñ') : ''))),
]);

/** About as Zipf has it. */
const place = (count: number): number => Math.floor(count ** random()) - 1;

function text(): string {
  const words = LANGUAGES[below(LANGUAGES.length)] ?? [];
  return Array.from({ length: 3 + below(8) }, () => words[place(words.length)]).join(' ');
}

/** Two people who share everything there is, and a third who is in some of the rooms. */
interface Seat {
  userId: string;
  sessionId: string;
}

export async function seedSearch(
  client: Client,
  read: Read,
): Promise<{ all: Seat; few: Seat; largeRoom: string; seconds: Seconds }> {
  const started = performance.now();
  const [all, other, few] = Array.from({ length: 3 }, () => ({ userId: uuidv7(), sessionId: uuidv7() }));
  if (!all || !other || !few) throw new Error('unable to measure; nobody is there');
  const rooms = Array.from({ length: SEARCH.rooms }, () => uuidv7());
  const [largeRoom = ''] = rooms;
  await seedPeople(client, [all, other, few], rooms);
  await client.query('set synchronous_commit = off');
  const rest = Math.floor((SEARCH.messages - SEARCH.large) / (SEARCH.rooms - 1));
  await client.query(
    'create unlogged table bench_texts as select n, t from unnest($1::text[]) with ordinality x(t, n)',
    [Array.from({ length: TEXTS }, text)],
  );
  await client.query('alter table bench_texts add primary key (n)');
  // Most rooms have been silent for a while, each for another one.
  for (let from = 0; from < rooms.length; from += 50) {
    await client.query(
      `insert into messages (room_id, seq, app_id, id, rev, client_id, sender_id, text, created_at)
       select r.id, s.seq, 'default', gen_random_uuid(), s.seq + 1, s.seq::text, ($2::uuid[])[1 + s.seq % 2], x.t,
         date_trunc('milliseconds', now() - interval '180 days' * (power(r.n / $6::float8, 2) + 1 - s.seq / r.count::float8))
       from (
         select id, $7::int + n as n, case when id = $3::uuid then $4::int else $5::int end as count
         from unnest($1::uuid[]) with ordinality i(id, n)
       ) r
       cross join lateral generate_series(1, r.count) s(seq)
       join bench_texts x on x.n = 1 + abs(hashint4extended(s.seq, hashtext(r.id::text))) % ${String(TEXTS)}`,
      [rooms.slice(from, from + 50), [all.userId, other.userId], largeRoom, SEARCH.large, rest, rooms.length, from],
    );
  }
  await client.query(
    `update chat_rooms r set last_seq = m.seq, last_rev = m.seq + 1, last_activity_at = m.at
     from (select room_id, max(seq) as seq, max(created_at) as at from messages group by 1) m where m.room_id = r.id`,
  );
  const stored = performance.now();
  // An index is filled at once more quickly than row by row.
  await client.query('drop index message_terms_terms_index');
  const store = createIndexStore(read);
  for (let due = rooms; due.length > 0;) {
    const some = due.slice(0, 20);
    due = [...due.slice(20), ...(await store.step(some))];
  }
  const indexed = performance.now();
  await client.query("set maintenance_work_mem = '512MB'");
  await client.query('set statement_timeout = 0');
  await client.query(
    'create index message_terms_terms_index on message_terms using gin (terms) with (fastupdate = off)',
  );
  const built = performance.now();
  await client.query('vacuum analyze');
  const seconds = (from: number, to: number) => Math.round((to - from) / 1_000);
  return {
    ...{ all, few, largeRoom },
    seconds: { messages: seconds(started, stored), terms: seconds(stored, indexed), index: seconds(indexed, built) },
  };
}

async function seedPeople(client: Client, people: Seat[], rooms: string[]): Promise<void> {
  await client.query(
    `insert into users (id, app_id, kind, nickname, nickname_key, created_at)
     select id, 'default', 'account', id::text, id::text, now() from unnest($1::uuid[]) id`,
    [people.map(({ userId }) => userId)],
  );
  await client.query(
    `insert into sessions (id, app_id, user_id, created_at, last_used_at, expires_at)
     select s.id, 'default', s.user_id, now(), now(), now() + interval '1 day' from unnest($1::uuid[], $2::uuid[]) s(id, user_id)`,
    [people.map(({ sessionId }) => sessionId), people.map(({ userId }) => userId)],
  );
  await client.query(
    `insert into chat_rooms (id, app_id, type, name, member_count, last_rev, last_activity_at, created_at)
     select id, 'default', 'group', 'Room', 3, 1, now(), now() from unnest($1::uuid[]) id`,
    [rooms],
  );
  await client.query(
    `insert into chat_room_members (room_id, user_id, app_id, role, rev, joined_at)
     select r.id, u.id, 'default', 'member', 1, now()
     from unnest($1::uuid[]) with ordinality r(id, n), unnest($2::uuid[]) with ordinality u(id, n) where u.n < 3 or r.n between 2 and ${String(SEARCH.few + 1)}`,
    [rooms, people.map(({ userId }) => userId)],
  );
}
