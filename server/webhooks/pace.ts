const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

/** How webhooks are delivered, in milliseconds. */
export interface Pace {
  /** From one look for what is due to the next. */
  everyMs: number;
  /** What an endpoint may take for its answer. */
  timeoutMs: number;
  /** After that somebody else tries what a node has begun and not ended: it is longer than a try can take. */
  leaseMs: number;
  /** The waits between tries, each up to a quarter longer by chance; after the last one it has failed. */
  retryMs: number[];
}

/** As Standard Webhooks suggests: over three days. */
export const PACE: Pace = {
  everyMs: 250,
  timeoutMs: 15 * SECOND,
  leaseMs: MINUTE,
  retryMs: [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR],
};

/** However long an endpoint asks to be left alone. */
const WAIT_MAX_MS = 24 * HOUR;

/**
 * Milliseconds until the next try, `null`: there is none.
 *
 * @param tries how often it was tried
 * @param retryAfter the header of the answer, in seconds
 */
export function waitAfter({ retryMs }: Pace, tries: number, retryAfter: string | undefined): number | null {
  const wait = retryMs[tries - 1];
  if (wait === undefined) return null;
  const asked = /^\d{1,9}$/.test(retryAfter ?? '') ? Number(retryAfter) * SECOND : 0;
  return Math.max(wait * (1 + Math.random() / 4), Math.min(asked, WAIT_MAX_MS));
}

/** How long one delivery is tried at least. */
export const patience = ({ retryMs }: Pace): number => retryMs.reduce((sum, wait) => sum + wait, 0);
