import { expect, it } from 'vitest';
import { createRandom } from './random.ts';

it('chooses the same again for the same seed, and otherwise for another', () => {
  const row = (seed: number) => {
    const random = createRandom(seed);
    return [random.shuffle([1, 2, 3, 4, 5, 6, 7, 8]), random.whole(1, 1_000_000), random.chance(0.5)];
  };
  expect(row(7)).toEqual(row(7));
  expect(row(7)).not.toEqual(row(8));
});

it('reaches both ends, and shuffles without losing anything', () => {
  const random = createRandom(1);
  const seen = new Set(Array.from({ length: 200 }, () => random.whole(2, 5)));
  expect([...seen].sort()).toEqual([2, 3, 4, 5]);
  expect(random.shuffle([1, 2, 3]).sort()).toEqual([1, 2, 3]);
  expect(random.some([1, 2, 3], 9)).toHaveLength(3);
  expect(() => random.pick([])).toThrow('nothing to pick from');
});

it('forks into a row of choices that does not shift its own', () => {
  const [one, other] = [createRandom(3), createRandom(3)];
  const [fork] = [one.fork(), other.fork()];
  fork.next();
  expect(one.next()).toBe(other.next());
  expect(one.fork().next()).not.toBe(fork.next());
});
