import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MarkerEvent, MeEvent, Member, Page, Problem, Room, RoomMe, RoomMeEvent } from '@co-talk/sdk/protocol';
import { call, eventually, next, startTestApp, type RawPerson, type TestApp } from '../testing.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const open = (person: RawPerson, userId: unknown) =>
  app.request<Room & Problem>('POST', '/rooms', { token: person.token, body: { type: 'direct', userId } });
const list = async (person: RawPerson, query = '') =>
  (await app.request<Page<Room> & { rev: number }>('GET', `/rooms${query}`, { token: person.token })).body;
const roomOf = async (person: RawPerson, roomId: string) =>
  (await app.request<Room>('GET', `/rooms/${roomId}`, { token: person.token })).body;
const say = (person: RawPerson, roomId: string, text = 'hello') =>
  app.request('POST', `/rooms/${roomId}/messages`, { token: person.token, body: { clientId: randomUUID(), text } });
const read = (person: RawPerson, roomId: string, seq: unknown) =>
  app.request<Problem>('POST', `/rooms/${roomId}/read`, { token: person.token, body: { seq } });

describe('direct rooms', () => {
  test('opening one tells all devices of both; opening it again finds it', async () => {
    const [one, other] = await Promise.all([app.signUpRaw(), app.signUpRaw()]);
    const sockets = await Promise.all([app.connect(one.token), app.connect(other.token), app.connect(other.token)]);
    const heard = Promise.all(sockets.map((socket) => next<MeEvent>(socket, 'me')));
    const created = await open(one, other.user.id);
    expect([created.status, created.body.type, created.body.peer?.id, created.body.memberCount]).toEqual([
      201,
      'direct',
      other.user.id,
      2,
    ]);
    expect(created.body.me).toEqual({
      role: 'member',
      readSeq: 0,
      unread: 0,
      muted: false,
      pinned: false,
      hidden: false,
      hiddenSeq: 0,
      historyFrom: 1,
    });
    const events = await heard;
    expect(events.map((event) => event.change)).toEqual(['rooms', 'rooms', 'rooms']);
    expect(events[1]).toEqual({ rev: 1, change: 'rooms', item: await roomOf(other, created.body.id) });
    const again = await open(other, one.user.id);
    expect([again.status, again.body.id]).toEqual([200, created.body.id]);
  });

  test('both opening it at the same moment get the same room', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [one, other] = await Promise.all([app.signUpRaw(), app.signUpRaw()]);
      const answers = await Promise.all([open(one, other.user.id), open(other, one.user.id), open(one, other.user.id)]);
      expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
      expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
      expect((await list(one)).items).toHaveLength(1);
    }
  });

  test('the members are the two', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const members = await app.request<Page<Member>>('GET', `/rooms/${roomId}/members`, { token: one.token });
    expect(members.body.items.map((member) => member.user.id).sort()).toEqual([one.user.id, other.user.id].sort());
    const stranger = await app.signUpRaw();
    for (const path of [`/rooms/${roomId}`, `/rooms/${roomId}/members`]) {
      expect((await app.request('GET', path, { token: stranger.token })).status).toBe(404);
    }
  });

  test.each<[string, unknown, number, string]>([
    ['an unknown person', randomUUID(), 404, 'not_found'],
    ['no id', undefined, 400, 'invalid_request'],
    ['a malformed id', 'x', 400, 'invalid_request'],
    ['a number', 5, 400, 'invalid_request'],
  ])('with %s there is none', async (_name, userId, status, code) => {
    const answer = await open(await app.signUpRaw(), userId);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  test('nor with oneself, nor with somebody who is blocked either way', async () => {
    const [one, other] = await Promise.all([app.signUpRaw(), app.signUpRaw()]);
    expect((await open(one, one.user.id)).body.code).toBe('invalid_request');
    await app.request('PUT', `/blocks/${other.user.id}`, { token: one.token });
    expect((await open(one, other.user.id)).body.code).toBe('blocked');
    expect((await open(other, one.user.id)).body.code).toBe('blocked');
  });
});

describe('the list', () => {
  test('is sorted by last activity and carries the last message, unread and the revision', async () => {
    const one = await app.signUpRaw();
    const rooms: string[] = [];
    for (let index = 0; index < 3; index += 1) {
      const other = await app.signUpRaw();
      rooms.push((await open(one, other.user.id)).body.id);
      await say(other, rooms[index] ?? '', `from ${String(index)}`);
    }
    await say(one, rooms[0] ?? '', 'mine');
    const { items, next: cursor, rev } = await list(one);
    expect(items.map((room) => [room.id, room.lastMessage?.text, room.me?.unread])).toEqual([
      [rooms[0], 'mine', 1],
      [rooms[2], 'from 2', 1],
      [rooms[1], 'from 1', 1],
    ]);
    expect(cursor).toBeNull();
    expect(rev).toBe(3);
    expect((await app.request<{ count: number }>('GET', '/me/unread', { token: one.token })).body).toEqual({
      count: 3,
    });
  });

  test('comes in pages without gaps or repeats', async () => {
    const one = await app.signUpRaw();
    const rooms = new Set<string>();
    for (let index = 0; index < 7; index += 1) rooms.add((await open(one, (await app.signUpRaw()).user.id)).body.id);
    const seen: string[] = [];
    let query = '?limit=3';
    for (;;) {
      const page = await list(one, query);
      seen.push(...page.items.map((room) => room.id));
      if (page.next === null) break;
      query = `?limit=3&cursor=${page.next}`;
    }
    expect(seen).toHaveLength(7);
    expect(new Set(seen)).toEqual(rooms);
  });

  test.each([
    'cursor=x',
    'cursor=MTp4',
    `cursor=${Buffer.from(`9:${'-'.repeat(36)}`).toString('base64url')}`,
    'limit=1000',
    'limit=-1',
  ])('the query %s is refused', async (query) => {
    const one = await app.signUpRaw();
    const answer = await app.request<Problem>('GET', `/rooms?${query}`, { token: one.token });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
  });
});

