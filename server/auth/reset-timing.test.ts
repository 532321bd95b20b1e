import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../testing.ts';
import { startSmtp, type Smtp } from '../testing-mail.ts';

let app: TestApp;
let smtp: Smtp;
beforeAll(async () => {
  smtp = await startSmtp();
  app = await startTestApp({ SMTP_URL: `smtp://127.0.0.1:${String(smtp.port)}`, MAIL_FROM: 'chat@mail.example.com' });
});
afterAll(async () => {
  await app.close();
  await smtp.close();
});

const ROUNDS = 150;
/** Standard deviations by which the ranks of two like samples differ once in some thousand tries. */
const SUSPICIOUS = 3.5;

async function timeOf(email: string): Promise<number> {
  const started = performance.now();
  const { status } = await app.request('POST', '/auth/password/forgot', { body: { app: 'default', email } });
  expect(status).toBe(202);
  return performance.now() - started;
}

/** How far apart two samples are, in standard deviations (Mann-Whitney): outliers count no more than others. */
function distance(one: number[], other: number[]): number {
  const ranked = [...one.map((ms) => ({ ms, mine: 1 })), ...other.map((ms) => ({ ms, mine: 0 }))];
  ranked.sort((a, b) => a.ms - b.ms);
  const sum = ranked.reduce((total, { mine }, place) => total + mine * (place + 1), 0);
  const u = sum - (one.length * (one.length + 1)) / 2;
  const mean = (one.length * other.length) / 2;
  return Math.abs(u - mean) / Math.sqrt((one.length * other.length * (one.length + other.length + 1)) / 12);
}

/** In turn and in random order, so that whatever else the machine does falls on both alike. */
async function compare(first: () => string, second: () => string): Promise<number> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const order = Math.random() < 0.5 ? ([0, 1] as const) : ([1, 0] as const);
    for (const which of order) times[which].push(await timeOf([first, second][which]?.() ?? ''));
  }
  return distance(...times);
}

test('the comparison sees a difference of a third of a millisecond', () => {
  const sample = (more: number) => Array.from({ length: ROUNDS }, () => 2 + Math.random() + more);
  expect(distance(sample(0), sample(0.33))).toBeGreaterThan(SUSPICIOUS);
});

test('whether an address has an account cannot be told by how long the answer takes', async () => {
  const people = await Promise.all(Array.from({ length: 20 }, () => app.signUpRaw()));
  const known = () => people[Math.floor(Math.random() * people.length)]?.user.email ?? '';
  const unknown = () => `${crypto.randomUUID()}@example.com`;
  for (let warm = 0; warm < 50; warm += 1) await timeOf(warm % 2 ? known() : unknown());
  const seen: number[] = [];
  // What leaks leaks every time; what was chance is not again.
  for (let tries = 0; tries < 3 && (seen.at(-1) ?? Infinity) > SUSPICIOUS; tries += 1)
    seen.push(await compare(known, unknown));
  expect(seen.at(-1)).toBeLessThan(SUSPICIOUS);
}, 60_000);
