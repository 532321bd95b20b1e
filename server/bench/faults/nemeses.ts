import { clientNemeses } from './nemeses-client.ts';
import { databaseNemeses } from './nemeses-database.ts';
import { lineNemeses } from './nemeses-line.ts';
import { pairNemeses } from './nemeses-pair.ts';
import { processNemeses } from './nemeses-process.ts';
import { raceNemeses } from './nemeses-race.ts';
import { redisNemeses } from './nemeses-redis.ts';
import { historyNemeses } from './nemeses-history.ts';
import type { Nemesis } from './nemesis.ts';

/** Everything that goes wrong. What edits, deletes, reactions and group members bring comes with them. */
export const NEMESES: readonly Nemesis[] = [
  ...lineNemeses,
  ...processNemeses,
  ...databaseNemeses,
  ...redisNemeses,
  ...clientNemeses,
  ...raceNemeses,
  ...historyNemeses,
  ...pairNemeses,
];
