import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CoTalkError } from './errors.ts';
import { createOutbox, type OutboxEntry } from './outbox.ts';
import { outboxStorage } from './outbox-storage.ts';
import { quoteOf } from './quotes.ts';
import { memoryStorage, safeStorage, type SessionStorage } from './session-storage.ts';
import { shelfIn } from './shelf.ts';
import { message } from './testing.ts';
import type { Message } from './protocol/index.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const PREFIX = 'co-talk:https://chat.example:default';
const { setImmediate: realImmediate } = globalThis;
/** Lets promises settle, and the locks between tabs, which know no fake time. */
async function flush(): Promise<void> {
  for (let n = 0; n < 5; n += 1) {
    await vi.advanceTimersByTimeAsync(0);
    await new Promise((resolve) => realImmediate(resolve));
  }
}
const refuse = (code: 'overloaded' | 'blocked' | 'network', more = {}) =>
  new CoTalkError(code, `unable to send; ${code}`, more);
const stored = (entry: OutboxEntry, seq: number): Message =>
  message(seq, { roomId: entry.roomId, clientId: entry.clientId, text: entry.text, senderId: 'me' });

/** An outbox whose deliveries the test answers one by one. */
function open(storage: SessionStorage = memoryStorage(), userId = 'me') {
  const attempts: {
    entry: OutboxEntry;
    at: number;
    resolve: (message: Message) => void;
    reject: (error: CoTalkError) => void;
  }[] = [];
  const answers: Message[] = [];
  const sent: Message[] = [];
  const errors: CoTalkError[] = [];
  const outbox = createOutbox(outboxStorage(shelfIn(safeStorage(storage), `${PREFIX}:`)), PREFIX, {
    deliver: (entry) => new Promise((resolve, reject) => attempts.push({ entry, at: Date.now(), resolve, reject })),
    onAnswer: (one) => answers.push(one),
    onSent: (one) => sent.push(one),
    onChange: () => undefined,
    onError: (error) => errors.push(error),
  });
  outbox.start(userId);
  const last = () => {
    const attempt = attempts.at(-1);
    if (!attempt) throw new Error('nothing was attempted');
    return attempt;
  };
  return { outbox, attempts, answers, sent, errors, last };
}

test('messages of a room go one after the other, of two rooms at once', async () => {
  const { outbox, attempts } = open();
  for (const [room, text] of [
    ['a', '1'],
    ['a', '2'],
    ['b', '3'],
  ] as const)
    void outbox.add(room, text);
  await flush();
  expect(attempts.map(({ entry }) => entry.text)).toEqual(['1', '3']);
  const [first] = attempts;
  first?.resolve(stored(first.entry, 1));
  await flush();
  expect(attempts.map(({ entry }) => entry.text)).toEqual(['1', '3', '2']);
});

test('an answer resolves the promise and takes the entry out', async () => {
  const { outbox, last, sent, answers } = open();
  const promise = outbox.add('room', 'hello');
  await flush();
  expect(outbox.entries('room')).toMatchObject([{ text: 'hello', error: null }]);
  last().resolve(stored(last().entry, 7));
  expect(await promise).toMatchObject({ seq: 7 });
  expect(outbox.entries('room')).toEqual([]);
  expect([sent.length, answers.length]).toEqual([1, 1]);
});

test('what may succeed later is tried again under the same clientId, at least every 15 s', async () => {
  const { outbox, attempts, last } = open();
  const promise = outbox.add('room', 'hello');
  for (let n = 1; n <= 12; n += 1) {
    await flush();
    expect(attempts).toHaveLength(n);
    last().reject(refuse('network'));
    await vi.advanceTimersByTimeAsync(15_000);
  }
  last().resolve(stored(last().entry, 1));
  expect(await promise).toMatchObject({ seq: 1 });
  expect(new Set(attempts.map(({ entry }) => entry.clientId)).size).toBe(1);
});

