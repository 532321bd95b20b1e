import type { SessionStorage } from './session-storage.ts';

/** Texts by key that outlive the page. */
export interface Shelf {
  /**
   * Reads a text and puts another in its place; `null` is none. No other change comes in between, of this tab or another.
   * Never fails: a shelf that cannot keep anything gives `null` and forgets. `edit` must not throw, and may be called twice.
   */
  change(key: string, edit: (text: string | null) => string | null): Promise<void>;
}

/** @param storage one that does not throw */
export function shelfIn(storage: SessionStorage, prefix: string): Shelf {
  return {
    async change(key, edit) {
      const name = prefix + key;
      const raw = storage.get(name);
      // One that answers at once is read and written at once: other tabs may share it.
      const before = (raw instanceof Promise ? await raw : raw) ?? null;
      const text = edit(before);
      if (text === null) await storage.remove(name);
      else if (text !== before) await storage.set(name, text);
    },
  };
}

const TABLE = 'texts';
/** Some browsers never answer, for example while another tab is in the way. */
const PATIENCE_MS = 2_000;

/** A shelf in the browser's IndexedDB, shared by all tabs of the origin. */
export function indexedDbShelf(name: string): Shelf {
  let opened: Promise<IDBDatabase> | undefined;

  function open(): Promise<IDBDatabase> {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => void request.result.createObjectStore(TABLE);
    return settled(request).then((db) => {
      // Thrown away by another tab, or by the person.
      db.onversionchange = () => db.close();
      return db;
    });
  }

  async function attempt(key: string, edit: (text: string | null) => string | null): Promise<void> {
    const work = (await (opened ??= open())).transaction(TABLE, 'readwrite');
    const table = work.objectStore(TABLE);
    const read = table.get(key);
    read.onsuccess = () => {
      const before: unknown = read.result;
      const text = edit(typeof before === 'string' ? before : null);
      if (text === null) table.delete(key);
      else if (text !== before) table.put(text, key);
    };
    await new Promise((resolve, reject) => {
      work.oncomplete = resolve;
      work.onabort = () => reject(work.error ?? new Error());
    });
  }

  return {
    async change(key, edit) {
      const late = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS));
      const kept = attempt(key, edit).then(
        () => true,
        async (error: unknown) => {
          opened = undefined;
          // Of another shape than ours: nothing in it can be read.
          if ((error as Error).name === 'NotFoundError') await settled(indexedDB.deleteDatabase(name));
          return attempt(key, edit).then(
            () => true,
            () => (opened = undefined),
          );
        },
      );
      if (!(await Promise.race([kept.catch(() => false), late]))) edit(null);
    },
  };
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error());
  });
}
