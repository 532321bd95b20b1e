import { parseArgs } from 'node:util';
import { NEMESES } from './nemeses.ts';
import { summarize, table, type Summary } from './report.ts';
import { run, type RunResult } from './run.ts';
import type { World } from './world.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10' },
    seed: { type: 'string' },
    nodes: { type: 'string', default: '1,2' },
    people: { type: 'string', default: '20' },
    rate: { type: 'string', default: '30' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});
const first = Number(values.seed ?? 1);
const seeds = values.seed === undefined ? Number(values.seeds) : 1;
const nodes = values.nodes.split(',').map(Number);
const people = Number(values.people);
const rate = Number(values.rate);
const nemeses = NEMESES.filter(({ name }) => name.includes(values.only));
const isSound = (value: number, least: number, most: number) => value >= least && value <= most;

if (
  !isSound(seeds, 1, 1_000) ||
  !isSound(people, 4, 50) ||
  !isSound(rate, 1, 200) ||
  !nodes.every((count) => count === 1 || count === 2) ||
  nemeses.length === 0
) {
  throw new Error(
    'unable to begin; --seeds takes 1 to 1000, --nodes 1 or 2 or 1,2, --people 4 to 50, --rate 1 to 200, --only a part of a name',
  );
}

/** Rooms of everybody, of some, and of two. */
const rooms = [people, Math.ceil(people / 2), 6, 6, 4, 4, ...Array.from({ length: people / 2 }, () => 2)].map((size) =>
  Math.min(size, people),
);
const say = (line: string) => void process.stderr.write(`${line}\n`);
const summaries: Summary[] = [];
const broken: Pick<RunResult, 'seed' | 'nodes' | 'violations'>[] = [];

// What was started ends with this process, and leaves nothing behind.
let open: World | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    void Promise.resolve(open?.close()).finally(() => process.exit(130));
  });
}

for (let seed = first; seed < first + seeds; seed += 1) {
  for (const count of nodes) {
    say(`seed ${seed}, nodes ${count}`);
    const result = await run({
      ...{ seed, nodes: count === 2 ? 2 : 1, people, rooms, nemeses, rate, say },
      onOpen: (world) => (open = world),
      devices: { second: Math.ceil(people / 5), tabs: Math.ceil(people / 5) },
      // Short, so that tokens expire all the time.
      env: { ACCESS_TOKEN_TTL: '20s' },
    });
    summaries.push(summarize(result));
    const { violations } = result;
    if (violations.length > 0) broken.push({ seed, nodes: count, violations });
    for (const { promise, what, detail } of violations.slice(0, 20)) say(`  ✗ ${promise} ${what}: ${detail}`);
    if (violations.length > 0) say(`  see it again with: npm run faults -- --seed ${seed} --nodes ${count}`);
  }
}

process.stdout.write(values.json ? `${JSON.stringify({ runs: summaries, broken }, null, 2)}\n` : table(summaries));
process.exitCode = broken.length > 0 ? 1 : 0;
