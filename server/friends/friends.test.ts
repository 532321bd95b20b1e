import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Block, Friend, MeEvent, Page, Problem, Room, User } from '@co-talk/sdk/protocol';
import { eventually, startTestApp, type RawPerson, type TestApp } from '../testing.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const call = <T = Problem>(method: string, path: string, { token }: RawPerson, body?: unknown) =>
  app.request<T & Problem>(method, path, { token, ...(body === undefined ? {} : { body }) });
const friends = async (person: RawPerson, query = '') =>
  (await call<Page<Friend> & { rev: number }>('GET', `/friends${query}`, person)).body;
const blocks = async (person: RawPerson, query = '') =>
  (await call<Page<Block> & { rev: number }>('GET', `/blocks${query}`, person)).body;
const block = (by: RawPerson, id: string) => call('PUT', `/blocks/${id}`, by);
const unblock = (by: RawPerson, id: string) => call('DELETE', `/blocks/${id}`, by);
const pair = () => Promise.all([app.signUpRaw(), app.signUpRaw()]);

async function befriend(one: RawPerson, other: RawPerson): Promise<void> {
  await call('POST', '/friends/requests', one, { userId: other.user.id });
  await call('POST', '/friends/requests', other, { userId: one.user.id });
}

async function listen(person: RawPerson): Promise<MeEvent[]> {
  const socket = await app.connect(person.token);
  const heard: MeEvent[] = [];
  socket.on('me', (event: MeEvent) => heard.push(event));
  return heard;
}

describe('friends', () => {
  test('are listed with their room, since when, and whether they are here', async () => {
    const [one, other] = await pair();
    await befriend(one, other);
    const { items, next, rev } = await friends(one);
    const { body: user } = await call<User>('GET', `/users/${other.user.id}`, one);
    const { body: rooms } = await call<Page<Room>>('GET', '/rooms', one);
    const presence = { userId: other.user.id, online: false, lastSeenAt: null };
    expect(items).toEqual([{ user, roomId: rooms.items[0]?.id, since: expect.any(String) as unknown, presence }]);
    expect([next, rev]).toEqual([null, 4]);
    await app.connect(other.token);
    await eventually(async () => (await friends(one)).items[0]?.presence.online);
  });

  test('come in pages, the newest first', async () => {
    const one = await app.signUpRaw();
    const people = await Promise.all(Array.from({ length: 5 }, () => app.signUpRaw()));
    for (const person of people) await befriend(one, person);
    // Also those who became friends in the same millisecond.
    await app.db
      .fork('default')
      .execute(`update friends set since = '2026-01-01' where user_id = ? and friend_id <> ?`, [
        one.user.id,
        people[4]?.user.id,
      ]);
    const first = await friends(one, '?limit=2');
    const second = await friends(one, `?limit=2&cursor=${first.next ?? ''}`);
    const third = await friends(one, `?limit=2&cursor=${second.next ?? ''}`);
    const ids = [first, second, third].flatMap(({ items }) => items.map(({ user }) => user.id));
    expect(ids[0]).toBe(people[4]?.user.id);
    expect([...ids].sort()).toEqual(people.map(({ user }) => user.id).sort());
    expect(third.next).toBeNull();
  });

  test('removing one tells both; the room stays for both', async () => {
    const [one, other] = await pair();
    await befriend(one, other);
    const heard = await Promise.all([listen(one), listen(other)]);
    expect((await call('DELETE', `/friends/${other.user.id}`, one)).status).toBe(204);
    await eventually(() => heard.every((events) => events.length === 1));
    expect(heard).toEqual([
      [{ rev: 5, change: 'friends', item: { userId: other.user.id, friend: null } }],
      [{ rev: 5, change: 'friends', item: { userId: one.user.id, friend: null } }],
    ]);
    for (const person of [one, other]) {
      expect((await friends(person)).items).toEqual([]);
      expect((await call<Page<Room>>('GET', '/rooms', person)).body.items).toHaveLength(1);
    }
    expect((await call('DELETE', `/friends/${other.user.id}`, one)).body.code).toBe('not_found');
  });

  test('a friendship that begins again finds its room again', async () => {
    const [one, other] = await pair();
    await befriend(one, other);
    const before = (await friends(one)).items[0];
    await call('DELETE', `/friends/${other.user.id}`, one);
    await befriend(one, other);
    expect((await friends(one)).items[0]?.roomId).toBe(before?.roomId);
  });

  test('a stranger, an unknown and a malformed id are not found; oneself is refused', async () => {
    const [one, other] = await pair();
    for (const id of [other.user.id, randomUUID(), 'x']) {
      const answer = await call('DELETE', `/friends/${id}`, one);
      expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
    }
    expect((await call('DELETE', `/friends/${one.user.id}`, one)).body.code).toBe('invalid_request');
  });
});

