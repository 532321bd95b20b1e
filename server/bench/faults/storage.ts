import type { SessionStorage } from '@co-talk/sdk';

/** A browser's storage, which outlives the pages and can fail like one. */
export interface FaultStorage extends SessionStorage {
  /** Every call throws from now on: blocked, or full. */
  block: (on: boolean) => void;
  /** Writes rubbish over everything whose key holds this; how many there were. */
  corrupt: (part: string, rubbish: string) => number;
}

export function createStorage(): FaultStorage {
  const map = new Map<string, string>();
  let blocked = false;
  const guard = () => {
    if (blocked) throw new Error('the storage is blocked');
  };
  return {
    get(key) {
      guard();
      return map.get(key) ?? null;
    },
    set(key, value) {
      guard();
      map.set(key, value);
    },
    remove(key) {
      guard();
      map.delete(key);
    },
    block(on) {
      blocked = on;
    },
    corrupt(part, rubbish) {
      const keys = [...map.keys()].filter((key) => key.includes(part));
      for (const key of keys) map.set(key, rubbish);
      return keys.length;
    },
  };
}
