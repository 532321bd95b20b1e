import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrive, asking, caughtUp, drain, lineAt, type Line, type Step } from './line.ts';

/** Steps that cover 1..n without holes, some of them standing for several changes. */
const steps = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 40 }).map((widths) => {
  let rev = 0;
  return widths.map((width): Step => {
    const from = rev + 1;
    rev += width;
    return width === 1 ? { rev } : { from, rev };
  });
});

function run(line: Line<Step>, arriving: readonly Step[]): { line: Line<Step>; applied: Step[] } {
  const applied: Step[] = [];
  let now = line;
  for (const step of arriving) {
    const { line: next, due } = drain(arrive(now, step));
    applied.push(...due);
    now = next;
  }
  return { line: now, applied };
}

test('whatever the order and however often they come, steps are applied once and in order', () => {
  const shuffled = steps.chain((all) =>
    fc.tuple(
      fc.constant(all),
      fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2, maxLength: all.length * 2 }),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([all, arriving]) => {
      const { line, applied } = run(lineAt(0), arriving);
      expect(applied).toEqual(all);
      expect(line).toEqual({ applied: all.at(-1)?.rev, heard: all.at(-1)?.rev, waiting: [] });
    }),
  );
});

test('behind a missing step everything waits, and passes when what was missed comes in another way', () => {
  fc.assert(
    fc.property(steps, fc.nat(), (all, at) => {
      const missing = all[at % all.length];
      if (!missing) return;
      const { line, applied } = run(
        lineAt(0),
        all.filter((step) => step !== missing),
      );
      expect(applied).toEqual(all.filter((step) => step.rev < missing.rev));
      expect(line.heard > line.applied).toBe(missing !== all.at(-1));
      const healed = caughtUp(line, missing.rev);
      expect(healed.due).toEqual(all.filter((step) => step.rev > missing.rev));
      expect(healed.line.waiting).toEqual([]);
    }),
  );
});

test('a step that stands for changes partly applied is applied', () => {
  const { applied } = run(lineAt(3), [{ from: 2, rev: 5 }]);
  expect(applied).toEqual([{ from: 2, rev: 5 }]);
});

test('old steps change nothing', () => {
  const line = lineAt<Step>(5);
  expect(drain(arrive(line, { rev: 5 }))).toEqual({ line, due: [] });
});

test('no more than 200 steps are kept, and that something is missing is not forgotten', () => {
  const { line } = run(
    lineAt(0),
    Array.from({ length: 500 }, (_, index) => ({ rev: index + 2 })),
  );
  expect(line.waiting).toHaveLength(200);
  const { line: after, due } = caughtUp(line, 1);
  expect(due).toHaveLength(200);
  expect(after.applied).toBe(201);
  const { line: later } = run(after, [{ rev: 502 }]);
  expect(later.heard).toBeGreaterThan(later.applied);
});

test('what is heard of while an answer is on its way is not forgotten; what was heard of before is answered', () => {
  const before = asking({ ...lineAt<Step>(5), heard: 9 });
  expect(before.heard).toBe(5);
  const meanwhile = { ...before, heard: 12 };
  const { line } = caughtUp(meanwhile, 10);
  expect(line).toEqual({ applied: 10, heard: 12, waiting: [] });
  expect(caughtUp(before, 10).line).toEqual({ applied: 10, heard: 10, waiting: [] });
});

test('of two with the same end, the one that stands for more counts', () => {
  const both: Step[] = [{ rev: 7 }, { from: 4, rev: 7 }];
  for (const steps of [both, both.toReversed()]) {
    const line = steps.reduce<Line<Step>>(arrive, lineAt(3));
    expect(drain(line).due).toEqual([{ from: 4, rev: 7 }]);
  }
});
