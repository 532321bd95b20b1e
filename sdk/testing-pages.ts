import type { persistentCache } from './cache.ts';
import type { createClient } from './index.ts';

/** Another page of the same site, with a memory of its own: what a second tab is to the first. */
export interface PageTab {
  createClient: typeof createClient;
  persistentCache: typeof persistentCache;
  window: Window;
  /** Like closing a tab: nothing in it runs any more, and nothing had time to clean up. */
  close: () => void;
}

type Modules = Pick<PageTab, 'createClient' | 'persistentCache'>;

const tabs = new Set<PageTab>();

/** @param before runs in the page before anything else: a script */
export async function openTab(before = ''): Promise<PageTab> {
  const frame = document.createElement('iframe');
  const loaded = new Promise<Modules>((resolve, reject) => {
    Object.assign(window, { tabLoaded: resolve, tabFailed: reject });
  });
  const [index, cache] = ['./index.ts', './cache.ts'].map((path) => new URL(path, import.meta.url).href);
  frame.srcdoc = `<script>${before}</script><script type="module">
    Promise.all([import('${index ?? ''}'), import('${cache ?? ''}')]).then(
      ([{ createClient }, { persistentCache }]) => parent.tabLoaded({ createClient, persistentCache }),
      (error) => parent.tabFailed(error),
    );
  </script>`;
  document.body.append(frame);
  const modules = await loaded;
  const { contentWindow } = frame;
  if (!contentWindow) throw new Error('the tab has no window');
  const tab: PageTab = {
    ...modules,
    window: contentWindow,
    close: () => {
      tabs.delete(tab);
      frame.remove();
    },
  };
  tabs.add(tab);
  return tab;
}

export function closeTabs(): void {
  for (const tab of [...tabs]) tab.close();
}

/** No page of this site has databases any more. */
export async function forgetDatabases(): Promise<void> {
  for (const { name } of await indexedDB.databases()) {
    if (name === undefined) continue;
    await new Promise<void>((resolve) => {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = () => resolve();
      request.onerror = () => resolve();
    });
  }
}
