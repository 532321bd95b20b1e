import { randomUUID } from 'node:crypto';
import jwt, { type JwtPayload, type SignOptions } from 'jsonwebtoken';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Problem } from '@co-talk/sdk/protocol';
import { App } from '../apps/app.entity.ts';
import { startTestApp, type RawPerson, type TestApp } from '../testing.ts';
import { derive } from '../keyring.ts';

let app: TestApp;
let person: RawPerson;
let key: Buffer;
beforeAll(async () => {
  app = await startTestApp();
  const row = { id: 'other', name: 'Other', origins: [], loopback: true, noOrigin: true, createdAt: new Date() };
  await app.db.orm.em.fork().insert(App, row);
  person = await app.signUpRaw();
  key = derive(app.config, 'access-token');
});
afterAll(() => app.close());

const ask = (token: string) => app.request<Problem>('GET', '/me', { token });
const now = () => Math.floor(Date.now() / 1000);

interface Change {
  payload?: JwtPayload;
  header?: { typ?: string; kid?: string };
  without?: string;
  algorithm?: SignOptions['algorithm'];
  signingKey?: Buffer;
}

/** A token as the server makes them, but for one thing. */
function forge({ payload, header, without, algorithm = 'HS256', signingKey }: Change = {}): string {
  const whole: JwtPayload = {
    sid: person.sessionId,
    typ: 'access',
    iss: 'co-talk',
    aud: 'default',
    sub: person.user.id,
    iat: now(),
    exp: now() + 900,
    ...payload,
  };
  const claims = Object.fromEntries(Object.entries(whole).filter(([name]) => name !== without));
  const secret = algorithm === 'none' ? '' : (signingKey ?? key);
  return jwt.sign(claims, secret, {
    algorithm,
    header: { alg: algorithm, typ: 'at+jwt', kid: '1', ...header },
    allowInvalidAsymmetricKeyTypes: true,
    noTimestamp: true,
  });
}

test('what is forged below differs from a good token in one thing only', async () => {
  expect((await ask(forge())).status).toBe(200);
  expect((await ask(person.token)).status).toBe(200);
});

describe('a token is refused', () => {
  test.each<[string, () => string, string]>([
    ['without a signature', () => forge({ algorithm: 'none' }), 'unauthenticated'],
    ['by another algorithm', () => forge({ algorithm: 'HS512' }), 'unauthenticated'],
    ['by another key', () => forge({ signingKey: Buffer.alloc(32, 1) }), 'unauthenticated'],
    ['by an empty key', () => forge({ signingKey: Buffer.alloc(0) }), 'unauthenticated'],
    ['by the key of passwords', () => forge({ signingKey: derive(app.config, 'password') }), 'unauthenticated'],
    ['past its time', () => forge({ payload: { exp: now() - 1 } }), 'token_expired'],
    ['without an end', () => forge({ without: 'exp' }), 'unauthenticated'],
    ['before its time', () => forge({ payload: { nbf: now() + 60 } }), 'unauthenticated'],
    ['of another issuer', () => forge({ payload: { iss: 'elsewhere' } }), 'unauthenticated'],
    ['of no issuer', () => forge({ without: 'iss' }), 'unauthenticated'],
    ['of another kind', () => forge({ payload: { typ: 'refresh' } }), 'unauthenticated'],
    ['of no kind', () => forge({ without: 'typ' }), 'unauthenticated'],
    ['with another header', () => forge({ header: { typ: 'JWT' } }), 'unauthenticated'],
    ['for another app', () => forge({ payload: { aud: 'other' } }), 'session_ended'],
    ['for no app', () => forge({ without: 'aud' }), 'unauthenticated'],
    ['for many apps', () => forge({ payload: { aud: ['default', 'other'] } }), 'unauthenticated'],
    ['of nobody', () => forge({ without: 'sub' }), 'unauthenticated'],
    ['of an unknown user', () => forge({ payload: { sub: randomUUID() } }), 'session_ended'],
    ['of an unknown session', () => forge({ payload: { sid: randomUUID() } }), 'session_ended'],
    ['of no session', () => forge({ without: 'sid' }), 'unauthenticated'],
    ['tampered with', () => person.token.replace(/^([^.]+)\.(.)/, '$1.f'), 'unauthenticated'],
    ['cut short', () => person.token.slice(0, -2), 'unauthenticated'],
    ['endless', () => `${person.token}${'a'.repeat(3000)}`, 'unauthenticated'],
  ])('%s', async (_name, token, code) => {
    const { status, body } = await ask(token());
    expect([status, body.code]).toEqual([401, code]);
  });

  test('in the query, in another scheme, or twice', async () => {
    const query = await app.request<Problem>('GET', `/me?token=${person.token}`);
    const basic = await app.request<Problem>('GET', '/me', { headers: { authorization: `Basic ${person.token}` } });
    const twice = await app.request<Problem>('GET', '/me', {
      headers: { authorization: `Bearer ${person.token}, Bearer ${person.token}` },
    });
    for (const { status, body } of [query, basic, twice]) expect([status, body.code]).toEqual([401, 'unauthenticated']);
  });

  test('when its user is gone', async () => {
    const gone = await app.signUpRaw();
    await app.db.fork('default').execute('delete from users where id = ?', [gone.user.id]);
    expect((await ask(gone.token)).body.code).toBe('session_ended');
  });
});
