import type { Id } from '@co-talk/sdk/protocol';
import type { Read, Statement } from '../statements.ts';
import { gramsOfMessage, segmentOf, termsOf } from './grams.ts';

/** Messages in one step. */
const STEP_MESSAGES = 2_000;

/** Rooms in one look for those that are behind. */
const LOOK_ROOMS = 5_000;

interface MessageText {
  seq: number;
  rev: number;
  text: string;
  ms: number;
}

/** A room that is behind: what is new, and what has changed of the rest. */
interface Behind {
  roomId: Id;
  appId: string;
  lastSeq: number;
  lastRev: number;
  seq: number;
  rev: number;
  fresh: MessageText[];
  changed: MessageText[];
}

const TEXT = `m.seq, m.rev, m.text, (extract(epoch from m.created_at) * 1000)::float8 as ms`;

const BEGIN: Statement = {
  name: 'search-begin',
  text: `insert into search_positions (room_id, app_id, seq, rev)
    select r.id, r.app_id, 0, 0 from chat_rooms r where r.id = any($1::uuid[]) on conflict do nothing`,
};

/** All of one moment: what is committed up to `lastRev` is in it, and nothing else. */
const BEHIND: Statement = {
  name: 'search-behind',
  text: `select r.id as "roomId", r.app_id as "appId", r.last_seq as "lastSeq", r.last_rev as "lastRev", p.seq, p.rev,
      coalesce(fresh.list, '[]') as fresh, coalesce(changed.list, '[]') as changed
    from search_positions p join chat_rooms r on r.id = p.room_id
    left join lateral (
      select json_agg(x order by x.seq) as list from (
        select ${TEXT} from messages m where m.room_id = r.id and m.app_id = r.app_id and m.seq > p.seq order by m.seq limit $2
      ) x
    ) fresh on true
    left join lateral (
      select json_agg(x order by x.rev) as list from (
        select ${TEXT} from messages m
        where m.room_id = r.id and m.app_id = r.app_id and m.changed and m.rev > p.rev order by m.rev limit $2
      ) x
    ) changed on true
    where p.room_id = any($1::uuid[]) and (p.rev < r.last_rev or p.seq < r.last_seq)
    order by p.room_id`,
};

/** Of those rooms alone whose position nobody has moved meanwhile: two nodes at one room do no harm, and a dead one leaves no lock. */
const STORE: Statement = {
  name: 'search-store',
  text: `with moved as (
      update search_positions p set seq = u.to_seq, rev = u.to_rev
      from unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::int[]) u(room_id, seq, rev, to_seq, to_rev)
      where p.room_id = u.room_id and p.seq = u.seq and p.rev = u.rev
      returning p.room_id, p.app_id
    ), gone as (
      delete from message_terms t using moved m, unnest($6::uuid[], $7::int[]) u(room_id, seq)
      where m.room_id = u.room_id and t.room_id = u.room_id and t.seq = u.seq
    )
    insert into message_terms (room_id, seq, app_id, created_at, terms)
    select u.room_id, u.seq, m.app_id, to_timestamp(u.ms / 1000), u.terms::int[]
    from moved m join unnest($8::uuid[], $9::int[], $10::float8[], $11::text[]) u(room_id, seq, ms, terms) on u.room_id = m.room_id
    on conflict (room_id, seq) do update set terms = excluded.terms where message_terms.terms <> excluded.terms`,
};

const LOOK: Statement = {
  name: 'search-look',
  text: `select (array_agg(r.id order by r.id desc))[1] as last, coalesce(array_agg(r.id) filter (
        where r.last_seq > 0 and (p.room_id is null or p.rev < r.last_rev or p.seq < r.last_seq)
      ), '{}') as behind
    from (select id, last_seq, last_rev from chat_rooms where id > $1 order by id limit $2) r
    left join search_positions p on p.room_id = r.id`,
};

const FIRST: Id = '00000000-0000-0000-0000-000000000000';

/** The index of messages as those see it who write it. Any number of nodes may. */
export interface IndexStore {
  /**
   * Brings rooms a step further.
   * @returns those that are not at their end yet
   */
  step: (roomIds: Id[]) => Promise<Id[]>;
  /** Goes through all rooms, and names those that are behind. */
  look: () => AsyncIterable<Id[]>;
}

export function createIndexStore(run: Read): IndexStore {
  async function step(roomIds: Id[]): Promise<Id[]> {
    const each = Math.max(1, Math.floor(STEP_MESSAGES / roomIds.length));
    await run(BEGIN, [roomIds]);
    const rooms = await run<Behind>(BEHIND, [roomIds, each]);
    if (rooms.length === 0) return [];
    const moves = rooms.map((room) => ({ ...room, ...positionAfter(room, each) }));
    const gone: { roomId: Id; seq: number }[] = [];
    const found: { roomId: Id; seq: number; ms: number; terms: string }[] = [];
    for (const { roomId, seq, fresh, changed } of rooms) {
      // What is both is among the fresh ones already.
      for (const message of [...fresh, ...changed.filter((one) => one.seq <= seq)]) {
        const grams = gramsOfMessage(message.text);
        if (grams.size === 0) gone.push({ roomId, seq: message.seq });
        else found.push({ roomId, ...message, terms: termsOf(roomId, segmentOf(message.seq), grams) });
      }
    }
    await run(STORE, [
      ...[moves.map(({ roomId }) => roomId), moves.map(({ seq }) => seq), moves.map(({ rev }) => rev)],
      ...[moves.map(({ toSeq }) => toSeq), moves.map(({ toRev }) => toRev)],
      ...[gone.map(({ roomId }) => roomId), gone.map(({ seq }) => seq)],
      ...[found.map(({ roomId }) => roomId), found.map(({ seq }) => seq), found.map(({ ms }) => ms)],
      found.map(({ terms }) => terms),
    ]);
    return moves
      .filter(({ toSeq, toRev, lastSeq, lastRev }) => toSeq < lastSeq || toRev < lastRev)
      .map(({ roomId }) => roomId);
  }

  async function* look(): AsyncIterable<Id[]> {
    for (let after: Id | null = FIRST; after !== null;) {
      const [row]: { last: Id | null; behind: Id[] }[] = await run(LOOK, [after, LOOK_ROOMS]);
      if (row && row.behind.length > 0) yield row.behind;
      after = row?.last ?? null;
    }
  }

  return { step, look };
}

/** Where a room is after a step: at the end of what was read, where that was not all of it. */
function positionAfter(
  { seq, lastSeq, lastRev, fresh, changed }: Behind,
  each: number,
): { toSeq: number; toRev: number } {
  return {
    toSeq: fresh.length < each ? Math.max(seq, lastSeq) : (fresh.at(-1)?.seq ?? seq),
    toRev: changed.length < each ? lastRev : (changed.at(-1)?.rev ?? lastRev),
  };
}
