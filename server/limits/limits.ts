import type { Config } from '../config.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import { Allowance } from './allowance.ts';
import { createGuesses, type Guesses } from './guesses.ts';
import { createMeters } from './meters.ts';
import { connectForLimits } from './redis.ts';
import { createRefusals, type Refusals } from './refusals.ts';
import { createShared } from './shared.ts';
import { CLASS_NAMES, limitClass, type ClassName } from './table.ts';

/** Who acts, as far as is known. */
export interface Who {
  /** See `addressOf`. `null`: nobody from outside. */
  address?: string | null;
  /** A user, or a key of an admin. */
  userId?: string;
  appId?: string;
}

/** How often anybody may do anything: see `table.ts`. */
export interface Limits {
  /**
   * Counts one action of a class.
   * @throws AppError `rate_limited`
   */
  use: (name: ClassName, who: Who) => Promise<void>;
  /** The same for classes that are counted here, without waiting. @returns milliseconds to wait; 0: there was room */
  useHere: (name: ClassName, who: Who) => number;
  /** What one socket may do. */
  allowance: (who: Required<Who>) => Allowance;
  guesses: Guesses;
  refusals: Refusals;
  close: () => void;
}

const ORDER = ['user', 'address', 'app'] as const;
const KEYS = { user: 'userId', address: 'address', app: 'appId' } as const;

export function createLimits(config: Config, log: Log): Limits {
  const factor = config.rateLimitFactor;
  const redis = factor === 0 || config.redisUrl === null ? null : connectForLimits(config.redisUrl);
  const shared = createShared(redis, factor);
  const meters = createMeters(factor, redis && shared);
  const refusals = createRefusals(log);

  function useHere(name: ClassName, who: Who): number {
    const kind = CLASS_NAMES.indexOf(name);
    const now = performance.now();
    const all = ORDER.flatMap((scope) => {
      const key = who[KEYS[scope]];
      return key ? [meters.of(scope, key)] : [];
    });
    for (const meter of all) {
      const wait = meter.wait(kind, now);
      if (wait === 0) continue;
      refusals.note(`${name}:${meter.scope}`);
      return wait;
    }
    for (const meter of all) meter.take(kind, now);
    return 0;
  }

  /** One after the other: what a user is refused for does not count for everybody else's address and app. */
  async function useShared(name: ClassName, who: Who): Promise<number> {
    for (const scope of ORDER) {
      const key = who[KEYS[scope]];
      const rate = limitClass(name)[scope];
      if (!key || !rate) continue;
      const wait = await shared.take(`${name}:${scope}`, rate, key);
      if (wait === 0) continue;
      refusals.note(`${name}:${scope}`);
      return wait;
    }
    return 0;
  }

  return {
    use: async (name, who) => {
      if (factor === 0) return;
      const wait = limitClass(name).counted === 'here' ? useHere(name, who) : await useShared(name, who);
      if (wait > 0) throw tooMany(name, wait);
    },
    useHere: (name, who) => (factor === 0 ? 0 : useHere(name, who)),
    allowance: ({ userId, address, appId }) =>
      new Allowance(
        factor === 0
          ? []
          : [
              meters.ofSocket(),
              meters.of('user', userId),
              ...(address ? [meters.of('address', address)] : []),
              meters.of('app', appId),
            ],
        refusals,
      ),
    guesses: createGuesses(config, shared, refusals),
    refusals,
    close: () => {
      meters.close();
      refusals.close();
      redis?.disconnect();
    },
  };
}

/** The refusal of an action, with when to come back. */
export function tooMany(name: ClassName, waitMs: number): AppError {
  const { doing } = limitClass(name);
  const retryAfterMs = retryAfter(waitMs);
  return new AppError(
    'rate_limited',
    `unable to ${doing}; too many in a short time; try again in ${String(Math.ceil(retryAfterMs / 1_000))} s`,
    { retryAfterMs },
  );
}

/** Nobody needs to come back more often, be there room for one more. */
const AT_LEAST_MS = 200;

export const retryAfter = (waitMs: number): number => Math.max(AT_LEAST_MS, Math.ceil(waitMs));
