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
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  });
}