test('the pause before the next attempt is random below a ceiling that doubles', async () => {
  for (const [failures, ceiling] of [
    [1, 500],
    [2, 1000],
    [3, 2000],
    [6, 15_000],
  ] as const) {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const { outbox, attempts, last } = open();
    void outbox.add('room', 'hello');
    await flush();
    for (let n = 1; n < failures; n += 1) {
      last().reject(refuse('network'));
      await vi.advanceTimersByTimeAsync(15_000);
    }
    const { length } = attempts;
    last().reject(refuse('network'));
    await vi.advanceTimersByTimeAsync(ceiling / 2 - 1);
    expect(attempts).toHaveLength(length);
    await vi.advanceTimersByTimeAsync(1);
    expect(attempts).toHaveLength(length + 1);
    vi.mocked(Math.random).mockRestore();
  }
});

test('a connection ends the pause at once, but not the one that the server asked for', async () => {
  const { outbox, attempts, last } = open();
  void outbox.add('room', 'hello');
  await flush();
  vi.spyOn(Math, 'random').mockReturnValue(0.99);
  last().reject(refuse('network'));
  await flush();
  outbox.wake();
  await flush();
  expect(attempts).toHaveLength(2);
  last().reject(refuse('overloaded', { retryable: true, retryAfterMs: 4_000 }));
  await flush();
  outbox.wake();
  await vi.advanceTimersByTimeAsync(3_999);
  expect(attempts).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(attempts).toHaveLength(3);
  vi.mocked(Math.random).mockRestore();
});

test('what cannot succeed fails with the reason, and the next message goes on', async () => {
  const { outbox, attempts, last } = open();
  const promise = outbox.add('room', 'one');
  void outbox.add('room', 'two');
  await flush();
  const failed = expect(promise).rejects.toMatchObject({ code: 'blocked' });
  last().reject(refuse('blocked'));
  await failed;
  await flush();
  expect(attempts.map(({ entry }) => entry.text)).toEqual(['one', 'two']);
  expect(outbox.entries('room')).toMatchObject([
    { text: 'one', error: { code: 'blocked' } },
    { text: 'two', error: null },
  ]);
});

test('a failed message is tried again under its clientId, behind the others', async () => {
  const { outbox, last } = open();
  const first = outbox.add('room', 'one').catch(() => undefined);
  await flush();
  const { clientId } = last().entry;
  last().reject(refuse('blocked'));
  await first;
  const again = outbox.retry(clientId);
  await flush();
  expect(last().entry).toMatchObject({ clientId, text: 'one', error: null });
  last().resolve(stored(last().entry, 3));
  expect(await again).toMatchObject({ seq: 3 });
  await expect(outbox.retry(clientId)).rejects.toMatchObject({ code: 'not_found' });
});

test('another text under the same id: failed as conflict, the text is kept, and trying again makes a new id', async () => {
  const { outbox, last, sent } = open();
  const promise = outbox.add('room', 'mine');
  await flush();
  const failed = expect(promise).rejects.toMatchObject({ code: 'conflict' });
  const { clientId } = last().entry;
  last().resolve({ ...stored(last().entry, 1), text: 'another' });
  await failed;
  expect(outbox.entries('room')).toMatchObject([{ text: 'mine', error: { code: 'conflict' } }]);
  expect(sent).toEqual([]);
  void outbox.retry(clientId);
  await flush();
  expect(last().entry.text).toBe('mine');
  expect(last().entry.clientId).not.toBe(clientId);
});

test('a message that was edited elsewhere before the answer came is no conflict', async () => {
  const { outbox, last } = open();
  const promise = outbox.add('room', 'mine');
  await flush();
  last().resolve({ ...stored(last().entry, 1), text: 'mine, edited', editedAt: '2026-01-01T00:00:00.000Z' });
  expect(await promise).toMatchObject({ text: 'mine, edited' });
});

