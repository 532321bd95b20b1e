/** Choices that are the same again for the same seed. */
export interface Random {
  readonly seed: number;
  /** From 0 up to, not including, 1. */
  next: () => number;
  /** A whole number from `min` to `max`, both included. */
  whole: (min: number, max: number) => number;
  chance: (probability: number) => boolean;
  pick: <T>(from: readonly T[]) => T;
  /** `count` different ones, all where there are fewer. */
  some: <T>(from: readonly T[], count: number) => T[];
  shuffle: <T>(from: readonly T[]) => T[];
  /** Another row of choices, for what happens at no certain time: it must not shift the others. */
  fork: () => Random;
}

/** Mulberry32: small, fast, and good enough to choose faults by. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  const whole = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));

  function shuffle<T>(from: readonly T[]): T[] {
    return from
      .map((item) => ({ item, place: next() }))
      .sort((a, b) => a.place - b.place)
      .map(({ item }) => item);
  }

  return {
    seed,
    next,
    whole,
    chance: (probability) => next() < probability,
    pick(from) {
      const item = from[whole(0, from.length - 1)];
      if (item === undefined) throw new Error('unable to pick; there is nothing to pick from');
      return item;
    },
    some: (from, count) => shuffle(from).slice(0, count),
    shuffle,
    fork: () => createRandom(whole(0, 2 ** 31)),
  };
}
