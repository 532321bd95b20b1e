import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quoteOf } from './quotes.ts';
import { message } from './testing.ts';
import { reduceMessages, type MessageWindow } from './window.ts';
import type { Message } from './protocol/index.ts';

const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
const page = (from: number, to: number, lastSeq: number, firstSeq = 1) => ({
  items: range(from, to).map((seq) => message(seq)),
  firstSeq,
  lastSeq,
});

function open(from: number, to: number, lastSeq: number): MessageWindow {
  const window = reduceMessages(null, { kind: 'page', page: page(from, to, lastSeq) });
  if (!window) throw new Error('no window');
  return window;
}

const seqs = (window: MessageWindow | null) => window?.messages.map((one) => one.seq);

test('the newest page follows new messages, one in the middle does not', () => {
  const newest = reduceMessages(open(51, 100, 100), { kind: 'merge', messages: [message(101)] });
  expect(seqs(newest)).toEqual(range(51, 101));
  const middle = open(20, 69, 100);
  expect(middle.live).toBe(false);
  expect(reduceMessages(middle, { kind: 'merge', messages: [message(101)] })).toBe(middle);
});

test('an empty room takes its first message', () => {
  const window = reduceMessages(null, { kind: 'page', page: page(1, 0, 0) });
  expect(seqs(reduceMessages(window, { kind: 'merge', messages: [message(1)] }))).toEqual([1]);
});

test('one who joined late and sees no history takes the next message', () => {
  const window = reduceMessages(null, { kind: 'page', page: { items: [], firstSeq: 41, lastSeq: 40 } });
  expect(window).toMatchObject({ start: 41, end: 40, firstSeq: 41, live: true });
  expect(seqs(reduceMessages(window, { kind: 'merge', messages: [message(41)] }))).toEqual([41]);
});

test('of two versions of a message the higher revision stays', () => {
  const window = open(1, 3, 3);
  const edited = reduceMessages(window, { kind: 'merge', messages: [message(2, { rev: 9, text: 'edited' })] });
  expect(edited?.messages[1]?.text).toBe('edited');
  const again = reduceMessages(edited, { kind: 'merge', messages: [message(2, { rev: 4, text: 'older' })] });
  expect(again).toBe(edited);
  // What did not change is the same object: a list renders it no second time.
  expect(edited?.messages[0]).toBe(window.messages[0]);
});

test('a message beyond a hole is not shown: the window stops following and is continued by pages', () => {
  const window = reduceMessages(open(1, 5, 5), { kind: 'merge', messages: [message(7)] });
  expect(seqs(window)).toEqual(range(1, 5));
  expect(window?.live).toBe(false);
  const whole = reduceMessages(window, { kind: 'after', page: page(6, 7, 7) });
  expect(seqs(whole)).toEqual(range(1, 7));
  expect(whole?.live).toBe(true);
});

test('a page that does not touch the window is left out', () => {
  const window = open(50, 60, 100);
  expect(reduceMessages(window, { kind: 'before', page: page(1, 20, 100) })).toBe(window);
  expect(reduceMessages(window, { kind: 'after', page: page(80, 100, 100) })).toBe(window);
});

test('an empty page of older messages is the beginning', () => {
  const window = reduceMessages(open(5, 9, 9), { kind: 'before', page: { items: [], firstSeq: 1, lastSeq: 9 } });
  expect(window?.start).toBe(window?.firstSeq);
});

/** Any pages and messages, in any order, of a room of `last` messages. */
const change = fc.record({
  kind: fc.constantFrom('page', 'before', 'after', 'merge'),
  a: fc.nat(60),
  b: fc.nat(12),
  rev: fc.nat(5),
});

test('whatever comes in whatever order, the window is dense, ascending, within the room, and never goes back in content', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const last = 60;
      let window: MessageWindow | null = null;
      for (const { kind, a, b, rev } of changes) {
        const before = new Map<number, Message>((window?.messages ?? []).map((one) => [one.seq, one]));
        const from = Math.max(1, a);
        const to = Math.min(last, from + b);
        if (kind === 'merge')
          window = reduceMessages(window, {
            kind,
            messages: range(from, to).map((seq) => message(seq, { rev: seq + rev })),
          });
        else if (kind === 'page') window = reduceMessages(window, { kind: 'page', page: page(from, to, last) });
        else window = reduceMessages(window, { kind, page: page(from, to, last) });
        if (!window) continue;
        expect(seqs(window)).toEqual(range(window.start, window.end));
        expect(window.end).toBeLessThanOrEqual(last);
        if (kind === 'page') continue;
        for (const one of window.messages) expect(one.rev).toBeGreaterThanOrEqual(before.get(one.seq)?.rev ?? 0);
      }
    }),
  );
});

test('the quotes of a message change with it, and never back', () => {
  const [first, second] = [message(1), message(2, { rev: 2 })];
  const answer = message(3, { rev: 3, replyTo: quoteOf(first) });
  const items = [first, second, answer];
  const window = reduceMessages(null, { kind: 'page', page: { items, firstSeq: 1, lastSeq: 3 } });
  const merge = (held: typeof window, ...messages: Message[]) => reduceMessages(held, { kind: 'merge', messages });
  const edited = merge(window, message(1, { rev: 4, text: 'edited' }));
  expect(edited?.messages[2]?.replyTo).toEqual({
    ...{ id: 'message-1', seq: 1, rev: 4, senderId: 'other', text: 'edited', deleted: false },
  });
  expect(edited?.messages[1]).toBe(window?.messages[1]);
  // An answer that was read before the edit, and comes after it.
  const late = merge(edited, message(4, { rev: 5, replyTo: quoteOf(first) }));
  expect(late?.messages[3]?.replyTo?.text).toBe('edited');
  const gone = merge(late, message(1, { rev: 6, text: '', deletedAt: '2026-01-02T00:00:00.000Z' }));
  expect(gone?.messages.slice(2).map((one) => one.replyTo)).toMatchObject([
    { text: '', deleted: true, rev: 6 },
    { text: '', deleted: true, rev: 6 },
  ]);
  expect(merge(gone, message(1, { rev: 4, text: 'edited' }))).toBe(gone);
});

test('so do those of messages that are not held themselves', () => {
  const quoted = message(1);
  const answer = message(30, { replyTo: quoteOf(quoted) });
  const window = reduceMessages(null, { kind: 'page', page: { items: [answer], firstSeq: 1, lastSeq: 30 } });
  const now = reduceMessages(window, { kind: 'merge', messages: [message(1, { rev: 31, text: 'edited' })] });
  expect(now?.messages).toMatchObject([{ seq: 30, replyTo: { text: 'edited', rev: 31 } }]);
});

test('a quote is as long as the server makes it', () => {
  expect(quoteOf(message(1, { text: '😀'.repeat(300) })).text).toBe('😀'.repeat(200));
});
