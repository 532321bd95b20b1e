import type fc from 'fast-check';
import { vi } from 'vitest';

/** One thing that happens in a world of a property test. After each, what must hold at any time is checked. */
export class Happening<World extends { check: () => void }> implements fc.AsyncCommand<object, World> {
  readonly #name: string;
  readonly #run: (world: World) => unknown;

  constructor(name: string, run: (world: World) => unknown) {
    this.#name = name;
    this.#run = run;
  }

  check(): boolean {
    return true;
  }

  async run(_: object, world: World): Promise<void> {
    await this.#run(world);
    world.check();
  }

  toString(): string {
    return this.#name;
  }
}

/** Pauses are random: the same run must be the same again. */
export function seedRandom(seed: number): void {
  let state = seed;
  vi.spyOn(Math, 'random').mockImplementation(() => {
    // Mulberry32: it has one cycle through all of its states, so that no pause is 0 for ever.
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  });
}
