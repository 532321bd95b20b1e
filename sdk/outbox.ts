import { CoTalkError, closedError, toError } from './errors.ts';
import { wait } from './http.ts';
import { newId } from './ids.ts';
import type { KeptEntry, OutboxStorage } from './outbox-storage.ts';
import { createOutboxTabs } from './outbox-tabs.ts';
import type { Change } from './outbox-tabs.ts';
import { createPauses } from './pauses.ts';
import type { Attachment, Id, Message, Quote, Time } from './protocol/index.ts';

/** A message of mine that the server has not confirmed. */
export interface OutboxEntry {
  clientId: string;
  roomId: Id;
  text: string;
  /** What it answers. */
  replyTo?: Quote;
  /** Its files, which are uploaded. */
  attachments?: readonly Attachment[];
  createdAt: Time;
  /** Why it was given up. */
  error: CoTalkError | null;
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
  /** Forgets what a user left unsent who is not signed in. */
  forget: (userId: Id) => void;
  entries: (roomId: Id) => OutboxEntry[];
  /** How many entries there are, over all rooms and tabs. */
  count: () => Promise<number>;
  add: (roomId: Id, text: string, more?: Pick<OutboxEntry, 'replyTo' | 'attachments'>) => Promise<Message>;
  retry: (clientId: string) => Promise<Message>;
  discard: (clientId: string) => void;
  /** Messages heard of in another way than by an answer: ends their entries, without telling `onChange`. */
  stored: (messages: readonly Message[]) => void;
  /** The connection or the page is back: try at once, and look for what closed tabs have left. */
  wake: () => void;
}

interface Waiting {
  resolve: (message: Message) => void;
  reject: (error: CoTalkError) => void;
}

const BACKOFF_MS = { base: 500, most: 15_000 };
/** Messages of this page come after those that the last one left. So long they wait at most: for a storage, and for a page that lives. */
const PATIENCE_MS = { storage: 1_000, page: 300 };

/**
 * Sends messages in order, one at a time per room, again and again under the same `clientId` until the server says
 * that it has them or that it never will.
 *
 * @param name of the locks by which tabs tell each other that they live
 */
export function createOutbox(storage: OutboxStorage, name: string, hooks: OutboxHooks): Outbox {
  let userId: Id | null = null;
  /** Tells one sign-in from the next, across awaits. */
  let scope = new AbortController();
  const entries = new Map<string, OutboxEntry>();
  const waiting = new Map<string, Waiting>();
  const busy = new Set<Id>();
  const pauses = createPauses();
  let ready: Promise<unknown> = Promise.resolve();
  const change: Change = (edit) => (userId ? storage.change(userId, edit) : Promise.resolve());
  const tabs = createOutboxTabs(name, change);

  async function work(roomId: Id): Promise<void> {
    if (busy.has(roomId)) return;
    busy.add(roomId);
    const mine = scope;
    let failures = 0;
    await ready;
    for (;;) {
      if (mine !== scope) return;
      const entry = of(roomId).find((one) => !one.error);
      if (!entry) break;
      try {
        const message = await hooks.deliver(entry);
        if (mine !== scope) return;
        failures = 0;
        // Under this id the server has another text: whatever that was, it is not this message.
        if (isAnother(message, entry)) fail(entry, conflict());
        else {
          const mineStill = remove(message);
          // Also where the entry is gone: discarded, or heard of in another way.
          hooks.onAnswer(message);
          hooks.onChange(roomId);
          if (mineStill) finish(message);
        }
      } catch (error) {
        if (mine !== scope) return;
        const known = toError(error);
        if (known.retryable) {
          const backoff = Math.random() * Math.min(BACKOFF_MS.most, BACKOFF_MS.base * 2 ** failures++);
          await pauses.pause(Math.max(backoff, known.retryAfterMs ?? 0), known.retryAfterMs === undefined);
        } else fail(entry, known);
      }
    }
    busy.delete(roomId);
  }

  const of = (roomId: Id) => [...entries.values()].filter((entry) => entry.roomId === roomId);

  function remove({ clientId }: Pick<Message, 'clientId'>): boolean {
    const had = entries.delete(clientId);
    const done = change((kept) => {
      const left = kept.filter((entry) => entry.clientId !== clientId);
      return left.length < kept.length ? left : kept;
    });
    if (entries.size === 0) tabs.leave(done);
    return had;
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
    const mine = { ...entry, owner: tabs.own() };
    void change((kept) => {
      const place = kept.findIndex((one) => one.clientId === entry.clientId);
      return place < 0 ? [...kept, mine] : kept.with(place, mine);
    });
  }

  const inherit = () => tabs.inherit(scope.signal, take);

  function take(found: KeptEntry[]): void {
    const since = [...entries.values()];
    entries.clear();
    // Of several that have ended, what is left comes in any order.
    const ordered = [...found, ...since].sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
    for (const entry of ordered) entries.set(entry.clientId, entry);
    if (entries.size === 0) tabs.leave(change((kept) => kept));
    for (const roomId of new Set(found.map((entry) => entry.roomId))) {
      hooks.onChange(roomId);
      void work(roomId);
    }
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
    remove({ clientId });
    waiting.get(clientId)?.reject(new CoTalkError('closed', 'unable to send the message; it was discarded'));
    waiting.delete(clientId);
    hooks.onChange(entry.roomId);
  }

  return {
    start(id) {
      userId = id;
      const left = inherit().then(({ later }) => Promise.race([later, wait(PATIENCE_MS.page)]));
      ready = Promise.race([left, wait(PATIENCE_MS.storage)]);
    },
    stop(erase) {
      tabs.leave(change((kept) => (erase ? [] : kept)));
      scope.abort();
      scope = new AbortController();
      userId = null;
      entries.clear();
      busy.clear();
      pauses.wake(true);
      const left = [...waiting.values()];
      waiting.clear();
      for (const { reject } of left) reject(closedError());
    },
    forget: (id) => void storage.change(id, () => []),
    entries: of,
    async count() {
      const ids = new Set(entries.keys());
      await change((kept) => {
        for (const { clientId } of kept) ids.add(clientId);
        return kept;
      });
      return ids.size;
    },
    add: (roomId, text, more) =>
      queue({ clientId: newId(), roomId, text, ...more, createdAt: new Date().toISOString(), error: null }),
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
      const mine = scope;
      for (const message of messages) {
        const entry = entries.get(message.clientId);
        if (message.senderId !== userId || !entry || isAnother(message, entry)) continue;
        remove(message);
        // The one who calls puts it into the store first.
        queueMicrotask(() => {
          if (mine === scope) finish(message);
        });
      }
    },
    wake() {
      pauses.wake();
      void inherit();
    },
  };
}

/** Another text was stored under the id of this one. */
const isAnother = ({ text, editedAt, deletedAt }: Message, entry: OutboxEntry) =>
  text !== entry.text && !editedAt && !deletedAt;

const conflict = () =>
  new CoTalkError('conflict', 'unable to send the message; another text was stored in its place; send it again', {
    status: 409,
  });
