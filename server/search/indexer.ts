import { setTimeout as sleep } from 'node:timers/promises';
import type { Id } from '@co-talk/sdk/protocol';
import type { Log } from '../log.ts';
import type { Database } from '../orm.ts';
import type { Publish } from '../publish.ts';
import { createIndexStore } from './index-store.ts';

/** Makes messages findable, after they have been stored: the index follows them by a fraction of a second. */
export interface Indexer {
  /** The same, and what is told of a room's messages here is indexed. */
  heard: (publish: Publish) => Publish;
  close: () => Promise<void>;
}

/** Milliseconds that news gather before they are indexed together. */
const GATHER_MS = 100;

/** Milliseconds from one look for what other nodes have left behind to the next, at least; looking takes a twentieth of the time at most. */
export const LOOK_EVERY_MS = 15_000;
const LOOK_SHARE = 20;

/** Rooms in one step. */
const STEP_ROOMS = 100;

/** Messages a second, told here, beyond which all strength is for them: a step is then followed by so many times its own duration. */
const BUSY = 200;
const BUSY_REST = 30;

const SECOND_MS = 1_000;
const RETRY_MS = 1_000;

/**
 * Indexes what this node stores, as soon as it is told of it; and now and then whatever else is behind, such as after a node has ended
 * without having come to it, or what was there before there was an index.
 */
export function createIndexer({
  db,
  log,
  lookEveryMs = LOOK_EVERY_MS,
}: {
  db: Database;
  log: Log;
  lookEveryMs?: number | undefined;
}): Indexer {
  const store = createIndexStore(db.read);
  const due = new Set<Id>();
  const end = new AbortController();
  let looking: Promise<void> = Promise.resolve();
  let working: Promise<void> | undefined;
  let failing = false;
  let second = 0;
  let told = 0;
  let toldBefore = 0;

  /** Messages told here in the second before this one. */
  function rate(): number {
    const now = Math.floor(performance.now() / SECOND_MS);
    if (now !== second) {
      toldBefore = now === second + 1 ? told : 0;
      told = 0;
      second = now;
    }
    return Math.max(toldBefore, told);
  }

  function wake(roomId: Id): void {
    rate();
    told += 1;
    due.add(roomId);
    working ??= work();
  }

  const isOver = (): boolean => end.signal.aborted;
  const rest = (ms: number) => sleep(ms, undefined, { signal: end.signal }).catch(() => undefined);

  async function work(): Promise<void> {
    await rest(GATHER_MS);
    while (due.size > 0 && !isOver()) {
      const rooms = [...due].slice(0, STEP_ROOMS);
      for (const roomId of rooms) due.delete(roomId);
      const started = performance.now();
      try {
        for (const roomId of await store.step(rooms)) due.add(roomId);
        failing = false;
      } catch (error) {
        for (const roomId of rooms) due.add(roomId);
        tellOnce(error);
        await rest(RETRY_MS);
      }
      const took = performance.now() - started;
      await rest(Math.max(took * (rate() > BUSY ? BUSY_REST : 1), due.size > 0 ? 0 : GATHER_MS));
    }
    working = undefined;
  }

  /** Once: a database that is away is away for many rounds. */
  function tellOnce(error: unknown): void {
    if (!isOver() && !failing) log.warn({ err: error }, 'messages could not be indexed; will try again');
    failing = true;
  }

  async function look(): Promise<void> {
    while (!isOver()) {
      const started = performance.now();
      let waited = 0;
      try {
        for await (const behind of store.look()) {
          const found = performance.now();
          for (const roomId of behind) due.add(roomId);
          working ??= work();
          // What there was before there was an index is more than is to be remembered at once.
          await working;
          waited += performance.now() - found;
          if (isOver()) return;
        }
      } catch (error) {
        tellOnce(error);
      }
      await rest(Math.max(lookEveryMs, (performance.now() - started - waited) * LOOK_SHARE));
    }
  }

  looking = look();
  return {
    heard: (publish) => ({
      ...publish,
      room: (roomId, event, payload, except) => {
        if (event === 'message') wake(roomId);
        publish.room(roomId, event, payload, except);
      },
    }),
    close: async () => {
      end.abort();
      await looking;
      await working;
    },
  };
}
