import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import jwt from 'jsonwebtoken';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ack, Hello, Refreshed, SignedIn } from '@co-talk/sdk/protocol';
import { signAccessToken } from './auth/tokens.ts';
import { derive } from './keyring.ts';
import { call, eventually, next, startTestApp, type TestApp } from './testing.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

/** Connects with anything at all; resolves with the refusal's code, or `hello`. */
function knock(auth: unknown, options: { origin?: string; path?: string } = {}): Promise<string> {
  const socket = io(`${app.url}${options.path ?? ''}`, {
    auth: auth as Record<string, unknown>,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    ...(options.origin === undefined ? {} : { extraHeaders: { origin: options.origin } }),
  });
  return new Promise<string>((resolve) => {
    socket.on('hello', () => {
      resolve('hello');
    });
    socket.on('connect_error', (error: Error & { data?: { code: string } }) => {
      resolve(error.data?.code ?? error.message);
    });
  }).finally(() => socket.disconnect());
}

describe('the handshake', () => {
  test('says hello first, with what the server can do', async () => {
    const { token } = await app.signUpRaw();
    const socket = io(app.url, { auth: { token, protocol: 1 }, forceNew: true });
    const first = await new Promise<[string, Hello]>((resolve) => {
      socket.onAny((event: string, payload: Hello) => {
        resolve([event, payload]);
      });
    });
    socket.disconnect();
    expect(first[0]).toBe('hello');
    expect(first[1]).toMatchObject({ protocol: 1, features: expect.arrayContaining(['messages', 'sync']) as string[] });
    expect(Math.abs(Date.parse(first[1].serverTime) - Date.now())).toBeLessThan(5_000);
  });

  test.each<[string, unknown]>([
    ['no token', {}],
    ['a numeric token', { token: 5 }],
    ['a list', { token: ['x'] }],
    ['an object', { token: { toString: 'x' } }],
    ['an empty token', { token: '' }],
    ['a random token', { token: 'x.y.z' }],
    ['a huge token', { token: 'x'.repeat(10_000) }],
  ])('%s is refused', async (_name, auth) => {
    expect(await knock(auth)).toBe('unauthenticated');
  });

  test('tokens made elsewhere, for something else or for nobody are refused', async () => {
    const { user, sessionId } = await app.signUpRaw();
    const key = derive(app.config, 'access-token');
    const claims = { sub: user.id, sid: sessionId, typ: 'access', aud: 'default', iss: 'co-talk' };
    const header = { alg: 'HS256' as const, typ: 'at+jwt' };
    const make = (changed: object, options: jwt.SignOptions = {}, secret: Buffer | string = key) =>
      jwt.sign({ ...claims, ...changed }, secret, { header, expiresIn: 60, ...options });
    const none = `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${make({}).split('.')[1] ?? ''}.`;
    const refused = {
      none,
      'other algorithm': jwt.sign(claims, key, {
        algorithm: 'HS512',
        expiresIn: 60,
        header: { alg: 'HS512', typ: 'at+jwt' },
      }),
      'the secret itself': make({}, {}, app.config.secret),
      'another purpose’s key': make({}, {}, derive(app.config, 'password')),
      'another kind': make({ typ: 'refresh' }),
      'another header kind': jwt.sign(claims, key, { expiresIn: 60 }),
      'another issuer': make({ iss: 'evil' }),
      'several audiences': make({ aud: ['default', 'other'] }),
      'no expiry': jwt.sign(claims, key, { header }),
      'not yet': make({}, { notBefore: 60 }),
      tampered: make({}).replace(/.(?=[^.]*$)/, '_'),
    };
    for (const [name, token] of Object.entries(refused))
      expect([name, await knock({ token })]).toEqual([name, 'unauthenticated']);
    expect(await knock({ token: make({}, { expiresIn: -1 }) })).toBe('token_expired');
    expect(await knock({ token: make({ sub: randomUUID() }) })).toBe('session_ended');
    expect(await knock({ token: make({ aud: 'another' }) })).toBe('session_ended');
    expect(await knock({ token: make({}) })).toBe('hello');
  });

  test('only known origins and the main namespace', async () => {
    const { token } = await app.signUpRaw();
    for (const origin of ['http://localhost:5173', 'http://127.0.0.1:8080', 'http://[::1]:9']) {
      expect([origin, await knock({ token }, { origin })]).toEqual([origin, 'hello']);
    }
    for (const origin of [
      'https://evil.example',
      'null',
      'http://localhost.evil.example',
      'http://127.0.0.1.evil.example',
      'http://evil.example/localhost',
    ]) {
      expect([origin, await knock({ token }, { origin })]).toEqual([origin, 'websocket error']);
    }
    expect(await knock({ token }, { path: '/admin' })).toBe('Invalid namespace');
  });
});

