import { AsyncLocalStorage } from 'node:async_hooks';
import { vi } from 'vitest';
import type { Shelf } from './shelf.ts';

/** One tab of a browser: it can end at any moment, without a word to what runs in it. */
export interface Tab {
  ended: () => boolean;
  /** Runs something as this tab: the locks it takes end with the tab. */
  run: <T>(work: () => T) => T;
  shelf: Shelf;
  close: () => void;
}

interface Hold {
  name: string;
  shared: boolean;
  tab: Tab | undefined;
  state: 'waiting' | 'held' | 'over';
  start: () => void;
}

/** The part of a browser that all tabs of an origin share: Web Locks and a shelf, both in memory. Stubs `navigator`. */
export function createBrowser() {
  const current = new AsyncLocalStorage<Tab>();
  const texts = new Map<string, string>();
  let holds: Hold[] = [];

  /** In the order of asking, as the standard has it. */
  function grant(): void {
    for (const hold of [...holds]) {
      if (hold.state !== 'waiting') continue;
      const before = holds.slice(0, holds.indexOf(hold)).filter(({ name }) => name === hold.name);
      if (before.some((other) => !hold.shared || !other.shared)) continue;
      hold.state = 'held';
      hold.start();
    }
  }

  function drop(hold: Hold): void {
    hold.state = 'over';
    holds = holds.filter((other) => other !== hold);
    grant();
  }

  function request(name: string, ...more: [LockOptions, () => Promise<unknown>] | [() => Promise<unknown>]) {
    const run = more.at(-1) as () => Promise<unknown>;
    const options = more.length > 1 ? (more[0] as LockOptions) : {};
    const tab = current.getStore();
    return new Promise<unknown>((resolve, reject) => {
      const shared = options.mode === 'shared';
      const hold: Hold = { name, shared, tab, state: 'waiting', start: () => undefined };
      const through = () => {
        const result = run();
        result.then(resolve, reject);
        const done = () => drop(hold);
        result.then(done, done);
      };
      hold.start = () => {
        queueMicrotask(() => {
          if (hold.state !== 'held') return;
          if (tab) tab.run(through);
          else through();
        });
      };
      options.signal?.addEventListener('abort', () => {
        if (hold.state === 'waiting') drop(hold);
        reject(new Error('aborted'));
      });
      holds.push(hold);
      grant();
    });
  }

  vi.stubGlobal('navigator', { locks: { request } });

  return {
    texts,
    open(delays: () => number): Tab {
      let ended = false;
      const tab: Tab = {
        ended: () => ended,
        run: (work) => current.run(tab, work),
        shelf: {
          async change(key, edit) {
            await new Promise((resolve) => setTimeout(resolve, delays()));
            // A transaction that was not committed when the tab ended never was.
            if (ended) return new Promise(() => undefined);
            const text = edit(texts.get(key) ?? null);
            if (text === null) texts.delete(key);
            else texts.set(key, text);
          },
        },
        close() {
          ended = true;
          const mine = holds.filter((hold) => hold.tab === tab);
          holds = holds.filter((hold) => hold.tab !== tab);
          for (const hold of mine) hold.state = 'over';
          grant();
        },
      };
      return tab;
    },
  };
}

export type Browser = ReturnType<typeof createBrowser>;
