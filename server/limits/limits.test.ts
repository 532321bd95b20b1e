import { randomUUID } from 'node:crypto';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FoundUser, Page, Problem, Room, WireError } from '@co-talk/sdk/protocol';
import { call, eventually, startTestApp, type RawPerson, type TestApp } from '../testing.ts';
import { LIMIT_CLASSES } from './table.ts';

/** A fiftieth: limits are met within a test. */
const FACTOR = 0.02;
const scaled = ({ times }: { times: number }) => Math.ceil(times * FACTOR);

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_FACTOR: String(FACTOR), TRUST_PROXY: '1' });
});
afterAll(() => app.close());

let places = 0;
/** Somewhere nobody has been before. */
const elsewhere = () => ({ 'x-forwarded-for': `203.0.113.${String((places += 1))}` });

/** A person who has signed up from a place of their own. */
async function someone(): Promise<RawPerson & { email: string; headers: { 'x-forwarded-for': string } }> {
  const headers = elsewhere();
  const email = `${randomUUID()}@example.com`;
  const body = { app: 'default', email, password: 'correct horse battery staple', nickname: randomUUID().slice(0, 18) };
  const answer = await app.request<{ user: RawPerson['user']; session: { accessToken: string; sessionId: string } }>(
    'POST',
    '/auth/signup',
    { body, headers },
  );
  const { user, session } = answer.body;
  return { user, token: session.accessToken, refreshToken: '', sessionId: session.sessionId, email, headers };
}

const connect = (token: string, headers: Record<string, string>) =>
  io(app.url, {
    auth: { token },
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: headers,
  });

/** Asks until it is refused. On a slow machine there is room for a few more meanwhile. @returns how often it was not */
async function untilRefused<T extends { status: number }>(ask: () => Promise<T>): Promise<{ last: T; before: number }> {
  for (let before = 0; ; before += 1) {
    const last = await ask();
    if (last.status === 429) return { last, before };
  }
}

/** What somebody who knocks is told: `hello`, or the refusal. */
async function knock(token: string, headers: Record<string, string>): Promise<WireError | string> {
  const socket = connect(token, headers);
  return new Promise<WireError | string>((resolve) => {
    socket.on('hello', () => {
      resolve('hello');
    });
    socket.on('connect_error', (error: Error & { data?: WireError }) => {
      resolve(error.data ?? error.message);
    });
  }).finally(() => socket.disconnect());
}

