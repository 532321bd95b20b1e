import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NO_FRIENDS, reduceFriends } from './friends.ts';
import { createRoomMessages, type RoomKeeper } from './room-messages.ts';
import { NO_ROOMS, reduceRooms, viewRooms } from './rooms-state.ts';
import type { RoomStep, SyncTarget, UserStep } from './steps.ts';
import { createSync, type Sync } from './sync.ts';
import { CoTalkError } from './errors.ts';
import { createModel, ME, room, type Model } from './testing.ts';
import type { Id, Message, SyncRequest } from './protocol/index.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A client's receiving half: sync, the reducers and one open room. */
function createReceiver(model: Model, answer: <T>(make: () => T) => Promise<T>) {
  let rooms = NO_ROOMS;
  let friends = NO_FRIENDS;
  const fresh: number[] = [];
  let newest = 0;
  const errors: CoTalkError[] = [];
  const unknown: (readonly Id[])[] = [];
  const announce = (list: readonly Message[]) => {
    for (const one of list) {
      if (one.seq <= newest) continue;
      newest = one.seq;
      fresh.push(one.seq);
    }
  };
  const target: SyncTarget = {
    roomStep(step) {
      rooms = reduceRooms(rooms, step, ME);
      if (step.kind !== 'message') return;
      keeper.merge([step.message]);
      announce([step.message]);
    },
    userStep(step) {
      rooms = reduceRooms(rooms, step, ME);
      friends = reduceFriends(friends, step, ME);
    },
    late: (one) => keeper.merge([one]),
    lists(lists) {
      if (!rooms.has('room')) newest = Math.max(newest, lists.rooms[0]?.lastSeq ?? 0);
      rooms = reduceRooms(rooms, { kind: 'list', rooms: lists.rooms, whole: true }, ME);
      friends = reduceFriends(friends, { kind: 'lists', lists }, ME);
    },
    users: () => undefined,
    catchup(catchup) {
      rooms = reduceRooms(rooms, { kind: 'catchup', catchup }, ME);
      keeper.catchup(catchup);
      announce(catchup.messages);
    },
    markers: () => undefined,
    gone: () => keeper.gone(),
    reset() {
      rooms = NO_ROOMS;
      friends = NO_FRIENDS;
      keeper.reset();
    },
    unknown: (roomIds) => unknown.push(roomIds),
  };
  const sync: Sync = createSync({
    target: () => target,
    ask: (request) => answer(() => model.sync(request)),
    heads: () => answer(() => model.heads()),
    onError: (error) => errors.push(error),
  });
  const keeper: RoomKeeper = createRoomMessages('room', {
    me: () => ME,
    page: (query) => answer(() => model.page(query)),
    seen: (page) => sync.follow('room', page.rev),
    applied: () => sync.applied('room'),
    rewind: (rev) => sync.rewind('room', rev),
    members: () => Promise.resolve([]),
    read: () => Promise.resolve(),
    report: () => Promise.resolve(),
    change: () => Promise.reject(new CoTalkError('not_found', 'unable to change a message of the model')),
    forward: () => Promise.resolve({ items: [] }),
    react: () => Promise.reject(new CoTalkError('not_found', 'unable to react to a message of the model')),
    outbox: {
      entries: () => [],
      add: () => Promise.reject(new Error('not here')),
      retry: () => Promise.reject(new Error('not here')),
      discard: () => undefined,
    },
  });
  return { sync, keeper, errors, fresh, unknown, rooms: () => rooms, friends: () => friends };
}

type Op =
  | {
      do:
        | 'send'
        | 'mine'
        | 'read'
        | 'deliver'
        | 'duplicate'
        | 'lose'
        | 'drop'
        | 'connect'
        | 'heads'
        | 'before'
        | 'latest'
        | 'fail';
      n: number;
    }
  | { do: 'edit' | 'befriend' | 'wait' | 'around'; n: number };

const op = (...kinds: Op['do'][]) => fc.record({ do: fc.constantFrom(...kinds), n: fc.nat(1000) }) as fc.Arbitrary<Op>;
const anything = fc.oneof(
  { weight: 4, arbitrary: op('send', 'mine', 'edit', 'read', 'befriend') },
  { weight: 6, arbitrary: op('deliver') },
  { weight: 1, arbitrary: op('duplicate', 'lose', 'fail') },
  { weight: 1, arbitrary: op('drop', 'connect', 'heads') },
  { weight: 1, arbitrary: op('before', 'around', 'latest') },
  { weight: 4, arbitrary: op('wait') },
);

/** How long questions take to the server and answers back, in turn. */
const latencies = fc.array(fc.nat(120), { minLength: 12, maxLength: 12 });

