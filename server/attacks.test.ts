import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Problem } from '@co-talk/sdk/protocol';
import { call, startTestApp, type RawPerson, type TestApp } from './testing.ts';

// What is tried against any server that can be reached, beside what the tests of each feature try. docs/security.md has the list.

let app: TestApp;
let person: RawPerson;
beforeAll(async () => {
  app = await startTestApp({ BCRYPT_COST: '8' });
  person = await app.signUpRaw();
  await app.db.orm.em.fork().execute(
    `insert into apps (id, name, origins, no_origin) values
       ('site-a', 'A', '{https://a.example}', true), ('site-b', 'B', '{https://b.example}', true)`,
  );
});
afterAll(() => app.close());

const logIn = (email: string, password = 'not the password') =>
  app.request<Problem>('POST', '/auth/login', { body: { app: 'default', email, password } });

/** How often one of `a` took longer than one of `b`, ties by half: 0.5 where nobody can tell them apart (Mann and Whitney's U). */
function share(a: number[], b: number[]): number {
  const wins = a.map((one) => b.filter((other) => one > other).length + b.filter((other) => one === other).length / 2);
  return wins.reduce((sum, count) => sum + count, 0) / (a.length * b.length);
}

test('nobody learns by the time of an answer who has an account, or a disabled one', async () => {
  const disabled = await app.signUpRaw();
  await app.db.orm.em.fork().execute('update users set disabled_at = now() where id = ?', [disabled.user.id]);
  const kinds = {
    unknown: () => logIn(`${randomUUID()}@example.com`),
    known: () => logIn(person.user.email ?? ''),
    disabled: () => logIn(disabled.user.email ?? '', 'correct horse battery staple'),
    malformed: () => logIn('nobody'),
  };
  const times = new Map(Object.keys(kinds).map((kind) => [kind, [] as number[]]));
  for (let round = 0; round < 40; round += 1) {
    for (const [kind, ask] of Object.entries(kinds)) {
      const started = performance.now();
      const { status, body } = await ask();
      // The first rounds are for everything that is made when it is first needed.
      if (round >= 10) times.get(kind)?.push(performance.now() - started);
      expect([kind, status, body.code]).toEqual([kind, 401, 'unauthenticated']);
    }
  }
  // 30 of each: chance alone leaves 0.5 ± 0.3 once in 15,000 times, and a hash that is left out comes to 0 or 1.
  for (const [kind, ms] of times) {
    const found = share(ms, times.get('unknown') ?? []);
    expect([kind, found > 0.2 && found < 0.8, found]).toEqual([kind, true, found]);
  }
}, 60_000);

describe('the handshake', () => {
  const knock = (auth: object, options: object = {}) =>
    new Promise<string>((resolve) => {
      const socket = io(app.url, { auth, transports: ['websocket'], forceNew: true, reconnection: false, ...options });
      const end = (answer: string) => {
        socket.disconnect();
        resolve(answer);
      };
      socket.once('hello', () => {
        end('hello');
      });
      socket.once('connect_error', (error: Error & { data?: { code: string } }) => {
        end(error.data?.code ?? error.message);
      });
    });

  test('takes a token of one app from pages of that app only', async () => {
    const { token } = await app.signUpRaw(undefined, 'site-a');
    const from = (origin: string) => knock({ token }, { extraHeaders: { origin } });
    expect(await from('https://a.example')).toBe('hello');
    expect(await from('https://b.example')).toBe('origin_not_allowed');
    expect(await from('https://A.example')).toBe('websocket error');
    expect(await from('https://a.example:8443')).toBe('websocket error');
  });

  test('takes no token from the address, where logs would keep it', async () => {
    expect(await knock({}, { query: { token: person.token } })).toBe('unauthenticated');
    expect(await knock({}, { extraHeaders: { authorization: `Bearer ${person.token}` } })).toBe('unauthenticated');
    const answer = await app.request<Problem>('GET', `/me?access_token=${person.token}`);
    expect(answer.body.code).toBe('unauthenticated');
  });

  test('comes before everything else that a connection says', async () => {
    const { port } = new URL(app.url);
    const said = await new Promise<string>((resolve) => {
      const ws = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
      let heard = '';
      ws.onopen = () => {
        for (const event of ['heads', 'message:send', 'auth:renew']) ws.send(`421["${event}",{}]`);
        ws.send('3');
      };
      ws.onmessage = ({ data }) => (heard += String(data));
      ws.onclose = () => {
        resolve(heard);
      };
    });
    expect(said).not.toContain('"ok"');
    expect((await app.request('GET', '/me', { token: person.token })).status).toBe(200);
  });
});

