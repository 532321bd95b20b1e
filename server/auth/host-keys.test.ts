import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPublicKey } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../testing.ts';
import {
  createHostSite,
  createKey,
  createPair,
  edDsa,
  es256,
  forgeToken,
  hmac,
  updateApp,
  type HostSite,
} from '../testing-host.ts';
import { createHostKeys } from './host-keys.ts';
import { verifyUserToken } from './user-token.ts';

let app: TestApp;
let site: HostSite;
let server: Server;
let url: string;
let asked = 0;
let answer: RequestListener;
beforeAll(async () => {
  app = await startTestApp({ OUTBOUND_ALLOW_LOOPBACK: 'true' });
  server = createServer((req, res) => {
    asked += 1;
    answer(req, res);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/keys.json`;
  await app.db.orm.em.fork().execute("update apps set jwks_url = ? where id = 'default'", [url]);
  site = await createHostSite(app);
});
afterEach(() => {
  asked = 0;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await app.close();
});

const [one, two, elliptic] = [createPair('ed25519'), createPair('ed25519'), createPair('P-256')];
const jwk = ({ publicPem }: { publicPem: string }, more: object) => ({
  ...createPublicKey(publicPem).export({ format: 'jwk' }),
  ...more,
});
const publish = (...keys: object[]) => {
  answer = (_req, res) => res.end(JSON.stringify({ keys }));
};
const signed = (pair: typeof one, kid: string | undefined, alg = 'EdDSA') =>
  forgeToken(site, { header: { alg, kid }, signer: (alg === 'ES256' ? es256 : edDsa)(pair.privateKey) });

/** What a server that has just started makes of tokens; resolves to the code of the error, or the nickname. */
function newServer(pace = { kept: 60_000, pause: 60_000, timeout: 1_000 }, config = app.config) {
  const keys = createHostKeys(app.db, config, pace);
  return async (token: string): Promise<string> => {
    try {
      return (await verifyUserToken(keys, 'default', token)).claims.nickname;
    } catch (error) {
      return String((error as { code?: unknown }).code);
    }
  };
}

test('a site publishes its keys: EdDSA and ES256, named or not, asked for once', async () => {
  publish(jwk(one, { kid: 'one' }), jwk(two, {}), jwk(elliptic, { kid: 'three', use: 'sig', alg: 'ES256' }));
  const verify = newServer();
  const answers = await Promise.all([
    verify(signed(one, 'one')),
    verify(signed(one, undefined)),
    verify(signed(two, undefined)),
    verify(signed(elliptic, 'three', 'ES256')),
    verify(signed(elliptic, undefined, 'ES256')),
  ]);
  expect(answers).toEqual(Array(5).fill('Ada'));
  expect(asked).toBe(1);
  // Through the door.
  expect((await site.exchange(signed(one, 'one'))).status).toBe(200);
});

test('a key must be published for what it signs with', async () => {
  const secret = Buffer.from('a shared secret that is in the set by mistake');
  publish(
    jwk(one, { kid: 'one', use: 'enc' }),
    jwk(two, { kid: 'two', alg: 'ES256' }),
    { kty: 'oct', kid: 'oct', k: secret.toString('base64url'), alg: 'HS256' },
    jwk(elliptic, { kid: 'three' }),
  );
  const verify = newServer();
  const refused = [
    signed(one, 'one'),
    signed(two, 'two'),
    signed(createPair('P-256'), 'three', 'ES256'),
    forgeToken(site, { header: { kid: 'oct' }, signer: hmac(secret) }),
    forgeToken(site, { header: { kid: 'three' }, signer: hmac(elliptic.publicPem) }),
  ];
  for (const token of refused) expect(await verify(token)).toBe('unauthenticated');
});

test('keys with names nobody knows make it ask once in a while; a new key is found then, an old one forgotten', async () => {
  publish(jwk(one, { kid: 'one' }));
  const verify = newServer({ kept: 400, pause: 200, timeout: 1_000 });
  expect(await verify(signed(one, 'one'))).toBe('Ada');
  const unknown = Array.from({ length: 50 }, (_, index) => verify(signed(two, `guessed ${String(index)}`)));
  expect(new Set(await Promise.all(unknown))).toEqual(new Set(['unauthenticated']));
  expect(asked).toBe(1);
  publish(jwk(two, { kid: 'two' }));
  await sleep(250);
  expect(await verify(signed(two, 'two'))).toBe('Ada');
  expect(await verify(signed(one, 'one'))).toBe('unauthenticated');
  expect(asked).toBe(2);
});

test.each<[string, RequestListener]>([
  ['is endless', (_req, res) => void setInterval(() => res.write('x'.repeat(100_000)), 1).unref()],
  ['is too long', (_req, res) => res.end(JSON.stringify({ keys: [], more: 'x'.repeat(70_000) }))],
  ['does not come', () => undefined],
  ['is no JSON', (_req, res) => res.end('<html>')],
  ['is no set', (_req, res) => res.end('{"keys":"none"}')],
  ['is nothing', (_req, res) => res.end('null')],
  ['is an error', (_req, res) => res.writeHead(500).end('{"keys":[]}')],
  ['leads around in a circle', (_req, res) => res.writeHead(302, { location: '/again' }).end()],
  ['leads to a private address', (_req, res) => res.writeHead(302, { location: 'http://10.0.0.1/' }).end()],
])(
  'where the answer %s, tokens are to be tried again, and the site is left alone for a while',
  async (_name, trouble) => {
    answer = trouble;
    const verify = newServer({ kept: 60_000, pause: 60_000, timeout: 300 });
    expect(await verify(signed(one, 'one'))).toBe('overloaded');
    const before = asked;
    expect(await verify(signed(one, 'one'))).toBe('overloaded');
    expect(asked).toBe(before);
    expect(await verify(site.token({ id: 'a', nickname: 'Signed by a secret' }))).toBe('Signed by a secret');
  },
);

test('what is on the server’s own network is not asked', async () => {
  publish(jwk(one, { kid: 'one' }));
  const verify = newServer(undefined, { ...app.config, outboundAllowLoopback: false });
  expect(await verify(signed(one, 'one'))).toBe('overloaded');
  expect(asked).toBe(0);
});

test('without an address of keys, there are none', async () => {
  publish(jwk(one, { kid: 'one' }));
  await updateApp(app, 'default', { jwksUrl: null });
  expect(await newServer()(signed(one, 'one'))).toBe('unauthenticated');
  expect(asked).toBe(0);
});

test('a key that was sealed under a secret that is gone keeps no other from being taken', async () => {
  const fresh = await createHostSite(app, 'after-the-secret');
  const lost = await createKey(app, fresh.id, 'signing');
  await app.db.ownPool.query(`update app_keys set sealed = '00000000' || substr(sealed, 9) where id = $1`, [lost.id]);
  expect((await fresh.signIn({ id: '1', nickname: 'Ada' })).user.nickname).toBe('Ada');
  const userToken = forgeToken(fresh, { header: { kid: lost.id }, signer: hmac(lost.secret ?? '') });
  expect((await fresh.exchange(userToken)).body.code).toBe('unauthenticated');
});