test('whatever is lost, doubled, reordered or cut, the client ends with what the server has, and never shows a hole', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anything, { minLength: 10, maxLength: 120 }),
      fc.nat(40),
      latencies,
      async (ops, before, delays) => {
        vi.clearAllTimers();
        const model = createModel();
        for (let n = 0; n < before; n += 1) model.send(n % 3 ? 'other' : ME);
        let failing = 0;
        let turn = 0;
        const answer = <T>(make: () => T) =>
          new Promise<T>((resolve, reject) => {
            const fails = failing > 0;
            if (fails) failing -= 1;
            const delay = () => delays[turn++ % delays.length] ?? 0;
            // Read on the server now, here later: live events overtake it.
            setTimeout(() => {
              const value = make();
              setTimeout(() => {
                if (fails) reject(new CoTalkError('overloaded', 'unable to answer; busy', { retryable: true }));
                else resolve(value);
              }, delay());
            }, delay());
          });
        const client = createReceiver(model, answer);
        const { sync, keeper } = client;
        const state = { online: false };
        let wire: (() => void)[] = [];
        const publish = (step: RoomStep | UserStep | null) => {
          if (!step || !state.online) return;
          wire.push(() => {
            if (step.kind === 'room:me' || step.kind === 'me') sync.user(step);
            else sync.room(step);
          });
        };
        const connect = () => {
          state.online = true;
          void sync.connected(model.epoch());
        };
        const check = () => {
          const stored = keeper.api.store.get().messages.map((one) => one.seq ?? 0);
          expect(stored).toEqual(stored.map((_, index) => (stored[0] ?? 0) + index));
        };
        const ignore = () => undefined;
        connect();
        void keeper.api.load().catch(ignore);

        for (const { do: kind, n } of ops) {
          const place = n % Math.max(1, wire.length);
          if (kind === 'send') publish(model.send('other'));
          else if (kind === 'mine') publish(model.send(ME));
          else if (kind === 'edit') publish(model.edit(n));
          else if (kind === 'read') publish(model.read());
          else if (kind === 'befriend') publish(model.befriend(`friend-${n % 3}`));
          else if (kind === 'deliver') wire.splice(place, 1)[0]?.();
          else if (kind === 'duplicate') wire[place]?.();
          else if (kind === 'lose') wire.splice(place, 1);
          else if (kind === 'fail') failing = 1;
          else if (kind === 'heads') sync.heads(model.heads());
          else if (kind === 'before') void keeper.api.loadBefore().catch(ignore);
          else if (kind === 'around')
            void keeper.api.loadAround(1 + (n % Math.max(1, model.messages().length))).catch(ignore);
          else if (kind === 'latest') void keeper.api.loadLatest().catch(ignore);
          else if (kind === 'connect') {
            if (!state.online) connect();
          } else if (kind === 'drop') {
            state.online = false;
            wire = [];
            sync.disconnected();
          } else await vi.advanceTimersByTimeAsync(n % 100);
          check();
        }

        wire = [];
        failing = 0;
        if (!state.online) connect();
        await vi.advanceTimersByTimeAsync(60_000);
        // The very last event may be lost: the server's heads tell.
        sync.heads(model.heads());
        await vi.advanceTimersByTimeAsync(60_000);
        await Promise.all([keeper.api.load(), vi.advanceTimersByTimeAsync(1_000)]);
        await Promise.all([keeper.api.loadLatest(), vi.advanceTimersByTimeAsync(1_000)]);
        check();

        expect(client.errors).toEqual([]);
        const row = model.row();
        expect(client.rooms().get('room')?.room).toEqual(row);
        expect(viewRooms(client.rooms()).unread).toBe(row.me?.unread);
        expect(client.friends().friends.map(({ user }) => user.id)).toEqual([...model.friends()].sort());
        const { messages } = keeper.api.store.get();
        expect(messages.at(-1)?.seq ?? 0).toBe(model.messages().length);
        for (const one of messages) expect(one).toEqual({ ...model.messages()[(one.seq ?? 0) - 1], state: 'sent' });
        expect(client.fresh).toEqual([...new Set(client.fresh)].sort((a, b) => a - b));
      },
    ),
    { numRuns: 600 },
  );
}, 120_000);

/** A connected client with `count` messages in its open room, where answers take 20 ms. */
async function settled(count: number) {
  const model = createModel();
  for (let n = 0; n < count; n += 1) model.send('other');
  const asked: SyncRequest[] = [];
  const client = createReceiver(model, async (make) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return make();
  });
  const ask = model.sync.bind(model);
  model.sync = (request) => {
    asked.push(request);
    return ask(request);
  };
  void client.sync.connected(model.epoch());
  void client.keeper.api.load();
  await vi.advanceTimersByTimeAsync(100);
  const seqs = () => client.keeper.api.store.get().messages.map((one) => one.seq);
  return { model, client, asked, seqs };
}

