import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient, memoryStorage } from '@co-talk/sdk';
import type { Problem, SignedIn } from '@co-talk/sdk/protocol';
import { startTestApp, type Answer, type TestApp } from '../testing.ts';
import { GUESSES } from './table.ts';

const PASSWORD = 'correct horse battery staple';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_FACTOR: '1', TRUST_PROXY: '1' });
});
afterAll(() => app.close());

let places = 0;
const elsewhere = () => `2001:db8:0:${(places += 1).toString(16)}::1`;

interface Account {
  email: string;
  home: string;
  device: string;
}

/** An account that was opened at a place of its own. */
async function someone(): Promise<Account> {
  const [email, home] = [`${randomUUID()}@example.com`, elsewhere()];
  const answer = await app.request<SignedIn>('POST', '/auth/signup', {
    body: { app: 'default', email, password: PASSWORD, nickname: randomUUID().slice(0, 18) },
    headers: { 'x-forwarded-for': home },
  });
  return { email, home, device: answer.body.device ?? '' };
}

const logIn = (email: string, password: string, from: string, device?: string): Promise<Answer<SignedIn & Problem>> =>
  app.request('POST', '/auth/login', {
    body: { app: 'default', email, password, ...(device === undefined ? {} : { device }) },
    headers: { 'x-forwarded-for': from },
  });

/** Guesses from as many places as it takes, until strangers are let in no more. */
async function attack(email: string): Promise<Answer<Problem>[]> {
  const answers: Answer<Problem>[] = [];
  for (let left = GUESSES.account.times + 1; left > 0; left -= GUESSES.accountHere.times) {
    const from = elsewhere();
    const times = Math.min(left, GUESSES.accountHere.times);
    answers.push(
      ...(await Promise.all(Array.from({ length: times }, (_, n) => logIn(email, `guess ${String(n)}`, from)))),
    );
  }
  return answers;
}

describe('while strangers guess a password from everywhere', () => {
  test('they are stopped, and whoever it belongs to gets in on a known device, or at a known place', async () => {
    const victim = await someone();
    const statuses = (await attack(victim.email)).map(({ status }) => status);
    expect(statuses).toEqual([...Array<number>(GUESSES.account.times).fill(401), 429]);
    // Even the right password is no use to a stranger now.
    expect((await logIn(victim.email, PASSWORD, elsewhere())).status).toBe(429);
    expect((await logIn(victim.email, PASSWORD, victim.home)).status).toBe(200);
    expect((await logIn(victim.email, PASSWORD, elsewhere(), victim.device)).status).toBe(200);
  });

  test('an account that there is not answers alike', async () => {
    const [victim, nobody] = [await someone(), { email: `${randomUUID()}@example.com` }];
    const [known, unknown] = [await attack(victim.email), await attack(nobody.email)];
    expect(unknown.map(({ status }) => status)).toEqual(known.map(({ status }) => status));
    const plain = (answers: Answer<Problem>[]) =>
      answers.map(({ body }) => ({ ...body, retryAfterMs: undefined, detail: body.detail.replace(/\d+/, 'n') }));
    expect(plain(unknown)).toEqual(plain(known));
    const afters = [known, unknown].map((answers) => answers.at(-1)?.body.retryAfterMs ?? 0);
    for (const after of afters) expect(Math.abs(after - GUESSES.account.seconds * 1_000)).toBeLessThan(60_000);
  });

  test('others sign in as ever', async () => {
    const [victim, other] = [await someone(), await someone()];
    await attack(victim.email);
    expect((await logIn(other.email, PASSWORD, elsewhere())).status).toBe(200);
  });
});

test('at one place, ten wrong passwords for an account are enough, however fast; at others it goes on', async () => {
  const victim = await someone();
  const from = elsewhere();
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, n) => logIn(victim.email, `guess ${String(n)}`, from)),
  );
  expect(answers.filter(({ status }) => status === 401).length).toBe(GUESSES.accountHere.times);
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.body).toMatchObject({ code: 'rate_limited', retryable: true });
  expect(refused?.body.detail).toMatch(/^unable to sign in; too many attempts; try again in \d+ min$/);
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(500);
  expect((await logIn(victim.email, PASSWORD, from)).status).toBe(429);
  expect((await logIn(victim.email, PASSWORD, elsewhere())).status).toBe(200);
});

test('one place that guesses for many accounts is stopped; who lives there is not', async () => {
  const [neighbour, stranger] = [await someone(), await someone()];
  const from = neighbour.home;
  const wrong = await Promise.all(
    Array.from({ length: GUESSES.address.times + 5 }, () => logIn(`${randomUUID()}@example.com`, PASSWORD, from)),
  );
  expect(wrong.filter(({ status }) => status === 401).length).toBe(GUESSES.address.times);
  expect((await logIn(stranger.email, PASSWORD, from)).status).toBe(429);
  expect((await logIn(neighbour.email, PASSWORD, from)).status).toBe(200);
});

test('right passwords are not counted', async () => {
  const person = await someone();
  for (let time = 0; time < 2 * GUESSES.accountHere.times; time += 1)
    expect((await logIn(person.email, PASSWORD, person.home)).status).toBe(200);
});

describe('the proof of a known device', () => {
  test('is for its account alone, and cannot be made up', async () => {
    const [victim, attacker] = [await someone(), await someone()];
    await attack(victim.email);
    const own = victim.device;
    const forged = [
      attacker.device,
      own.slice(0, -2),
      own.replace(/^[^.]+/, 'x'),
      own.replace(/\.[^.]+\./, `.${Date.now().toString(36)}x.`),
      '...',
      'x'.repeat(900),
    ];
    for (const device of forged)
      expect([device, (await logIn(victim.email, PASSWORD, elsewhere(), device)).status]).toEqual([device, 429]);
  });

  test('does not let a device guess on for ever', async () => {
    const victim = await someone();
    const answers = [];
    for (let time = 0; time < GUESSES.device.times + GUESSES.accountHere.times + 1; time += 1)
      answers.push((await logIn(victim.email, 'wrong', 'fe80::1', victim.device)).status);
    expect(answers).toEqual([...Array<number>(answers.length - 1).fill(401), 429]);
  });

  test('is kept by the SDK beyond the session', async () => {
    const storage = memoryStorage();
    const email = `${randomUUID()}@example.com`;
    const client = createClient({ server: app.url, app: 'default', storage });
    await client.auth.signUp({ email, password: PASSWORD, nickname: randomUUID().slice(0, 18) });
    await client.auth.logOut();
    // From the same address: only the device tells the two apart.
    const wrong = await Promise.all(
      Array.from({ length: GUESSES.accountHere.times }, () => logIn(email, 'wrong', '127.0.0.1')),
    );
    expect(wrong.map(({ status }) => status)).toEqual(wrong.map(() => 401));
    expect((await logIn(email, PASSWORD, '127.0.0.1')).status).toBe(429);
    expect((await client.auth.logIn({ email, password: PASSWORD })).email).toBe(email);
    client.close();
  });

  test('opens nothing by itself', async () => {
    const victim = await someone();
    expect((await logIn(victim.email, 'wrong', victim.home, victim.device)).body.code).toBe('unauthenticated');
    expect((await app.request('GET', '/me', { token: victim.device })).status).toBe(401);
  });
});
