import { CoTalkError, closedError, toError } from './errors.ts';
import type { Id, Message, Time } from './protocol/index.ts';

/** A message of mine that the server has not confirmed. */
export interface OutboxEntry {
  clientId: string;
  roomId: Id;
  text: string;
  createdAt: Time;
  /** Why it was given up. */
  error: CoTalkError | null;
}

/** Where entries outlive the page, in the order of sending. A lost write costs a message that is still in memory. */
export interface OutboxStorage {
  load: (userId: Id) => Promise<OutboxEntry[]>;
  put: (userId: Id, entry: OutboxEntry) => void;
  remove: (userId: Id, clientId: string) => void;
  erase: (userId: Id) => void;
}

export interface OutboxHooks {
  /** One attempt: resolves with what the server stored. */
  deliver: (entry: OutboxEntry) => Promise<Message>;
  /** The server's answer to an attempt. */
  onAnswer: (message: Message) => void;
  /** An entry has become this message. */
  onSent: (message: Message) => void;
  onChange: (roomId: Id) => void;
  /** A message was given up that nobody waits for. */
  onError: (error: CoTalkError) => void;
}

export interface Outbox {
  /** Goes on with what this user left unsent. */
  start: (userId: Id) => void;
  /** @param erase forget the user's entries for good */
  stop: (erase: boolean) => void;
  entries: (roomId: Id) => OutboxEntry[];
  add: (roomId: Id, text: string) => Promise<Message>;
  retry: (clientId: string) => Promise<Message>;
  discard: (clientId: string) => void;
  /** Messages heard of in another way than by an answer: ends their entries, without telling `onChange`. */
  stored: (messages: readonly Message[]) => void;
  /** The connection is back: try at once. */
  wake: () => void;
}

interface Waiting {
  resolve: (message: Message) => void;
  reject: (error: CoTalkError) => void;
}

const BACKOFF_MS = { base: 500, most: 15_000 };

/**
 * Sends messages in order, one at a time per room, again and again under the same `clientId` until the server says
 * that it has them or that it never will.
 */
export function createOutbox(storage: OutboxStorage, hooks: OutboxHooks): Outbox {
  let userId: Id | null = null;
  /** Tells one sign-in from the next, across awaits. */
  let turn = 0;
  const entries = new Map<string, OutboxEntry>();
  const waiting = new Map<string, Waiting>();
  const busy = new Set<Id>();
  /** Ways to end a pause, and whether a connection does. */
  const sleepers = new Map<() => void, boolean>();

  async function work(roomId: Id): Promise<void> {
    if (busy.has(roomId)) return;
    busy.add(roomId);
    const mine = turn;
    let failures = 0;
    for (;;) {
      const entry = of(roomId).find((one) => !one.error);
      if (!entry) break;
      try {
        const message = await hooks.deliver(entry);
        if (mine !== turn) return;
        failures = 0;
        // Under this id the server has another text: whatever that was, it is not this message.
        if (message.text !== entry.text && !message.editedAt && !message.deletedAt) fail(entry, conflict());
        else {
          const mineStill = take(message);
          // Also where the entry is gone: discarded, or heard of in another way.
          hooks.onAnswer(message);
          hooks.onChange(roomId);
          if (mineStill) finish(message);
        }
      } catch (error) {
        if (mine !== turn) return;
        const known = toError(error);
        if (known.retryable) {
          const backoff = Math.random() * Math.min(BACKOFF_MS.most, BACKOFF_MS.base * 2 ** failures++);
          await sleep(Math.max(backoff, known.retryAfterMs ?? 0), known.retryAfterMs === undefined);
          if (mine !== turn) return;
        } else fail(entry, known);
      }
    }
    busy.delete(roomId);
  }

  const of = (roomId: Id) => [...entries.values()].filter((entry) => entry.roomId === roomId);

  function take({ clientId }: Message): boolean {
    if (userId) storage.remove(userId, clientId);
    return entries.delete(clientId);
  }

  function finish(message: Message): void {
    waiting.get(message.clientId)?.resolve(message);
    waiting.delete(message.clientId);
    hooks.onSent(message);
  }

  function fail(entry: OutboxEntry, error: CoTalkError): void {
    // Discarded while it was on the wire.
    if (!entries.has(entry.clientId)) return;
    keep({ ...entry, error });
    const waiter = waiting.get(entry.clientId);
    waiting.delete(entry.clientId);
    hooks.onChange(entry.roomId);
    if (waiter) waiter.reject(error);
    else hooks.onError(error);
  }

  function keep(entry: OutboxEntry): void {
    entries.set(entry.clientId, entry);
    if (userId) storage.put(userId, entry);
  }

  /** Puts an entry at the end of its room's queue. */
  function queue(entry: OutboxEntry): Promise<Message> {
    if (!userId) return Promise.reject(closedError());
    return new Promise((resolve, reject) => {
      waiting.set(entry.clientId, { resolve, reject });
      keep(entry);
      hooks.onChange(entry.roomId);
      void work(entry.roomId);
    });
  }

  function discard(clientId: string): void {
    const entry = entries.get(clientId);
    if (!entry) return;
    entries.delete(clientId);
    if (userId) storage.remove(userId, clientId);
    waiting.get(clientId)?.reject(new CoTalkError('closed', 'unable to send the message; it was discarded'));
    waiting.delete(clientId);
    hooks.onChange(entry.roomId);
  }

  function sleep(ms: number, wakeable: boolean): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      sleepers.set(wake, wakeable);
    });
  }

  function wake(all = false): void {
    for (const [one, wakeable] of [...sleepers]) if (all || wakeable) one();
  }

  return {
    start(id) {
      userId = id;
      const mine = turn;
      void storage.load(id).then((stored) => {
        if (mine !== turn) return;
        const since = [...entries.values()];
        entries.clear();
        for (const entry of [...stored, ...since]) entries.set(entry.clientId, entry);
        for (const roomId of new Set(stored.map((entry) => entry.roomId))) {
          hooks.onChange(roomId);
          void work(roomId);
        }
      });
    },
    stop(erase) {
      turn += 1;
      if (userId && erase) storage.erase(userId);
      userId = null;
      entries.clear();
      busy.clear();
      wake(true);
      const left = [...waiting.values()];
      waiting.clear();
      for (const { reject } of left) reject(closedError());
    },
    entries: of,
    add: (roomId, text) => queue({ clientId: newId(), roomId, text, createdAt: new Date().toISOString(), error: null }),
    discard,
    retry(clientId) {
      const entry = entries.get(clientId);
      if (!entry?.error) {
        return Promise.reject(
          new CoTalkError('not_found', 'unable to send again; no failed message has this clientId'),
        );
      }
      discard(clientId);
      // Its id belongs to another message for ever.
      const id = entry.error.code === 'conflict' ? newId() : clientId;
      return queue({ ...entry, clientId: id, error: null });
    },
    stored(messages) {
      const mine = turn;
      for (const message of messages) {
        if (message.senderId !== userId || !entries.has(message.clientId)) continue;
        take(message);
        // The one who calls puts it into the store first.
        queueMicrotask(() => {
          if (mine === turn) finish(message);
        });
      }
    },
    wake: () => wake(),
  };
}

const conflict = () =>
  new CoTalkError('conflict', 'unable to send the message; another text was stored in its place; send it again', {
    status: 409,
  });

/** `randomUUID` is missing on pages without HTTPS. */
function newId(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
