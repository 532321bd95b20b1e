/**
 * Where the session and unsent messages are kept, as strings by key. Bring your own for React Native, Electron or an
 * encrypted store. A storage that throws is treated as if it kept nothing.
 *
 * @example
 * import AsyncStorage from '@react-native-async-storage/async-storage';
 * const client = createClient({
 *   server: 'https://chat.example.com',
 *   app: 'default',
 *   storage: { get: AsyncStorage.getItem, set: AsyncStorage.setItem, remove: AsyncStorage.removeItem },
 * });
 */
export interface SessionStorage {
  get(key: string): string | null | Promise<string | null>;
  set(key: string, value: string): void | Promise<void>;
  remove(key: string): void | Promise<void>;
}

/**
 * Where a browser keeps the session: `memory` nowhere, a reload signs out · `localStorage` until sign-out, for all tabs · `cookie` its
 * refresh token in an `HttpOnly` cookie that no script can read, for servers on the site's own domain; `localStorage` holds who it is
 * and the id of the session, no token. Unsent messages are kept in IndexedDB, but for `memory`.
 */
export type StorageChoice = 'memory' | 'localStorage' | 'cookie';

/**
 * Keeps everything in memory: a reload signs out.
 *
 * @example
 * const client = createClient({ server: 'https://chat.example.com', app: 'default', storage: memoryStorage() });
 */
export function memoryStorage(): SessionStorage {
  const map = new Map<string, string>();
  return {
    get: (key) => map.get(key) ?? null,
    set: (key, value) => void map.set(key, value),
    remove: (key) => void map.delete(key),
  };
}

/**
 * Keeps everything in the browser's `localStorage`, shared by all tabs of the origin. Throws where that is missing or
 * blocked; leave `storage` out of `createClient` to fall back to memory instead.
 *
 * @example
 * const client = createClient({ server: 'https://chat.example.com', app: 'default', storage: localStorageStorage() });
 */
export function localStorageStorage(): SessionStorage {
  const storage = globalThis.localStorage;
  const probe = 'co-talk:probe';
  storage.setItem(probe, probe);
  storage.removeItem(probe);
  return {
    get: (key) => storage.getItem(key),
    set: (key, value) => storage.setItem(key, value),
    remove: (key) => storage.removeItem(key),
  };
}

export function defaultStorage(): SessionStorage {
  // Node has a `localStorage` that warns and keeps nothing without a flag, so a document is the sign of a browser.
  try {
    if (typeof document !== 'undefined') return localStorageStorage();
  } catch {
    // Blocked: private mode, a sandboxed frame or a full disk.
  }
  return memoryStorage();
}

/** The same storage without its failures: one that throws keeps nothing, and costs the next reload instead of this call. */
export function safeStorage(storage: SessionStorage): SessionStorage {
  const attempt = <T>(run: () => T | Promise<T>): T | Promise<T | null> | null => {
    try {
      const value = run();
      // Not every promise is the platform's own.
      return typeof value === 'object' && value !== null ? Promise.resolve(value).catch(() => null) : value;
    } catch {
      return null;
    }
  };
  return {
    get: (key) => attempt(() => storage.get(key)),
    set: (key, value) => attempt(() => storage.set(key, value)) as void | Promise<void>,
    remove: (key) => attempt(() => storage.remove(key)) as void | Promise<void>,
  };
}
