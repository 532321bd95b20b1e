import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Config } from '../config.ts';
import { AppError } from '../errors.ts';
import { derive, deriveFrom, rootKey, rootKeys } from '../keyring.ts';
import { retryAfter } from './limits.ts';
import type { Refusals } from './refusals.ts';
import type { Shared } from './shared.ts';
import { GUESSES, type GuessName } from './table.ts';

/** An attempt to sign in. */
export interface Guess {
  appId: string;
  /** What is guessed for: the key of an e-mail address, whether or not somebody has it. */
  account: string;
  address: string | null;
  /** What {@link Guesses.device} gave this device after an earlier sign-in. */
  device: string | undefined;
  /** Whether this account is signed in from this address, or was lately. Asked only while the account is under attack. */
  knownHere: () => Promise<boolean>;
}

/** One attempt, counted before the password is looked at: any number at the same moment are that many. */
export interface Attempt {
  /** It was right, or said nothing: it does not count. */
  forgive: () => Promise<void>;
}

/**
 * Slows down guessing without giving strangers a way to lock anybody out, after OWASP's "Slow Down Online Guessing Attacks with
 * Device Cookies": who has signed in to an account before, on this device or from this address, is counted apart from all others.
 */
export interface Guesses {
  /**
   * Counts an attempt. Whether the account exists makes no difference.
   * @throws AppError `rate_limited`
   */
  begin: (guess: Guess) => Promise<Attempt>;
  /** Proof that a device has signed in to this account; good for nothing but being counted apart. */
  device: (appId: string, account: string) => string;
  /**
   * Counts a key of an admin or operator that was wrong. A right one is never refused: keys are too long to be guessed.
   * @throws `error`, which is what was to be said of the key, or AppError `rate_limited`
   */
  wrongKey: (address: string, error: unknown) => Promise<never>;
}

/** How long a device is known. */
const DEVICE_MS = 180 * 86_400_000;

const FREE: Attempt = { forgive: () => Promise.resolve() };

export function createGuesses(config: Config, shared: Shared, refusals: Refusals): Guesses {
  /** Counts in one bucket after the other, until one is full. */
  async function count(buckets: [GuessName, string][], taken: [GuessName, string][]): Promise<number> {
    for (const [name, key] of buckets) {
      const wait = await shared.take(`guesses:${name}`, GUESSES[name], key);
      if (wait > 0) {
        refusals.note(`guesses:${name}`);
        return wait;
      }
      taken.push([name, key]);
    }
    return 0;
  }

  const attempt = (taken: [GuessName, string][]): Attempt => ({
    forgive: async () => {
      await Promise.all(taken.map(([name, key]) => shared.undo(`guesses:${name}`, GUESSES[name], key)));
    },
  });

  async function begin({ appId, account, address, device, knownHere }: Guess): Promise<Attempt> {
    if (config.rateLimitFactor === 0) return FREE;
    const whose = pseudonym(config, appId, account);
    const nonce = nonceOf(config, device, appId, account);
    const taken: [GuessName, string][] = [];
    // A device that guesses is a stranger like any other.
    if (nonce !== undefined && (await count([['device', `${whose}:${nonce}`]], taken)) === 0) return attempt(taken);
    const here = address ?? '';
    const wait = await count([['accountHere', `${whose}:${here}`]], taken);
    if (wait > 0) throw tooManyGuesses(wait);
    const strangers: [GuessName, string][] = [
      ['address', here],
      ['account', whose],
      ['app', appId],
    ];
    const full = await count(strangers, taken);
    if (full > 0 && !(await knownHere())) throw tooManyGuesses(full);
    return attempt(taken);
  }

  return {
    begin,
    device: (appId, account) => {
      const [key] = rootKeys(config);
      const nonce = `${Date.now().toString(36)}.${randomBytes(9).toString('base64url')}`;
      return `${key.id}.${nonce}.${sign(deriveFrom(key, 'device'), appId, account, nonce)}`;
    },
    wrongKey: async (address, error) => {
      const wrong = config.rateLimitFactor > 0 && error instanceof AppError && error.code === 'unauthenticated';
      const wait = wrong ? await count([['adminKeys', address]], []) : 0;
      if (wait > 0) throw tooManyGuesses(wait);
      throw error;
    },
  };
}

function tooManyGuesses(waitMs: number): AppError {
  const retryAfterMs = retryAfter(waitMs);
  const minutes = String(Math.ceil(retryAfterMs / 60_000));
  return new AppError('rate_limited', `unable to sign in; too many attempts; try again in ${minutes} min`, {
    retryAfterMs,
  });
}

/** E-mail addresses do not go to Redis. */
const pseudonym = (config: Config, appId: string, account: string): string =>
  sign(derive(config, 'limits'), appId, account, '');

const sign = (key: Buffer, appId: string, account: string, nonce: string): string =>
  createHmac('sha256', key)
    .update(JSON.stringify([appId, account, nonce]))
    .digest('base64url');

/** Of a device that has signed in to this account, and not too long ago. */
function nonceOf(config: Config, device: string | undefined, appId: string, account: string): string | undefined {
  const [keyId = '', since = '', random = '', signature = ''] = device?.split('.') ?? [];
  const key = rootKey(config, keyId);
  if (!key || !(Number.parseInt(since, 36) + DEVICE_MS > Date.now())) return undefined;
  const nonce = `${since}.${random}`;
  const right = Buffer.from(sign(deriveFrom(key, 'device'), appId, account, nonce));
  const given = Buffer.from(signature);
  return given.length === right.length && timingSafeEqual(given, right) ? nonce : undefined;
}