describe('blocking', () => {
  test('ends the friendship; the other side hears of that alone', async () => {
    const [one, other] = await pair();
    await befriend(one, other);
    const [mine, theirs] = await Promise.all([listen(one), listen(other)]);
    expect((await block(one, other.user.id)).status).toBe(204);
    await eventually(() => mine.length === 2 && theirs.length === 1);
    const { items } = await blocks(one);
    expect(mine).toEqual([
      { rev: 5, change: 'friends', item: { userId: other.user.id, friend: null } },
      { rev: 6, change: 'blocks', item: { userId: other.user.id, block: items[0] } },
    ]);
    expect(theirs).toEqual([{ rev: 5, change: 'friends', item: { userId: one.user.id, friend: null } }]);
    expect((await blocks(other)).items).toEqual([]);
    expect((await call<Page<Room>>('GET', '/rooms', other)).body.items).toHaveLength(1);
  });

  test.each(['to', 'from'])('takes an open request %s the other away for both', async (direction) => {
    const [one, other] = await pair();
    const [from, to] = direction === 'to' ? [one, other] : [other, one];
    await call('POST', '/friends/requests', from, { userId: to.user.id });
    const theirs = await listen(other);
    await block(one, other.user.id);
    await eventually(() => theirs.length === 1);
    expect(theirs[0]).toMatchObject({ change: 'requests', item: { status: 'cancelled', from: { id: from.user.id } } });
    for (const person of [one, other]) {
      expect((await call<Page<unknown>>('GET', '/friends/requests', person)).body.items).toEqual([]);
    }
  });

  test('of a stranger tells them nothing', async () => {
    const [one, other] = await pair();
    const [mine, theirs] = await Promise.all([listen(one), listen(other)]);
    await block(one, other.user.id);
    await unblock(one, other.user.id);
    await eventually(() => mine.length === 2);
    expect(mine[1]).toEqual({ rev: 2, change: 'blocks', item: { userId: other.user.id, block: null } });
    expect(theirs).toEqual([]);
    expect((await friends(other)).rev).toBe(0);
  });

  test('and lifting it once more change nothing', async () => {
    const [one, other] = await pair();
    for (const change of [block, block, unblock, unblock]) expect((await change(one, other.user.id)).status).toBe(204);
    expect(await blocks(one)).toEqual({ items: [], next: null, rev: 2 });
  });

  test('lifted, leaves people strangers who may ask again', async () => {
    const [one, other] = await pair();
    await befriend(one, other);
    await block(one, other.user.id);
    await unblock(one, other.user.id);
    expect((await friends(one)).items).toEqual([]);
    await befriend(other, one);
    expect((await friends(one)).items).toHaveLength(1);
  });

  test('is listed in pages, the newest first', async () => {
    const one = await app.signUpRaw();
    const people = await Promise.all(Array.from({ length: 3 }, () => app.signUpRaw()));
    for (const person of people) await block(one, person.user.id);
    const first = await blocks(one, '?limit=2');
    const second = await blocks(one, `?limit=2&cursor=${first.next ?? ''}`);
    expect([...first.items, ...second.items].map(({ user }) => user.id).sort()).toEqual(
      people.map(({ user }) => user.id).sort(),
    );
    expect(second.next).toBeNull();
  });

  test('an unknown and a malformed id are not found; oneself is refused', async () => {
    const one = await app.signUpRaw();
    for (const change of [block, unblock]) {
      for (const id of [randomUUID(), 'x']) expect((await change(one, id)).body.code).toBe('not_found');
      expect((await change(one, one.user.id)).body.code).toBe('invalid_request');
    }
  });
});

const forged = (position: unknown) => Buffer.from(JSON.stringify(position)).toString('base64url');
test.each([
  'cursor=',
  'cursor=x',
  'cursor=!!!',
  `cursor=${forged([1])}`,
  `cursor=${forged([-1, '01a20293-3334-74bf-9c9e-dafc39827274'])}`,
  `cursor=${forged([1.5, '01a20293-3334-74bf-9c9e-dafc39827274'])}`,
  `cursor=${forged([2 ** 63, '01a20293-3334-74bf-9c9e-dafc39827274'])}`,
  `cursor=${forged([1, "'; drop table friends;--"])}`,
  `cursor=${'a'.repeat(300)}`,
  'limit=0',
  'limit=101',
  'limit=-1',
  'limit=9999999999',
  'offset=5',
])('lists refuse ?%s', async (query) => {
  const person = await app.signUpRaw();
  for (const path of ['/friends', '/blocks']) {
    const answer = await call('GET', `${path}?${query}`, person);
    expect([path, answer.status, answer.body.code]).toEqual([path, 400, 'invalid_request']);
  }
});

test('a position at the end of time is before everything, one after it is refused', async () => {
  const person = await app.signUpRaw();
  const at = (ms: number) => `/friends?cursor=${forged([ms, '01a20293-3334-74bf-9c9e-dafc39827274'])}`;
  expect((await call('GET', at(253_402_214_400_000), person)).status).toBe(200);
  expect((await call('GET', at(8.64e15), person)).body.code).toBe('invalid_request');
});
