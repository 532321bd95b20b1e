import { expect, inject, it } from 'vitest';
import { NEMESES } from './nemeses.ts';
import { run } from './run.ts';

/** Another one every day, so that in time all are tried; given by `FAULTS_SEED` to see one again. */
const seed = Number(process.env['FAULTS_SEED'] ?? Math.floor(Date.now() / 86_400_000));
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