describe('REST', () => {
  test('who asks too often is told when to come back, and nobody else is', async () => {
    const [one, other] = [await someone(), await someone()];
    const ask = (person: typeof one) =>
      app.request<Problem>('GET', '/me', { token: person.token, headers: person.headers });
    const most = scaled(LIMIT_CLASSES.reads.user);
    const { last, before } = await untilRefused(() => ask(one));
    expect(before).toBeGreaterThanOrEqual(most);
    const { status, headers, body } = last;
    expect(status).toBe(429);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({ code: 'rate_limited', retryable: true, retryAfterMs: expect.any(Number) as number });
    expect(body.detail).toMatch(/^unable to answer; too many in a short time; try again in \d+ s$/);
    expect(Number(headers.get('retry-after'))).toBe(Math.ceil((body.retryAfterMs ?? 0) / 1_000));
    expect((await ask(other)).status).toBe(200);
    // It may do other things all the while.
    expect((await app.request('POST', '/friends/requests', { ...one, body: { userId: other.user.id } })).status).toBe(
      201,
    );
    await new Promise((resolve) => setTimeout(resolve, body.retryAfterMs));
    expect((await ask(one)).status).toBe(200);
  });

  test('the same user is counted at all addresses together', async () => {
    const one = await someone();
    const most = scaled(LIMIT_CLASSES.reads.user);
    const { before } = await untilRefused(() => app.request('GET', '/me', { token: one.token, headers: elsewhere() }));
    expect(before).toBeGreaterThanOrEqual(most);
    expect(before).toBeLessThan(3 * most);
  });

  test('exports are few: each is a file until it has been read', async () => {
    const one = await someone();
    const { before } = await untilRefused(() => app.request('GET', '/me/export', one));
    expect(before).toBe(scaled(LIMIT_CLASSES.exports.user));
  });

  test('rare things are few, and a refusal of one user takes nothing from the others', async () => {
    const [flooder, calm] = [await someone(), await someone()];
    const open = (person: typeof calm) =>
      app.request<Room & Problem>('POST', '/rooms', { ...person, body: { type: 'direct', userId: calm.user.id } });
    const most = scaled(LIMIT_CLASSES.rooms.user);
    // Enough for the whole app, had they counted.
    const statuses = await Promise.all(
      Array.from({ length: scaled(LIMIT_CLASSES.rooms.app) + 1 }, async () => (await open(flooder)).status),
    );
    expect(statuses.filter((status) => status !== 429).length).toBe(most);
    const answer = await app.request('POST', '/rooms', { ...calm, body: { type: 'direct', userId: flooder.user.id } });
    expect(answer.status).toBe(200);
  });

  test('sign-ups from one place are few; from elsewhere they go on', async () => {
    const here = elsewhere();
    const signUp = (headers: Record<string, string>) =>
      app.request<Problem>('POST', '/auth/signup', {
        headers,
        body: {
          app: 'default',
          email: `${randomUUID()}@example.com`,
          password: 'correct horse battery staple',
          nickname: randomUUID().slice(0, 18),
        },
      });
    const statuses = [];
    for (let time = 0; time <= scaled(LIMIT_CLASSES.signUps.address); time += 1)
      statuses.push((await signUp(here)).status);
    expect([statuses.at(-2), statuses.at(-1)]).toEqual([201, 429]);
    expect((await signUp(elsewhere())).status).toBe(201);
    // Whatever is written before what the proxy has seen.
    const forged = { 'x-forwarded-for': `198.51.100.${String(places)}, ${here['x-forwarded-for']}` };
    expect((await signUp(forged)).status).toBe(429);
  });

  test('a whole network of IPv6 is one place', async () => {
    const ask = (host: number) =>
      app.request('POST', '/auth/signup', {
        headers: { 'x-forwarded-for': `2001:db8:1:2::${host.toString(16)}` },
        body: {
          app: 'default',
          email: `${randomUUID()}@example.com`,
          password: 'correct horse battery staple',
          nickname: randomUUID().slice(0, 18),
        },
      });
    const statuses = [];
    for (let host = 1; host <= scaled(LIMIT_CLASSES.signUps.address) + 1; host += 1)
      statuses.push((await ask(host)).status);
    expect([statuses.at(-2), statuses.at(-1)]).toEqual([201, 429]);
  });

  test('where many addresses were looked for, nicknames are found still, and no address', async () => {
    const friend = await someone();
    const here = elsewhere();
    const local = friend.email.split('@')[0] ?? '';
    const search = (person: RawPerson, q: string) =>
      app.request<Page<FoundUser> & Problem>('GET', `/users?q=${encodeURIComponent(q)}`, {
        token: person.token,
        headers: here,
      });
    const finds = async (person: RawPerson, q: string) =>
      (await search(person, q)).body.items.some(({ id }) => id === friend.user.id);
    const each = scaled(LIMIT_CLASSES.peopleSearches.user);
    for (let left = scaled(LIMIT_CLASSES.emailSearches.address); left > 0; left -= each) {
      const person = await someone();
      for (let time = 0; time < Math.min(each, left); time += 1) expect(await finds(person, local)).toBe(true);
    }
    const late = await someone();
    expect(await finds(late, local)).toBe(false);
    expect(await finds(late, friend.user.nickname)).toBe(true);
    expect((await search(late, friend.email)).body).toMatchObject({ status: 429, code: 'rate_limited' });
  });
});

