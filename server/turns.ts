import { AppError } from './errors.ts';

/** Runs `work` unless `atOnce` of this kind are running already. */
export type Turns = <T>(kind: string, atOnce: number, work: () => Promise<T>) => Promise<T>;

const RETRY_AFTER_MS = 1_000;

/**
 * Keeps one asker from having any amount of work under way: beyond its share it is refused with `overloaded`, which costs
 * next to nothing, and everybody else's turn comes.
 */
export function createTurns(): Turns {
  const running = new Map<string, number>();
  return async (kind, atOnce, work) => {
    const count = running.get(kind) ?? 0;
    if (count >= atOnce) {
      throw new AppError('overloaded', 'unable to answer; too many of these have no answer yet; try again', {
        retryAfterMs: RETRY_AFTER_MS,
      });
    }
    running.set(kind, count + 1);
    try {
      return await work();
    } finally {
      running.set(kind, (running.get(kind) ?? 1) - 1);
    }
  };
}
