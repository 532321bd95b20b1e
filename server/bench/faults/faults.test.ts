import { expect, inject, it } from 'vitest';
import { NEMESES } from './nemeses.ts';
import { run } from './run.ts';

/** What goes wrong, in which order; `FAULTS_SEED` tries another one. */
const seed = Number(process.env['FAULTS_SEED'] ?? 1);
/** What fits into the tests; `npm run faults` does all. Milliseconds. */
const SHORT = 20_000;

it('keeps every promise while things go wrong', async () => {
  const short = NEMESES.filter(({ isLong, needs }) => !isLong && needs === undefined);
  const result = await run({
    ...{ seed, nodes: 1, people: 8, rooms: [8, 4, 2, 2], devices: { second: 2, tabs: 2 }, rate: 20 },
    ...{ nemeses: short, forMs: SHORT, databaseUrl: inject('databaseUrl') },
  });
  const { violations, evidence, faults } = result;
  expect(violations, `with FAULTS_SEED=${seed}: ${faults.join(', ')}`).toEqual([]);
  expect(faults.length).toBeGreaterThan(2);
  expect(evidence.attempts.length).toBeGreaterThan(50);
}, 180_000);
