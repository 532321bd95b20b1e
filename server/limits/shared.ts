import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { scaled } from './meter.ts';
import type { Rate } from './table.ts';

/** Counts that all servers share, by name and key. */
export interface Shared {
  /** Counts one. @returns milliseconds to wait; 0: there was room */
  take: (name: string, rate: Rate, key: string) => Promise<number>;
  /** Takes one back. */
  undo: (name: string, rate: Rate, key: string) => Promise<void>;
  /** Counts what was taken here, whatever the limit. @returns all servers' sum and when it begins anew; `null`: there is no Redis now */
  add: (name: string, rate: Rate, key: string, times: number) => Promise<{ sum: number; leftMs: number } | null>;
}

type Limiter = RateLimiterMemory | RateLimiterRedis;

/**
 * In Redis, one atomic script for each action; in memory where there is none, and for as long as it is away or silent. Who has met
 * the limit is known here until it ends, so that a flood does not reach Redis.
 */
export function createShared(redis: Redis | null, factor: number): Shared {
  const limiters = new Map<string, Limiter>();

  function limiterOf(name: string, { times, seconds }: Rate): Limiter {
    const known = limiters.get(name);
    if (known) return known;
    const plain = { keyPrefix: `{co-talk}:limit:${name}`, points: scaled(times, factor), duration: seconds };
    const memory = new RateLimiterMemory(plain);
    const limiter = redis
      ? new RateLimiterRedis({
          ...plain,
          storeClient: redis,
          rejectIfRedisNotReady: true,
          inMemoryBlockOnConsumed: plain.points + 1,
          insuranceLimiter: memory,
        })
      : memory;
    limiters.set(name, limiter);
    return limiter;
  }

  return {
    take: async (name, rate, key) => {
      try {
        await limiterOf(name, rate).consume(key);
        return 0;
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext);
        throw refusal;
      }
    },
    undo: async (name, rate, key) => {
      await limiterOf(name, rate).reward(key);
    },
    add: async (name, rate, key, times) => {
      if (redis?.status !== 'ready') return null;
      const result = await limiterOf(name, rate).penalty(key, times);
      return { sum: result.consumedPoints, leftMs: result.msBeforeNext };
    },
  };
}
