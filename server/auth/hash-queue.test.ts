import { expect, test } from 'vitest';
import { AppError } from '../errors.ts';
import { createHashQueue } from './hash-queue.ts';

/** Jobs that end when told to. */
function jobs() {
  const ends: ((fail?: boolean) => void)[] = [];
  const job = () =>
    new Promise<string>((resolve, reject) => {
      ends.push((fail = false) => {
        if (fail) reject(new Error('failed'));
        else resolve('done');
      });
    });
  return { job, ends };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

test('runs a few at once, lets some wait, and refuses the rest with a time to come back', async () => {
  const inQueue = createHashQueue(2, 1);
  const { job, ends } = jobs();
  const [first, second, third] = [inQueue(job), inQueue(job), inQueue(job)];
  const error: unknown = await inQueue(job).catch((refused: unknown) => refused);
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ code: 'overloaded', status: 503 });
  expect((error as AppError).retryAfterMs).toBeGreaterThan(0);

  await settle();
  expect(ends).toHaveLength(2);
  ends[0]?.();
  expect(await first).toBe('done');
  await settle();
  expect(ends).toHaveLength(3);
  ends[1]?.();
  ends[2]?.();
  expect(await Promise.all([second, third])).toEqual(['done', 'done']);
});

test('a job that fails gives its place to the next', async () => {
  const inQueue = createHashQueue(1, 10);
  const { job, ends } = jobs();
  const first = inQueue(job);
  const failed = expect(first).rejects.toThrow('failed');
  const second = inQueue(job);
  ends[0]?.(true);
  await failed;
  await settle();
  ends[1]?.();
  expect(await second).toBe('done');
  const third = inQueue(job);
  await settle();
  ends[2]?.();
  expect(await third).toBe('done');
});
