import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from '../log.ts';
import { createSubscriptions, type Subscriptions } from './subscriptions.ts';

/**
 * The way to the other nodes. It loses what it cannot deliver at once: nothing here waits for Redis, and everything that
 * must not be lost is in the database.
 *
 * The methods with an `s` have the names and shapes of the `redis` package, which is how Socket.IO's sharded adapter takes them;
 * given a bare ioredis, it would leave the failures of subscriptions to nobody, and that ends a process.
 */
export interface Bus {
  /** Whether the other nodes can be told, and heard on every channel. */
  up: () => boolean;
  sPublish: (channel: string, payload: string | Buffer) => Promise<void>;
  sSubscribe: Subscriptions['add'];
  sUnsubscribe: Subscriptions['remove'];
  heard: Subscriptions['heard'];
  /** Calls back whenever Redis has come (back), or gone. */
  onChange: (listener: () => void) => void;
  /** For commands other than those above. They fail at once while Redis is away. */
  redis: Redis;
  close: () => Promise<void>;
}

/** Bytes on their way to Redis without an answer; beyond it, Redis is stuck, and what comes is dropped. */
const UNANSWERED_MAX = 4_000_000;
const PING_MS = 2_000;
/** Milliseconds without an answer after which a connection counts as dead. */
const SILENT_MS = 5_000;
const RETRY_MS = 2_000;
const GOODBYE_MS = 1_000;

const OPTIONS: RedisOptions = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  // Done here: by its own means ioredis leaves the failures to nobody.
  autoResubscribe: false,
  connectTimeout: SILENT_MS,
  socketTimeout: SILENT_MS,
  retryStrategy: (times) => Math.min(RETRY_MS, 250 * 2 ** times) * (0.5 + Math.random() / 2),
};

/** Connects in the background: a server starts, and serves, without its Redis. */
export function createBus(url: string, log: Log): Bus {
  const publisher = new Redis(url, OPTIONS);
  const subscriber = new Redis(url, OPTIONS);
  const listeners: (() => void)[] = [];
  const subscriptions = createSubscriptions(subscriber, log, check);
  let state: 'unknown' | 'up' | 'away' = 'unknown';
  let why = 'it ended the connection';
  let closed = false;

  const isUp = () => publisher.status === 'ready' && subscriptions.complete();

  function check(): void {
    if (closed || !isUp() || state === 'up') return;
    log.info(state === 'away' ? 'Redis is back' : 'connected to Redis');
    state = 'up';
    changed();
  }

  function away(): void {
    if (closed || state === 'away') return;
    state = 'away';
    log.warn({ why }, 'unable to reach Redis; people on other servers hear each other with delay until it is back');
    changed();
  }

  function changed(): void {
    for (const listener of listeners) listener();
  }

  for (const redis of [publisher, subscriber]) {
    redis.on('error', (error: Error) => {
      why = error.message;
    });
    redis.on('ready', check);
    redis.on('close', away);
  }

  const ping = setInterval(() => {
    for (const redis of [publisher, subscriber]) if (redis.status === 'ready') redis.ping().catch(() => undefined);
  }, PING_MS);

  let batch: [channel: string, payload: string | Buffer][] = [];
  let batchBytes = 0;
  let unanswered = 0;

  /** What one turn of the event loop has published, with one system call. */
  function sendBatch(): void {
    const bytes = batchBytes;
    const pipeline = publisher.pipeline();
    for (const [channel, payload] of batch) pipeline.spublish(channel, payload);
    batch = [];
    batchBytes = 0;
    const answered = () => {
      unanswered -= bytes;
    };
    pipeline.exec().then(answered, answered);
  }

  const sent = Promise.resolve();

  return {
    redis: publisher,
    up: isUp,
    onChange: (listener) => void listeners.push(listener),
    sPublish: (channel, payload) => {
      if (publisher.status === 'ready' && unanswered < UNANSWERED_MAX) {
        if (batch.length === 0) setImmediate(sendBatch);
        batch.push([channel, payload]);
        batchBytes += payload.length;
        unanswered += payload.length;
      }
      return sent;
    },
    sSubscribe: subscriptions.add,
    sUnsubscribe: subscriptions.remove,
    heard: subscriptions.heard,
    close: async () => {
      closed = true;
      clearInterval(ping);
      subscriber.disconnect();
      const late = setTimeout(() => {
        publisher.disconnect();
      }, GOODBYE_MS);
      // What this turn has still published leaves before.
      await new Promise((resolve) => setImmediate(resolve));
      await publisher.quit().catch(() => {
        publisher.disconnect();
      });
      clearTimeout(late);
    },
  };
}
