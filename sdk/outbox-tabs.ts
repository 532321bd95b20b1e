import { newId } from './ids.ts';
import { afterlife, ifEnded, live } from './lock.ts';
import type { KeptEntry, OutboxStorage } from './outbox-storage.ts';

/** Changes what is kept of the signed-in user. */
export type Change = (edit: Parameters<OutboxStorage['change']>[1]) => Promise<void>;

/** Every tab sends what was written in it, so that none waits for another; what a closed one leaves is taken over. */
export interface OutboxTabs {
  /** The name under which this tab keeps entries. It holds from the first of them to the last. */
  own(): string;
  /** This tab has no more entries once `done` is: whatever is left is for others. */
  leave(done: Promise<void>): void;
  /**
   * Takes over what closed tabs have left; resolves once that is done. What those leave that still live comes `later`. `take` gets
   * it, perhaps empty.
   */
  inherit(signal: AbortSignal, take: (entries: KeptEntry[]) => void): Promise<{ later: Promise<unknown> }>;
}

/** @param name of the locks by which tabs tell each other that they live */
export function createOutboxTabs(name: string, change: Change): OutboxTabs {
  let owner = '';
  // Only while there is something to guard: browsers do not keep pages that hold locks for going back to.
  let rest = (): void => undefined;
  /** Owners whose end is waited for. */
  const others = new Set<string>();

  function own(): string {
    if (!owner) {
      owner = newId();
      rest = live(`${name}:${owner}`);
    }
    return owner;
  }

  function leave(done: Promise<void>): void {
    void done.then(rest);
    owner = '';
    rest = () => undefined;
  }

  async function claim(other: string): Promise<KeptEntry[]> {
    const me = own();
    let found: KeptEntry[] = [];
    await change((kept) => {
      found = kept.filter((entry) => entry.owner === other);
      return found.length > 0 ? kept.map((entry) => (entry.owner === other ? { ...entry, owner: me } : entry)) : kept;
    });
    return found;
  }

  return {
    own,
    leave,
    async inherit(signal, take) {
      const owners = new Set<string>();
      await change((kept) => {
        for (const entry of kept) owners.add(entry.owner);
        return kept;
      });
      const later: Promise<unknown>[] = [];
      const now = [...owners].map(async (other) => {
        if (signal.aborted || other === owner || others.has(other)) return;
        others.add(other);
        const lockName = `${name}:${other}`;
        const run = async () => {
          const found = signal.aborted ? [] : await claim(other);
          if (!signal.aborted) take(found);
        };
        const over = () => others.delete(other);
        if (await ifEnded(lockName, run)) over();
        else later.push(afterlife(lockName, signal, run).then(over));
      });
      await Promise.all(now);
      return { later: Promise.all(later) };
    },
  };
}
