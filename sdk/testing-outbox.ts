import { expect, vi } from 'vitest';
import { toError, CoTalkError } from './errors.ts';
import { createOutbox, type Outbox, type OutboxEntry } from './outbox.ts';
import { outboxStorage } from './outbox-storage.ts';
import { message } from './testing.ts';
import { createBrowser, type Tab } from './testing-tabs.ts';
import type { Id, Message } from './protocol/index.ts';

export const ROOMS = ['a', 'b'];
export const USERS = ['mina', 'ben'];
/** What the server has under a `clientId` that is not free. */
const FOREIGN = 'another text';

type End = 'stored' | 'unanswered' | 'lost' | 'busy' | 'refused' | 'taken';

/** What becomes of one attempt to send, with its times in ms. */
interface Fate {
  there: number;
  back: number;
  end: End;
}

interface Written {
  text: string;
  userId: Id;
  roomId: Id;
  page: number;
  /** Which sign-in it was written in. */
  session: number;
  outcome: 'pending' | 'sent' | 'failed' | 'closed';
  /** Nobody owes it any more: discarded, signed out, or the tab ended before it was written down. */
  given: boolean;
  /** Once failed and tried again, its place is another. */
  again: boolean;
  /** Tried again under another id. */
  renewed: boolean;
}

interface Open {
  tab: Tab;
  outbox: Outbox;
  page: number;
}

/** Two tabs, the accounts of two people and a server that stores by (room, sender, clientId). */
export class OutboxWorld {
  readonly stored: Message[] = [];
  readonly written: Written[] = [];
  readonly tabs: (Open | null)[] = [null, null];
  user: Id | null = 'mina';
  /** What went wrong in a place where nobody may throw. */
  readonly #broken: string[] = [];
  #calm = false;
  #turn = 0;
  #pages = 0;
  #sessions = 0;
  #several = false;
  readonly #fates: readonly Fate[];
  readonly #browser = createBrowser();

  constructor(fates: readonly Fate[]) {
    this.#fates = fates;
    this.open(0);
  }

  open(place: number): void {
    if (this.tabs[place]) return;
    const tab = this.#browser.open(() =>
      this.#calm ? 1 : (this.#fates[this.#turn % this.#fates.length]?.back ?? 0) % 20,
    );
    const outbox = tab.run(() =>
      createOutbox(outboxStorage(tab.shelf), 'test', {
        deliver: (entry) => this.#deliver(tab, entry),
        onAnswer: () => undefined,
        onSent: ({ text, senderId }) => {
          if (!text.startsWith(senderId)) this.#broken.push(`${text} was sent as ${senderId}`);
        },
        onChange: () => undefined,
        onError: () => undefined,
      }),
    );
    this.#pages += 1;
    this.tabs[place] = { tab, outbox, page: this.#pages };
    this.#several ||= this.tabs.every((open) => open !== null);
    if (this.user) this.#start(place, this.user);
  }

  close(place: number): void {
    const open = this.tabs[place];
    if (!open) return;
    open.tab.close();
    this.tabs[place] = null;
    const kept = [...this.#browser.texts.values()].join();
    for (const one of this.written) {
      if (one.page !== open.page || one.outcome === 'sent') continue;
      // Of a new id for an old message, the tab may have told the server and not the storage.
      if (one.renewed || !kept.includes(`"${one.text}"`)) one.given = true;
    }
  }

  write(place: number, roomId: Id): void {
    const open = this.tabs[place];
    if (!open || !this.user) return;
    const userId = this.user;
    const text = `${userId} ${this.written.length}`;
    const one: Written = {
      text,
      userId,
      roomId,
      page: open.page,
      session: this.#sessions,
      outcome: 'pending',
      given: false,
      again: false,
      renewed: false,
    };
    this.written.push(one);
    this.#follow(
      one,
      open.tab.run(() => open.outbox.add(roomId, text)),
    );
  }

  /** The others hear of it at once. @param erasing the tab in which somebody signs out; none where the session expires */
  signOut(erasing?: number): void {
    if (!this.user || (erasing !== undefined && !this.tabs[erasing])) return;
    for (const one of this.written) if (erasing !== undefined && one.userId === this.user) one.given = true;
    this.user = null;
    this.tabs.forEach((open, place) => open?.tab.run(() => open.outbox.stop(place === erasing)));
  }

  signIn(userId: Id): void {
    if (this.user) return;
    this.user = userId;
    this.#sessions += 1;
    this.tabs.forEach((_, place) => this.#start(place, userId));
  }

  failed(place: number): OutboxEntry[] {
    return ROOMS.flatMap((roomId) => this.tabs[place]?.outbox.entries(roomId) ?? []).filter(({ error }) => error);
  }

  retry(place: number, n: number): void {
    const entry = this.failed(place)[n % Math.max(1, this.failed(place).length)];
    const open = this.tabs[place];
    const one = this.written.find(({ text }) => text === entry?.text);
    if (!entry || !open || !one) return;
    one.again = true;
    one.page = open.page;
    one.renewed ||= entry.error?.code === 'conflict';
    this.#follow(
      one,
      open.tab.run(() => open.outbox.retry(entry.clientId)),
    );
  }

