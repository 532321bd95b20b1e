import { Meter, pricesOf, type Prices } from './meter.ts';
import type { Shared } from './shared.ts';
import { CLASS_NAMES, limitClass, SCOPES, type Scope } from './table.ts';

/** The meters of this server. */
export interface Meters {
  of: (scope: Exclude<Scope, 'socket'>, key: string) => Meter;
  /** A socket's own. */
  ofSocket: () => Meter;
  close: () => void;
}

const SETTLE_MS = 1_000;
/** Settlements between two cleanings. */
const CLEAN_EVERY = 30;
/** What is told to the others: a twentieth of what is allowed at once. Most people never do as much. */
const WORTH_TELLING = 1 / 20;
/** Each server lets through its times at once and as many again meanwhile: nobody on one server meets the sum. */
const SUM_FACTOR = 2;

/** @param shared where the servers add up what users and addresses have had; `null`: this is the only server */
export function createMeters(factor: number, shared: Shared | null): Meters {
  const prices = Object.fromEntries(SCOPES.map((scope) => [scope, pricesOf(scope, factor)])) as Record<Scope, Prices>;
  const meters = { user: new Map<string, Meter>(), address: new Map<string, Meter>(), app: new Map<string, Meter>() };
  let rounds = 0;

  /** Says what was taken here since the last time, where it is worth it. */
  function settle(meter: Meter, told: Shared, untold: Float64Array): void {
    for (const [kind, name] of CLASS_NAMES.entries()) {
      const times = untold[kind] ?? 0;
      const rate = times > 0 ? limitClass(name)[meter.scope] : undefined;
      if (!rate || times < rate.times * factor * WORTH_TELLING) continue;
      untold[kind] = 0;
      const sumRate = { ...rate, times: rate.times * SUM_FACTOR };
      told.add(`${name}:${meter.scope}:sum`, sumRate, meter.key, times).then(
        (all) => {
          if (all && all.sum > sumRate.times * factor) meter.close(kind, performance.now() + all.leftMs);
        },
        // Without Redis each server counts for itself.
        () => undefined,
      );
    }
  }

  function round(): void {
    rounds += 1;
    const now = performance.now();
    for (const map of Object.values(meters)) {
      for (const [key, meter] of map) {
        if (shared && meter.untold) settle(meter, shared, meter.untold);
        if (rounds % CLEAN_EVERY === 0 && meter.idle(now)) map.delete(key);
      }
    }
  }

  const timer = setInterval(round, SETTLE_MS);
  timer.unref();

  return {
    of: (scope, key) => {
      const known = meters[scope].get(key);
      if (known) return known;
      const meter = new Meter(scope, key, prices[scope], shared !== null && scope !== 'app');
      meters[scope].set(key, meter);
      return meter;
    },
    ofSocket: () => new Meter('socket', '', prices.socket),
    close: () => {
      clearInterval(timer);
    },
  };
}
