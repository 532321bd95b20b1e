import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Me, Problem, SignedIn } from '@co-talk/sdk/protocol';
import { startTestApp, type TestApp } from '../testing.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const PASSWORD = 'k3j9!xqz-horse';
const someone = () => ({
  app: 'default',
  email: `${randomUUID()}@example.com`,
  password: PASSWORD,
  nickname: randomUUID().slice(0, 18),
});
const post = (path: string, body?: unknown, headers?: Record<string, string>) =>
  app.request<SignedIn & Problem>('POST', path, { body, ...(headers ? { headers } : {}) });
const signUp = (changes: Record<string, unknown> = {}) => post('/auth/signup', { ...someone(), ...changes });

describe('signing up', () => {
  test('answers with the user and a session that works', async () => {
    const asked = { ...someone(), email: ' Ada.Lovelace@Example.COM ', nickname: '  Ada   Lovelace ' };
    const { status, body, headers } = await post('/auth/signup', asked);
    expect(status).toBe(201);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body.user).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/) as unknown,
      rev: 0,
      nickname: 'Ada Lovelace',
      about: null,
      avatarUrl: null,
      kind: 'account',
      createdAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) as unknown,
      email: 'Ada.Lovelace@Example.COM',
      emailVerified: false,
      settings: { findableByEmail: true },
    });
    expect(body.session).toMatchObject({ accessTokenExpiresIn: 900, refreshTokenExpiresIn: 7 * 86_400 });
    expect(Date.parse(body.session.accessTokenExpiresAt)).toBeGreaterThan(Date.now() + 890_000);
    expect(Buffer.from(body.session.refreshToken, 'base64url')).toHaveLength(32);
    const me = await app.request<Me>('GET', '/me', { token: body.session.accessToken });
    expect(me.body).toEqual(body.user);
  });

  test.each<[string, Record<string, unknown>, number, string, string]>([
    ['an address without @', { email: 'nobody' }, 400, 'invalid_email', 'email'],
    ['an address of 255 characters', { email: `a@${'b.'.repeat(125)}com` }, 400, 'invalid_email', 'email'],
    ['a nickname of one character', { nickname: 'x' }, 400, 'invalid_nickname', 'nickname'],
    ['a nickname of 21', { nickname: 'x'.repeat(21) }, 400, 'invalid_nickname', 'nickname'],
    ['an invisible nickname', { nickname: '\u3164\u3164' }, 400, 'invalid_nickname', 'nickname'],
    ['a password of 7 characters', { password: 'k3j9!xq' }, 400, 'weak_password', 'password'],
    ['a password of 129', { password: PASSWORD.repeat(10).slice(0, 129) }, 400, 'weak_password', 'password'],
    ['a common password', { password: 'Password1' }, 400, 'weak_password', 'password'],
    ['no e-mail', { email: undefined }, 400, 'invalid_request', 'email'],
    ['no password', { password: undefined }, 400, 'invalid_request', 'password'],
    ['no nickname', { nickname: undefined }, 400, 'invalid_request', 'nickname'],
    ['no app', { app: undefined }, 400, 'invalid_request', 'app'],
    ['a number', { nickname: 42 }, 400, 'invalid_request', 'nickname'],
    ['null', { email: null }, 400, 'invalid_request', 'email'],
    ['an object', { password: { $ne: null } }, 400, 'invalid_request', 'password'],
    ['an array', { email: ['a@example.com'] }, 400, 'invalid_request', 'email'],
    ['an unknown field', { role: 'admin' }, 400, 'invalid_request', 'role'],
    ['a field that is the server’s', { id: randomUUID() }, 400, 'invalid_request', 'id'],
    ['NUL', { nickname: 'an\0na' }, 400, 'invalid_request', 'nickname'],
    ['half a character', { password: 'k3j9!xq\ud800' }, 400, 'invalid_request', 'password'],
    ['an endless nickname', { nickname: 'x'.repeat(5000) }, 400, 'invalid_request', 'nickname'],
    ['NUL in the app', { app: 'def\0ault' }, 400, 'invalid_request', 'app'],
  ])('with %s is refused', async (_name, changes, status, code, path) => {
    const answer = await signUp(changes);
    expect([answer.status, answer.body.code, answer.body.errors?.[0]?.path]).toEqual([status, code, path]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body.detail).toMatch(/^unable to /);
  });

  test('with an unknown app is refused', async () => {
    expect((await signUp({ app: 'nobody' })).body).toMatchObject({ status: 404, code: 'app_unknown' });
    expect((await signUp({ app: '__proto__' })).body).toMatchObject({ status: 404, code: 'app_unknown' });
  });

  test('names every wrong field, and answers with the first', async () => {
    const { body } = await signUp({ password: 'x', nickname: 'x', email: 'x' });
    expect(body.code).toBe('invalid_email');
    expect(body.errors?.map((error) => error.path)).toEqual(['email', 'nickname', 'password']);
    expect((await signUp({ password: 'x', nickname: 'x' })).body.code).toBe('invalid_nickname');
  });

  test('an address is taken once, whatever its letter case; so is a nickname, whatever it looks like', async () => {
    const first = someone();
    expect((await post('/auth/signup', { ...first, nickname: 'Olivia Mint' })).status).toBe(201);
    const sameEmail = await signUp({ email: first.email.toUpperCase() });
    expect([sameEmail.status, sameEmail.body.code]).toEqual([409, 'email_taken']);
    for (const nickname of ['olivia mint', 'OLIVIA MINT', '0Iivia  Mint', 'Оlivia Мint', 'Olivia rnint']) {
      const sameName = await signUp({ nickname });
      expect([nickname, sameName.status, sameName.body.code]).toEqual([nickname, 409, 'nickname_taken']);
    }
    const both = await signUp({ email: first.email, nickname: 'Olivia Mint' });
    expect(both.body.errors?.map((error) => error.path)).toEqual(['email', 'nickname']);
    expect((await signUp({ nickname: 'Olívia Mint' })).status).toBe(201);
  });

  test('many at the same moment: one gets the address, one the nickname', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { email, nickname } = someone();
      const sameEmail = await Promise.all(Array.from({ length: 5 }, () => signUp({ email })));
      expect(sameEmail.map(({ body }) => body.code).filter(Boolean)).toEqual(Array(4).fill('email_taken'));
      const sameName = await Promise.all(Array.from({ length: 5 }, () => signUp({ nickname })));
      expect(sameName.map(({ body }) => body.code).filter(Boolean)).toEqual(Array(4).fill('nickname_taken'));
    }
  });
});

