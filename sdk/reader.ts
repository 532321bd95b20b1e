import { toError } from './errors.ts';

const READ_MS = { apart: 1_000, retry: 5_000 };

/** Tells how far one has read or received: at most once a second, and again when it did not get through. */
export interface Reader {
  want(seq: number): void;
  /** The connection is back: try at once. */
  wake(): void;
  reset(): void;
}

/**
 * @param known how far the server knows already
 * @param tell rejects with a CoTalkError
 * @param patience how long to wait before telling, in ms
 */
export function createReader(known: () => number, tell: (seq: number) => Promise<void>, patience = 0): Reader {
  let wanted = 0;
  let telling = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    if (telling || timer !== undefined || wanted <= known()) return;
    const seq = wanted;
    telling = true;
    pause(READ_MS.apart);
    tell(seq)
      .catch((cause: unknown) => {
        const { retryable, retryAfterMs = READ_MS.retry } = toError(cause);
        if (retryable) pause(retryAfterMs);
        else if (wanted === seq) wanted = 0;
      })
      .finally(() => (telling = false));
  }

  function pause(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      flush();
    }, ms);
  }

  function rest(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  return {
    want(seq) {
      if (seq <= wanted) return;
      wanted = seq;
      if (patience && timer === undefined) pause(patience);
      flush();
    },
    wake() {
      rest();
      flush();
    },
    reset() {
      wanted = 0;
      rest();
    },
  };
}
