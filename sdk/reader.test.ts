import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CoTalkError } from './errors.ts';
import { createReader } from './reader.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function open() {
  const told: { seq: number; at: number }[] = [];
  const start = Date.now();
  let known = 0;
  let failure: CoTalkError | null = null;
  const reader = createReader(
    () => known,
    (seq) => {
      told.push({ seq, at: Date.now() - start });
      if (failure) return Promise.reject(failure);
      known = seq;
      return Promise.resolve();
    },
  );
  return { reader, told, fail: (error: CoTalkError | null) => (failure = error), know: (seq: number) => (known = seq) };
}

test('the first mark goes at once, further ones together once a second, the last one always', async () => {
  const { reader, told } = open();
  for (let seq = 1; seq <= 25; seq += 1) {
    reader.want(seq);
    await vi.advanceTimersByTimeAsync(100);
  }
  await vi.advanceTimersByTimeAsync(5_000);
  expect(told.map(({ seq }) => seq)).toEqual([1, 10, 20, 25]);
  expect(told.map(({ at }) => at)).toEqual([0, 1_000, 2_000, 3_000]);
});

test('what is known already, or lies before it, is not told', async () => {
  const { reader, told, know } = open();
  know(10);
  reader.want(10);
  reader.want(7);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(told).toEqual([]);
});

test('a mark that did not get through is told again, at once when the connection is back', async () => {
  const { reader, told, fail } = open();
  fail(new CoTalkError('network', 'unable; no network'));
  reader.want(3);
  await vi.advanceTimersByTimeAsync(4_900);
  expect(told).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(told).toHaveLength(2);
  fail(null);
  reader.wake();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(told.map(({ seq }) => seq)).toEqual([3, 3, 3]);
});

test('the server’s wish to be left alone is heeded', async () => {
  const { reader, told, fail } = open();
  fail(new CoTalkError('rate_limited', 'unable; too many', { retryable: true, retryAfterMs: 30_000 }));
  reader.want(3);
  await vi.advanceTimersByTimeAsync(29_900);
  expect(told).toHaveLength(1);
  fail(null);
  await vi.advanceTimersByTimeAsync(200);
  expect(told).toHaveLength(2);
});

test('what cannot succeed is not tried again, a further mark is', async () => {
  const { reader, told, fail } = open();
  fail(new CoTalkError('not_found', 'unable; no such room'));
  reader.want(3);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).toHaveLength(1);
  reader.want(4);
  expect(told).toHaveLength(2);
});