describe('logging in', () => {
  test('takes the address in any letter case, and gives a session of its own', async () => {
    const asked = someone();
    const first = (await post('/auth/signup', asked)).body;
    const { app: id, email, password } = asked;
    const { status, body } = await post('/auth/login', { app: id, email: ` ${email.toUpperCase()}`, password });
    expect(status).toBe(200);
    expect(body.user).toEqual(first.user);
    expect(body.session.sessionId).not.toBe(first.session.sessionId);
  });

  test.each<[string, string, string]>([
    ['73 bytes', 'k3j9!xqz-'.repeat(9).slice(0, 72) + 'a', 'k3j9!xqz-'.repeat(9).slice(0, 72) + 'b'],
    [
      '25 Korean syllables',
      '고양이발바닥젤리'.repeat(4).slice(0, 24) + '나',
      '고양이발바닥젤리'.repeat(4).slice(0, 24) + '다',
    ],
    ['128 characters', 'k3j9!xqz'.repeat(16), 'k3j9!xqz'.repeat(15) + 'k3j9!xqy'],
  ])('with %s, all of them count', async (_name, password, other) => {
    const asked = { ...someone(), password };
    expect((await post('/auth/signup', asked)).status).toBe(201);
    const credentials = { app: 'default', email: asked.email };
    expect((await post('/auth/login', { ...credentials, password })).status).toBe(200);
    expect((await post('/auth/login', { ...credentials, password: other })).body.code).toBe('unauthenticated');
  });

  test('does not mind how the keyboard composes letters', async () => {
    const asked = { ...someone(), password: '비밀스러운 말들'.normalize('NFC') };
    await post('/auth/signup', asked);
    const password = asked.password.normalize('NFD');
    expect((await post('/auth/login', { app: 'default', email: asked.email, password })).status).toBe(200);
  });

  test('a wrong password, an unknown address, no address at all and a disabled account answer alike', async () => {
    const [one, disabled] = [someone(), someone()];
    await post('/auth/signup', one);
    await post('/auth/signup', disabled);
    await app.db.fork('default').execute('update users set disabled_at = now() where email = ?', [disabled.email]);
    const answers = await Promise.all([
      post('/auth/login', { app: 'default', email: one.email, password: 'wrong password' }),
      post('/auth/login', { app: 'default', email: one.email, password: '' }),
      post('/auth/login', { app: 'default', email: one.email, password: 'x'.repeat(1000) }),
      post('/auth/login', { app: 'default', email: someone().email, password: PASSWORD }),
      post('/auth/login', { app: 'default', email: 'nobody', password: PASSWORD }),
      post('/auth/login', { app: 'default', email: disabled.email, password: PASSWORD }),
    ]);
    for (const answer of answers) expect([answer.status, answer.body]).toEqual([401, answers[0].body]);
    expect(answers[0].body.code).toBe('unauthenticated');
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['no e-mail', { email: undefined }, 'email'],
    ['a number for a password', { password: 12345678 }, 'password'],
    ['a nickname', { nickname: 'anna' }, 'nickname'],
  ])('with %s is refused', async (_name, changes, path) => {
    const { email, password } = someone();
    const { body } = await post('/auth/login', { app: 'default', email, password, ...changes });
    expect([body.code, body.errors?.[0]?.path]).toEqual(['invalid_request', path]);
  });
});

