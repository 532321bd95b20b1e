import { DatabaseError } from 'pg';
import type { Id } from '@co-talk/sdk/protocol';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import { SEND_CONNECTIONS } from '../orm.ts';
import type { Refused, Send, SendStore, Sent } from './send-store.ts';

/** Stores messages in batches: what comes in while one batch commits is the next one (group commit). */
export interface SendQueue {
  /**
   * Resolves once the message is committed. Messages of one room keep the order of these calls.
   * @throws AppError `not_found`, `blocked`, `overloaded`, `internal` (the outcome may be unknown: send again with the same client id)
   */
  send: (message: Send) => Promise<Sent>;
  /** Resolves when everything accepted so far has its answer; further sends are refused as `overloaded`. */
  close: () => Promise<void>;
}

/** How many messages of an app wait. */
interface Share {
  appId: string;
  count: number;
}

interface Item {
  message: Send;
  share: Share;
  resolve: (sent: Sent) => void;
  reject: (error: AppError) => void;
}

/** Messages in one transaction: more would only make the first wait for the last. */
const BATCH_MAX = 500;

/** Messages that may wait, and the share of one app: beyond it, senders are asked to come back. */
const WAITING_MAX = 20_000;
const WAITING_PER_APP_MAX = 10_000;
const RETRY_AFTER_MS = 1_000;

/** Connections that wait for locked rooms. The pool has one more, so that however many rooms are locked, the others go on. */
const WAITERS_MAX = SEND_CONNECTIONS - 1;

/** Classes of PostgreSQL's codes for a database that answers nobody now: connection, resources, operator, system. */
const UNABLE = /^(08|53|57|58)/;

/** PostgreSQL's code for a lock that was not granted in time. */
const LOCK_NOT_AVAILABLE = '55P03';

export function createSendQueue({ store }: SendStore, log: Log): SendQueue {
  let waiting: Item[] = [];
  /** Rooms whose lock somebody else holds: they wait in transactions of their own, so that they stall nobody. */
  const stalled = new Map<Id, Item[]>();
  /** The stalled rooms that nobody waits for yet. */
  const lined: Id[] = [];
  let waiters = 0;
  const perApp = new Map<string, Share>();
  let accepted = 0;
  let running = false;
  let closed = false;
  let idle: () => void = () => undefined;

  function send(message: Send): Promise<Sent> {
    const share = perApp.get(message.appId) ?? { appId: message.appId, count: 0 };
    if (closed || accepted >= WAITING_MAX || share.count >= WAITING_PER_APP_MAX) {
      const why = closed ? 'the server is shutting down' : 'too many messages are waiting';
      return Promise.reject(
        new AppError('overloaded', `unable to send the message; ${why}; try again shortly`, {
          retryAfterMs: RETRY_AFTER_MS,
        }),
      );
    }
    accepted += 1;
    if (share.count === 0) perApp.set(message.appId, share);
    share.count += 1;
    return new Promise<Sent>((resolve, reject) => {
      const item: Item = { message, share, resolve, reject };
      const behind = stalled.get(message.roomId);
      if (behind) behind.push(item);
      else waiting.push(item);
      if (!running) {
        running = true;
        // After the packets that are already here: they share the commit.
        setImmediate(() => void drain());
      }
    });
  }

  function resolve(item: Item, sent: Sent): void {
    leave(item.share);
    item.resolve(sent);
  }

  function reject(item: Item, error: AppError): void {
    leave(item.share);
    item.reject(error);
  }

  function leave(share: Share): void {
    accepted -= 1;
    share.count -= 1;
    if (share.count === 0) perApp.delete(share.appId);
    if (accepted === 0) idle();
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.length > BATCH_MAX ? waiting.splice(0, BATCH_MAX) : waiting;
      if (batch === waiting) waiting = [];
      const locked = await storeBatch(batch, false);
      for (const item of locked) stall(item);
      // What came in for those rooms meanwhile must not overtake.
      if (stalled.size > 0) waiting = waiting.filter((item) => !follow(item));
    }
    running = false;
  }

  function follow(item: Item): boolean {
    const behind = stalled.get(item.message.roomId);
    behind?.push(item);
    return behind !== undefined;
  }

  function stall(item: Item): void {
    if (follow(item)) return;
    stalled.set(item.message.roomId, [item]);
    lined.push(item.message.roomId);
    if (waiters < WAITERS_MAX) void waitForRooms();
  }

  async function waitForRooms(): Promise<void> {
    waiters += 1;
    for (let roomId = lined.shift(); roomId !== undefined; roomId = lined.shift()) {
      const items = stalled.get(roomId) ?? [];
      while (items.length > 0) await storeBatch(items.splice(0, BATCH_MAX), true);
      stalled.delete(roomId);
    }
    waiters -= 1;
  }

  /** @returns the items whose room is locked by somebody else, in their order */
  async function storeBatch(batch: Item[], wait: boolean): Promise<Item[]> {
    let answers: (Sent | Refused)[];
    try {
      answers = await store(
        batch.map((item) => item.message),
        wait,
      );
    } catch (error) {
      return storeApart(batch, wait, error);
    }
    const locked: Item[] = [];
    for (const [index, item] of batch.entries()) {
      const answer = answers[index] ?? 'not_found';
      if (answer === 'locked') locked.push(item);
      else if (typeof answer === 'string') reject(item, refusal(answer));
      else resolve(item, answer);
    }
    return locked;
  }

  /** After a row that the database refuses: each room alone, then each message, so that it fails only itself. */
  async function storeApart(batch: Item[], wait: boolean, error: unknown): Promise<Item[]> {
    if (wait && error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE) {
      // Each alone would wait as long again.
      for (const item of batch) {
        reject(
          item,
          new AppError('overloaded', 'unable to send the message; its room is busy; try again shortly', {
            retryAfterMs: RETRY_AFTER_MS,
          }),
        );
      }
      return [];
    }
    if (batch.length === 1 || !(error instanceof DatabaseError) || UNABLE.test(error.code ?? '')) {
      log.error({ err: error, messages: batch.length }, 'messages could not be stored');
      for (const item of batch) {
        reject(
          item,
          new AppError('internal', 'unable to send the message; it is not known whether it was stored; send it again', {
            cause: error,
          }),
        );
      }
      return [];
    }
    const rooms = Map.groupBy(batch, (item) => item.message.roomId);
    const groups = rooms.size > 1 ? [...rooms.values()] : batch.map((item) => [item]);
    const locked: Item[] = [];
    for (const group of groups) {
      // One room's messages that are stored one by one: none may pass one that waits.
      const behind = rooms.size === 1 && locked.length > 0;
      locked.push(...(behind ? group : await storeBatch(group, wait)));
    }
    return locked;
  }

  return {
    send,
    close: async () => {
      closed = true;
      if (accepted > 0) await new Promise<void>((resolve) => (idle = resolve));
    },
  };
}

function refusal(outcome: Refused): AppError {
  return outcome === 'blocked'
    ? new AppError('blocked', 'unable to send the message; one of you has blocked the other')
    : new AppError('not_found', 'unable to send the message; there is no such room');
}
