import { clientNemeses } from './nemeses-client.ts';
import { databaseNemeses } from './nemeses-database.ts';
import { lineNemeses } from './nemeses-line.ts';
import { processNemeses } from './nemeses-process.ts';
import { raceNemeses } from './nemeses-race.ts';
import { redisNemeses } from './nemeses-redis.ts';
import type { Nemesis } from './nemesis.ts';

const ALL = [...lineNemeses, ...processNemeses, ...databaseNemeses, ...redisNemeses, ...clientNemeses, ...raceNemeses];

/** Misfortunes that come together. */
const PAIRS: [string, string][] = [
  ['answers lost', 'rolling restart'],
  ['acks lost, everything else arrives', 'kill -9 of a server'],
  ['live events swapped', 'slow database'],
  ['slow lines, tiny pieces', 'backends killed while they store'],
  ['everybody reconnects at once', 'database connections cut'],
  ['joining and catching up under fire', 'stalled event loop'],
  ['live events lost', 'Redis stopped and started'],
  ['reload with pending sends', 'kill -9 of a server'],
  ['50 sends of one id at once', 'Redis line cut'],
];

export const pairNemeses: Nemesis[] = PAIRS.map((names) => {
  const both = names.map((name) => {
    const found = ALL.find((nemesis) => nemesis.name === name);
    if (!found) throw new Error(`unable to pair; there is no fault "${name}"`);
    return found;
  });
  const needs = both.find((nemesis) => nemesis.needs)?.needs;
  return {
    name: names.join(' + '),
    isLong: true,
    limitMs: Math.max(...both.map(({ limitMs = 0 }) => limitMs)) || undefined,
    ...(needs && { needs }),
    run: async (world) => {
      await Promise.all(both.map((nemesis) => nemesis.run(world)));
    },
  };
});