test('heard of by an event while the answer is lost: sent once', async () => {
  const { outbox, last, sent } = open();
  const promise = outbox.add('room', 'hello');
  await flush();
  const one = stored(last().entry, 4);
  outbox.stored([message(3), one]);
  expect(outbox.entries('room')).toEqual([]);
  expect(await promise).toMatchObject({ seq: 4 });
  last().resolve(one);
  await flush();
  expect(sent).toEqual([one]);
});

test("somebody else's message with the same clientId is not mine", async () => {
  const { outbox, last } = open();
  void outbox.add('room', 'hello');
  await flush();
  outbox.stored([{ ...stored(last().entry, 4), senderId: 'other' }]);
  expect(outbox.entries('room')).toHaveLength(1);
});

test('discarded while on the wire: the promise rejects, and if it was stored it is still shown', async () => {
  const { outbox, last, answers, sent } = open();
  const promise = outbox.add('room', 'hello');
  await flush();
  const rejected = expect(promise).rejects.toMatchObject({ code: 'closed' });
  outbox.discard(last().entry.clientId);
  await rejected;
  last().resolve(stored(last().entry, 1));
  await flush();
  expect(answers).toHaveLength(1);
  expect(sent).toHaveLength(0);
});

test('after a reload pending messages are sent in their order, failed ones are still there', async () => {
  const storage = memoryStorage();
  const before = open(storage);
  for (const text of ['refused', 'one', 'two']) void before.outbox.add('room', text).catch(() => undefined);
  await flush();
  before.last().reject(refuse('blocked'));
  await flush();
  before.outbox.stop(false);

  const after = open(storage);
  await flush();
  expect(after.outbox.entries('room').map(({ text, error }) => [text, error?.code])).toEqual([
    ['refused', 'blocked'],
    ['one', undefined],
    ['two', undefined],
  ]);
  expect(after.outbox.entries('room')[0]?.error).toBeInstanceOf(CoTalkError);
  expect(after.outbox.entries('room')[0]?.error?.message).toBe('unable to send; blocked');
  expect(after.attempts.map(({ entry }) => entry.text)).toEqual(['one']);
  expect(after.last().entry.clientId).toBe(before.last().entry.clientId);
  // Nobody waits for it: a failure is an error event.
  after.last().reject(refuse('blocked'));
  await flush();
  expect(after.errors.map(({ code }) => code)).toEqual(['blocked']);
});

test('a message typed while the stored ones are read comes after them', async () => {
  const storage = memoryStorage();
  const { outbox: last } = open(storage);
  void last.add('room', 'before').catch(() => undefined);
  await flush();
  last.stop(false);
  await flush();
  const slow: SessionStorage = {
    ...storage,
    get: async (key) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return storage.get(key);
    },
  };
  const { outbox, attempts } = open(slow);
  void outbox.add('room', 'after');
  for (let n = 0; n < 6; n += 1) {
    await flush();
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(outbox.entries('room').map(({ text }) => text)).toEqual(['before', 'after']);
  expect(attempts.map(({ entry }) => entry.text)).toEqual(['before']);
});

test('a storage that takes its time holds no message up for longer than a second', async () => {
  const never: SessionStorage = { ...memoryStorage(), get: () => new Promise(() => undefined) };
  const { outbox, attempts } = open(never);
  void outbox.add('room', 'hello');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(attempts.map(({ entry }) => entry.text)).toEqual(['hello']);
});

