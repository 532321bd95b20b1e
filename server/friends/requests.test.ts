import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FriendAnswer, FriendRequest, MeEvent, Page, Problem, User } from '@co-talk/sdk/protocol';
import { eventually, startTestApp, type RawPerson, type TestApp } from '../testing.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

type Body = Omit<FriendRequest, 'status'> & FriendAnswer & Pick<Problem, 'code' | 'errors'>;
const call = (method: string, path: string, { token }: RawPerson, body?: unknown) =>
  app.request<Body>(method, path, { token, ...(body === undefined ? {} : { body }) });
const ask = (from: RawPerson, to: RawPerson) => call('POST', '/friends/requests', from, { userId: to.user.id });
const settle = (how: 'accept' | 'reject', id: string, by: RawPerson) =>
  call('POST', `/friends/requests/${id}/${how}`, by);
const cancel = (id: string, by: RawPerson) => call('DELETE', `/friends/requests/${id}`, by);
const list = async (person: RawPerson, query = '') =>
  (
    await app.request<Page<FriendRequest> & { rev: number }>('GET', `/friends/requests${query}`, {
      token: person.token,
    })
  ).body;
const seen = async (by: RawPerson, whom: RawPerson) =>
  (await app.request<User>('GET', `/users/${whom.user.id}`, { token: by.token })).body;
const pair = () => Promise.all([app.signUpRaw(), app.signUpRaw()]);

async function listen(person: RawPerson): Promise<MeEvent[]> {
  const socket = await app.connect(person.token);
  const heard: MeEvent[] = [];
  socket.on('me', (event: MeEvent) => heard.push(event));
  return heard;
}