describe('read markers', () => {
  test('move forward only, never past the head; both sides hear of it', async () => {
    const { one, other, roomId } = await app.pairRaw();
    for (let index = 0; index < 3; index += 1) await say(one, roomId);
    const [mine, theirs] = await Promise.all([app.connect(one.token), app.connect(other.token)]);
    expect((await roomOf(other, roomId)).me).toMatchObject({ readSeq: 0, unread: 3 });

    const heard = Promise.all([next<MarkerEvent>(mine, 'read'), next<RoomMeEvent>(theirs, 'room:me')]);
    expect((await read(other, roomId, 2)).status).toBe(204);
    const [marker, own] = await heard;
    expect(marker).toEqual({ roomId, userId: other.user.id, seq: 2 });
    expect(own).toMatchObject({ roomId, me: { readSeq: 2, unread: 1 } });

    await read(other, roomId, 1);
    expect((await roomOf(other, roomId)).me).toMatchObject({ readSeq: 2, unread: 1 });
    expect(await call(theirs, 'room:read', { roomId, seq: 99 })).toEqual({ ok: true, data: null });
    expect((await roomOf(other, roomId)).me).toMatchObject({ readSeq: 3, unread: 0 });
  });

  test('a send marks nothing as read', async () => {
    const { one, other, roomId } = await app.pairRaw();
    await say(one, roomId);
    await say(other, roomId);
    expect((await roomOf(other, roomId)).me).toMatchObject({ readSeq: 0, unread: 1 });
  });

  test('unread counts to a hundred', async () => {
    const { one, other, roomId } = await app.pairRaw();
    await Promise.all(Array.from({ length: 105 }, () => say(one, roomId)));
    expect((await roomOf(other, roomId)).me?.unread).toBe(100);
  });

  test('delivered is told to the sender', async () => {
    const { one, other, roomId } = await app.pairRaw();
    await say(one, roomId);
    const [mine, theirs] = await Promise.all([app.connect(one.token), app.connect(other.token)]);
    const heard = next<MarkerEvent>(mine, 'delivered');
    await call(theirs, 'room:delivered', { roomId, seq: 1 });
    expect(await heard).toEqual({ roomId, userId: other.user.id, seq: 1 });
  });

  test.each([-1, 1.5, '1', null, 2 ** 40])('seq %s is refused', async (seq) => {
    const { one, roomId } = await app.pairRaw();
    expect((await read(one, roomId, seq)).body.code).toBe('invalid_request');
    const socket = await app.connect(one.token);
    expect(await call(socket, 'room:read', { roomId, seq })).toMatchObject({
      ok: false,
      error: { code: 'invalid_request' },
    });
  });

  test('a stranger cannot move one', async () => {
    const { roomId } = await app.pairRaw();
    const stranger = await app.signUpRaw();
    expect((await read(stranger, roomId, 1)).body.code).toBe('not_found');
  });
});

describe('mute, pin and hide', () => {
  test('are one’s own, on all devices', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const [mine, theirs] = await Promise.all([app.connect(one.token), app.connect(other.token)]);
    const heard: unknown[] = [];
    theirs.onAny((event) => event !== 'presence' && heard.push(event));
    const event = next<RoomMeEvent>(mine, 'room:me');
    const answer = await app.request<RoomMe>('PATCH', `/rooms/${roomId}/me`, {
      token: one.token,
      body: { muted: true, pinned: true },
    });
    expect(answer.body).toMatchObject({ muted: true, pinned: true, hidden: false });
    expect(await event).toMatchObject({ roomId, me: answer.body });
    await app.request('PATCH', `/rooms/${roomId}/me`, { token: one.token, body: { muted: false } });
    expect((await roomOf(one, roomId)).me).toMatchObject({ muted: false, pinned: true });
    expect((await roomOf(other, roomId)).me).toMatchObject({ muted: false, pinned: false });
    expect(heard).toEqual([]);
  });

  test('a hidden room comes back with the next message, whoever writes it, and counts again', async () => {
    const { one, other, roomId } = await app.pairRaw();
    for (const writer of [one, other]) {
      await app.request('PATCH', `/rooms/${roomId}/me`, { token: one.token, body: { hidden: true } });
      expect((await roomOf(one, roomId)).me?.hidden).toBe(true);
      await say(writer, roomId);
      expect((await roomOf(one, roomId)).me?.hidden).toBe(false);
    }
    const unread = () => app.request<{ count: number }>('GET', '/me/unread', { token: one.token });
    expect((await unread()).body.count).toBe(1);
    await app.request('PATCH', `/rooms/${roomId}/me`, { token: one.token, body: { hidden: true } });
    expect((await unread()).body.count).toBe(0);
  });

  test('a muted room does not count as unread', async () => {
    const { one, other, roomId } = await app.pairRaw();
    await say(one, roomId);
    await app.request('PATCH', `/rooms/${roomId}/me`, { token: other.token, body: { muted: true } });
    await eventually(
      async () => (await app.request<{ count: number }>('GET', '/me/unread', { token: other.token })).body.count === 0,
    );
  });

  test.each([{ muted: 'yes' }, { role: 'owner' }, { readSeq: 5 }, [], 'x', null])('%j is refused', async (body) => {
    const { one, roomId } = await app.pairRaw();
    const answer = await app.request<Problem>('PATCH', `/rooms/${roomId}/me`, {
      token: one.token,
      body: JSON.stringify(body),
    });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
  });
});