test('a user has room for many connections, not for any number', async () => {
  const { token } = await app.signUpRaw();
  const sockets: Socket[] = [];
  for (let count = 0; count < 50; count += 1) sockets.push(await app.connect(token));
  expect(await knock({ token })).toBe('rate_limited');
  expect(await knock({ token: (await app.signUpRaw()).token })).toBe('hello');
  sockets[0]?.disconnect();
  await eventually(async () => (await knock({ token })) === 'hello');
  expect(sockets.slice(1).every((socket) => socket.connected)).toBe(true);
});

test('a page of a foreign origin gets 403 at the upgrade, and over polling', async () => {
  const { port } = new URL(app.url);
  const ask = (origin: string, transport: string, headers: Record<string, string> = {}) =>
    new Promise<number>((resolve, reject) => {
      const path = `/socket.io/?EIO=4&transport=${transport}`;
      const req = request({ port, host: '127.0.0.1', path, headers: { origin, ...headers } });
      req.on('response', (res) => {
        res.resume();
        resolve(res.statusCode ?? 0);
      });
      req.on('upgrade', (res, socket) => {
        socket.destroy();
        resolve(res.statusCode ?? 0);
      });
      req.on('error', reject);
      req.end();
    });
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.alloc(16).toString('base64'),
  };
  for (const origin of ['https://evil.example', 'null', 'http://localhost.evil.example']) {
    expect([origin, await ask(origin, 'websocket', upgrade), await ask(origin, 'polling')]).toEqual([origin, 403, 403]);
  }
  expect(await ask('http://localhost:5173', 'websocket', upgrade)).toBe(101);
});

