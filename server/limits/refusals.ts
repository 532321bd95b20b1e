import type { Log } from '../log.ts';

/** What was refused, counted by bucket (`messages:socket`). */
export interface Refusals {
  note: (bucket: string) => void;
  /** Since the server has started. */
  counts: ReadonlyMap<string, number>;
  close: () => void;
}

const EVERY_MS = 10_000;

/** Says what was refused in one line every ten seconds, however much it was. */
export function createRefusals(log: Log, everyMs = EVERY_MS): Refusals {
  const counts = new Map<string, number>();
  let fresh = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  function say(): void {
    clearTimeout(timer);
    timer = undefined;
    if (fresh.size > 0) log.warn({ refused: Object.fromEntries(fresh) }, 'refused what was over the limits');
    fresh = new Map();
  }

  return {
    counts,
    note: (bucket) => {
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
      fresh.set(bucket, (fresh.get(bucket) ?? 0) + 1);
      timer ??= setTimeout(say, everyMs).unref();
    },
    close: say,
  };
}
