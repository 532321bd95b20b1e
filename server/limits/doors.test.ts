import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { createDoors, type Doors } from './doors.ts';
import { createLimits, type Limits } from './limits.ts';
import { CAPS } from './table.ts';

const HERE = '203.0.113.9';

let limits: Limits;
let doors: Doors;
beforeEach(() => {
  const config = loadConfig({ NODE_ENV: 'test', SECRET: 'a secret for tests that is long enough', LOG_LEVEL: 'error' });
  // Of these tests none is about how often somebody knocks.
  limits = createLimits({ ...config, rateLimitFactor: 0 }, createLog(config));
  doors = createDoors(limits, 1);
});
afterEach(() => {
  limits.close();
});

const connection = () => ({
  cut: false,
  transport: {},
  close() {
    this.cut = true;
  },
});
const come = (address: string) => {
  const one = connection();
  doors.opened(one, address);
  return one;
};

test('an address has room for so many sockets, and again when one has gone', () => {
  const all = Array.from({ length: CAPS.socketsPerAddress }, () => {
    const one = come(HERE);
    doors.named(one);
    return one;
  });
  expect(doors.knock(HERE)).toBeGreaterThan(0);
  expect(doors.knock('203.0.113.10')).toBe(0);
  expect(limits.refusals.counts.get('sockets:address')).toBe(1);
  const [first] = all;
  if (first) doors.closed(first);
  expect(doors.knock(HERE)).toBe(0);
  expect(all.some(({ cut }) => cut)).toBe(false);
});

test('of those who say nothing the oldest goes, here and everywhere', () => {
  const crowd = Array.from({ length: CAPS.waitingPerAddress + 1 }, () => come(HERE));
  expect(crowd.map(({ cut }) => cut)).toEqual([true, ...Array<boolean>(CAPS.waitingPerAddress).fill(false)]);
  const others = Array.from({ length: CAPS.waiting }, (_, n) => come(`198.51.100.${String(n % 10)}`));
  expect(crowd.every(({ cut }) => cut)).toBe(true);
  expect(others.some(({ cut }) => cut)).toBe(false);
});

test('who has said who they are is not among them', () => {
  const person = come(HERE);
  doors.named(person);
  for (let n = 0; n < 2 * CAPS.waiting; n += 1) come(`198.51.100.${String(n % 10)}`);
  expect(person.cut).toBe(false);
  expect(doors.addressOf(person)).toBe(HERE);
  doors.closed(person);
  expect(doors.addressOf(person)).toBe('');
});
