import { createHmac } from 'node:crypto';
import bcrypt from 'bcrypt';
import { LIMITS } from '@co-talk/sdk/protocol';
import type { Config } from '../config.ts';
import { deriveFrom, rootKey, rootKeys, type RootKey } from '../keyring.ts';
import { COMMON_PASSWORDS } from './common-passwords.ts';
import { createHashQueue } from './hash-queue.ts';

const inQueue = createHashQueue();

/** The form in which a password is judged and hashed: the same whichever way a keyboard composes letters. */
const normalise = (password: string): string => password.normalize('NFC');

/**
 * What bcrypt gets: always 44 characters, since it ignores everything after 72 bytes (24 Korean syllables), and useless to
 * whoever has the database without the secret.
 */
const digest = (key: RootKey, password: string): string =>
  createHmac('sha256', deriveFrom(key, 'password')).update(normalise(password)).digest('base64');

/**
 * Hashes a password, off the event loop. What is stored begins with the id of the secret that went into it.
 * @throws AppError `overloaded`
 */
export async function hashPassword(config: Config, password: string): Promise<string> {
  const [key] = rootKeys(config);
  const hash = await inQueue(() => bcrypt.hash(digest(key, password), config.bcryptCost));
  return `${key.id}:${hash}`;
}

/**
 * Whether a password is the one of a stored hash. Without a hash it is not, and takes as long to say so.
 * @throws AppError `overloaded`
 */
export function verifyPassword(config: Config, password: string, stored: string | null): Promise<boolean> {
  const [id = '', hash = ''] = stored?.split(':') ?? [];
  const key = rootKey(config, id);
  return inQueue(async () => {
    const same = await bcrypt.compare(
      digest(key ?? rootKeys(config)[0], password),
      key ? hash : dummyHash(config.bcryptCost),
    );
    return same && key !== undefined;
  });
}

/** Whether a stored hash should be made anew, now that the password is known: of an older secret, or of less work. */
export function isOutdated(config: Config, stored: string): boolean {
  const [id, hash = ''] = stored.split(':');
  return id !== rootKeys(config)[0].id || bcrypt.getRounds(hash) < config.bcryptCost;
}

/** A well-formed hash of nothing. */
const dummyHash = (cost: number): string => `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`;

/**
 * What is wrong with a new password, or `undefined`.
 * @param own what others may know of the person: e-mail address, nickname
 */
export function passwordProblem(password: string, own: string[]): string | undefined {
  const normal = normalise(password);
  if (normal.length < LIMITS.passwordMin) return `must have at least ${String(LIMITS.passwordMin)} characters`;
  if (normal.length > LIMITS.passwordMax) return `must have at most ${String(LIMITS.passwordMax)} characters`;
  const plain = normal.toLowerCase();
  if (isPattern(plain)) return 'must not be a repetition or a sequence';
  if (isCommon(plain)) return 'is among those that are tried first; choose a less common one';
  const names = own.map((name) => name.normalize('NFC').toLowerCase());
  if (names.includes(plain)) return 'must not be the e-mail address or the nickname';
  return undefined;
}

/** A repeated unit of up to three characters, or a run along the alphabet, the digits or a row of keys, in either direction. */
function isPattern(plain: string): boolean {
  if (repeats(plain)) return true;
  const backwards = Array.from(plain).reverse().join('');
  return RUNS.some((run) => run.includes(plain) || run.includes(backwards));
}

/** Whether the whole text continues with the unit of up to three characters that it begins with. */
function repeats(plain: string): boolean {
  const letters = Array.from(plain);
  return [1, 2, 3].some((size) => letters.every((letter, index) => letter === letters[index % size]));
}

const RUNS = ['0123456789', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'].map((run) =>
  run.repeat(3),
);

/** Common as it is, or when what people add to a common word is taken away: digits and signs around, look-alikes inside. */
function isCommon(plain: string): boolean {
  return [plain, bare(plain), bare(plain.replace(/[@4031$57]/g, (sign) => LOOK_ALIKES[sign] ?? sign))].some((form) =>
    COMMON_PASSWORDS.has(form),
  );
}

const LOOK_ALIKES: Record<string, string> = {
  '@': 'a',
  '4': 'a',
  '0': 'o',
  '3': 'e',
  '1': 'i',
  $: 's',
  '5': 's',
  '7': 't',
};

const bare = (plain: string): string => plain.replace(/^[^\p{L}]{0,4}|[^\p{L}]{0,4}$/gu, '');
