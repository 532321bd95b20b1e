import { once } from 'node:events';
import { connect as connectTcp, type Socket as TcpSocket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, eventually, startTestApp, type TestApp } from '../testing.ts';
import { dial, enter, text, upgradeRequest } from '../testing-line.ts';
import { CAPS, LIMIT_CLASSES } from './table.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_FACTOR: '1' });
});
afterAll(() => app.close());

/** What a thousand of come each second, by event. */
const FLOODS: [event: string, payload: (roomId: string, n: number) => unknown][] = [
  ['message:send', (roomId, n) => ({ roomId, clientId: `c${String(n)}`, text: 'flood' })],
  ['typing', (roomId) => ({ roomId, typing: true })],
  ['room:read', (roomId, seq) => ({ roomId, seq })],
  ['room:delivered', (roomId, seq) => ({ roomId, seq })],
  ['sync', () => ({ epoch: null, rev: 0, rooms: [] })],
  ['heads', () => ({})],
  ['auth:renew', () => ({ token: 'none' })],
  ['no:such', () => ({})],
  ['typing', () => null],
];

/** Sends a thousand events a second until it is cut off. @returns how many times it was refused before */
async function flood(event: string, payload: (roomId: string, n: number) => unknown): Promise<number> {
  const { one, roomId } = await app.pairRaw();
  const { tcp, heard } = await dial(app.url, one.token);
  tcp.on('error', () => undefined);
  let n = 0;
  const timer = setInterval(() => {
    const frames = Array.from({ length: 50 }, () => {
      n += 1;
      return text(`42${String(n)}${JSON.stringify([event, payload(roomId, n)])}`);
    });
    if (tcp.writable) tcp.write(Buffer.concat(frames));
  }, 50);
  await once(tcp, 'close').finally(() => {
    clearInterval(timer);
  });
  return heard().split('"rate_limited"').length - 1;
}

test('sockets that send a thousand events a second, one of every kind, are refused, then cut off; others talk on', async () => {
  const { one, roomId } = await app.pairRaw();
  const socket = await app.connect(one.token);
  let over = false;
  const floods = Promise.all(FLOODS.map(([event, payload]) => flood(event, payload))).finally(() => (over = true));
  let sent = 0;
  const goesOn = () => !over;
  while (goesOn()) {
    const answer = await call(socket, 'message:send', { roomId, clientId: `calm-${String(sent)}`, text: 'x' });
    expect(answer.ok).toBe(true);
    sent += 1;
    await sleep(100);
  }
  const refused = await floods;
  expect(sent).toBeGreaterThan(10);
  for (const [index, [event]] of FLOODS.entries()) {
    expect([event, (refused[index] ?? 0) > 100]).toEqual([event, true]);
    expect([event, (refused[index] ?? 0) < 2 * LIMIT_CLASSES.refusals.socket.times]).toEqual([event, true]);
  }
}, 60_000);

test('five thousand that connect and say nothing keep nobody out, and most of them are gone', async () => {
  const busy = await startTestApp({ RATE_LIMIT_FACTOR: '1', TRUST_PROXY: '1' });
  const { port } = new URL(busy.url);
  const person = await busy.signUpRaw();
  const crowd: TcpSocket[] = [];
  const join = async (count: number) => {
    const tcp = connectTcp(Number(port), '127.0.0.1');
    tcp.on('error', () => undefined);
    await once(tcp, 'connect');
    // From ten places, so that the limit of handshakes is met nowhere.
    tcp.write(upgradeRequest('localhost', `X-Forwarded-For: 203.0.113.${String(count % 10)}`));
    const [answer] = (await once(tcp, 'data')) as [Buffer];
    expect(answer.toString('latin1')).toContain(' 101 ');
    crowd.push(tcp.resume());
  };
  for (let count = 0; count < 5_000; count += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, n) => join(count + n)));
    if (count % 1_000 === 0) expect((await busy.connect(person.token)).connected).toBe(true);
  }
  await eventually(() => crowd.filter(({ readyState }) => readyState === 'open').length <= CAPS.waiting, 20_000);
  expect((await busy.connect(person.token)).connected).toBe(true);
  expect((await busy.signUp()).client.status.get()).toBe('online');
  for (const tcp of crowd) tcp.destroy();
  await busy.close();
}, 60_000);

test('one place has room for fewer of them', async () => {
  const busy = await startTestApp({ RATE_LIMIT_FACTOR: '0.02' });
  const { port } = new URL(busy.url);
  const most = Math.ceil(CAPS.waitingPerAddress * 0.02);
  const crowd: TcpSocket[] = [];
  for (let count = 0; count < 3 * most; count += 1) {
    const tcp = connectTcp(Number(port), '127.0.0.1');
    tcp.on('error', () => undefined);
    tcp.write(upgradeRequest('localhost'));
    await once(tcp, 'data');
    crowd.push(tcp.resume());
  }
  await eventually(() => crowd.filter(({ readyState }) => readyState === 'open').length <= most);
  // Those who came last are those who may still say who they are.
  expect(crowd.slice(-most).every(({ readyState }) => readyState === 'open')).toBe(true);
  for (const tcp of crowd) tcp.destroy();
  await busy.close();
});

test('one connection may not ask for ever to be let in', async () => {
  const tcp = connectTcp(Number(new URL(app.url).port), '127.0.0.1');
  tcp.on('error', () => undefined);
  tcp.write(upgradeRequest('localhost'));
  await once(tcp, 'data');
  const started = Date.now();
  const timer = setInterval(() => tcp.writable && tcp.write(enter('none')), 20);
  await once(tcp.resume(), 'close').finally(() => {
    clearInterval(timer);
  });
  // Sooner than those who ask nothing.
  expect(Date.now() - started).toBeLessThan(8_000);
});

test('who takes forever to ask is let go', async () => {
  const { port } = new URL(app.url);
  const began = ['GET /livez HTTP/1.1\r\nHost: x\r\n', upgradeRequest('localhost').slice(0, 80), ''];
  const lines = await Promise.all(
    began.map(async (start) => {
      const tcp = connectTcp(Number(port), '127.0.0.1');
      tcp.on('error', () => undefined);
      await once(tcp, 'connect');
      tcp.write(start);
      // One more character now and then keeps nobody's place.
      const drip = setInterval(() => start !== '' && tcp.writable && tcp.write('X'), 500);
      return once(tcp.resume(), 'close').finally(() => {
        clearInterval(drip);
      });
    }),
  );
  expect(lines.length).toBe(began.length);
}, 20_000);