  discard(place: number, n: number): void {
    const entries = ROOMS.flatMap((roomId) => this.tabs[place]?.outbox.entries(roomId) ?? []);
    const entry = entries[n % Math.max(1, entries.length)];
    const one = this.written.find(({ text }) => text === entry?.text);
    if (!entry || !one) return;
    one.given = true;
    this.tabs[place]?.tab.run(() => this.tabs[place]?.outbox.discard(entry.clientId));
  }

  wake(): void {
    for (const open of this.tabs) open?.tab.run(() => open.outbox.wake());
  }

  /** Nothing is ever stored twice, or under another name. */
  check(): void {
    expect(this.#broken).toEqual([]);
    for (const { error } of [...this.failed(0), ...this.failed(1)]) {
      expect(['blocked', 'conflict'], 'only what the server refuses is given up').toContain(error?.code);
    }
    const mine = this.stored.filter(({ text }) => text !== FOREIGN);
    expect(new Set(mine.map(({ text }) => text)).size, 'nothing is stored twice').toBe(mine.length);
    for (const { text, senderId } of mine) expect(text.startsWith(senderId), `${text} by ${senderId}`).toBe(true);
    for (const { userId, roomId } of this.written) {
      for (const open of this.tabs) {
        const texts = open?.outbox.entries(roomId).map(({ text }) => text) ?? [];
        if (userId !== this.user) expect(texts.filter((text) => text.startsWith(userId))).toEqual([]);
      }
    }
  }

  /** Everybody comes once more, and the network holds. */
  async settle(): Promise<void> {
    this.#calm = true;
    const refused = new Set<string>();
    for (const userId of USERS) {
      this.signOut();
      await vi.advanceTimersByTimeAsync(20_000);
      this.signIn(userId);
      this.open(0);
      await vi.advanceTimersByTimeAsync(1_000);
      this.wake();
      await vi.advanceTimersByTimeAsync(60_000);
      // As a page of history tells.
      for (const open of this.tabs) open?.tab.run(() => open.outbox.stored(this.stored));
      for (const place of [0, 1]) for (const { text } of this.failed(place)) refused.add(text);
      this.check();
    }
    const texts = this.stored.map(({ text }) => text);
    for (const one of this.written) {
      const times = texts.filter((text) => text === one.text).length;
      const expected = refused.has(one.text) ? 0 : 1;
      if (one.outcome === 'sent' || !one.given) expect({ ...one, times }).toEqual({ ...one, times: expected });
      if (one.outcome === 'sent') expect(times).toBe(1);
    }
    this.#checkOrder(texts);
  }

  #checkOrder(texts: string[]): void {
    const inOrder = this.written.filter(({ text, again, given }) => !again && !given && texts.includes(text));
    // What one tab has left, another may send while the first goes on with the next.
    const queues = Map.groupBy(inOrder, ({ userId, roomId, page, session }) =>
      [userId, roomId, ...(this.#several ? [page, session] : [])].join(),
    );
    for (const queue of queues.values()) {
      const places = queue.map(({ text }) => texts.indexOf(text));
      expect(places, 'in the order of writing').toEqual([...places].sort((a, b) => a - b));
    }
  }

  #start(place: number, userId: Id): void {
    const open = this.tabs[place];
    open?.tab.run(() => open.outbox.start(userId));
  }

  #follow(one: Written, promise: Promise<Message>): void {
    one.outcome = 'pending';
    promise.then(
      () => (one.outcome = 'sent'),
      (error: unknown) => (one.outcome = toError(error).code === 'closed' ? 'closed' : 'failed'),
    );
  }

  async #deliver(tab: Tab, { roomId, clientId, text }: OutboxEntry): Promise<Message> {
    const senderId = this.user;
    // A tab that has ended runs no more.
    if (tab.ended()) return new Promise(() => undefined);
    const { there, back, end } = this.#fates[this.#turn++ % this.#fates.length] ?? { there: 0, back: 0, end: 'stored' };
    const is = (what: End) => !this.#calm && end === what;
    await pause(there);
    if (is('lost')) throw new CoTalkError('network', 'unable to reach the server; lost');
    if (is('busy')) {
      throw new CoTalkError('overloaded', 'unable to send; busy', { retryable: true, retryAfterMs: 1_000 });
    }
    // What is stored already is answered whatever has changed since.
    const known = this.stored.some((one) => one.senderId === senderId && one.clientId === clientId);
    if (is('refused') && !known) {
      // Should the tab end before it has noted that, the message is sent again, and its place is another.
      for (const one of this.written) if (one.text === text) one.again = true;
      throw new CoTalkError('blocked', 'unable to send; no');
    }
    if (!senderId) throw new CoTalkError('unauthenticated', 'unable to send; nobody is signed in', { retryable: true });
    const message = this.#store(roomId, senderId, clientId, is('taken') ? FOREIGN : text);
    await pause(back);
    if (is('unanswered')) throw new CoTalkError('timeout', 'unable to reach the server; no answer');
    return tab.ended() ? new Promise(() => undefined) : message;
  }

  #store(roomId: Id, senderId: Id, clientId: string, text: string): Message {
    const known = this.stored.find(
      (one) => one.roomId === roomId && one.senderId === senderId && one.clientId === clientId,
    );
    if (known) return known;
    const seq = this.stored.length + 1;
    const stored = message(seq, { roomId, senderId, clientId, text });
    this.stored.push(stored);
    return stored;
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
