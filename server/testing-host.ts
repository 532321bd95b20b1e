import { createHmac, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import type { AppKeyKind, CreatedKey, Problem, SignedIn, UpdateApp } from '@co-talk/sdk/protocol';
import type { Answer, TestApp } from './testing.ts';
import { createUserToken, type SiteUser } from './token.ts';

/** A host site of a test: its own server signs who its users are. */
export interface HostSite {
  /** Of the app. */
  id: string;
  key: CreatedKey & { secret: string };
  token: (user: SiteUser) => string;
  /** Sends any user token. */
  exchange: (userToken: string, headers?: Record<string, string>) => Promise<Answer<SignedIn & Problem>>;
  signIn: (user: SiteUser) => Promise<SignedIn>;
}

const asOperator = (app: TestApp) => ({ token: app.config.operatorKey ?? '' });

export async function createKey(
  app: TestApp,
  appId: string,
  kind: AppKeyKind,
  publicKey?: string,
): Promise<CreatedKey> {
  const body = { kind, name: 'test', ...(publicKey === undefined ? {} : { publicKey }) };
  const answer = await app.request<CreatedKey>('POST', `/admin/apps/${appId}/keys`, { ...asOperator(app), body });
  if (answer.status !== 201) throw new Error(`no key: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export async function updateApp(app: TestApp, appId: string, body: UpdateApp): Promise<void> {
  const answer = await app.request('PATCH', `/admin/apps/${appId}`, { ...asOperator(app), body });
  if (answer.status !== 200) throw new Error(`not updated: ${JSON.stringify(answer.body)}`);
}

/** Makes an app, unless it is the first one, and a signing secret of it. */
export async function createHostSite(app: TestApp, id = 'default'): Promise<HostSite> {
  if (id !== 'default') {
    const body = { id, name: id, noOrigin: true, hostUsers: true };
    const made = await app.request('POST', '/admin/apps', { ...asOperator(app), body });
    if (made.status !== 201) throw new Error(`no app: ${JSON.stringify(made.body)}`);
  }
  const { secret, ...key } = await createKey(app, id, 'signing');
  if (secret === null) throw new Error('a signing key without its secret');
  const token = (user: SiteUser) => createUserToken(user, { app: id, key: secret, keyId: key.id });
  const exchange: HostSite['exchange'] = (userToken, headers = {}) =>
    app.request('POST', '/auth/exchange', { body: { app: id, userToken }, headers });
  return {
    id,
    key: { ...key, secret },
    token,
    exchange,
    signIn: async (user) => {
      const { status, body } = await exchange(token(user));
      if (status !== 200) throw new Error(body.detail);
      return body;
    },
  };
}

/** A pair of keys that a site signs with; the public half as PEM. */
export function createPair(kind: 'ed25519' | 'P-256'): {
  privateKey: KeyObject;
  privatePem: string;
  publicPem: string;
} {
  const { privateKey, publicKey } =
    kind === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    privateKey,
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** Signs a token's text. */
export type Signer = (text: string) => string;
export const hmac =
  (secret: string | Buffer, hash = 'sha256'): Signer =>
  (text) =>
    createHmac(hash, secret).update(text).digest('base64url');
export const edDsa =
  (key: KeyObject): Signer =>
  (text) =>
    sign(null, Buffer.from(text), key).toString('base64url');
export const es256 =
  (key: KeyObject): Signer =>
  (text) =>
    sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');

/** How a token differs from a good one; `undefined` leaves a claim out. */
export interface Forgery {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  signer?: Signer;
}

/** What a good token says, of somebody new. */
export function userClaims(aud = 'default') {
  const iat = Math.floor(Date.now() / 1000);
  return { aud, sub: `sub-${randomUUID()}`, nickname: 'Ada', iat, exp: iat + 300 };
}

export const encodePart = (part: unknown): string =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');

/** A token as the site makes them, but for one thing. */
export function forgeToken({ id, key }: HostSite, { claims, header, signer = hmac(key.secret) }: Forgery): string {
  const text = `${encodePart({ alg: 'HS256', typ: 'JWT', kid: key.id, ...header })}.${encodePart({ ...userClaims(id), ...claims })}`;
  return `${text}.${signer(text)}`;
}
