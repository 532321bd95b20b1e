import { CLASS_NAMES, limitClass, type Scope } from './table.ts';

/** Of one scope, by class: milliseconds that one action costs, and how many of them may be owed. */
export interface Prices {
  cost: Float64Array;
  credit: Float64Array;
}

/** What has no limit costs nothing. */
export function pricesOf(scope: Scope, factor: number): Prices {
  const rates = CLASS_NAMES.map((name) => {
    const limits = limitClass(name);
    return limits.counted === 'here' ? limits[scope] : undefined;
  });
  return {
    cost: Float64Array.from(rates, (rate) => (rate ? (rate.seconds * 1_000) / scaled(rate.times, factor) : 0)),
    credit: Float64Array.from(rates, (rate) => (rate ? rate.seconds * 1_000 : Infinity)),
  };
}

export const scaled = (times: number, factor: number): number => Math.max(1, Math.ceil(times * factor));

/** Milliseconds that sums of fractions may be off. */
const ROUNDING = 0.001;

/**
 * How much somebody has had of each class, as one number: the moment at which everything taken is paid back (the generic cell rate
 * algorithm, which is a token bucket without a timer). It is asked for every event, so it neither waits nor makes objects.
 */
export class Meter {
  readonly scope: Scope;
  readonly key: string;
  /** Sockets that hold it. */
  holders = 0;
  /** By class: taken since it was last added up with the other servers. */
  untold: Float64Array | undefined;
  readonly #prices: Prices;
  readonly #tells: boolean;
  #paid: Float64Array | undefined;

  /** @param tells whether `untold` is kept */
  constructor(scope: Scope, key: string, prices: Prices, tells = false) {
    this.scope = scope;
    this.key = key;
    this.#prices = prices;
    this.#tells = tells;
  }

  /** Milliseconds until one more of this class may be taken; 0: now. */
  wait(kind: number, now: number): number {
    if (this.#paid === undefined) return 0;
    const { cost, credit } = this.#prices;
    const owed = (this.#paid[kind] ?? 0) - now + (cost[kind] ?? 0) - (credit[kind] ?? 0);
    return owed > ROUNDING ? owed : 0;
  }

  take(kind: number, now: number): void {
    const cost = this.#prices.cost[kind] ?? 0;
    if (cost === 0) return;
    const paid = (this.#paid ??= new Float64Array(CLASS_NAMES.length));
    paid[kind] = Math.max(paid[kind] ?? 0, now) + cost;
    if (!this.#tells) return;
    this.untold ??= new Float64Array(CLASS_NAMES.length);
    this.untold[kind] = (this.untold[kind] ?? 0) + 1;
  }

  /** Refuses this class until then. */
  close(kind: number, until: number): void {
    const { cost, credit } = this.#prices;
    const paid = (this.#paid ??= new Float64Array(CLASS_NAMES.length));
    paid[kind] = Math.max(paid[kind] ?? 0, until - (cost[kind] ?? 0) + (credit[kind] ?? 0));
  }

  /** Whether it says nothing any more that a new one would not. */
  idle(now: number): boolean {
    return this.holders === 0 && (this.#paid === undefined || this.#paid.every((moment) => moment <= now));
  }
}
