import { AppError } from './errors.ts';

/** How much one asker has under way, by kind. */
export interface Turns {
  /**
   * Begins one, of which `atOnce` may be under way; it ends with `end`.
   * @throws AppError `overloaded`
   */
  take: (kind: string, atOnce: number) => void;
  end: (kind: string) => void;
  /** Runs `work` as one. */
  run: <T>(kind: string, atOnce: number, work: () => Promise<T>) => Promise<T>;
}

const RETRY_AFTER_MS = 1_000;

/**
 * Keeps one asker from having any amount of work under way: beyond its share it is refused with `overloaded`, which costs
 * next to nothing, and everybody else's turn comes.
 */
export function createTurns(): Turns {
  const running = new Map<string, { count: number }>();

  function take(kind: string, atOnce: number): void {
    const of = running.get(kind);
    if (!of) running.set(kind, { count: 1 });
    else if (of.count < atOnce) of.count += 1;
    else {
      throw new AppError('overloaded', 'unable to answer; too many of these have no answer yet; try again', {
        retryAfterMs: RETRY_AFTER_MS,
      });
    }
  }

  function end(kind: string): void {
    const of = running.get(kind);
    if (of) of.count -= 1;
  }

  return {
    take,
    end,
    run: async (kind, atOnce, work) => {
      take(kind, atOnce);
      try {
        return await work();
      } finally {
        end(kind);
      }
    },
  };
}
