import type * as Menus from './components/menus.ts';

/** Fetches what sends and shows files. */
export function loadFiles(): void {
  import('./components/attachment-parts.ts').catch(() => undefined);
}

/** Fetches menus and questions. Until they are there, their elements are empty boxes of the right size. */
export function loadMenus(): Promise<typeof Menus | undefined> {
  // Offline: the next view that wants them asks again.
  return import('./components/menus.ts').catch(() => undefined);
}
