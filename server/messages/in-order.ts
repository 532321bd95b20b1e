/**
 * Keeps the order of calls with one key where some of them have to look something up first. Calls that have not, with nobody before
 * them, cost one look into an empty map.
 */
export class InOrder {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** Whether a call with this key would have to wait. */
  busy(key: string): boolean {
    return this.#tails.size > 0 && this.#tails.has(key);
  }

  /** Runs it when all earlier ones with this key have ended, in whatever way. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const mine = (this.#tails.get(key) ?? Promise.resolve()).then(work, work);
    this.#tails.set(key, mine);
    const end = () => {
      if (this.#tails.get(key) === mine) this.#tails.delete(key);
    };
    mine.then(end, end);
    return mine;
  }
}
