import type { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { layOut } from './target.ts';

// People and rooms put in by hand: signing up ten thousand people would measure bcrypt.

export interface Seat {
  roomId: string;
  userId: string;
  sessionId: string;
}

/** Rooms of `size` people, enough for `clients` people, each signed in once. */
export async function seedRooms(pool: Pool, size: number, clients: number): Promise<Seat[]> {
  const seats = layOut(size, clients).flatMap(({ roomId, userIds }) =>
    userIds.map((userId) => ({ roomId, userId, sessionId: uuidv7() })),
  );
  await seedSeats(pool, seats);
  return seats;
}

/** One person in `rooms` rooms of two: the first with `messages` messages of the other one, the rest with ten. */
export async function seedAbsence(
  pool: Pool,
  rooms: number,
  messages: number,
): Promise<{ seat: Seat; rooms: { id: string; head: number }[] }> {
  const me = { userId: uuidv7(), sessionId: uuidv7() };
  const ids = Array.from({ length: rooms }, () => uuidv7());
  const others = ids.map((roomId) => ({ roomId, userId: uuidv7(), sessionId: uuidv7() }));
  await seedSeats(pool, [...ids.map((roomId) => ({ roomId, ...me })), ...others]);
  const counts = ids.map((_, place) => (place === 0 ? messages : 10));
  await seedMessages(
    pool,
    others.map(({ roomId, userId }, place) => ({ roomId, userId, count: counts[place] ?? 0 })),
  );
  return {
    seat: { roomId: ids[0] ?? '', ...me },
    rooms: ids.map((id, place) => ({ id, head: (counts[place] ?? 0) + 1 })),
  };
}

/** Messages of 100 bytes; a room's members take turns in sending. */
export async function seedMessages(
  pool: Pool,
  rooms: { roomId: string; userId: string; count: number }[],
): Promise<void> {
  const list = JSON.stringify(rooms);
  await pool.query(
    `insert into messages (room_id, seq, app_id, id, rev, client_id, sender_id, text, created_at)
     select r."roomId", n, 'default', gen_random_uuid(), n + 1, n::text, s.ids[1 + n % cardinality(s.ids)], repeat('x', 100), now()
     from jsonb_to_recordset($1) r("roomId" uuid, count int)
     cross join lateral (select array_agg(user_id) as ids from chat_room_members m where m.room_id = r."roomId") s
     cross join lateral generate_series(1, r.count) n`,
    [list],
  );
  await pool.query(
    `update chat_rooms c set last_seq = r.count, last_rev = r.count + 1
     from jsonb_to_recordset($1) r("roomId" uuid, count int) where c.id = r."roomId"`,
    [list],
  );
  await pool.query('analyze');
}

async function seedSeats(pool: Pool, seats: Seat[]): Promise<void> {
  const list = JSON.stringify(seats);
  await pool.query(
    `insert into users (id, app_id, kind, nickname, nickname_key, created_at)
     select distinct "userId", 'default', 'account', "userId"::text, "userId"::text, now()
     from jsonb_to_recordset($1) x("userId" uuid)`,
    [list],
  );
  await pool.query(
    `insert into sessions (id, app_id, user_id, created_at, last_used_at, expires_at)
     select distinct "sessionId", 'default', "userId", now(), now(), now() + interval '1 day'
     from jsonb_to_recordset($1) x("userId" uuid, "sessionId" uuid)`,
    [list],
  );
  await pool.query(
    `insert into chat_rooms (id, app_id, type, direct_key, member_count, last_rev, last_activity_at, created_at)
     select "roomId", 'default', case when count(*) = 2 then 'direct' else 'group' end,
       case when count(*) = 2 then string_agg("userId"::text, ':' order by "userId"::text) end, count(*), 1, now(), now()
     from jsonb_to_recordset($1) x("roomId" uuid, "userId" uuid) group by 1`,
    [list],
  );
  await pool.query(
    `insert into chat_room_members (room_id, user_id, app_id, role, rev, joined_at)
     select "roomId", "userId", 'default', 'member', 1, now() from jsonb_to_recordset($1) x("roomId" uuid, "userId" uuid)`,
    [list],
  );
}
