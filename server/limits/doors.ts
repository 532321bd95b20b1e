import { cut } from '../coalesce.ts';
import { scaled } from './meter.ts';
import type { Limits } from './limits.ts';
import { CAPS } from './table.ts';

/** A connection of Engine.IO. */
type Connection = object;

/** How many connections there may be, and how many of those that have not said who they are. */
export interface Doors {
  /** Somebody wants to connect. @returns milliseconds to wait; 0: come in */
  knock: (address: string) => number;
  /** A connection is there, and waits for somebody to say who it is. */
  opened: (connection: Connection, address: string) => void;
  /** It has said so: from now on it only counts for its address. */
  named: (connection: Connection) => void;
  closed: (connection: Connection) => void;
  addressOf: (connection: Connection) => string;
}

/** What is known of an address. */
interface Place {
  address: string;
  open: number;
  /** In the order in which they came. */
  waiting: Set<Connection>;
}

const CROWDED_RETRY_MS = 10_000;

/**
 * Whoever has waited longest is closed when there are too many: somebody who means to come in says who they are at once, so that a
 * crowd of idle connections closes itself.
 */
export function createDoors(limits: Limits, factor: number): Doors {
  const cap = (times: number) => (factor === 0 ? Infinity : scaled(times, factor));
  const most = {
    open: cap(CAPS.socketsPerAddress),
    waitingHere: cap(CAPS.waitingPerAddress),
    waiting: cap(CAPS.waiting),
  };
  const places = new Map<string, Place>();
  const placeOf = new Map<Connection, Place>();
  const waiting = new Set<Connection>();

  function named(connection: Connection): void {
    waiting.delete(connection);
    placeOf.get(connection)?.waiting.delete(connection);
  }

  function closeOldest(of: Set<Connection>, bucket: string): void {
    const [oldest] = of;
    if (!oldest) return;
    named(oldest);
    limits.refusals.note(bucket);
    cut(oldest);
  }

  return {
    knock: (address) => {
      if ((places.get(address)?.open ?? 0) < most.open) return limits.useHere('handshakes', { address });
      limits.refusals.note('sockets:address');
      return CROWDED_RETRY_MS;
    },
    opened: (connection, address) => {
      const place = places.get(address) ?? { address, open: 0, waiting: new Set() };
      places.set(address, place);
      placeOf.set(connection, place);
      place.open += 1;
      place.waiting.add(connection);
      waiting.add(connection);
      if (place.waiting.size > most.waitingHere) closeOldest(place.waiting, 'waiting:address');
      if (waiting.size > most.waiting) closeOldest(waiting, 'waiting:all');
    },
    named,
    closed: (connection) => {
      named(connection);
      const place = placeOf.get(connection);
      if (!place) return;
      placeOf.delete(connection);
      place.open -= 1;
      if (place.open === 0) places.delete(place.address);
    },
    addressOf: (connection) => placeOf.get(connection)?.address ?? '',
  };
}
