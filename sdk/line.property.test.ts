import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrive, asking, caughtUp, drain, first, lineAt, type Line, type Step } from './line.ts';

/** Changes 1..n, some told as one: what a server has published. */
const published = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 400 }).map((sizes) => {
  let rev = 0;
  return sizes.map((size): Step => {
    const from = rev + 1;
    rev += size;
    return size > 1 ? { from, rev } : { rev };
  });
});

type Event = { live: number } | { fetched: number } | { ask: true };

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 30, arbitrary: fc.nat().map((live) => ({ live })) },
  { weight: 1, arbitrary: fc.nat().map((fetched) => ({ fetched })) },
  { weight: 1, arbitrary: fc.constant({ ask: true as const }) },
);

test('in whatever order and number changes come: each is due once, in order, without a gap, and no more than 200 wait', () => {
  fc.assert(
    fc.property(published, fc.nat(3), fc.array(event, { maxLength: 600, size: 'max' }), (steps, start, events) => {
      const end = steps.at(-1)?.rev ?? 0;
      let line: Line<Step> = lineAt(Math.min(start, end));
      const take = ({ line: next, due }: { line: Line<Step>; due: Step[] }, from: number) => {
        let applied = from;
        for (const step of due) {
          expect(first(step), 'no gap before it').toBeLessThanOrEqual(applied + 1);
          expect(step.rev, 'not again').toBeGreaterThan(applied);
          applied = step.rev;
        }
        expect(next.applied).toBe(applied);
        expect(next.waiting.every((step) => first(step) > applied + 1)).toBe(true);
        line = next;
      };
      for (const one of events) {
        const before = line.applied;
        if ('live' in one) {
          const step = steps[one.live % steps.length] ?? { rev: 1 };
          line = arrive(line, step);
          expect(line.applied).toBe(before);
          expect(line.heard).toBeGreaterThanOrEqual(Math.min(step.rev, end));
          take(drain(line), before);
        } else if ('fetched' in one) {
          const rev = 1 + (one.fetched % end);
          take(caughtUp(line, rev), Math.max(before, rev));
        } else line = asking(line);
        expect(line.applied).toBeGreaterThanOrEqual(before);
        expect(line.waiting.length).toBeLessThanOrEqual(200);
        const revs = line.waiting.map(({ rev }) => rev);
        expect(revs).toEqual([...new Set(revs)].sort((a, b) => a - b));
      }
    }),
    { numRuns: 50 },
  );
});

test('once everything has come, in any order, nothing waits', () => {
  fc.assert(
    fc.property(
      published
        .filter((steps) => steps.length <= 200)
        .chain((steps) => fc.shuffledSubarray(steps, { minLength: steps.length, maxLength: steps.length })),
      (steps) => {
        let line: Line<Step> = lineAt(0);
        const due: Step[] = [];
        for (const step of steps) {
          const moved = drain(arrive(line, step));
          line = moved.line;
          due.push(...moved.due);
        }
        const inOrder = [...steps].sort((a, b) => a.rev - b.rev);
        expect(due).toEqual(inOrder);
        expect(line).toEqual({ applied: inOrder.at(-1)?.rev, heard: inOrder.at(-1)?.rev, waiting: [] });
      },
    ),
    { numRuns: 200 },
  );
});

test('while the first is missing, no more than 200 wait, and what they start with goes on when it comes', () => {
  const later = Array.from({ length: 400 }, (_, index): Step => ({ rev: index + 2 }));
  fc.assert(
    fc.property(fc.shuffledSubarray(later, { minLength: 150 }), (steps) => {
      const line = steps.reduce<Line<Step>>(arrive, lineAt(0));
      expect(line.waiting.length).toBe(Math.min(200, steps.length));
      expect(line.heard).toBe(Math.max(...steps.map(({ rev }) => rev)));
      expect(drain(line).due).toEqual([]);
      const { due } = drain(arrive(line, { rev: 1 }));
      expect(due.map(({ rev }) => rev)).toEqual(due.map((_, index) => index + 1));
    }),
    { numRuns: 50 },
  );
});
