import { sign, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Problem } from '@co-talk/sdk/protocol';
import { startTestApp, type RawPerson, type TestApp } from '../testing.ts';
import {
  createHostSite,
  createKey,
  createPair,
  edDsa,
  encodePart as encode,
  es256,
  forgeToken,
  hmac,
  userClaims as good,
  type Forgery,
  type HostSite,
  type Signer,
} from '../testing-host.ts';
import { derive } from '../keyring.ts';

let app: TestApp;
let site: HostSite;
let other: HostSite;
let person: RawPerson;
const ed25519 = createPair('ed25519');
const p256 = createPair('P-256');
const stranger = createPair('ed25519');
const kids = { ed25519: '', p256: '', revoked: '', expired: '' };
const secrets = { revoked: '', expired: '' };
beforeAll(async () => {
  app = await startTestApp();
  site = await createHostSite(app);
  other = await createHostSite(app, 'other');
  person = await app.signUpRaw();
  kids.ed25519 = (await createKey(app, 'default', 'public', ed25519.publicPem)).id;
  kids.p256 = (await createKey(app, 'default', 'public', p256.publicPem)).id;
  for (const name of ['revoked', 'expired'] as const) {
    const { id, secret } = await createKey(app, 'default', 'signing');
    [kids[name], secrets[name]] = [id, secret ?? ''];
  }
  const keys = '/admin/apps/default/keys';
  const operator = app.config.operatorKey ?? '';
  await app.request('DELETE', `${keys}/${kids.revoked}`, { token: operator });
  const body = { overlapHours: 0 };
  await app.request('POST', `${keys}/${kids.expired}/rotate`, { token: operator, body });
});
afterAll(() => app.close());

const forge = (change: Forgery = {}) => forgeToken(site, change);

const codeOf = async (token: string) => {
  const { status, body } = await site.exchange(token);
  return [status, body.code];
};

test('what is forged below differs from a good token in one thing only', async () => {
  expect(await codeOf(forge())).toEqual([200, undefined]);
  const { privateKey } = ed25519;
  for (const alg of ['EdDSA', 'Ed25519'])
    expect(await codeOf(forge({ header: { alg, kid: kids.ed25519 }, signer: edDsa(privateKey) }))).toEqual([
      200,
      undefined,
    ]);
  const elliptic = { header: { alg: 'ES256', kid: kids.p256 }, signer: es256(p256.privateKey) };
  expect(await codeOf(forge(elliptic))).toEqual([200, undefined]);
  expect(await codeOf(forge({ header: { typ: undefined, kid: undefined } }))).toEqual([200, undefined]);
  expect(await codeOf(forge({ claims: { exp: now() + 3600, iat: undefined, role: 'admin' } }))).toEqual([
    200,
    undefined,
  ]);
  expect(await codeOf(forge({ claims: { nbf: now() + 10, iat: now() + 10 } }))).toEqual([200, undefined]);
});

const now = () => Math.floor(Date.now() / 1000);