describe('packets', () => {
  const events = [
    'message:send',
    'room:read',
    'room:delivered',
    'typing',
    'sync',
    'heads',
    'auth:renew',
    'no:such',
    '__proto__',
    'constructor',
  ];
  const payloads: unknown[][] = [
    [],
    [null],
    [5],
    ['text'],
    [[]],
    [[{}]],
    [{ x: 1 }],
    [{ roomId: 5 }],
    [{ roomId: randomUUID(), seq: {}, typing: 'yes', text: 1, token: 1, epoch: 1, rev: 'x', rooms: 'y' }],
    [{ roomId: randomUUID() }, { second: true }],
    [JSON.parse('{"__proto__":{"polluted":1}}')],
    [Buffer.from('binary')],
  ];

  test.each(events)(
    'malformed %s is answered with a code, or in silence where no answer was asked for',
    async (event) => {
      const { token } = await app.signUpRaw();
      const socket = await app.connect(token);
      for (const args of payloads) {
        if (event === 'heads' && JSON.stringify(args) === '[]') continue;
        const ack = await call(socket, event, ...args);
        expect([args, ack.ok]).toEqual([args, false]);
        if (!ack.ok) expect(['invalid_request', 'unauthenticated', 'not_found']).toContain(ack.error.code);
        socket.emit(event, ...args);
      }
      expect(await call(socket, 'heads', {})).toMatchObject({ ok: true });
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    },
  );

  test('an event over 64 KB closes its own socket and nobody else’s', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const [big, fine] = await Promise.all([app.connect(one.token), app.connect(other.token)]);
    const closed = new Promise((resolve) => big.once('disconnect', resolve));
    big.emit('message:send', { roomId, clientId: 'c', text: 'x'.repeat(70_000) });
    await closed;
    expect(await call(fine, 'heads', {})).toMatchObject({ ok: true });
  });

  test('a connection carries one socket, however often it asks', async () => {
    const { token } = await app.signUpRaw();
    const { io: manager } = io(app.url, {
      auth: { token },
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    });
    const heard: string[] = [];
    manager.on('open', () => {
      const { engine } = manager;
      engine.on('data', (packet: string) => heard.push(packet));
      for (let time = 0; time < 3; time += 1) engine.write(`0${JSON.stringify({ token })}`);
    });
    await eventually(() => heard.some((packet) => packet.includes('"conflict"')));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(heard.filter((packet) => packet.startsWith('0')).length).toBeLessThanOrEqual(1);
    manager.engine.close();
  });

  test('a flood gets its share of answers, and others theirs at once', async () => {
    const [{ token }, calm] = [await app.signUpRaw(), await app.connect((await app.signUpRaw()).token)];
    const socket = await app.connect(token);
    const question = { epoch: null, rev: 0, rooms: [] };
    const answers: Awaited<ReturnType<typeof call>>[] = [];
    let flooding = true;
    const flood = Array.from({ length: 300 }, async () => {
      while (flooding) answers.push(await call(socket, 'sync', question));
    });
    expect(await call(calm, 'heads', {})).toMatchObject({ ok: true });
    flooding = false;
    await Promise.all(flood);
    expect(answers.filter((answer) => answer.ok).length).toBeGreaterThanOrEqual(2);
    const refused = answers.filter((answer) => !answer.ok);
    expect(refused.length).toBeGreaterThan(10);
    for (const { error } of refused)
      expect(error).toMatchObject({ code: 'overloaded', retryable: true, retryAfterMs: 1000 });
    expect(await call(socket, 'sync', question)).toMatchObject({ ok: true });
  });

  test('deep JSON is refused and the process goes on', async () => {
    const { token } = await app.signUpRaw();
    const socket = await app.connect(token);
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    // As text, since the client itself cannot walk so deep.
    const answer = next(socket.io.engine as unknown as Socket, 'data');
    socket.io.engine.write(`21["sync",${deep}]`);
    expect(await answer).toMatch(/^31\[\{"ok":false,"error":\{"code":"invalid_request"/);
    expect(await call(socket, 'heads', {})).toMatchObject({ ok: true });
  });
});

describe('a socket’s life', () => {
  const ended = (socket: Socket) => next<{ reason: string }>(socket, 'session:ended');

  test('ends with its session, on all its sockets and no others', async () => {
    const person = await app.signUpRaw();
    const sockets = await Promise.all([app.connect(person.token), app.connect(person.token)]);
    const other = await app.connect((await app.signUpRaw()).token);
    const reasons = Promise.all(sockets.map(ended));
    expect((await app.request('POST', '/auth/logout', { token: person.token })).status).toBe(204);
    expect(await reasons).toEqual([{ reason: 'logout' }, { reason: 'logout' }]);
    await eventually(() => sockets.every((socket) => !socket.connected));
    expect(await knock({ token: person.token })).toBe('session_ended');
    expect(await call(other, 'heads', {})).toMatchObject({ ok: true });
  });

  test('ends when its token expires, unless it was renewed with one of the same session', async () => {
    const [person, stranger] = await Promise.all([app.signUpRaw(), app.signUpRaw()]);
    const actor = { userId: person.user.id, sessionId: person.sessionId };
    const short = signAccessToken({ ...app.config, accessTokenTtlSeconds: 2 }, 'default', actor).token;
    // The short-lived copy of the configuration signs with the same secret.
    const [expiring, renewed] = await Promise.all([app.connect(short), app.connect(short)]);
    const end = ended(expiring);
    expect(await call(renewed, 'auth:renew', { token: stranger.token })).toMatchObject({
      ok: false,
      error: { code: 'unauthenticated' },
    });
    expect(await call(renewed, 'auth:renew', { token: person.token })).toEqual({ ok: true, data: null });
    expect(await end).toEqual({ reason: 'expired' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(renewed.connected).toBe(true);
    expect(await knock({ token: short })).toBe('token_expired');
  });

  test('goes on for as long as its token does, be it a year', async () => {
    const person = await app.signUpRaw();
    const actor = { userId: person.user.id, sessionId: person.sessionId };
    const { token } = signAccessToken({ ...app.config, accessTokenTtlSeconds: 365 * 86_400 }, 'default', actor);
    const socket = await app.connect(token);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(socket.connected).toBe(true);
  });

  test('does not outlive a session that ends while it connects', async () => {
    for (let round = 0; round < 15; round += 1) {
      const { token } = await app.signUpRaw();
      const socket = io(app.url, { auth: { token }, transports: ['websocket'], forceNew: true, reconnection: false });
      const over = new Promise((resolve) => {
        socket.on('connect_error', resolve);
        socket.on('disconnect', resolve);
      });
      await new Promise((resolve) => setTimeout(resolve, round));
      expect((await app.request('POST', '/auth/logout', { token })).status).toBe(204);
      await over;
    }
  });

  test('a refresh does not end it', async () => {
    const person = await app.signUpRaw();
    const socket = await app.connect(person.token);
    const { body } = await app.request<Refreshed>('POST', '/auth/refresh', {
      body: { refreshToken: person.refreshToken },
    });
    expect(await call(socket, 'auth:renew', { token: body.session.accessToken })).toEqual({ ok: true, data: null });
  });

  test('a disabled user’s token opens nothing', async () => {
    const person = await app.signUpRaw();
    await app.db.orm.em.fork().execute('update users set disabled_at = now() where id = ?', [person.user.id]);
    expect(await knock({ token: person.token })).toBe('session_ended');
    expect((await app.request<Ack<SignedIn>>('GET', '/me', { token: person.token })).status).toBe(401);
  });
});
