import { availableParallelism } from 'node:os';
import { AppError } from '../errors.ts';

/** Runs a job when its turn comes. */
export type HashQueue = <T>(job: () => Promise<T>) => Promise<T>;

const RETRY_AFTER_MS = 2_000;

/**
 * Keeps password hashing from taking all processors and all of libuv's threads.
 *
 * @param running how many jobs run at once
 * @param waiting how many more may wait; beyond that a job is refused with `overloaded`
 */
export function createHashQueue(running = Math.min(4, availableParallelism()), waiting = 100): HashQueue {
  let active = 0;
  const queue: (() => void)[] = [];
  return async (job) => {
    if (active >= running) {
      if (queue.length >= waiting) {
        const options = { retryAfterMs: RETRY_AFTER_MS };
        throw new AppError('overloaded', 'unable to sign in; too many people sign in just now; try again', options);
      }
      // Whoever finishes hands its place on, so `active` stays.
      await new Promise<void>((resolve) => queue.push(resolve));
    } else {
      active += 1;
    }
    try {
      return await job();
    } finally {
      const next = queue.shift();
      if (next) next();
      else active -= 1;
    }
  };
}
