import type { Redis } from 'ioredis';
import type { Log } from '../log.ts';

type Handler = (message: Buffer, channel: Buffer) => void;

export interface Subscriptions {
  add: (channel: string, handler: Handler) => void;
  remove: (channel: string) => void;
  /** Whether everything is heard that was asked for until the connection came. */
  complete: () => boolean;
  /**
   * Waits until these channels are heard, as far as they are subscribed at all.
   * @returns false where that takes more than {@link HEAR_MS} or cannot be
   */
  heard: (channels: Iterable<string>) => Promise<boolean>;
}

/** Milliseconds that a catch-up waits for its channels. */
const HEAR_MS = 1_000;
/** Channels in one command. */
const CHUNK = 500;

/** What one connection listens to: asked for in batches, and again with every new connection. */
export function createSubscriptions(redis: Redis, log: Log, onComplete: () => void): Subscriptions {
  const wanted = new Map<string, Handler>();
  /** Asked of the present connection. */
  const asked = new Set<string>();
  /** Not yet answered, by the batch that asks. */
  const pending = new Map<string, Promise<boolean>>();
  let next: { channels: Set<string>; done: PromiseWithResolvers<boolean> } | undefined;
  let before: Promise<unknown> = Promise.resolve();
  let complete = false;
  let refused = false;

  redis.on('smessageBuffer', (channel: Buffer, message: Buffer) => {
    try {
      wanted.get(channel.toString())?.(message, channel);
    } catch (error) {
      log.warn({ err: error }, 'a message from another server could not be read');
    }
  });
  redis.on('close', () => {
    asked.clear();
    complete = false;
  });
  redis.on('ready', () => {
    for (const channel of wanted.keys()) pending.set(channel, change(channel));
    const all = next?.done.promise ?? Promise.resolve(true);
    void all.then((ok) => {
      complete = ok && redis.status === 'ready';
      if (!complete) return;
      refused = false;
      onComplete();
    });
  });

  function change(channel: string): Promise<boolean> {
    if (!next) {
      const batch = { channels: new Set<string>(), done: Promise.withResolvers<boolean>() };
      next = batch;
      void batch.done.promise.then(() => {
        for (const one of batch.channels) if (pending.get(one) === batch.done.promise) pending.delete(one);
      });
      setImmediate(ask);
    }
    next.channels.add(channel);
    return next.done.promise;
  }

  function ask(): void {
    if (!next) return;
    const { channels, done } = next;
    next = undefined;
    if (redis.status !== 'ready') {
      done.resolve(false);
      return;
    }
    const add = [...channels].filter((channel) => wanted.has(channel) && !asked.has(channel));
    const remove = [...channels].filter((channel) => !wanted.has(channel) && asked.delete(channel));
    for (const channel of add) asked.add(channel);
    const answers = [
      ...chunks(remove).map((chunk) => redis.sunsubscribe(...chunk)),
      ...chunks(add).map((chunk) => redis.ssubscribe(...chunk)),
    ];
    before = Promise.all([before, ...answers]).then(
      () => {
        done.resolve(true);
      },
      (error: unknown) => {
        done.resolve(false);
        if (redis.status !== 'ready') return;
        if (!refused)
          log.error({ err: error }, 'unable to listen to other servers; Redis refuses; it must be 7 or newer');
        refused = true;
        redis.disconnect(true);
      },
    );
  }

  return {
    complete: () => complete,
    add: (channel, handler) => {
      wanted.set(channel, handler);
      pending.set(channel, change(channel));
    },
    remove: (channel) => {
      wanted.delete(channel);
      pending.delete(channel);
      void change(channel);
    },
    heard: async (channels) => {
      const waiting = new Set<Promise<boolean>>();
      for (const channel of channels) {
        const batch = pending.get(channel);
        if (batch) waiting.add(batch);
      }
      if (redis.status !== 'ready') return false;
      if (waiting.size === 0) return complete;
      return inTime(Promise.all(waiting).then((all) => all.every(Boolean)));
    },
  };
}

function chunks(channels: string[]): string[][] {
  const parts: string[][] = [];
  for (let from = 0; from < channels.length; from += CHUNK) parts.push(channels.slice(from, from + CHUNK));
  return parts;
}

async function inTime(done: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, HEAR_MS);
  });
  const ok = await Promise.race([done, late]);
  clearTimeout(timer);
  return ok;
}
