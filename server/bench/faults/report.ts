import type { Violation } from './evidence.ts';
import type { RunResult } from './run.ts';

/** What a run comes to, in numbers. Times are in milliseconds. */
export interface Summary {
  seed: number;
  nodes: number;
  faults: number;
  attempted: number;
  acked: number;
  failed: number;
  delivered: number;
  states: number;
  lost: number;
  doubled: number;
  reordered: number;
  other: number;
  healP50: number;
  healP95: number;
  healMax: number;
}

const NAMED: readonly Violation['what'][] = ['lost', 'doubled', 'reordered'];

export function summarize({ seed, nodes, faults, evidence, violations }: RunResult): Summary {
  const { attempts, views, heals } = evidence;
  const times = heals.map(({ ms }) => ms).sort((a, b) => a - b);
  const count = (what: Violation['what']) => violations.filter((violation) => violation.what === what).length;
  return {
    seed,
    nodes,
    faults: faults.length,
    attempted: attempts.length,
    acked: attempts.filter(({ outcome }) => outcome === 'sent').length,
    failed: attempts.filter(({ outcome }) => outcome === 'failed').length,
    delivered: views.reduce((sum, { heard }) => sum + heard.length, 0),
    states: views.reduce((sum, view) => sum + view.states, 0),
    lost: count('lost'),
    doubled: count('doubled'),
    reordered: count('reordered'),
    other: violations.filter(({ what }) => !NAMED.includes(what)).length,
    healP50: at(times, 0.5),
    healP95: at(times, 0.95),
    healMax: times.at(-1) ?? 0,
  };
}

const at = (sorted: number[], part: number): number => sorted[Math.floor(sorted.length * part)] ?? 0;

const HEAD = [
  ...['seed', 'nodes', 'faults', 'attempted', 'acked', 'failed', 'delivered', 'states seen'],
  ...['lost', 'doubled', 'reordered', 'other', 'heal p50', 'p95', 'max'],
];

/** A table in Markdown. */
export function table(summaries: readonly Summary[]): string {
  const rows = summaries.map(({ healP50, healP95, healMax, ...counts }) => [
    ...Object.values(counts).map((value) => value.toLocaleString('en')),
    ...[healP50, healP95, healMax].map((ms) => `${Math.round(ms)} ms`),
  ]);
  const lines = [HEAD, HEAD.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${lines.join('\n')}\n`;
}