test('wrong keys of admins are few, and the right one is let in all the while', async () => {
  const here = elsewhere();
  const ask = (token: string) => app.request<Problem>('GET', '/admin/apps', { token, headers: here });
  const codes = [];
  for (let time = 0; time < 5; time += 1) codes.push((await ask(`sk_${randomUUID()}`)).body.code);
  expect(codes).toEqual(['unauthenticated', ...Array<string>(4).fill('rate_limited')]);
  expect((await ask(app.config.operatorKey ?? '')).status).toBe(200);
  const signIn = (key: string) => app.request<Problem>('POST', '/admin/session', { body: { key }, headers: here });
  expect((await signIn(randomUUID())).body.code).toBe('rate_limited');
  expect((await signIn(app.config.operatorKey ?? '')).status).toBe(204);
});

describe('a socket', () => {
  test('that sends too much is answered so, and goes on after a while', async () => {
    const [one, other] = [await someone(), await someone()];
    const { body: room } = await app.request<Room>('POST', '/rooms', {
      ...one,
      body: { type: 'direct', userId: other.user.id },
    });
    const socket = connect(one.token, one.headers);
    await new Promise((resolve) => socket.once('hello', resolve));
    const send = (n: number) =>
      call<{ text: string }>(socket, 'message:send', { roomId: room.id, clientId: `c${String(n)}`, text: String(n) });
    const most = scaled(LIMIT_CLASSES.messages.socket);
    const answers = await Promise.all(Array.from({ length: most + 5 }, (_, n) => send(n)));
    expect(answers.filter(({ ok }) => ok).length).toBe(most);
    const refused = answers.at(-1);
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'rate_limited', retryable: true, retryAfterMs: expect.any(Number) as number },
    });
    // Other events are another class.
    expect(await call(socket, 'heads', {})).toMatchObject({ ok: true });
    // A second socket of the same user has what is left to the user.
    const second = connect(one.token, one.headers);
    await new Promise((resolve) => second.once('hello', resolve));
    expect(await call(second, 'message:send', { roomId: room.id, clientId: 'second', text: 'x' })).toMatchObject({
      ok: true,
    });
    const after = refused?.ok === false ? (refused.error.retryAfterMs ?? 0) : 0;
    await new Promise((resolve) => setTimeout(resolve, after));
    expect(await send(1_000)).toMatchObject({ ok: true, data: { text: '1000' } });
    socket.disconnect();
    second.disconnect();
  });

  test('can be opened again and again, within reason', async () => {
    const [one, other] = [await someone(), await someone()];
    const most = scaled(LIMIT_CLASSES.handshakes.user);
    const told = [];
    for (let time = 0; time <= most; time += 1) told.push(await knock(one.token, elsewhere()));
    expect(told.slice(0, -1)).toEqual(Array(most).fill('hello'));
    expect(told.at(-1)).toMatchObject({ code: 'rate_limited', retryAfterMs: expect.any(Number) as number });
    expect(await knock(other.token, other.headers)).toBe('hello');
  });

  test('whoever knocks too often from one place gets 429 at the upgrade, whatever they forge', async () => {
    const here = elsewhere();
    const ask = async (headers: Record<string, string>) => {
      const response = await fetch(`${app.url}/socket.io/?EIO=4&transport=polling`, { headers });
      return { status: response.status, after: response.headers.get('retry-after'), body: await response.text() };
    };
    const { last, before } = await untilRefused(() => ask(here));
    expect(before).toBeGreaterThanOrEqual(scaled(LIMIT_CLASSES.handshakes.address));
    expect(last.status).toBe(429);
    expect(JSON.parse(last.body)).toMatchObject({ code: 'rate_limited', retryable: true });
    expect(Number(last.after)).toBeGreaterThan(0);
    const forged = { 'x-forwarded-for': `192.0.2.1, ${here['x-forwarded-for']}` };
    expect((await untilRefused(() => ask(forged))).before).toBeLessThan(5);
    // And whoever was named falsely has lost nothing.
    expect((await ask({ 'x-forwarded-for': '192.0.2.1' })).status).toBe(200);
    const person = await someone();
    await eventually(async () => (await knock(person.token, here)) === 'websocket error');
    expect(await knock(person.token, person.headers)).toBe('hello');
  });
});
