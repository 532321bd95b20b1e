import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { importSPKI, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { createPair } from './testing-host.ts';
import { createUserToken, type SiteUser } from './token.ts';

const KEY = 'uk_a-secret-of-the-app';
const ada: SiteUser = { id: 42, nickname: 'Ada', email: null };

describe('a user token', () => {
  test('says who somebody is, to one app, for five minutes', async () => {
    const token = createUserToken(ada, { app: 'shop', key: KEY, keyId: 'k_1' });
    const { payload, protectedHeader } = await jwtVerify(token, Buffer.from(KEY));
    expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT', kid: 'k_1' });
    const { iat = 0, exp = 0, ...claims } = payload;
    expect(claims).toEqual({ aud: 'shop', sub: '42', nickname: 'Ada', email: null });
    expect(exp - iat).toBe(300);
    expect(Math.abs(Date.now() / 1000 - iat)).toBeLessThan(5);
  });

  test.each([
    ['ed25519', 'EdDSA'],
    ['P-256', 'ES256'],
  ] as const)('is signed with a private key: %s', async (kind, alg) => {
    const { privatePem, publicPem } = createPair(kind);
    const token = createUserToken({ id: 'ada', nickname: 'Ada' }, { app: 'shop', key: privatePem, expiresIn: 3_600 });
    const { payload, protectedHeader } = await jwtVerify(token, await importSPKI(publicPem, alg));
    expect(protectedHeader).toEqual({ alg, typ: 'JWT' });
    expect(payload.sub).toBe('ada');
  });
});

describe('no token is made', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const publicPem = createPublicKey(createPair('ed25519').privatePem)
    .export({ type: 'spki', format: 'pem' })
    .toString();

  test.each<[string, Partial<SiteUser>, { key?: string; expiresIn?: number }, string]>([
    ['with a secret key', {}, { key: 'sk_1' }, 'take a signing secret (uk_)'],
    ['with a public key', {}, { key: publicPem }, 'a signing secret (uk_…) or a private key as PEM'],
    ['with no key', {}, { key: '' }, 'a signing secret (uk_…) or a private key as PEM'],
    ['with a key of another kind', {}, { key: pem }, 'the key must be Ed25519 or P-256'],
    ['for nobody', { id: '' }, {}, 'the id must have 1 to 200 characters'],
    ['for an endless id', { id: 'x'.repeat(201) }, {}, 'the id must have 1 to 200 characters'],
    ['without a name', { nickname: ' ' }, {}, 'the user needs a nickname'],
    ['that has ended', {}, { expiresIn: 0 }, 'expiresIn must be from 1 to 3600 seconds'],
    ['that lasts too long', {}, { expiresIn: 3_601 }, 'expiresIn must be from 1 to 3600 seconds'],
    ['that lasts for no time', {}, { expiresIn: NaN }, 'expiresIn must be from 1 to 3600 seconds'],
  ])('%s', (_name, user, options, why) => {
    const make = () => createUserToken({ ...ada, ...user }, { app: 'shop', key: KEY, ...options });
    expect(make).toThrow(/^unable to sign the user token; /);
    expect(make).toThrow(why);
  });

  test.each([undefined, null])(
    'where the id or the key is %s, as it is where an environment variable is missing',
    (nothing) => {
      const user = { ...ada, id: nothing } as unknown as SiteUser;
      expect(() => createUserToken(user, { app: 'shop', key: KEY })).toThrow('the id must have');
      const key = nothing as unknown as undefined;
      expect(() => createUserToken(ada, { app: 'shop', key })).toThrow('the key must be a signing secret');
    },
  );
});
