import { CoTalkError } from './errors.ts';

/** A tab frozen with the lock in its hand must not hold up the others for longer. */
const PATIENCE_MS = 5_000;

const locks = (): LockManager | undefined =>
  typeof navigator === 'undefined' ? undefined : (navigator as { locks?: LockManager }).locks;

/** Runs one at a time over all tabs of this origin, where the browser has Web Locks. `run` fails with a CoTalkError only. */
export async function lock<T>(name: string, run: () => Promise<T>): Promise<T> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    return await (locks()?.request(name, { signal: patience.signal }, run) ?? run());
  } catch (error) {
    if (error instanceof CoTalkError) throw error;
    return await run();
  } finally {
    clearTimeout(timer);
  }
}

/** Shows all tabs that this one lives, until it is gone or the returned function is called. */
export function live(name: string): () => void {
  let end = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  locks()
    ?.request(name, () => over)
    .catch(() => undefined);
  return end;
}

/** Runs if no tab lives under this name, which it says; where tabs cannot tell, none does. */
export async function ifEnded(name: string, run: () => Promise<void>): Promise<boolean> {
  const tabs = locks();
  if (!tabs) return run().then(() => true);
  return tabs
    .request(name, { mode: 'shared', ifAvailable: true }, async (free) => {
      if (free) await run();
      return !!free;
    })
    .catch(() => false);
}

/** Runs when no tab lives under this name any more. Those who wait do so side by side: one that is frozen holds up nobody. */
export async function afterlife(name: string, signal: AbortSignal, run: () => Promise<void>): Promise<void> {
  await locks()
    ?.request(name, { mode: 'shared', signal }, run)
    .catch(() => undefined);
}
