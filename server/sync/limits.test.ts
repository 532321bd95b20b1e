import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message, Problem, RoomSync, SyncAnswer, SyncRequest } from '@co-talk/sdk/protocol';
import { call, startTestApp, type RawPerson, type TestApp } from '../testing.ts';

// Rooms of a size that nobody signs up for in a test: their members and messages are put in by hand.

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

async function sync(person: RawPerson, input: Partial<SyncRequest>): Promise<SyncAnswer> {
  const epoch = input.epoch ?? (await app.db.epoch());
  const body = { rev: 0, rooms: [], ...input, epoch };
  return (await app.request<SyncAnswer>('POST', '/sync', { token: person.token, body })).body;
}

function present(room: RoomSync | undefined): Exclude<RoomSync, { gone: true }> {
  if (!room || 'gone' in room) throw new Error('the room is gone');
  return room;
}

/** A room of `person` and `others` more people, who joined one after the other after `messages` messages of theirs. */
async function roomOf(person: RawPerson, others: number, messages = 0, type = 'group'): Promise<string> {
  const roomId = randomUUID();
  const rev = 1 + messages + others;
  const em = app.db.orm.em.fork();
  await em.execute(
    `insert into chat_rooms (id, app_id, type, member_count, last_seq, last_rev, last_activity_at, created_at)
     values (?, 'default', ?, ?, ?, ?, now(), now())`,
    [roomId, type, others + 1, messages, rev],
  );
  await em.execute(
    `insert into chat_room_members (room_id, user_id, app_id, role, rev, joined_at) values (?, ?, 'default', 'member', 1, now())`,
    [roomId, person.user.id],
  );
  await em.execute(
    `insert into messages (room_id, seq, app_id, id, rev, client_id, sender_id, text, created_at)
     select ?, n, 'default', gen_random_uuid(), n + 1, n::text, ?, 'x', now() from generate_series(1, ?) n`,
    [roomId, person.user.id, messages],
  );
  await em.execute(
    `with people as (
       insert into users (id, app_id, kind, nickname, nickname_key, created_at)
       select gen_random_uuid(), 'default', 'guest', 'guest ' || n, 'guest ' || n, now() from generate_series(1, ?) n returning id
     )
     insert into chat_room_members (room_id, user_id, app_id, role, rev, joined_at)
     select ?, id, 'default', 'member', row_number() over () + ?, now() from people`,
    [others, roomId, messages + 1],
  );
  return roomId;
}

/** How many queries `work` takes: the least of some times, since the server asks the database by itself, too. */
async function queriesOf(work: () => Promise<unknown>): Promise<number> {
  const pool = await app.db.orm.em.getConnection().getNativeClient();
  const counts: number[] = [];
  for (let time = 0; time < 3; time += 1) {
    let count = 0;
    const counting = () => (count += 1);
    pool.on('acquire', counting);
    await work();
    pool.off('acquire', counting);
    counts.push(count);
  }
  return Math.min(...counts);
}

test('however many rooms have changed, a sync asks the database as often', async () => {
  const person = await app.signUpRaw();
  const { rev } = await sync(person, {});
  const ids = await Promise.all(Array.from({ length: 30 }, () => roomOf(person, 2, 5)));
  const rooms = ids.map((id) => ({ id, rev: 3 }));
  const socket = await app.connect(person.token);
  const epoch = await app.db.epoch();
  const ask = async (asked: SyncRequest['rooms']) => {
    const answer = await call<SyncAnswer>(socket, 'sync', { epoch, rev, rooms: asked });
    if (!answer.ok) throw new Error(answer.error.detail);
    return answer.data;
  };
  const one = await queriesOf(() => ask(rooms.slice(0, 1)));
  const all = await queriesOf(async () => {
    const answer = await ask(rooms);
    expect(answer.rooms.map((room) => present(room).changes.messages.length)).toEqual(rooms.map(() => 3));
    expect(answer.rooms.map((room) => present(room).changes.members.length)).toEqual(rooms.map(() => 2));
  });
  expect(all).toBe(one);
  expect(await queriesOf(() => ask(ids.map((id) => ({ id, rev: 8 }))))).toBeLessThan(one);
});

