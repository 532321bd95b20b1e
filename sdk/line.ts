/** A change that carries its revision. `from`: it stands for the changes `from`..`rev`. */
export interface Step {
  rev: number;
  from?: number;
}

/** A row of revisions, 1, 2, 3 …, as one client has it: of a room, or of the signed-in user's own lists. */
export interface Line<S extends Step> {
  /** Every change up to here is applied. */
  readonly applied: number;
  /** The highest revision heard of. Above `applied`, something is missing. */
  readonly heard: number;
  /** What came before its turn, ascending. */
  readonly waiting: readonly S[];
}

/** What a line is now, and what may be applied, in order. */
export interface Moved<S extends Step> {
  line: Line<S>;
  due: S[];
}

/** More than this is fetched rather than kept. */
const WAITING_MAX = 200;

export function lineAt<S extends Step>(applied: number): Line<S> {
  return { applied, heard: applied, waiting: [] };
}

/** The first change that a step stands for. */
export const first = (step: Step): number => step.from ?? step.rev;

/** Takes in a change that came live: it waits for its turn. */
export function arrive<S extends Step>(line: Line<S>, step: S): Line<S> {
  const same = line.waiting.find((other) => other.rev === step.rev);
  if (step.rev <= line.applied || (same && first(same) <= first(step))) return line;
  const others = line.waiting.filter((other) => other !== same);
  const waiting = [...others, step].sort((a, b) => a.rev - b.rev).slice(0, WAITING_MAX);
  return { applied: line.applied, heard: Math.max(line.heard, step.rev), waiting };
}

/** Lets everything pass whose turn it is. */
export function drain<S extends Step>(line: Line<S>): Moved<S> {
  const due: S[] = [];
  const waiting: S[] = [];
  let { applied } = line;
  for (const step of line.waiting) {
    if (step.rev <= applied) continue;
    if (first(step) <= applied + 1) {
      due.push(step);
      applied = step.rev;
    } else waiting.push(step);
  }
  return { line: { applied, heard: Math.max(line.heard, applied), waiting }, due };
}

/** The line as it is when everything committed up to now is asked for: what was heard of before needs no second question. */
export function asking<S extends Step>(line: Line<S>): Line<S> {
  return { ...line, heard: Math.max(line.applied, line.waiting.at(-1)?.rev ?? 0) };
}

/** Every change up to `rev` came by another way. */
export function caughtUp<S extends Step>(line: Line<S>, rev: number): Moved<S> {
  return drain({ ...line, applied: Math.max(line.applied, rev) });
}
