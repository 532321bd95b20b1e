import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Message, MessageEvent } from '@co-talk/sdk/protocol';
import { createOften } from './often.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const change = (roomId: string, id: string, rev: number): MessageEvent => ({
  ...{ roomId, rev },
  message: { id, roomId, rev } as Message,
});
const row = ({ from, rev, message }: MessageEvent) => [from ?? rev, rev, message.id, message.rev];

test('the first is told at once, what follows together, and each room for itself', () => {
  const told: MessageEvent[] = [];
  const often = createOften((event) => told.push(event));
  for (let rev = 2; rev <= 50; rev += 1) often.tell(change('a', 'm', rev));
  often.tell(change('b', 'n', 9));
  expect(told.map(row)).toEqual([
    [2, 2, 'm', 2],
    [9, 9, 'n', 9],
  ]);
  vi.advanceTimersByTime(100);
  expect(told.slice(2).map(row)).toEqual([[3, 50, 'm', 50]]);
  vi.advanceTimersByTime(100);
  often.tell(change('a', 'm', 51));
  expect(told.slice(3).map(row)).toEqual([[51, 51, 'm', 51]]);
});

test('what is kept back is told when the server goes', () => {
  const told: MessageEvent[] = [];
  const often = createOften((event) => told.push(event));
  for (const rev of [2, 3, 4]) often.tell(change('a', 'm', rev));
  often.close();
  expect(told.map(row)).toEqual([
    [2, 2, 'm', 2],
    [3, 4, 'm', 4],
  ]);
  expect(vi.getTimerCount()).toBe(0);
});

test('every change is told once, none of others, and each message ends as it is', () => {
  const changes = fc.array(fc.record({ mine: fc.boolean(), id: fc.constantFrom('m', 'n', 'o'), wait: fc.nat(60) }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(changes, (all) => {
      const told: MessageEvent[] = [];
      const often = createOften((event) => told.push(event));
      const last = new Map<string, number>();
      const mine: number[] = [];
      all.forEach(({ mine: isMine, id, wait }, place) => {
        if (!isMine) return;
        mine.push(place + 1);
        last.set(id, place + 1);
        often.tell(change('a', id, place + 1));
        vi.advanceTimersByTime(wait);
      });
      vi.advanceTimersByTime(1_000);
      const revs = told.flatMap(({ from, rev }) =>
        Array.from({ length: rev - (from ?? rev) + 1 }, (_, n) => (from ?? rev) + n),
      );
      expect(revs).toEqual(mine);
      const now = new Map<string, number>();
      // Whoever has applied a change has everything up to it.
      for (const { rev, message } of told) {
        now.set(message.id, message.rev);
        for (const [id, end] of last) if (end <= rev) expect(now.get(id)).toBe(end);
      }
    }),
  );
});
