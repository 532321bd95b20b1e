import { AppError } from './errors.ts';

/** Runs a job when its turn comes. */
export type Line = <T>(job: () => Promise<T>) => Promise<T>;

const RETRY_AFTER_MS = 2_000;

/**
 * Keeps what is heavy from being done too often at once.
 *
 * @param running how many jobs run at once
 * @param waiting how many more may wait; beyond that a job is refused with `overloaded`
 * @param refusal the sentence for that
 */
export function createLine(running: number, waiting: number, refusal: string): Line {
  let active = 0;
  const queue: (() => void)[] = [];
  return async (job) => {
    if (active >= running) {
      if (queue.length >= waiting) throw new AppError('overloaded', refusal, { retryAfterMs: RETRY_AFTER_MS });
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
