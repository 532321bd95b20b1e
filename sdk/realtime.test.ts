import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { eventually } from '../server/testing.ts';
import { CoTalkError } from './errors.ts';
import { createRealtime, type ConnectionStatus, type Realtime } from './realtime.ts';
import type { SessionEndReason, WireError } from './protocol/index.ts';

const HELLO = { protocol: 1, features: [], epoch: 'e', serverTime: '2026-01-01T00:00:00.000Z' };
const closing: (() => Promise<unknown> | undefined)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A bare Socket.IO server whose manners the test decides, and a client of it. */
async function open({
  refuse,
  welcome = true,
}: { refuse?: (token: string) => WireError | undefined; welcome?: boolean } = {}) {
  const http = createServer();
  const io = new Server(http, { pingInterval: 60_000 });
  const tokens: string[] = [];
  const sockets: Socket[] = [];
  io.use((socket, next) => {
    const { token } = socket.handshake.auth as { token: string };
    tokens.push(token);
    const data = refuse?.(token);
    if (data) next(Object.assign(new Error(data.code), { data }));
    else next();
  });
  io.on('connection', (socket) => {
    sockets.push(socket);
    if (welcome) socket.emit('hello', HELLO);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  closing.push(() => io.close());

  let token = 'first';
  let refreshed = 0;
  const ended: SessionEndReason[] = [];
  const errors: CoTalkError[] = [];
  const seen: { status: ConnectionStatus; at: number }[] = [];
  const realtime: Realtime = createRealtime(
    `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    {
      access: () => Promise.resolve({ token, signal: new AbortController().signal }),
      refresh: () => {
        refreshed += 1;
        token = `fresh ${refreshed}`;
        return Promise.resolve(token);
      },
    },
    { onEnded: (reason) => ended.push(reason), onError: (error) => errors.push(error) },
  );
  realtime.status.subscribe((status) => seen.push({ status, at: Date.now() }));
  closing.push(() => {
    realtime.stop();
    return undefined;
  });
  const online = () => eventually(() => realtime.status.get() === 'online');
  return { realtime, io, sockets, tokens, ended, errors, seen, online, refreshed: () => refreshed };
}

const error = (code: WireError['code'], retryable: boolean, more = {}): WireError => ({
  code,
  detail: `unable; ${code}`,
  retryable,
  ...more,
});

test('online only once the server has welcomed', async () => {
  const { realtime, sockets } = await open({ welcome: false });
  realtime.start();
  await eventually(() => sockets.length === 1);
  expect(realtime.status.get()).toBe('connecting');
  await expect(realtime.emit('heads', {})).rejects.toMatchObject({ code: 'closed', retryable: true });
  sockets[0]?.emit('hello', HELLO);
  await eventually(() => realtime.status.get() === 'online');
});

test('an expired token in the handshake is refreshed, and the connection made at once', async () => {
  const { realtime, tokens, online, refreshed } = await open({
    refuse: (token) => (token === 'first' ? error('token_expired', false) : undefined),
  });
  realtime.start();
  await online();
  expect(tokens).toEqual(['first', 'fresh 1']);
  expect(refreshed()).toBe(1);
});

test('a token that stays refused is not tried in a tight circle', async () => {
  const { realtime, tokens } = await open({ refuse: () => error('unauthenticated', false) });
  realtime.start();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(tokens.length).toBeGreaterThan(1);
  expect(tokens.length).toBeLessThan(8);
});

test('a busy server is left alone for as long as it asks', async () => {
  let busy = true;
  const { realtime, seen, errors, online } = await open({
    refuse: () => (busy ? error('overloaded', true, { retryAfterMs: 1_500 }) : undefined),
  });
  const start = Date.now();
  realtime.start();
  await eventually(() => errors.length === 1);
  busy = false;
  await online();
  expect((seen.at(-1)?.at ?? 0) - start).toBeGreaterThanOrEqual(1_450);
  expect(errors[0]).toMatchObject({ code: 'overloaded' });
});

test('a draining server: away at once, back after the time it gave, not before', async () => {
  const { realtime, sockets, seen, online } = await open();
  realtime.start();
  await online();
  const start = Date.now();
  sockets[0]?.emit('server:draining', { reconnectInMs: 800 });
  sockets[0]?.disconnect(true);
  await eventually(() => realtime.status.get() === 'connecting');
  realtime.wake();
  await online();
  expect((seen.at(-1)?.at ?? 0) - start).toBeGreaterThanOrEqual(750);
});

test('a cut line comes back fast, again and again', async () => {
  const { realtime, sockets, online } = await open();
  realtime.start();
  for (let n = 1; n <= 4; n += 1) {
    await online();
    const start = Date.now();
    sockets.at(-1)?.conn.close();
    await eventually(() => sockets.length === n + 1);
    expect(Date.now() - start).toBeLessThan(1_000);
  }
});

test('an ended session is told; one whose token ran out is renewed instead', async () => {
  const { realtime, sockets, ended, online, refreshed } = await open();
  realtime.start();
  await online();
  sockets[0]?.emit('session:ended', { reason: 'expired' });
  await eventually(() => sockets.length === 2);
  expect([ended.length, refreshed()]).toEqual([0, 1]);
  await online();
  sockets[1]?.emit('session:ended', { reason: 'revoked' });
  await eventually(() => ended.length === 1);
  expect(ended).toEqual(['revoked']);
});

describe('emit', () => {
  test('resolves with the data of the answer, rejects with its error', async () => {
    const { realtime, io, sockets, online } = await open();
    io.on('connection', (socket) => {
      socket.on('room:read', (_input, ack: (answer: unknown) => void) => ack({ ok: true, data: null }));
      socket.on('heads', (_input, ack: (answer: unknown) => void) =>
        ack({ ok: false, error: error('rate_limited', true, { retryAfterMs: 70 }) }),
      );
    });
    realtime.start();
    await online();
    expect(await realtime.emit('room:read', { roomId: 'r', seq: 1 })).toBeNull();
    const failed = realtime.emit('heads', {});
    await expect(failed).rejects.toBeInstanceOf(CoTalkError);
    await expect(failed).rejects.toMatchObject({ code: 'rate_limited', retryable: true, retryAfterMs: 70 });
    expect(sockets).toHaveLength(1);
  });

  test('rejects at once when the connection goes', async () => {
    const { realtime, sockets, online } = await open();
    realtime.start();
    await online();
    const lost = expect(realtime.emit('heads', {})).rejects.toMatchObject({ code: 'closed', retryable: true });
    sockets[0]?.conn.close();
    await lost;
  });

  test('without an answer in 10 s the line counts as dead: rejects, and connects anew', async () => {
    const { realtime, sockets, online } = await open();
    realtime.start();
    await online();
    await expect(realtime.emit('heads', {})).rejects.toMatchObject({ code: 'timeout', retryable: true });
    await eventually(() => sockets.length === 2);
    await online();
  });
});

test('an open socket gets a new token; one that is not taken costs the connection', async () => {
  const { realtime, io, sockets, online } = await open();
  const renewals: string[] = [];
  io.on('connection', (socket) => {
    socket.on('auth:renew', ({ token }: { token: string }, ack: (answer: unknown) => void) => {
      renewals.push(token);
      ack(token === 'good' ? { ok: true, data: null } : { ok: false, error: error('unauthenticated', false) });
    });
  });
  realtime.start();
  await online();
  realtime.renew('good');
  await eventually(() => renewals.length === 1);
  realtime.renew('bad');
  await eventually(() => sockets.length === 2);
  expect(renewals).toEqual(['good', 'bad']);
});

test('a listener that throws keeps nobody else from hearing, nor does an event without what it should carry', async () => {
  const { realtime, sockets, online } = await open();
  const complaints = vi.spyOn(console, 'error').mockReturnValue();
  closing.push(() => {
    complaints.mockRestore();
    return undefined;
  });
  const heard: unknown[] = [];
  realtime.on('typing', () => {
    throw new Error('a listener');
  });
  realtime.on('typing', (event) => heard.push(event));
  realtime.start();
  await online();
  const typing = { roomId: 'r', userId: 'u', typing: true };
  // As no client of today would be told.
  sockets[0]?.emit('session:ended');
  sockets[0]?.emit('of a later version', 1);
  sockets[0]?.emit('typing', typing);
  await eventually(() => heard.length === 1);
  expect(heard).toEqual([typing]);
  expect(complaints).toHaveBeenCalledTimes(2);
  expect(realtime.status.get()).toBe('online');
  expect(sockets).toHaveLength(1);
});

test('what is not Socket.IO is told, and the connection made anew', async () => {
  const { realtime, sockets, errors, online } = await open();
  realtime.start();
  await online();
  // Engine.IO's own way to say something.
  sockets[0]?.conn.send('<html>');
  await eventually(() => sockets.length === 2);
  await online();
  expect(errors.map(({ code }) => code)).toEqual(['internal']);
});

test('stopped, it stays away', async () => {
  const { realtime, sockets, online } = await open();
  realtime.start();
  await online();
  realtime.stop();
  expect(realtime.status.get()).toBe('offline');
  realtime.wake();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(sockets).toHaveLength(1);
  expect(sockets[0]?.connected).toBe(false);
});
