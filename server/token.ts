import { createHmac, createPrivateKey, sign } from 'node:crypto';

/** Somebody who is signed in on your site. */
export interface SiteUser {
  /** Who this is, for ever: the key of your users' table. 1 to 200 characters; never given to somebody else. */
  id: string | number;
  /** 1 to 64 characters, as people see them; others may bear it too. */
  nickname: string;
  /** An `https:` address. Left out, it stays as it is; `null` takes it away. */
  avatarUrl?: string | null | undefined;
  /** Left out, it stays as it is; `null` takes it away. It joins nobody to another user. */
  email?: string | null | undefined;
}

export interface UserTokenOptions {
  /** The app's id, as in the `app` attribute of the tag. */
  app: string;
  /** A signing secret of the app (`uk_…`), or the private half of a key whose public half the app has: Ed25519 or P-256, as PEM. */
  key: string | undefined;
  /** The key's id (`k_…`). Without it, the app's few keys are tried. */
  keyId?: string | undefined;
  /** Seconds for which the token can be exchanged, at most 3600. Default: 300. */
  expiresIn?: number | undefined;
}

const KEYS = 'the key must be a signing secret (uk_…) or a private key as PEM';
const LIFETIME = 300;
const LIFETIME_MAX = 3_600;

/**
 * Signs who somebody is: a JWT that `<co-talk user-token>`, or `tokenProvider`, exchanges for a session. Runs on your server, never in
 * a page: whoever has the key can be anybody.
 *
 * @throws an Error with one sentence: the key is none of those it can be, the user has no id or nickname, or it lasts too long
 * @example
 * import { createUserToken } from '@co-talk/server/token';
 * const userToken = createUserToken({ id: user.id, nickname: user.name }, { app: 'default', key: process.env.CO_TALK_KEY });
 */
export function createUserToken(user: SiteUser, { app, key, keyId, expiresIn = LIFETIME }: UserTokenOptions): string {
  // From JavaScript, anything may come.
  const sub = String((user.id as SiteUser['id'] | null | undefined) ?? '');
  if (sub.length < 1 || sub.length > 200) throw refusal('the id must have 1 to 200 characters');
  if (typeof user.nickname !== 'string' || user.nickname.trim() === '') throw refusal('the user needs a nickname');
  if (!(expiresIn >= 1 && expiresIn <= LIFETIME_MAX)) throw refusal('expiresIn must be from 1 to 3600 seconds');
  const { alg, signature } = signer(key);
  const iat = Math.floor(Date.now() / 1_000);
  const { nickname, avatarUrl, email } = user;
  const header = { alg, typ: 'JWT', kid: keyId };
  const claims = { aud: app, sub, nickname, avatarUrl, email, iat, exp: iat + Math.floor(expiresIn) };
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${signature(text)}`;
}

function signer(key: string | undefined): { alg: string; signature: (text: string) => string } {
  if (typeof key !== 'string') throw refusal(KEYS);
  if (key.startsWith('uk_')) {
    return { alg: 'HS256', signature: (text) => createHmac('sha256', key).update(text).digest('base64url') };
  }
  if (key.startsWith('sk_'))
    throw refusal('this is a secret key (sk_), for calling the API; take a signing secret (uk_)');
  if (!key.includes('PRIVATE KEY')) throw refusal(KEYS);
  const secret = createPrivateKey(key);
  if (secret.asymmetricKeyType === 'ed25519') {
    return { alg: 'EdDSA', signature: (text) => sign(null, Buffer.from(text), secret).toString('base64url') };
  }
  if (secret.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw refusal('the key must be Ed25519 or P-256');
  return {
    alg: 'ES256',
    // As JWTs have it: two numbers of 32 bytes.
    signature: (text) =>
      sign('sha256', Buffer.from(text), { key: secret, dsaEncoding: 'ieee-p1363' }).toString('base64url'),
  };
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const refusal = (why: string): Error => new Error(`unable to sign the user token; ${why}`);
