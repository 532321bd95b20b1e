import { expect, test } from 'vitest';
import { hashPassword, isOutdated, verifyPassword } from './auth/passwords.ts';
import { signAccessToken, verifyAccessToken } from './auth/tokens.ts';
import { loadConfig } from './config.ts';
import { derive, seal, unseal } from './keyring.ts';

const [OLD, NEW] = ['the old secret, long enough to be one', 'the new secret, long enough to be one'];
const configOf = (secret: string) => loadConfig({ NODE_ENV: 'test', SECRET: secret, BCRYPT_COST: '4' });
const [before, during, after] = [configOf(OLD), configOf(`${NEW},${OLD}`), configOf(NEW)];
const actor = { userId: 'u', sessionId: 's' };

test('what was sealed opens with the same secret for the same purpose, and says nothing by itself', () => {
  const sealed = seal(before, 'a', 'uk_something');
  expect(unseal(before, 'a', sealed)).toBe('uk_something');
  expect(sealed).not.toContain('uk_');
  expect(seal(before, 'a', 'uk_something')).not.toBe(sealed);
  expect(() => unseal(before, 'b', sealed)).toThrow();
  const [id, iv, tag, text = ''] = sealed.split('.');
  const bent = [id, iv, tag, (text.startsWith('A') ? 'B' : 'A') + text.slice(1)].join('.');
  expect(() => unseal(before, 'a', bent)).toThrow();
  expect(() => unseal(before, 'a', `${String(id)}.${String(iv)}.${String(tag).slice(0, 6)}.${text}`)).toThrow();
  expect(() => unseal(before, 'a', 'rubbish')).toThrow('unable to open a stored secret');
});

test('while the secret changes, what the old one made still holds; after that, no longer', async () => {
  const sealed = seal(before, 'a', 'kept');
  const { token } = signAccessToken(before, 'default', actor);
  const hash = await hashPassword(before, 'correct horse battery staple');
  expect(unseal(during, 'a', sealed)).toBe('kept');
  expect(verifyAccessToken(during, token).actor).toEqual(actor);
  expect(await verifyPassword(during, 'correct horse battery staple', hash)).toBe(true);
  expect([isOutdated(before, hash), isOutdated(during, hash)]).toEqual([false, true]);

  expect(() => unseal(after, 'a', sealed)).toThrow('give the old one too');
  expect(() => verifyAccessToken(after, token)).toThrow('a valid access token is missing');
  expect(await verifyPassword(after, 'correct horse battery staple', hash)).toBe(false);
});

test('what is made meanwhile is of the new secret', async () => {
  expect(unseal(after, 'a', seal(during, 'a', 'kept'))).toBe('kept');
  expect(verifyAccessToken(after, signAccessToken(during, 'default', actor).token).appId).toBe('default');
  expect(await verifyPassword(after, 'correct horse', await hashPassword(during, 'correct horse'))).toBe(true);
});

test('each purpose has a key of its own', () => {
  expect(derive(before, 'a')).not.toEqual(derive(before, 'b'));
  expect(derive(before, 'a')).not.toEqual(derive(after, 'a'));
});