test('swapped live events need no question to the server', async () => {
  const { model, client, asked, seqs } = await settled(2);
  const before = asked.length;
  const [one, two] = [model.send('other'), model.send('other')];
  client.sync.room(two);
  expect(seqs()).toEqual([1, 2]);
  client.sync.room(one);
  expect(seqs()).toEqual([1, 2, 3, 4]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toHaveLength(before);
});

test('a lost event is noticed by the next one and fetched after 300 ms', async () => {
  const { model, client, asked, seqs } = await settled(2);
  const before = asked.length;
  model.send('other');
  client.sync.room(model.send('other'));
  await vi.advanceTimersByTimeAsync(290);
  expect(asked).toHaveLength(before);
  expect(seqs()).toEqual([1, 2]);
  await vi.advanceTimersByTimeAsync(100);
  expect(asked.at(-1)?.rooms).toEqual([{ id: 'room', rev: 2 }]);
  expect(seqs()).toEqual([1, 2, 3, 4]);
});

test('a lost last event is noticed by the heads', async () => {
  const { model, client, seqs } = await settled(2);
  model.send('other');
  client.sync.heads(model.heads());
  await vi.advanceTimersByTimeAsync(400);
  expect(seqs()).toEqual([1, 2, 3]);
});

test('a page that comes back asks for the heads, but not more than once in 5 s', async () => {
  const { model, client, seqs } = await settled(2);
  const heads = vi.spyOn(model, 'heads');
  model.send('other');
  client.sync.wake();
  client.sync.wake();
  await vi.advanceTimersByTimeAsync(500);
  expect(heads).toHaveBeenCalledTimes(1);
  expect(seqs()).toEqual([1, 2, 3]);
});

test('an event that stands for several changes passes as one', async () => {
  const { model, client, seqs } = await settled(2);
  model.edit(0);
  const last = model.edit(0);
  if (last?.kind !== 'message') throw new Error('no edit');
  client.sync.room({ ...last, from: 3 });
  const next = model.send('other');
  client.sync.room(next);
  expect(seqs()).toEqual([1, 2, 3]);
});

test('a history page read before a change does not undo it', async () => {
  const { model, client, seqs } = await settled(30);
  const stale = model.page({ before: 21 });
  const edited = model.edit(14);
  if (edited) client.sync.room(edited);
  model.page = () => stale;
  await Promise.all([client.keeper.api.loadBefore(), vi.advanceTimersByTimeAsync(100)]);
  expect(seqs()).toEqual(Array.from({ length: 20 }, (_, index) => index + 11));
  expect(client.keeper.api.store.get().messages[4]).toMatchObject({ seq: 15, text: 'edited 31' });
});

test('another installation resets everything, and the open room shows what it has now', async () => {
  const { model, client, seqs } = await settled(12);
  model.restore(4);
  client.sync.disconnected();
  void client.sync.connected(model.epoch());
  await vi.advanceTimersByTimeAsync(200);
  expect(seqs()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(client.rooms().get('room')?.room).toEqual(model.row());
});

test('an empty room that starts anew misses nothing that is stored between its messages and its row', async () => {
  const { model, client, seqs } = await settled(0);
  const first = model.send('other');
  const room = model.row();
  client.keeper.catchup({ id: 'room', rev: 0, messages: [], members: [], room, reset: true });
  client.sync.room(first);
  client.sync.room(model.send('other'));
  await vi.advanceTimersByTimeAsync(100);
  expect(seqs()).toEqual([1, 2]);
  expect(client.keeper.api.store.get()).toMatchObject({ hasBefore: false, hasAfter: false });
});

test('a list change without its item is fetched', async () => {
  const { model, client } = await settled(1);
  const step = model.befriend('a');
  if (step.kind !== 'me') throw new Error('no list change');
  client.sync.user({ kind: 'me', rev: step.rev, change: 'friends' });
  await vi.advanceTimersByTimeAsync(100);
  expect(client.friends().friends.map(({ user }) => user.id)).toEqual(['a']);
});

test('more than 500 rooms are asked for in parts', async () => {
  const { client, asked } = await settled(0);
  for (let n = 0; n < 1200; n += 1) client.sync.know(room({ id: `room-${n}` }));
  client.sync.disconnected();
  asked.length = 0;
  void client.sync.connected('first');
  await vi.advanceTimersByTimeAsync(200);
  expect(asked.map(({ rooms }) => rooms.length)).toEqual([500, 500, 201]);
  expect(new Set(asked.flatMap(({ rooms }) => rooms.map(({ id }) => id))).size).toBe(1201);
});

test('what cannot be asked is reported, not asked for ever', async () => {
  const { model, client } = await settled(1);
  const sync = vi.spyOn(model, 'sync').mockImplementation(() => {
    throw new CoTalkError('invalid_request', 'unable to catch up; no');
  });
  client.sync.heads({ ...model.heads(), rev: 99 });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sync).toHaveBeenCalledTimes(1);
  expect(client.errors.map(({ code }) => code)).toEqual(['invalid_request']);
});

test('heads of many rooms that are not held cost one question, not one each', async () => {
  const { model, client } = await settled(1);
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`old-${index}`, 5]));
  client.sync.heads({ ...model.heads(), rooms: { ...model.heads().rooms, ...many } });
  expect(client.unknown).toEqual([Object.keys(many)]);
});
