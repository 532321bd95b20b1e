import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createRefusals } from './refusals.ts';

test('many refusals are one line, by bucket', async () => {
  const lines: string[] = [];
  const refusals = createRefusals(pino({}, { write: (line) => void lines.push(line) }), 50);
  for (let n = 0; n < 500; n += 1) refusals.note('messages:socket');
  refusals.note('reads:user');
  expect(lines).toEqual([]);
  await sleep(120);
  expect(lines.map((line) => (JSON.parse(line) as { refused: unknown }).refused)).toEqual([
    { 'messages:socket': 500, 'reads:user': 1 },
  ]);
  refusals.note('reads:user');
  refusals.close();
  expect(lines.length).toBe(2);
  expect(lines[1]).toContain('"reads:user":1');
  expect([...refusals.counts]).toEqual([
    ['messages:socket', 500],
    ['reads:user', 2],
  ]);
});
