import fc from 'fast-check';
import { afterEach, beforeEach, test, vi } from 'vitest';
import { Happening } from './testing-happening.ts';
import { createWorld, type World } from './testing-world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const ROOMS = ['direct', 'group'];
const ME = 'me';

type Numbers = [room: number, n: number];

function happening(
  name: string,
  run: (world: World, roomId: string, n: number) => unknown,
): fc.Arbitrary<Happening<World>> {
  return fc.tuple(fc.nat(ROOMS.length - 1), fc.nat(1000)).map(([room, n]: Numbers) => {
    const roomId = ROOMS[room] ?? '';
    return new Happening(`${name}(${roomId}, ${n})`, (world) => run(world, roomId, n));
  });
}

const often = <T>(times: number, arbitrary: fc.Arbitrary<T>) => Array.from({ length: times }, () => arbitrary);
const place = ({ server }: World, roomId: string, n: number) => 1 + (n % Math.max(1, server.messages(roomId).length));

const changes = [
  ...often(
    4,
    happening('somebody sends', ({ server }, room, n) => server.send(room, 'other', `other-${n}-${room}`, `${n}`)),
  ),
  happening('edit', (world, room, n) => world.server.edit(room, place(world, room, n))),
  happening('edits told as one', (world, room, n) => world.server.edit(room, place(world, room, n), 2 + (n % 3))),
  happening('delete', (world, room, n) => world.server.remove(room, place(world, room, n))),
  happening('rename', ({ server }, room) => server.rename(room)),
  happening('others come and go', ({ server }) => server.move('group', 'third')),
  happening('I am removed or invited', ({ server }) => server.move('group', ME)),
  happening('other reads', ({ server }, room, n) => server.read(room, 'other', n)),
  happening('I read elsewhere', (world, room, n) => world.member(room) && world.server.read(room, ME, n % 30)),
  happening('mute', (world, room) => world.member(room) && world.server.mute(room, ME)),
  happening('befriend', ({ server }, _, n) => server.befriend(ME, `friend-${n % 3}`, n % 4 > 0)),
];
const mine = [
  ...often(
    2,
    happening('I send', (world, room) => world.send(room)),
  ),
  happening('I read', ({ device }, room) => device.messages.messages.room(room).markRead()),
];
const wire = [
  ...often(
    4,
    happening('deliver', ({ device }, _, n) =>
      device
        .wire()
        .splice(n % Math.max(1, device.wire().length), 1)[0]?.(),
    ),
  ),
  ...often(
    2,
    happening('deliver in order', ({ device }) =>
      device
        .wire()
        .splice(0)
        .forEach((hear) => hear()),
    ),
  ),
  happening('deliver and keep', ({ device }, _, n) => device.wire()[n % Math.max(1, device.wire().length)]?.()),
  happening('lose', ({ device }, _, n) => device.wire().splice(n % Math.max(1, device.wire().length), 1 + (n % 3))),
];
const line = [
  happening('disconnect', ({ device }) => device.online() && device.disconnect()),
  happening('connect', ({ device }) => device.online() || device.connect()),
  happening('heads', ({ device, server }) => device.online() && device.sync.heads(server.heads(ME))),
  happening('wake', ({ device }) => device.sync.wake()),
];
const history = [
  happening('load', (world, room) => world.ask(room, (api) => api.load())),
  happening('load before', (world, room) => world.ask(room, (api) => api.loadBefore())),
  happening('load after', (world, room) => world.ask(room, (api) => api.loadAfter())),
  happening('load around', (world, room, n) => world.ask(room, (api) => api.loadAround(place(world, room, n)))),
  happening('load latest', (world, room) => world.ask(room, (api) => api.loadLatest())),
];
const pauses = often(
  6,
  happening('wait', (_world, _room, n) => vi.advanceTimersByTimeAsync(n % 120)),
);
const restored = happening('restore a backup', (world, _, n) => world.restore(n % 6));

const fate = fc.record({
  there: fc.nat(90),
  back: fc.nat(90),
  end: fc.oneof(
    { weight: 8, arbitrary: fc.constant('answered' as const) },
    { weight: 1, arbitrary: fc.constantFrom('lost' as const, 'unanswered' as const, 'busy' as const) },
  ),
});
const fates = fc.array(fate, { minLength: 10, maxLength: 20 });

async function live(
  happenings: Iterable<fc.AsyncCommand<object, World>>,
  ...world: Parameters<typeof createWorld>
): Promise<void> {
  vi.clearAllTimers();
  const real = createWorld(...world);
  try {
    await fc.asyncModelRun(() => ({ model: {}, real }), happenings);
    await real.settle();
  } finally {
    real.device.close();
  }
}

/** Lives through these, in any number and order. */
async function liveThrough(...kinds: typeof changes): Promise<void> {
  const happenings = fc.commands(kinds, { maxCommands: 120, size: 'max' });
  await fc.assert(
    fc.asyncProperty(happenings, fates, fc.nat(40), fc.nat(), (all, ends, before, seed) =>
      live(all, ends, before, seed),
    ),
    { numRuns: 200 },
  );
}

const usual = [...changes, ...mine, ...wire, ...line, ...history, ...pauses];

test(
  'whatever is lost, doubled, swapped, cut or late, the client ends with what the server has and never shows a hole',
  () => liveThrough(...usual),
  60_000,
);

test(
  'a restored backup resets what is held, and everything comes together again',
  () => liveThrough(...usual, restored),
  60_000,
);
