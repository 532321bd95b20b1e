import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Happening, seedRandom } from './testing-happening.ts';
import { OutboxWorld, ROOMS, USERS } from './testing-outbox.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const happening = (name: string, run: (world: OutboxWorld, place: number, n: number) => unknown) =>
  fc
    .tuple(fc.nat(1), fc.nat(500))
    .map(([place, n]) => new Happening(`${name}(${place}, ${n})`, (world: OutboxWorld) => run(world, place, n)));

const happenings = fc.commands(
  [
    ...Array.from({ length: 4 }, () =>
      happening('write', async (world, place, n) => {
        world.write(place, ROOMS[n % ROOMS.length] ?? '');
        // Nobody writes two in one millisecond.
        await vi.advanceTimersByTimeAsync(1);
      }),
    ),
    ...Array.from({ length: 4 }, () => happening('wait', (_, __, n) => vi.advanceTimersByTimeAsync(n))),
    happening('open', (world, place) => world.open(place)),
    happening('close', (world, place) => world.close(place)),
    happening('reload', (world, place) => {
      world.close(place);
      world.open(place);
    }),
    happening('sign out', async (world, place) => {
      world.signOut(place);
      // Nobody is back before a browser has erased what was kept.
      await vi.advanceTimersByTimeAsync(25);
    }),
    happening('expire', (world) => world.signOut()),
    ...Array.from({ length: 2 }, () =>
      happening('come back', (world) => {
        const { user } = world;
        if (!user) return;
        world.signOut();
        world.signIn(user);
      }),
    ),
    happening('sign in', (world, place) => world.signIn(USERS[place] ?? '')),
    happening('retry', (world, place, n) => world.retry(place, n)),
    happening('discard', (world, place, n) => n % 3 === 0 && world.discard(place, n)),
    happening('wake', (world) => world.wake()),
  ],
  { maxCommands: 80, size: 'max' },
);

const fate = fc.record({
  there: fc.nat(60),
  back: fc.nat(60),
  end: fc.oneof(
    { weight: 3, arbitrary: fc.constant('stored' as const) },
    { weight: 2, arbitrary: fc.constantFrom('unanswered' as const, 'lost' as const) },
    { weight: 1, arbitrary: fc.constantFrom('busy' as const, 'refused' as const, 'taken' as const) },
  ),
});

test('whatever fails, ends or is signed out, each message is stored once, in order, and as its writer’s', async () => {
  await fc.assert(
    fc.asyncProperty(
      happenings,
      fc.array(fate, { minLength: 10, maxLength: 20 }),
      fc.nat(),
      async (all, fates, seed) => {
        vi.clearAllTimers();
        seedRandom(seed);
        const world = new OutboxWorld(fates);
        await fc.asyncModelRun(() => ({ model: {}, real: world }), all);
        await world.settle();
      },
    ),
    { numRuns: 400 },
  );
}, 60_000);

test('what closed tabs have left goes out in the order of writing', async () => {
  seedRandom(1);
  const world = new OutboxWorld([{ there: 5, back: 5, end: 'lost' }]);
  world.open(1);
  for (const place of [0, 1]) {
    world.write(place, 'a');
    await vi.advanceTimersByTimeAsync(100);
  }
  world.close(0);
  world.close(1);
  await world.settle();
  expect(world.stored.map(({ text }) => text)).toEqual(['mina 0', 'mina 1']);
});
