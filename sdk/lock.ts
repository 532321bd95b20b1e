import { CoTalkError } from './errors.ts';

/** A tab frozen with the lock in its hand must not hold up the others for longer. */
const PATIENCE_MS = 10_000;

/** Runs one at a time over all tabs of this origin, where the browser has Web Locks. `run` fails with a CoTalkError only. */
export async function lock<T>(name: string, run: () => Promise<T>): Promise<T> {
  const locks = typeof navigator === 'undefined' ? undefined : (navigator as { locks?: LockManager }).locks;
  if (!locks) return run();
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    return await locks.request(name, { signal: patience.signal }, run);
  } catch (error) {
    if (error instanceof CoTalkError) throw error;
    return await run();
  } finally {
    clearTimeout(timer);
  }
}