describe('asking', () => {
  test('is told to all devices of both, and stands in both lists', async () => {
    const [one, other] = await pair();
    const devices = await Promise.all([one, one, other, other].map(listen));
    const { status, body: request } = await ask(one, other);
    expect(status).toBe(201);
    expect(request).toEqual({
      id: expect.any(String) as unknown,
      from: await seen(other, one),
      to: await seen(one, other),
      status: 'pending',
      createdAt: expect.any(String) as unknown,
    });
    await eventually(() => devices.every((heard) => heard.length === 1));
    for (const heard of devices) expect(heard).toEqual([{ rev: 1, change: 'requests', item: request }]);
    expect(await list(one)).toEqual({ items: [request], next: null, rev: 1 });
    expect(await list(one, '?direction=outgoing')).toEqual({ items: [request], next: null, rev: 1 });
    expect((await list(one, '?direction=incoming')).items).toEqual([]);
    expect((await list(other, '?direction=incoming')).items).toEqual([request]);
    expect((await list(other, '?direction=outgoing')).items).toEqual([]);
  });

  test('somebody who has asked accepts: both are friends with a room', async () => {
    const [one, other] = await pair();
    await ask(one, other);
    const heard = await Promise.all([listen(one), listen(other)]);
    const { status, body } = await ask(other, one);
    expect([status, body.friend.user.id]).toEqual([200, one.user.id]);
    await eventually(() => heard.every((events) => events.length === 3));
    expect(heard.map((events) => events.map(({ rev, change }) => [rev, change]))).toEqual(
      Array(2).fill([
        [2, 'rooms'],
        [3, 'requests'],
        [4, 'friends'],
      ]),
    );
    const told = heard[1][2];
    expect(told?.change === 'friends' && told.item).toEqual({ userId: one.user.id, friend: body.friend });
    expect((await list(one)).items).toEqual([]);
  });

  test.each<[string, (one: RawPerson, other: RawPerson) => Promise<unknown>, number, string]>([
    ['once more', ask, 409, 'request_exists'],
    ['a friend', async (one, other) => (await ask(one, other), ask(other, one)), 409, 'already_friends'],
    ['whom one has blocked', (one, other) => call('PUT', `/blocks/${other.user.id}`, one), 403, 'blocked'],
    ['who has blocked one', (one, other) => call('PUT', `/blocks/${one.user.id}`, other), 403, 'blocked'],
    [
      'a disabled person',
      (_one, other) =>
        app.db.fork('default').execute('update users set disabled_at = now() where id = ?', [other.user.id]),
      404,
      'not_found',
    ],
  ])('somebody %s is refused', async (_name, before, status, code) => {
    const [one, other] = await pair();
    await before(one, other);
    const answer = await ask(one, other);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  test.each<[string, unknown, number, string]>([
    ['an unknown person', { userId: randomUUID() }, 404, 'not_found'],
    ['a malformed id', { userId: "1' or '1'='1" }, 400, 'invalid_request'],
    ['a number', { userId: 7 }, 400, 'invalid_request'],
    ['many at once', { userId: [randomUUID()] }, 400, 'invalid_request'],
    ['nobody', {}, 400, 'invalid_request'],
    ['nothing', undefined, 400, 'invalid_request'],
    ['an accepted request', { userId: randomUUID(), status: 'accepted' }, 400, 'invalid_request'],
    ['in the name of another', { userId: randomUUID(), fromId: randomUUID() }, 400, 'invalid_request'],
  ])('%s is refused', async (_name, body, status, code) => {
    const answer = await call('POST', '/friends/requests', await app.signUpRaw(), body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  test('oneself is refused', async () => {
    const one = await app.signUpRaw();
    const answer = await ask(one, one);
    expect([answer.status, answer.body.code, answer.body.errors?.[0]?.path]).toEqual([
      400,
      'invalid_request',
      'userId',
    ]);
  });
});

describe('settling', () => {
  test('accepting opens the room for both, and once more answers the same', async () => {
    const [one, other] = await pair();
    const { body: request } = await ask(one, other);
    const { status, body } = await settle('accept', request.id, other);
    expect([status, body.friend.user.id]).toEqual([200, one.user.id]);
    for (const person of [one, other]) {
      const room = await app.request('GET', `/rooms/${body.friend.roomId}`, { token: person.token });
      expect(room.status).toBe(200);
    }
    const again = await settle('accept', request.id, other);
    expect([again.status, again.body]).toEqual([200, body]);
  });

  test('a new friend’s connected devices hear the room at once', async () => {
    const [one, other] = await pair();
    const socket = await app.connect(one.token);
    const heard: unknown[] = [];
    socket.on('message', (event: unknown) => heard.push(event));
    await ask(one, other);
    const { body } = await ask(other, one);
    const message = { clientId: randomUUID(), text: 'hello' };
    await call('POST', `/rooms/${body.friend.roomId}/messages`, other, message);
    await eventually(() => heard.length === 1);
  });

  test('accepting where there was a room keeps it', async () => {
    const { one, other, roomId } = await app.pairRaw();
    await ask(one, other);
    const heard = await listen(one);
    const { body } = await ask(other, one);
    expect(body.friend.roomId).toBe(roomId);
    await eventually(() => heard.length === 2);
    expect(heard.map(({ change }) => change)).toEqual(['requests', 'friends']);
  });

  test('rejecting takes it out of both lists, and the sender may ask again', async () => {
    const [one, other] = await pair();
    const { body: request } = await ask(one, other);
    const heard = await listen(one);
    expect((await settle('reject', request.id, other)).status).toBe(204);
    expect((await settle('reject', request.id, other)).status).toBe(204);
    await eventually(() => heard.length === 1);
    expect(heard[0]).toMatchObject({ rev: 2, change: 'requests', item: { id: request.id, status: 'rejected' } });
    expect([(await list(one)).items, (await list(other)).items]).toEqual([[], []]);
    expect((await settle('accept', request.id, other)).body.code).toBe('conflict');
    expect((await ask(one, other)).status).toBe(201);
  });

  test('taking it back takes it out of both lists', async () => {
    const [one, other] = await pair();
    const { body: request } = await ask(one, other);
    const heard = await listen(other);
    expect((await cancel(request.id, one)).status).toBe(204);
    expect((await cancel(request.id, one)).status).toBe(204);
    await eventually(() => heard.length === 1);
    expect(heard[0]).toMatchObject({ change: 'requests', item: { id: request.id, status: 'cancelled' } });
    expect((await list(other)).items).toEqual([]);
    expect((await settle('accept', request.id, other)).body.code).toBe('conflict');
    expect((await settle('reject', request.id, other)).body.code).toBe('conflict');
  });

  test('what is accepted cannot be rejected or taken back, nor accepted after the friendship has ended', async () => {
    const [one, other] = await pair();
    const { body: request } = await ask(one, other);
    await settle('accept', request.id, other);
    expect((await settle('reject', request.id, other)).body.code).toBe('conflict');
    expect((await cancel(request.id, one)).body.code).toBe('conflict');
    await call('DELETE', `/friends/${one.user.id}`, other);
    expect((await settle('accept', request.id, other)).body.code).toBe('conflict');
  });

  test('is for the one side or the other, and for no stranger', async () => {
    const [one, other] = await pair();
    const stranger = await app.signUpRaw();
    const { body: request } = await ask(one, other);
    const answers = [
      await settle('accept', request.id, one),
      await settle('reject', request.id, one),
      await cancel(request.id, other),
      await settle('accept', request.id, stranger),
      await settle('reject', request.id, stranger),
      await cancel(request.id, stranger),
      await settle('accept', randomUUID(), other),
      await settle('reject', 'x', other),
      await cancel("'; drop table friends;--", one),
    ];
    for (const { status, body } of answers) expect([status, body.code]).toEqual([404, 'not_found']);
    expect((await list(other)).items).toHaveLength(1);
  });
});

describe('the list', () => {
  test('comes in pages, the newest first', async () => {
    const one = await app.signUpRaw();
    const people = await Promise.all(Array.from({ length: 5 }, () => app.signUpRaw()));
    const ids: string[] = [];
    for (const [index, person] of people.entries()) {
      const [from, to] = index % 2 === 0 ? [one, person] : [person, one];
      ids.unshift((await ask(from, to)).body.id);
    }
    const first = await list(one, '?limit=2');
    const second = await list(one, `?limit=2&cursor=${first.next ?? ''}`);
    const third = await list(one, `?limit=2&cursor=${second.next ?? ''}`);
    expect([first, second, third].map(({ items }) => items.length)).toEqual([2, 2, 1]);
    expect([first, second, third].flatMap(({ items }) => items.map(({ id }) => id))).toEqual(ids);
    expect([third.next, third.rev]).toEqual([null, 5]);
  });

  test.each([
    '?direction=both',
    '?direction=',
    '?cursor=x',
    '?cursor=W10',
    '?limit=0',
    '?status=accepted',
    '?limit=1&limit=2',
  ])('%s is refused', async (query) => {
    const { token } = await app.signUpRaw();
    const answer = await app.request<Problem>('GET', `/friends/requests${query}`, { token });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
  });
});