test('every tab sends its own; what a closed one leaves is taken over once, in order', async () => {
  const storage = memoryStorage();
  const [one, two, three] = [open(storage), open(storage), open(storage)];
  await flush();
  for (const text of ['1', '2']) void one.outbox.add('room', text).catch(() => undefined);
  void two.outbox.add('room', '3');
  await flush();
  const late = open(storage);
  await flush();
  expect([two, three, late].map(({ outbox }) => outbox.entries('room').length)).toEqual([1, 0, 0]);
  expect(await late.outbox.count()).toBe(3);

  for (const tab of [two, three, late]) tab.outbox.wake();
  await flush();
  one.outbox.stop(false);
  await flush();
  await vi.advanceTimersByTimeAsync(300);
  const heirs = [two, three, late].filter(({ outbox }) => outbox.entries('room').some(({ text }) => text === '1'));
  expect(heirs).toHaveLength(1);
  const { outbox, attempts } = heirs[0] ?? two;
  expect(outbox.entries('room').map(({ text }) => text)).toEqual(heirs[0] === two ? ['1', '2', '3'] : ['1', '2']);
  expect(attempts.at(-1)?.entry.clientId).toBe(
    heirs[0] === two ? two.attempts[0]?.entry.clientId : one.attempts[0]?.entry.clientId,
  );
});

test('what is discarded is not taken over by the tab that waits for it', async () => {
  const storage = memoryStorage();
  const [one, two] = [open(storage), open(storage)];
  await flush();
  void one.outbox.add('room', 'regretted').catch(() => undefined);
  await flush();
  two.outbox.wake();
  await flush();
  one.outbox.discard(one.last().entry.clientId);
  await flush();
  expect(await two.outbox.count()).toBe(0);
  expect(two.attempts).toEqual([]);
});

test('a corrupt storage is thrown away, a broken one costs nothing but the reload', async () => {
  for (const raw of ['{', '"x"', '[1,null,{"clientId":1}]', '{"a":1}']) {
    const storage = memoryStorage();
    await storage.set(`${PREFIX}:me:outbox`, raw);
    const { outbox, attempts } = open(storage);
    await flush();
    void outbox.add('room', 'hello');
    await flush();
    expect(attempts).toHaveLength(1);
  }
  const broken = () => {
    throw new Error('blocked');
  };
  const { outbox, last } = open({ get: broken, set: broken, remove: broken });
  const promise = outbox.add('room', 'hello');
  await flush();
  last().resolve(stored(last().entry, 1));
  expect(await promise).toMatchObject({ seq: 1 });
});

test('an explicit sign-out erases; an expired session keeps; nothing of one user is sent as another', async () => {
  const storage = memoryStorage();
  const { outbox, attempts } = open(storage);
  const lost = outbox.add('room', 'mine');
  await flush();
  const rejected = expect(lost).rejects.toMatchObject({ code: 'closed' });
  outbox.stop(false);
  await rejected;
  outbox.start('another');
  await flush();
  expect(outbox.entries('room')).toEqual([]);
  expect(attempts).toHaveLength(1);
  outbox.stop(true);

  outbox.start('me');
  await flush();
  expect(outbox.entries('room').map(({ text }) => text)).toEqual(['mine']);
  outbox.stop(true);
  outbox.start('me');
  await flush();
  expect(outbox.entries('room')).toEqual([]);
});

test('an answer that comes after a sign-out is dropped', async () => {
  const { outbox, last, answers } = open();
  void outbox.add('room', 'mine').catch(() => undefined);
  await flush();
  outbox.stop(true);
  outbox.start('another');
  last().resolve(stored(last().entry, 1));
  await flush();
  expect(answers).toEqual([]);
});

test('what a message answers goes with it, also after a reload and another try', async () => {
  const storage = memoryStorage();
  const before = open(storage);
  const replyTo = quoteOf(message(7));
  void before.outbox.add('room', 'an answer', { replyTo }).catch(() => undefined);
  await flush();
  before.outbox.stop(false);
  const { outbox, last } = open(storage);
  await flush();
  expect(last().entry.replyTo).toEqual(replyTo);
  last().reject(refuse('blocked'));
  await flush();
  void outbox.retry(last().entry.clientId);
  await flush();
  expect(last().entry).toMatchObject({ text: 'an answer', replyTo, error: null });
});
