/** Pauses that can be cut short. */
export interface Pauses {
  /** @param wakeable whether a connection ends it, too */
  pause(ms: number, wakeable: boolean): Promise<void>;
  /** Ends the pauses that a connection ends, or `all`. */
  wake(all?: boolean): void;
}

export function createPauses(): Pauses {
  const ends = new Map<() => void, boolean>();
  return {
    pause: (ms, wakeable) =>
      new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer);
          ends.delete(end);
          resolve();
        };
        const timer = setTimeout(end, ms);
        ends.set(end, wakeable);
      }),
    wake(all = false) {
      for (const [end, wakeable] of [...ends]) if (all || wakeable) end();
    },
  };
}
