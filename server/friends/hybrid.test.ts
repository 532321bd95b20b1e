import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Block, Friend, FriendRequest, MeEvent, Page, Presence, Room } from '@co-talk/sdk/protocol';
import { NO_FRIENDS, reduceFriends, type FriendsState } from '../../sdk/friends.ts';
import { eventually, startTestApp, type RawPerson, type TestApp } from '../testing.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

interface Snapshot {
  rev: number;
  state: FriendsState;
  rooms: Room[];
  /** Presences heard before: they count in no revision. */
  heard: number;
}

interface Device {
  person: RawPerson;
  events: MeEvent[];
  presences: Presence[];
}

async function connect(): Promise<Device> {
  const person = await app.signUpRaw();
  const socket = await app.connect(person.token);
  const events: MeEvent[] = [];
  const presences: Presence[] = [];
  socket.on('me', (event: MeEvent) => events.push(event));
  socket.on('presence', (event: Presence) => presences.push(event));
  // What connecting changes is to be over: only blocks move presence from here on.
  const seen = 'select id from users where id = ? and last_seen_at is not null';
  await eventually(async () => (await app.db.fork('default').execute<unknown[]>(seen, [person.user.id])).length > 0);
  return { person, events, presences };
}

async function fetchAll({ person, presences }: Device): Promise<Snapshot> {
  const get = async <T>(path: string) =>
    (await app.request<Page<T> & { rev: number }>('GET', path, { token: person.token })).body;
  const heard = presences.length;
  const friends = await get<Friend>('/friends');
  const requests = await get<FriendRequest>('/friends/requests');
  const blocks = await get<Block>('/blocks');
  const rooms = await get<Room>('/rooms');
  const lists = { friends: friends.items, requests: requests.items, blocks: blocks.items };
  const state = reduceFriends(NO_FRIENDS, { kind: 'lists', lists }, person.user.id);
  return { rev: friends.rev, state, rooms: rooms.items, heard };
}

/** What a device holds that has seen `before`, and heard every event since. */
function follow(before: Snapshot, { person, events, presences }: Device): Snapshot {
  let { rev, state, rooms } = before;
  // Two changes at once may be told in either order: clients go by the revision.
  const news = events.filter((heard) => heard.rev > before.rev).sort((a, b) => a.rev - b.rev);
  for (const event of news) {
    expect(event.rev).toBe(rev + 1);
    rev = event.rev;
    state = reduceFriends(state, { kind: 'me', ...event }, person.user.id);
    if (event.change === 'rooms' && event.item) rooms = [event.item, ...rooms];
  }
  for (const presence of presences.slice(before.heard)) {
    state = reduceFriends(state, { kind: 'presence', presence }, person.user.id);
    rooms = rooms.map((room) => (room.peer?.id === presence.userId ? { ...room, presence } : room));
  }
  return { rev, state, rooms, heard: presences.length };
}

/** Without the counters of other people, which move by what they do elsewhere. */
const comparable = (snapshot: Snapshot) =>
  JSON.parse(
    JSON.stringify(snapshot, (key, value: unknown) =>
      key === 'user' || key === 'from' || key === 'to' || key === 'peer'
        ? { ...(value as object), rev: undefined }
        : value,
    ),
  ) as unknown;

async function expectSame(device: Device, before: Snapshot): Promise<void> {
  const fresh = await fetchAll(device);
  await eventually(() => new Set(device.events.map((event) => event.rev)).size === fresh.rev);
  await eventually(() => {
    expect(comparable(follow(before, device))).toEqual(comparable({ ...fresh, heard: device.presences.length }));
    return true;
  });
}

type Act = (actor: RawPerson, other: RawPerson) => Promise<unknown>;

const openBetween = async (one: RawPerson, other: RawPerson) => {
  const { body } = await app.request<Page<FriendRequest>>('GET', '/friends/requests', { token: one.token });
  return body.items.find(({ from, to }) => [from.id, to.id].includes(other.user.id))?.id ?? one.user.id;
};
const call = (method: string, path: string, { token }: RawPerson, body?: unknown) =>
  app.request(method, path, { token, ...(body === undefined ? {} : { body }) });

const acts = {
  request: (actor, other) => call('POST', '/friends/requests', actor, { userId: other.user.id }),
  accept: async (actor, other) => call('POST', `/friends/requests/${await openBetween(actor, other)}/accept`, actor),
  reject: async (actor, other) => call('POST', `/friends/requests/${await openBetween(actor, other)}/reject`, actor),
  cancel: async (actor, other) => call('DELETE', `/friends/requests/${await openBetween(actor, other)}`, actor),
  remove: (actor, other) => call('DELETE', `/friends/${other.user.id}`, actor),
  block: (actor, other) => call('PUT', `/blocks/${other.user.id}`, actor),
  unblock: (actor, other) => call('DELETE', `/blocks/${other.user.id}`, actor),
} satisfies Record<string, Act>;

const starts = {
  strangers: () => Promise.resolve(),
  'an outgoing request': (actor, other) => acts.request(actor, other),
  'an incoming request': (actor, other) => acts.request(other, actor),
  friends: async (actor, other) => {
    await acts.request(actor, other);
    await acts.request(other, actor);
  },
  'former friends': async (actor, other) => {
    await starts.friends(actor, other);
    await acts.remove(actor, other);
  },
  'a block': (actor, other) => acts.block(actor, other),
  'a block by the other': (actor, other) => acts.block(other, actor),
} satisfies Record<string, Act>;

describe('an old snapshot and its events are a fresh fetch, for both', () => {
  test.each(Object.keys(starts) as (keyof typeof starts)[])('from %s, whatever is done', async (start) => {
    for (const act of Object.values(acts)) {
      const [one, other] = await Promise.all([connect(), connect()]);
      await starts[start](one.person, other.person);
      const [before, beforeOther] = [await fetchAll(one), await fetchAll(other)];
      await act(one.person, other.person);
      await Promise.all([expectSame(one, before), expectSame(other, beforeOther)]);
    }
  });

  test('after a storm in which four people do everything to each other at once', async () => {
    const people = await Promise.all([connect(), connect(), connect(), connect()]);
    const before = await Promise.all(people.map(fetchAll));
    const pairs = people.flatMap((one) =>
      people.filter((other) => other !== one).map((other) => [one, other] as const),
    );
    const names = Object.keys(acts) as (keyof typeof acts)[];
    for (let round = 0; round < 8; round += 1) {
      const answers = await Promise.all(
        pairs.map(([one, other], index) => {
          const name = names[(round * 5 + index * 3 + (index >> 1)) % names.length] ?? 'request';
          return acts[name](one.person, other.person);
        }),
      );
      expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    }
    await Promise.all(
      people.map((device, index) =>
        expectSame(device, before[index] ?? { rev: 0, state: NO_FRIENDS, rooms: [], heard: 0 }),
      ),
    );
  });
});
