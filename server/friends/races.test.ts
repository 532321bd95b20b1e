import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Block, Friend, FriendAnswer, FriendRequest, MeEvent, Page, Problem, Room } from '@co-talk/sdk/protocol';
import { eventually, startTestApp, type RawPerson, type TestApp } from '../testing.ts';

const ROUNDS = 20;

let app: TestApp;
let one: RawPerson;
let other: RawPerson;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());
beforeEach(newPair);

async function newPair(): Promise<void> {
  [one, other] = await Promise.all([app.signUpRaw(), app.signUpRaw()]);
}

const items = async <T>(path: string, { token }: RawPerson) =>
  (await app.request<Page<T>>('GET', path, { token })).body.items;
const friendsOf = async (person: RawPerson) => (await items<Friend>('/friends', person)).map(({ user }) => user.id);
const openOf = (person: RawPerson) => items<FriendRequest>('/friends/requests', person);
const blocksOf = async (person: RawPerson) => (await items<Block>('/blocks', person)).map(({ user }) => user.id);
const call = (method: string, path: string, { token }: RawPerson, body?: unknown) =>
  app.request<Omit<FriendRequest, 'status'> & FriendAnswer & Pick<Problem, 'code'>>(method, path, {
    token,
    ...(body === undefined ? {} : { body }),
  });
const request = (from: RawPerson, to: RawPerson) => call('POST', '/friends/requests', from, { userId: to.user.id });
const block = (by: RawPerson, whom: RawPerson) => call('PUT', `/blocks/${whom.user.id}`, by);

/** Repeats a race with new people each time. */
async function rounds(race: () => Promise<void>): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    await newPair();
    await race();
  }
}

async function expectFriendsOnce(): Promise<void> {
  expect(await friendsOf(one)).toEqual([other.user.id]);
  expect(await friendsOf(other)).toEqual([one.user.id]);
  expect([await openOf(one), await openOf(other)]).toEqual([[], []]);
  const [mine, theirs] = [await items<Room>('/rooms', one), await items<Room>('/rooms', other)];
  expect(mine.map(({ id }) => id)).toEqual(theirs.map(({ id }) => id));
  expect(mine).toHaveLength(1);
}

async function expectStrangers(): Promise<void> {
  expect([await friendsOf(one), await friendsOf(other)]).toEqual([[], []]);
  expect([await openOf(one), await openOf(other)]).toEqual([[], []]);
}

test('two requests that cross make friends once, and tell each device once', async () => {
  await rounds(async () => {
    const socket = await app.connect(one.token);
    const heard: MeEvent[] = [];
    socket.on('me', (event: MeEvent) => heard.push(event));
    const answers = await Promise.all([request(one, other), request(other, one)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 201]);
    await expectFriendsOnce();
    await eventually(() => heard.length >= 4);
    expect(heard.map(({ rev }) => rev)).toEqual([1, 2, 3, 4]);
    expect(heard.map(({ change }) => change).sort()).toEqual(['friends', 'requests', 'requests', 'rooms']);
    socket.disconnect();
  });
});

test('one request sent twice at once is one request', async () => {
  await rounds(async () => {
    const answers = await Promise.all([request(one, other), request(one, other), request(one, other)]);
    expect(answers.map(({ body }) => body.code).filter(Boolean)).toEqual(['request_exists', 'request_exists']);
    expect(await openOf(other)).toHaveLength(1);
  });
});

test('accepting on two devices at once makes friends once, and both are told so', async () => {
  await rounds(async () => {
    const { body } = await request(one, other);
    const accept = () => call('POST', `/friends/requests/${body.id}/accept`, other);
    const answers = await Promise.all([accept(), accept()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[0].body.friend).toEqual(answers[1].body.friend);
    await expectFriendsOnce();
  });
});

test('accepting while the other takes it back: one of the two happens', async () => {
  await rounds(async () => {
    const { body } = await request(one, other);
    const [accepted, cancelled] = await Promise.all([
      call('POST', `/friends/requests/${body.id}/accept`, other),
      call('DELETE', `/friends/requests/${body.id}`, one),
    ]);
    expect([accepted.status, cancelled.status].sort()).toEqual(accepted.status === 200 ? [200, 409] : [204, 409]);
    if (accepted.status === 200) await expectFriendsOnce();
    else await expectStrangers();
  });
});

test('accepting on one device while rejecting on another: one of the two happens', async () => {
  await rounds(async () => {
    const { body } = await request(one, other);
    const [accepted, rejected] = await Promise.all([
      call('POST', `/friends/requests/${body.id}/accept`, other),
      call('POST', `/friends/requests/${body.id}/reject`, other),
    ]);
    expect([accepted.status, rejected.status].sort()).toEqual(accepted.status === 200 ? [200, 409] : [204, 409]);
    if (accepted.status === 200) await expectFriendsOnce();
    else await expectStrangers();
  });
});

test('accepting while the other blocks ends blocked', async () => {
  await rounds(async () => {
    const { body } = await request(one, other);
    const [accepted, blocked] = await Promise.all([
      call('POST', `/friends/requests/${body.id}/accept`, other),
      block(one, other),
    ]);
    expect([200, 409]).toContain(accepted.status);
    expect(blocked.status).toBe(204);
    await expectStrangers();
    expect(await blocksOf(one)).toEqual([other.user.id]);
  });
});

test('a request while the other blocks ends blocked', async () => {
  await rounds(async () => {
    const [asked] = await Promise.all([request(one, other), block(other, one)]);
    expect([201, 403]).toContain(asked.status);
    await expectStrangers();
  });
});

test('blocking each other at once blocks both ways', async () => {
  await rounds(async () => {
    await request(one, other);
    await request(other, one);
    await Promise.all([block(one, other), block(other, one), block(one, other)]);
    await expectStrangers();
    expect([await blocksOf(one), await blocksOf(other)]).toEqual([[other.user.id], [one.user.id]]);
  });
});

test('removing each other at once happens once', async () => {
  await rounds(async () => {
    await request(one, other);
    await request(other, one);
    const answers = await Promise.all([
      call('DELETE', `/friends/${other.user.id}`, one),
      call('DELETE', `/friends/${one.user.id}`, other),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404]);
    await expectStrangers();
    expect(await items<Room>('/rooms', one)).toHaveLength(1);
  });
});

test('a circle of people who ask each other all at once ends without a deadlock', async () => {
  const people = await Promise.all(Array.from({ length: 6 }, () => app.signUpRaw()));
  const pairs = people.flatMap((from) => people.filter((to) => to !== from).map((to) => [from, to] as const));
  const answers = await Promise.all(pairs.map(([from, to]) => request(from, to)));
  expect(answers.filter(({ status }) => status !== 200 && status !== 201)).toEqual([]);
  for (const person of people) expect(await friendsOf(person)).toHaveLength(5);
});
