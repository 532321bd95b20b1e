import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Heads, Message, MessageEvent, Problem, RoomSync, SyncAnswer, SyncRequest } from '@co-talk/sdk/protocol';
import { call, eventually, next, startTestApp, type RawPerson, type TestApp } from '../testing.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

async function sync(person: RawPerson, input: Partial<SyncRequest>): Promise<SyncAnswer> {
  const epoch = input.epoch ?? (await app.db.epoch());
  return (
    await app.request<SyncAnswer>('POST', '/sync', {
      token: person.token,
      body: { rev: 0, rooms: [], ...input, epoch },
    })
  ).body;
}

async function fill(person: RawPerson, roomId: string, count: number, text = 'x'): Promise<void> {
  const socket = await app.connect(person.token);
  await Promise.all(
    Array.from({ length: count }, () =>
      call<Message>(socket, 'message:send', { roomId, clientId: randomUUID(), text }),
    ),
  );
  socket.disconnect();
}

function present(room: RoomSync | undefined): Exclude<RoomSync, { gone: true }> {
  if (!room || 'gone' in room) throw new Error('the room is gone');
  return room;
}

test('a first start gets the lists, and every later one only what changed', async () => {
  const { one, other, roomId } = await app.pairRaw();
  const first = await sync(one, { epoch: 'another', rev: 0 });
  expect(first.me?.rooms.map((room) => room.id)).toEqual([roomId]);
  expect(first.me).toMatchObject({ friends: [], requests: [], blocks: [], rev: first.rev });

  const cursor = { epoch: first.epoch, rev: first.rev, rooms: [{ id: roomId, rev: first.me?.rooms[0]?.rev ?? 0 }] };
  expect(await sync(one, cursor)).toMatchObject({
    me: null,
    rooms: [{ id: roomId, rev: 1, head: 1, more: false, reset: false, changes: { messages: [] } }],
  });

  await fill(other, roomId, 3);
  const later = await sync(one, cursor);
  const room = present(later.rooms[0]);
  expect([room.rev, room.head, room.changes.messages.map((message) => message.seq)]).toEqual([4, 4, [1, 2, 3]]);
  expect(later.users.map((user) => user.id)).toEqual([other.user.id]);
  expect(later.readMarkers).toEqual(expect.arrayContaining([{ roomId, userId: one.user.id, seq: 0 }]));
});

test('a long absence comes in parts that add up', async () => {
  const { one, other, roomId } = await app.pairRaw();
  const open = async () => {
    const body = { type: 'direct', userId: (await app.signUpRaw()).user.id };
    return (await app.request<{ id: string }>('POST', '/rooms', { token: one.token, body })).body.id;
  };
  const ids = [roomId, await open(), await open()];
  await fill(other, roomId, 700);
  for (const id of ids.slice(1)) await fill(one, id, 700);
  let rooms = ids.map((id) => ({ id, rev: 1 }));
  const seen = new Map<string, number[]>();
  let calls = 0;
  while (rooms.length > 0) {
    calls += 1;
    const answer = await sync(one, { rooms });
    const total = answer.rooms.reduce((sum, room) => sum + present(room).changes.messages.length, 0);
    expect(total).toBeLessThanOrEqual(1000);
    for (const room of answer.rooms.map(present)) {
      expect(room.reset).toBe(false);
      seen.set(room.id, [...(seen.get(room.id) ?? []), ...room.changes.messages.map((message) => message.seq)]);
    }
    rooms = answer.rooms
      .map(present)
      .filter((room) => room.more)
      .map(({ id, rev }) => ({ id, rev }));
  }
  expect(calls).toBe(3);
  expect(seen.size).toBe(3);
  for (const seqs of seen.values()) expect(seqs).toEqual(Array.from({ length: 700 }, (_, index) => index + 1));
});

test('somebody in two rooms is a member of each on their own terms', async () => {
  const { one, other, roomId } = await app.pairRaw();
  const third = await app.signUpRaw();
  const second = await app.request<{ id: string }>('POST', '/rooms', {
    token: one.token,
    body: { type: 'direct', userId: third.user.id },
  });
  await fill(other, roomId, 3);
  await app.request('POST', `/rooms/${roomId}/read`, { token: one.token, body: { seq: 3 } });
  for (const ids of [
    [roomId, second.body.id],
    [second.body.id, roomId],
  ]) {
    const { rooms } = await sync(one, { rooms: ids.map((id) => ({ id, rev: 0 })) });
    const reads = rooms
      .map(present)
      .map(({ id, changes }) => [id, changes.members.find(({ userId }) => userId === one.user.id)?.member?.readSeq]);
    expect(Object.fromEntries(reads)).toEqual({ [roomId]: 3, [second.body.id]: 0 });
  }
});

test('a changed message comes again, however old it is', async () => {
  const { one, other, roomId } = await app.pairRaw();
  await fill(other, roomId, 5);
  // What editing and deleting will do.
  const em = app.db.orm.em.fork();
  await em.execute('update chat_rooms set last_rev = last_rev + 1 where id = ?', [roomId]);
  await em.execute("update messages set text = 'edited', rev = 7, changed = true where room_id = ? and seq = 2", [
    roomId,
  ]);
  const room = present((await sync(one, { rooms: [{ id: roomId, rev: 5 }] })).rooms[0]);
  expect(room.changes.messages.map((message) => [message.seq, message.rev, message.text])).toEqual([
    [5, 6, 'x'],
    [2, 7, 'edited'],
  ]);
  const late = present((await sync(one, { rooms: [{ id: roomId, rev: 6 }] })).rooms[0]);
  expect(late.changes.messages.map((message) => message.seq)).toEqual([2]);
});

