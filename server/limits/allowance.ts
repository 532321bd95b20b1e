import type { Meter } from './meter.ts';
import type { Refusals } from './refusals.ts';
import { CLASS_NAMES, nameOfClass } from './table.ts';

const REFUSALS = CLASS_NAMES.indexOf('refusals');

/** What a socket may do: by itself, and together with its user's others, its address's and its app's. */
export class Allowance {
  /** Its own first. */
  readonly #meters: Meter[];
  readonly #refusals: Refusals;

  constructor(meters: Meter[], refusals: Refusals) {
    this.#meters = meters;
    this.#refusals = refusals;
    for (const meter of meters) meter.holders += 1;
  }

  /**
   * Counts one event.
   * @param kind the class, by its place in the table
   * @returns milliseconds to wait; 0: there was room
   */
  take(kind: number): number {
    const now = performance.now();
    for (const meter of this.#meters) {
      const wait = meter.wait(kind, now);
      if (wait === 0) continue;
      this.#refusals.note(`${nameOfClass(kind)}:${meter.scope}`);
      return wait;
    }
    for (const meter of this.#meters) meter.take(kind, now);
    return 0;
  }

  /** Counts a refusal. @returns whether the socket goes on as if there were none, and is to be closed */
  exhausted(): boolean {
    const now = performance.now();
    const [own] = this.#meters;
    if (!own) return false;
    if (own.wait(REFUSALS, now) > 0) return true;
    own.take(REFUSALS, now);
    return false;
  }

  /** The socket has gone. */
  end(): void {
    for (const meter of this.#meters) meter.holders -= 1;
  }
}
