import type { World } from './world.ts';

/** One way in which things go wrong. */
export interface Nemesis {
  name: string;
  /** What it needs to be possible. */
  needs?: 'two nodes' | 'a database of its own';
  /** Too slow for the run within the tests. */
  isLong?: boolean;
  /** Milliseconds in which everybody must be whole again: after being connected again, or after its end. */
  limitMs?: number | undefined;
  /** Resolves when it is over: the world is sound again, though not everybody may have noticed. */
  run: (world: World) => Promise<void>;
}

/** Nobody begins anything from now on, until this fault is healed, and everything begun has come to an end. */
export async function quiet(world: World): Promise<void> {
  world.isQuiet = true;
  await settled(world);
}

/** Everything that was sent has come to an end. */
export async function settled({ attempts, patienceMs }: World): Promise<void> {
  const isOpen = () => [...attempts.values()].some(({ outcome, waived }) => outcome === 'pending' && waived === null);
  await until('every message is sent or failed', () => !isOpen(), patienceMs);
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks until it holds; rejects after `ms`. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`unable to go on; ${what} did not come true in ${ms} ms`);
    await pause(20);
  }
}
