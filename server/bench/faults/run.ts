import { check } from './check.ts';
import { collect } from './collect.ts';
import type { Evidence, Violation } from './evidence.ts';
import { heal } from './heal.ts';
import { startLoad } from './load.ts';
import { pause, type Nemesis } from './nemesis.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

export interface RunOptions extends WorldOptions {
  nemeses: readonly Nemesis[];
  /** No further one is begun after this many milliseconds. Default: all are. */
  forMs?: number;
  /** Messages a second, over all people, while things go wrong. */
  rate: number;
  /** How many people have a second device, and how many a second tab. */
  devices: { second: number; tabs: number };
  /** The world is there: it must be closed by whoever ends the process. */
  onOpen?: (world: World) => void;
}

export interface RunResult {
  seed: number;
  nodes: number;
  /** Faults that were injected. */
  faults: string[];
  evidence: Evidence;
  violations: Violation[];
}

/** After a reconnect. */
export const HEAL_MS = 5_000;

/** One run: people talk, everything goes wrong in an order that the seed decides, and then the books are compared. */
export async function run(options: RunOptions): Promise<RunResult> {
  const world = await createWorld(options);
  options.onOpen?.(world);
  try {
    await bringPeople(world, options.devices);
    const faults: string[] = [];
    const load = startLoad(world, options.rate);
    const start = performance.now();
    const schedule = world.random.fork();
    for (const nemesis of schedule.shuffle(options.nemeses)) {
      // Of its own: how long the one before it took decides nothing here.
      world.random = schedule.fork();
      if (performance.now() - start > (options.forMs ?? Infinity)) break;
      if (!isPossible(nemesis, world)) continue;
      world.fault = nemesis.name;
      const begun = performance.now();
      if (!(await isThrough(nemesis, world))) break;
      const over = performance.now();
      await heal(world, nemesis.name, nemesis.limitMs ?? HEAL_MS);
      world.isQuiet = false;
      faults.push(nemesis.name);
      world.say(`  ${nemesis.name}: ${seconds(over - begun)}, whole ${seconds(performance.now() - over)} later`);
      await pause(200);
      // Without its servers nothing can be learned any more.
      if (world.exits.length > 0) break;
    }
    await load.stop();
    const evidence = await collect(world);
    return { seed: options.seed, nodes: options.nodes, faults, evidence, violations: check(evidence) };
  } finally {
    await world.close();
  }
}

/** What gets stuck is a finding, and the world is in no state for another fault. */
async function isThrough(nemesis: Nemesis, world: World): Promise<boolean> {
  try {
    await nemesis.run(world);
    return true;
  } catch (error) {
    const detail = `"${nemesis.name}" did not get through: ${String(error)}`;
    world.found.push({ promise: 'P6', what: 'silent', detail });
    return false;
  }
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

function isPossible({ needs }: Nemesis, { nodes, database }: World): boolean {
  if (needs === 'two nodes') return nodes.length > 1;
  return needs === undefined || database.isOwn;
}

export async function bringPeople(world: World, { second, tabs }: RunOptions['devices']): Promise<void> {
  for (const person of world.people.filter(({ rooms }) => rooms.length > 0)) {
    const device = await world.addDevice(person);
    await device.open();
  }
  for (const device of world.random.some(world.devices, tabs)) await device.open();
  for (const { person } of world.random.some(world.devices, second)) await (await world.addDevice(person)).open();
}