test('messages and members together fill an answer, and come in parts that add up', async () => {
  const person = await app.signUpRaw();
  const ids = [await roomOf(person, 450, 450), await roomOf(person, 300, 200)];
  let rooms = ids.map((id) => ({ id, rev: 0 }));
  const seen = new Map<string, { messages: Set<number>; members: Set<string> }>(
    ids.map((id) => [id, { messages: new Set(), members: new Set() }]),
  );
  let calls = 0;
  while (rooms.length > 0) {
    calls += 1;
    const answer = (await sync(person, { rooms })).rooms.map(present);
    const rows = answer.map(({ changes }) => changes.messages.length + changes.members.length);
    expect(rows.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(1000);
    for (const { id, reset, changes } of answer) {
      expect(reset).toBe(false);
      for (const { seq } of changes.messages) seen.get(id)?.messages.add(seq);
      for (const { userId } of changes.members) seen.get(id)?.members.add(userId);
    }
    rooms = answer.filter((room) => room.more).map(({ id, rev }) => ({ id, rev }));
  }
  expect(calls).toBe(2);
  expect(ids.map((id) => [seen.get(id)?.messages.size, seen.get(id)?.members.size])).toEqual([
    [450, 451],
    [200, 301],
  ]);
});

test('what starts anew and finds no space is told to, and has everything in the end', async () => {
  const person = await app.signUpRaw();
  const ids = await Promise.all(Array.from({ length: 30 }, () => roomOf(person, 1, 60)));
  const long = await roomOf(person, 1, 1_200);
  const asked = [...ids, long].map((id) => ({ id, rev: 50 }));
  const first = await sync(person, { epoch: 'another', rooms: asked });
  const held = new Map<string, number[]>();
  let answer = first;
  for (;;) {
    for (const room of answer.rooms.map(present)) {
      const seqs = room.changes.messages.map((message) => message.seq);
      held.set(room.id, room.reset ? seqs : [...(held.get(room.id) ?? [-1]), ...seqs]);
    }
    const rest = answer.rooms.map(present).filter((room) => room.more);
    if (rest.length === 0) break;
    answer = await sync(person, { rooms: rest.map(({ id, rev }) => ({ id, rev })) });
  }
  expect(first.rooms.map((room) => present(room).reset)).toEqual(asked.map(() => true));
  expect(first.rooms.filter((room) => present(room).more).length).toBeGreaterThan(0);
  // Each up to the head, without what it had before and without a hole.
  for (const [id, seqs] of held) {
    const last = id === long ? 1_200 : 60;
    expect(seqs).toEqual(Array.from(seqs, (_, index) => last - seqs.length + 1 + index));
    expect(seqs.length).toBeGreaterThanOrEqual(50);
  }
});

test('a new page brings the members of a small room, those who are there', async () => {
  const person = await app.signUpRaw();
  const [small, large] = [await roomOf(person, 99, 5), await roomOf(person, 100, 5)];
  await app.db.orm.em
    .fork()
    .execute('update chat_room_members set left_at = now() where room_id = ? and rev > 95', [small]);
  const answer = await sync(person, { epoch: 'another', rooms: [small, large].map((id) => ({ id, rev: 3 })) });
  const members = answer.rooms.map((room) => present(room).changes.members);
  expect(members[0]?.every(({ member }) => member !== null)).toBe(true);
  expect(members.map((some) => some.length)).toEqual([90, 0]);
});

test('read markers: the own one everywhere, those of others where people know each other', async () => {
  const person = await app.signUpRaw();
  const ids = [await roomOf(person, 99), await roomOf(person, 100), await roomOf(person, 3, 0, 'channel')];
  const { readMarkers } = await sync(person, { rooms: ids.map((id) => ({ id, rev: 0 })) });
  const inRoom = ids.map((id) => readMarkers.filter((marker) => marker.roomId === id));
  expect(inRoom.map((markers) => markers.length)).toEqual([100, 1, 1]);
  for (const markers of inRoom) {
    expect(markers).toContainEqual({ roomId: expect.any(String) as string, userId: person.user.id, seq: 0 });
  }
});

test('a thousand rooms are too many, ten thousand too much; nobody else notices', async () => {
  const { one, other, roomId } = await app.pairRaw();
  const [greedy, calm] = [await app.connect(one.token), await app.connect(other.token)];
  const rooms = (count: number) => Array.from({ length: count }, () => ({ id: randomUUID(), rev: 0 }));
  expect(await call(greedy, 'sync', { epoch: null, rev: 0, rooms: rooms(1_000) })).toMatchObject({
    ok: false,
    error: { code: 'too_large', retryable: false },
  });
  const body = { epoch: null, rev: 0, rooms: rooms(10_000) };
  const refused = await app.request<Problem>('POST', '/sync', { token: one.token, body });
  expect([refused.status, refused.body.code]).toEqual([413, 'too_large']);
  const closed = new Promise((resolve) => greedy.once('disconnect', resolve));
  greedy.emit('sync', body, () => undefined);
  await closed;
  expect(await call(calm, 'sync', { epoch: null, rev: 0, rooms: [{ id: roomId, rev: 0 }] })).toMatchObject({
    ok: true,
    data: { rooms: [{ id: roomId, head: 1 }] },
  });
});

test('a cursor of the user above their own head gets the lists', async () => {
  const { one, roomId } = await app.pairRaw();
  const { me, rev } = await sync(one, { rev: 2_147_483_647 });
  expect(me?.rooms.map((room) => room.id)).toEqual([roomId]);
  expect(rev).toBeLessThan(2_147_483_647);
});

test('somebody else’s client id is as good as any other', async () => {
  const { one, other, roomId } = await app.pairRaw();
  const sent = await Promise.all(
    [one, other].map(({ token, user }) =>
      app.request<Message>('POST', `/rooms/${roomId}/messages`, {
        token,
        body: { clientId: 'the same', text: user.nickname },
      }),
    ),
  );
  expect(sent.map(({ status, body }) => [status, body.text])).toEqual([
    [201, one.user.nickname],
    [201, other.user.nickname],
  ]);
});