describe('a user token is refused', () => {
  test.each<[string, () => string]>([
    ['without a signature', () => forge({ header: { alg: 'none' }, signer: () => '' })],
    ['without a signature, in other letters', () => forge({ header: { alg: 'nOnE' }, signer: () => '' })],
    ['with an empty signature', () => forge({ signer: () => '' })],
    ['by another algorithm', () => forge({ header: { alg: 'HS512' }, signer: hmac(site.key.secret, 'sha512') })],
    ['by one that is not one', () => forge({ header: { alg: ['HS256'] } })],
    ['by none that is named', () => forge({ header: { alg: undefined } })],
    ['by another secret', () => forge({ signer: hmac('uk_guessed') })],
    ['by an empty secret', () => forge({ signer: hmac('') })],
    ['by the secret without its prefix', () => forge({ signer: hmac(site.key.secret.slice(3)) })],
    ['by the server’s own secret', () => forge({ signer: hmac(derive(app.config, 'access-token')) })],
    ['by the operator’s key', () => forge({ signer: hmac(app.config.operatorKey ?? '') })],
    ['by the public key as a secret', () => confused(ed25519.publicPem, kids.ed25519)],
    ['by the other public key as a secret', () => confused(p256.publicPem, kids.p256)],
    ['by the public key as a secret, trimmed', () => confused(ed25519.publicPem.trim(), undefined)],
    ['by a private key nobody knows', () => byStranger({ alg: 'EdDSA', kid: kids.ed25519 })],
    [
      'by a private key that brings its public half',
      () => byStranger({ alg: 'EdDSA', kid: undefined, jwk: jwkOfStranger() }),
    ],
    [
      'by a private key that says where to look',
      () => byStranger({ alg: 'EdDSA', kid: 'x', jku: `${app.url}/keys.json` }),
    ],
    [
      'by a key of the other kind',
      () => forge({ header: { alg: 'ES256', kid: kids.ed25519 }, signer: es256(p256.privateKey) }),
    ],
    [
      'in another form of the signature',
      () => forge({ header: { alg: 'ES256', kid: kids.p256 }, signer: der(p256.privateKey) }),
    ],
    ['by a key that is not the one it names', () => forge({ header: { kid: kids.ed25519 } })],
    ['by a key with an unknown name', () => forge({ header: { kid: 'k_0000000000000000' } })],
    ['by a key whose name is a number', () => forge({ header: { kid: 1 } })],
    ['by a key whose name reaches for the prototype', () => forge({ header: { kid: '__proto__' } })],
    ['by a revoked key', () => forge({ header: { kid: kids.revoked }, signer: hmac(secrets.revoked) })],
    [
      'by a revoked key that it does not name',
      () => forge({ header: { kid: undefined }, signer: hmac(secrets.revoked) }),
    ],
    ['by a replaced key', () => forge({ header: { kid: kids.expired }, signer: hmac(secrets.expired) })],
    ['by another app’s key', () => forge({ header: { kid: other.key.id }, signer: hmac(other.key.secret) })],
    ['for another app', () => other.token({ id: 'a', nickname: 'Ada' })],
    ['for another app, by our key', () => forge({ claims: { aud: 'other' } })],
    ['for many apps', () => forge({ claims: { aud: ['default', 'other'] } })],
    ['for a list of one', () => forge({ claims: { aud: ['default'] } })],
    ['for no app', () => forge({ claims: { aud: undefined } })],
    ['of another kind', () => forge({ header: { typ: 'at+jwt' } })],
    ['of a kind that is none', () => forge({ header: { typ: 1 } })],
    ['with something critical', () => forge({ header: { crit: ['exp'], exp: 1 } })],
    ['with a body as it is', () => forge({ header: { b64: false, crit: ['b64'] } })],
    ['without an end', () => forge({ claims: { exp: undefined } })],
    ['that never ends', () => forge({ claims: { exp: 1e300 } })],
    ['that ends in text', () => forge({ claims: { exp: String(now() + 300) } })],
    ['that ends in nothing', () => forge({ claims: { exp: null } })],
    ['that lasts longer than an hour', () => forge({ claims: { exp: now() + 3_700, iat: undefined } })],
    ['that lasts longer than an hour from when it was made', () => forge({ claims: { iat: now() - 3_600 } })],
    ['that was made later', () => forge({ claims: { iat: now() + 120 } })],
    ['that was made in text', () => forge({ claims: { iat: 'now' } })],
    ['before its time', () => forge({ claims: { nbf: now() + 120 } })],
    ['with a time that is none', () => forge({ claims: { nbf: {} } })],
    ['changed', () => forge().replace(/\.(.)/, (_all, first: string) => `.${first === 'f' ? 'e' : 'f'}`)],
    ['with other claims under a signature', () => withClaimsOf(forge(), { ...good(), sub: 'admin' })],
    ['cut short', () => forge().slice(0, -2)],
    ['with more after it', () => `${forge()}.more`],
    ['in JSON', () => JSON.stringify({ payload: 'x', signatures: [] })],
    ['that is an access token', () => person.token],
    ['that is a refresh token', () => person.refreshToken],
    ['that is the signing secret', () => site.key.secret],
    ['with a header that is none', () => `${encode('null')}.${encode(good())}.x`],
    ['with a list of claims', () => raw('[]')],
    ['with claims that are none', () => raw('null')],
    ['with half a body', () => raw('{"sub":')],
  ])('%s', async (_name, token) => {
    expect(await codeOf(token())).toEqual([401, 'unauthenticated']);
  });

  test('past its time, with another code, so that the site is asked for a new one', async () => {
    expect(await codeOf(forge({ claims: { iat: undefined, exp: now() - 31 } }))).toEqual([401, 'token_expired']);
    expect(await codeOf(forge({ claims: { iat: undefined, exp: -1 } }))).toEqual([401, 'token_expired']);
    expect(await codeOf(forge({ claims: { iat: undefined, exp: now() - 31 }, signer: hmac('guessed') }))).toEqual([
      401,
      'unauthenticated',
    ]);
  });

  test('of 10 and of 100 KB', async () => {
    const of = (size: number) => forge({ claims: { more: 'x'.repeat(size) } });
    expect(await codeOf(of(10_000))).toEqual([400, 'invalid_request']);
    expect(await codeOf(of(100_000))).toEqual([413, 'too_large']);
    const dots = await site.exchange('.'.repeat(8_000));
    expect([dots.status, dots.body.code]).toEqual([401, 'unauthenticated']);
  });

  test('as an access token', async () => {
    for (const token of [
      forge(),
      forge({
        header: { typ: 'at+jwt' },
        claims: { iss: 'co-talk', typ: 'access', sid: person.sessionId, sub: person.user.id },
      }),
    ]) {
      const { body } = await app.request<Problem>('GET', '/me', { token });
      expect(body.code).toBe('unauthenticated');
      await expect(app.connect(token)).rejects.toThrow('unauthenticated');
    }
    const answer = await app.request<Problem>('POST', '/auth/refresh', {
      body: { refreshToken: forge().slice(0, 900) },
    });
    expect(answer.body.code).toBe('session_ended');
  });

  test('by an app that it was not sent to', async () => {
    const body = { app: 'other', userToken: site.token({ id: 'a', nickname: 'Ada' }) };
    expect((await app.request<Problem>('POST', '/auth/exchange', { body })).body.code).toBe('unauthenticated');
  });
});

const raw = (body: string): string => {
  const text = `${encode({ alg: 'HS256', typ: 'JWT', kid: site.key.id })}.${encode(body)}`;
  return `${text}.${hmac(site.key.secret)(text)}`;
};

const withClaimsOf = (token: string, claims: object): string => {
  const [header = '', , signature = ''] = token.split('.');
  return `${header}.${encode(claims)}.${signature}`;
};

const confused = (publicPem: string, kid: string | undefined) => forge({ header: { kid }, signer: hmac(publicPem) });
const byStranger = (header: Record<string, unknown>) => forge({ header, signer: edDsa(stranger.privateKey) });
const jwkOfStranger = () => {
  const { d: _secret, ...jwk } = stranger.privateKey.export({ format: 'jwk' });
  return jwk;
};
const der =
  (key: KeyObject): Signer =>
  (text) =>
    sign('sha256', Buffer.from(text), key).toString('base64url');