test('large texts are cut at a megabyte', async () => {
  const { one, other, roomId } = await app.pairRaw();
  await fill(other, roomId, 200, '👍🏽'.repeat(1000));
  const room = present((await sync(one, { rooms: [{ id: roomId, rev: 1 }] })).rooms[0]);
  expect(room.more).toBe(true);
  expect(room.changes.messages.length).toBeLessThan(130);
  expect(room.rev).toBe(room.changes.messages.at(-1)?.rev);
});

test('too far behind, a cursor from the future or another epoch: the newest page, said to be one', async () => {
  const { one, other, roomId } = await app.pairRaw();
  await fill(other, roomId, 1_002);
  const cases: Partial<SyncRequest>[] = [
    { rooms: [{ id: roomId, rev: 1 }] },
    { rooms: [{ id: roomId, rev: 5_000 }] },
    { epoch: 'another', rooms: [{ id: roomId, rev: 1_000 }] },
  ];
  for (const input of cases) {
    const answer = await sync(one, input);
    const room = present(answer.rooms[0]);
    expect([room.reset, room.more, room.rev, room.head]).toEqual([true, false, 1_003, 1_003]);
    expect(room.changes.messages.map((message) => message.seq)).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 953),
    );
    expect(room.changes.room?.lastSeq).toBe(1_002);
  }
});

test('rooms of others, unknown ones and left ones are gone alike', async () => {
  const { one, other, roomId } = await app.pairRaw();
  const foreign = await app.pairRaw();
  await app.db.orm.em
    .fork()
    .execute('update chat_room_members set left_at = now() where room_id = ? and user_id = ?', [roomId, other.user.id]);
  const ids = [roomId, foreign.roomId, randomUUID()];
  const answer = await sync(other, { rooms: ids.map((id) => ({ id, rev: 0 })) });
  expect(answer.rooms).toEqual(ids.map((id) => ({ id, gone: true })));
  expect(present((await sync(one, { rooms: [{ id: roomId, rev: 0 }] })).rooms[0]).head).toBe(1);
});

test('after a sync over the socket, the socket hears its rooms', async () => {
  const one = await app.signUpRaw();
  const other = await app.signUpRaw();
  const socket = await app.connect(one.token);
  const { body } = await app.request<{ id: string }>('POST', '/rooms', {
    token: other.token,
    body: { type: 'direct', userId: one.user.id },
  });
  expect(await call<SyncAnswer>(socket, 'sync', { epoch: null, rev: 0, rooms: [] })).toMatchObject({ ok: true });
  const heard = next<MessageEvent>(socket, 'message');
  await fill(other, body.id, 1);
  expect((await heard).roomId).toBe(body.id);
  expect(await call<Heads>(socket, 'heads', {})).toMatchObject({ ok: true, data: { rooms: { [body.id]: 2 } } });
});

test('a room that opens during a sync is heard after it', async () => {
  const one = await app.signUpRaw();
  const socket = await app.connect(one.token);
  const others = await Promise.all(Array.from({ length: 10 }, () => app.signUpRaw()));
  const heard = new Set<string>();
  socket.on('message', ({ roomId }: MessageEvent) => heard.add(roomId));
  const opened = new AbortController();
  const asking = (async () => {
    while (!opened.signal.aborted) await call(socket, 'sync', { epoch: null, rev: 0, rooms: [] });
  })();
  const rooms = await Promise.all(
    others.map(async ({ token }) => {
      const body = { type: 'direct', userId: one.user.id };
      return (await app.request<{ id: string }>('POST', '/rooms', { token, body })).body.id;
    }),
  );
  opened.abort();
  await asking;
  await Promise.all(others.map((other, place) => fill(other, rooms[place] ?? '', 1)));
  await eventually(() => heard.size === rooms.length);
});

const repeated = { id: randomUUID(), rev: 0 };

test.each<[string, unknown, string]>([
  ['a room asked for twice', { epoch: null, rev: 0, rooms: [repeated, repeated] }, 'invalid_request'],
  ['nothing', undefined, 'invalid_request'],
  ['rooms that are no list', { epoch: null, rev: 0, rooms: {} }, 'invalid_request'],
  ['a malformed id', { epoch: null, rev: 0, rooms: [{ id: 'x', rev: 0 }] }, 'invalid_request'],
  ['a negative cursor', { epoch: null, rev: 0, rooms: [{ id: randomUUID(), rev: -1 }] }, 'invalid_request'],
  ['a cursor of 2^63', { epoch: null, rev: 0, rooms: [{ id: randomUUID(), rev: 2 ** 63 }] }, 'invalid_request'],
  [
    'too many rooms',
    { epoch: null, rev: 0, rooms: Array.from({ length: 501 }, () => ({ id: randomUUID(), rev: 0 })) },
    'too_large',
  ],
])('%s is refused', async (_name, body, code) => {
  const { token } = await app.signUpRaw();
  const answer = await app.request<Problem>('POST', '/sync', { token, body });
  expect(answer.body.code).toBe(code);
});
