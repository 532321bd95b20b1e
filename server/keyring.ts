import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import type { Config } from './config.ts';

/** One of the secrets in `SECRET`. Whatever is made with it carries its `id`, so that it verifies after a rotation. */
export interface RootKey {
  id: string;
  secret: string;
}

const rings = new WeakMap<Config, readonly [RootKey, ...RootKey[]]>();

const toKey = (secret: string): RootKey => ({
  id: createHash('sha256').update(`co-talk:key-id:${secret}`).digest('hex').slice(0, 8),
  secret,
});

/** All of `SECRET`: the first one makes, the others only verify what they have made. */
export function rootKeys(config: Config): readonly [RootKey, ...RootKey[]] {
  const known = rings.get(config);
  if (known) return known;
  const ring = [toKey(config.secret), ...config.oldSecrets.map(toKey)] as const;
  rings.set(config, ring);
  return ring;
}

export const rootKey = (config: Config, id: string): RootKey | undefined =>
  rootKeys(config).find((key) => key.id === id);

/** A key of its own for each purpose: what is made for one never verifies as another. */
export function deriveFrom({ secret }: RootKey, purpose: string): Buffer {
  return createHmac('sha256', secret).update(`co-talk:${purpose}:1`).digest();
}

/** The same of the newest secret. */
export const derive = (config: Config, purpose: string): Buffer => deriveFrom(rootKeys(config)[0], purpose);

const CIPHER = 'aes-256-gcm';

/**
 * Encrypts a secret that has to be read again (AES-256-GCM, NIST SP 800-38D), for keeping it in the database.
 *
 * @param purpose of this kind of secret alone; what was sealed for one cannot be opened as another
 * @example
 * const sealed = seal(config, 'signing-key', 'uk_…');
 */
export function seal(config: Config, purpose: string, text: string): string {
  const [key] = rootKeys(config);
  const iv = randomBytes(12);
  const cipher = createCipheriv(CIPHER, deriveFrom(key, `seal:${purpose}`), iv);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return [key.id, ...[iv, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))].join('.');
}

/** Whether the secret that something was sealed with is still there. */
export const canUnseal = (config: Config, sealed: string): boolean =>
  rootKey(config, sealed.split('.')[0] ?? '') !== undefined;

/** @throws an Error when it was sealed with a secret that is not in `SECRET` any more, or changed since */
export function unseal(config: Config, purpose: string, sealed: string): string {
  const [id = '', ...parts] = sealed.split('.');
  const [iv, tag, text] = parts.map((part) => Buffer.from(part, 'base64url'));
  const key = rootKey(config, id);
  if (!key || !iv || !tag || !text) {
    throw new Error(
      'unable to open a stored secret; SECRET is another one than when it was kept; give the old one too',
    );
  }
  const decipher = createDecipheriv(CIPHER, deriveFrom(key, `seal:${purpose}`), iv, { authTagLength: 16 });
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
}
