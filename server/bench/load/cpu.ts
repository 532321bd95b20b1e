import { readdirSync, readFileSync } from 'node:fs';

/** Microseconds per tick of the kernel's accounting (`man 5 proc`: 100 ticks a second on Linux). */
const TICK_US = 10_000;

/** Processor time used so far, in microseconds: of a process, and of all processes below it. 0 where the system cannot tell. */
export function cpuOf(pid: number): { self: number; below: number } {
  const all = processes();
  const below = (parent: number): number =>
    all.filter((one) => one.parent === parent).reduce((sum, one) => sum + one.us + below(one.pid), 0);
  return { self: all.find((one) => one.pid === pid)?.us ?? 0, below: below(pid) };
}

function processes(): { pid: number; parent: number; us: number }[] {
  let names: string[];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The program's name, in brackets, may hold spaces.
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      const [, parent = 0] = fields;
      return [{ pid: Number(name), parent, us: ((fields[11] ?? 0) + (fields[12] ?? 0)) * TICK_US }];
    } catch {
      return [];
    }
  });
}