describe('requests', () => {
  test('what the server decides on cannot be said by a client', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const bodies: [string, string, Record<string, unknown>][] = [
      ['POST', `/rooms/${roomId}/messages`, { clientId: 'c', text: 't' }],
      ['POST', '/rooms', { type: 'direct', userId: other.user.id }],
      ['POST', '/friends/requests', { userId: other.user.id }],
      ['PATCH', '/me', { about: 'x' }],
      ['PATCH', `/rooms/${roomId}/me`, { muted: true }],
      ['POST', `/rooms/${roomId}/read`, { seq: 0 }],
    ];
    const ours = [
      'id',
      'appId',
      'senderId',
      'seq',
      'rev',
      'role',
      'kind',
      'createdAt',
      'deletedAt',
      'readSeq',
      '__proto__',
    ];
    for (const [method, path, body] of bodies) {
      for (const name of ours.filter((one) => !Object.hasOwn(body, one))) {
        // As text: a literal would set the prototype.
        const json = `${JSON.stringify(body).slice(0, -1)},"${name}":1}`;
        const answer = await app.request<Problem>(method, path, { token: one.token, body: json });
        expect([path, name, answer.body.code]).toEqual([path, name, 'invalid_request']);
      }
    }
    const socket = await app.connect(one.token);
    for (const name of ours) {
      const payload = JSON.parse(`{"roomId":"${roomId}","clientId":"c","text":"t","${name}":1}`) as unknown;
      expect([name, await call(socket, 'message:send', payload)]).toMatchObject([name, { ok: false }]);
    }
    const history = await app.request<{ items: unknown[] }>('GET', `/rooms/${roomId}/messages`, { token: one.token });
    expect(history.body.items).toEqual([]);
  });

  test('a body that unfolds to gigabytes is refused before it does', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
    const started = performance.now();
    const answer = await fetch(`${app.url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: bomb,
    });
    expect([answer.status, ((await answer.json()) as Problem).code]).toEqual([413, 'too_large']);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test.each([
    ['spaces', ' '.repeat(50_000)],
    ['almost an address', `${'a.'.repeat(25_000)}@`],
    ['many ats', '@'.repeat(50_000)],
    ['combining marks', `a${'\u0301'.repeat(49_999)}`],
    ['zero-width joiners', '👩\u200d'.repeat(16_000)],
    ['regional indicators', '🇰'.repeat(25_000)],
    ['half of an escape', '\\'.repeat(50_000)],
  ])('50,000 characters made to be slow to read are answered at once: %s', async (_name, text) => {
    const { one, roomId } = await app.pairRaw();
    const { token } = one;
    const asked: [string, string, unknown][] = [
      ['POST', '/auth/signup', { app: 'default', email: text, password: text, nickname: text }],
      ['POST', '/auth/login', { app: 'default', email: text, password: text }],
      ['PATCH', '/me', { nickname: text, about: text }],
      ['POST', `/rooms/${roomId}/messages`, { clientId: 'c', text }],
      ['POST', `/rooms/${roomId}/messages`, { clientId: text, text: 't' }],
    ];
    for (const [method, path, body] of asked) {
      const started = performance.now();
      const { status } = await app.request(method, path, { token, body });
      expect([path, status >= 400 && status < 500]).toEqual([path, true]);
      expect([path, performance.now() - started < 500]).toEqual([path, true]);
    }
  });

  test('tricks with methods and headers change nothing', async () => {
    const url = `${app.url}/api/v1/me`;
    const headers = { authorization: `Bearer ${person.token}` };
    for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
      expect((await fetch(url, { headers: { ...headers, [name]: 'DELETE' } })).status).toBe(200);
    }
    expect((await fetch(`${url}?_method=DELETE`, { headers })).status).toBe(400);
    expect((await fetch(url, { method: 'HEAD', headers })).status).toBe(200);
    expect((await fetch(url, { method: 'PUT', headers })).status).toBe(404);
    const raw = await new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
      socket.on('data', (chunk) => {
        resolve(chunk.toString());
        socket.destroy();
      });
      socket.write('TRACE /api/v1/me HTTP/1.1\r\nHost: x\r\nCookie: planted=1\r\n\r\n');
    });
    expect(raw).not.toContain('planted');
    expect(raw).toMatch(/^HTTP\/1\.1 404/);
  });

  test('answers reflect no origin, are kept by no cache, and show nothing of the inside', async () => {
    const origin = 'https://evil.example';
    const answers = [
      await app.request('GET', '/me', { token: person.token }),
      await app.request('GET', '/me', { token: person.token, headers: { origin } }),
      await app.request('POST', '/auth/login', { body: '{"app":', headers: { 'content-type': 'application/json' } }),
      await app.request('GET', '/rooms/%E0%A4%A', { token: person.token }),
      await app.request('GET', `/rooms/${randomUUID()}`, { token: person.token }),
    ];
    for (const { headers, body } of answers) {
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(JSON.stringify(body)).not.toMatch(/node_modules|\.ts:|\bat [A-Z]|select |postgres/i);
    }
    for (const path of ['/metrics', '/.env', '/api/v1/../../package.json', '/co-talk.js/../../.env', '/data/secret']) {
      expect([path, (await fetch(app.url + path)).status]).toEqual([path, 404]);
    }
  });
});