describe('hostile requests', () => {
  const paths = ['/auth/signup', '/auth/login', '/auth/refresh'];
  const json = { 'content-type': 'application/json' };

  test.each<[string, unknown, Record<string, string> | undefined, number, string]>([
    ['no body', undefined, undefined, 400, 'invalid_request'],
    ['an empty body', '', json, 400, 'invalid_request'],
    ['half a body', '{"app":"default"', json, 400, 'invalid_request'],
    ['null', 'null', json, 400, 'invalid_request'],
    ['a string', '"text"', json, 400, 'invalid_request'],
    ['an array', [{ app: 'default' }], undefined, 400, 'invalid_request'],
    ['text', 'app=default', { 'content-type': 'text/plain' }, 415, 'unsupported_media'],
    ['a form', 'app=default', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported_media'],
    ['an unknown encoding', '{}', { ...json, 'content-encoding': 'snappy' }, 415, 'unsupported_media'],
    ['something that is not gzip', '{}', { ...json, 'content-encoding': 'gzip' }, 400, 'invalid_request'],
    ['an unknown charset', '{}', { 'content-type': 'application/json; charset=klingon' }, 415, 'unsupported_media'],
    ['a megabyte', JSON.stringify({ password: 'x'.repeat(1_000_000) }), json, 413, 'too_large'],
    ['a deep nest', '['.repeat(20_000) + ']'.repeat(20_000), json, 400, 'invalid_request'],
  ])('%s', async (_name, body, headers, status, code) => {
    for (const path of paths) {
      const answer = await post(path, body, headers);
      expect([path, answer.status, answer.body.code]).toEqual([path, status, code]);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    }
  });

  test('a body that reaches for the prototype is refused and pollutes nothing', async () => {
    const fields = JSON.stringify(someone()).slice(1, -1);
    for (const extra of ['"__proto__":{"polluted":1}', '"constructor":{"prototype":{"polluted":1}}']) {
      const { status } = await post('/auth/signup', `{${fields},${extra}}`, json);
      expect(status).toBe(400);
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
