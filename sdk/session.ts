import type { AuthState } from './auth.ts';
import { CoTalkError, closedError, toError } from './errors.ts';
import { send } from './http.ts';
import type { Tokens } from './http.ts';
import type { SessionStorage } from './session-storage.ts';
import { createStore } from './store.ts';
import type { Store } from './store.ts';
import type { Id, Me, Refreshed, Session, SessionEndReason, SignedIn } from './protocol/index.ts';

/**
 * What is stored, as JSON, under `co-talk:<server>:<app>:session` (`server` is an origin without a trailing slash).
 * The widget's loader reads the same key to know whether somebody is signed in: fields may be added, never renamed.
 */
export interface StoredSession {
  me: Me;
  sessionId: Id;
  accessToken: string;
  refreshToken: string;
  /** When to get the next access token, shortly before this one expires: milliseconds since 1970 by this device's clock. */
  renewAt: number;
}

export interface SessionHooks {
  /** Somebody is signed in: by `start`, from the storage, or by another tab. */
  onStart(me: Me): void;
  /** They are no longer. `erase`: by an explicit sign-out on this device. */
  onEnd(erase: boolean): void;
  onEnded(reason: SessionEndReason): void;
  /** There is a new access token for the same user. */
  onToken(token: string): void;
}

export interface SessionKeeper extends Tokens {
  readonly store: Store<AuthState>;
  /** Reads the storage. To be called once everybody who hears the hooks is there. */
  restore(): void;
  start(answer: SignedIn): void;
  /** Signs out here, at once. Returns what was stored, for telling the server. */
  end(reason: SessionEndReason, erase?: boolean): StoredSession | null;
  setMe(me: Me): void;
  close(): void;
}

const RETRY_MS = 10_000;

export function createSession(server: string, app: string, storage: SessionStorage, hooks: SessionHooks): SessionKeeper {
  const key = `co-talk:${server}:${app}:session`;
  const store = createStore<AuthState>({ status: 'restoring', me: null });
  let current: StoredSession | null = null;
  let scope = new AbortController();
  let closed = false;
  let refreshing: Promise<string> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function parse(raw: string | null): StoredSession | null {
    try {
      const value: unknown = JSON.parse(raw ?? 'null');
      return isStored(value) ? value : null;
    } catch {
      return null;
    }
  }

  async function read(): Promise<StoredSession | null> {
    try {
      return parse(await storage.get(key));
    } catch {
      return null;
    }
  }

  function write(value: StoredSession | null): void {
    // A full or blocked storage costs the session at the next reload, not now.
    try {
      const done = value ? storage.set(key, JSON.stringify(value)) : storage.remove(key);
      done?.catch(() => undefined);
    } catch {
      return;
    }
  }

  function begin(next: StoredSession): void {
    if (closed) throw closedError('sign in');
    leave(false);
    scope = new AbortController();
    current = next;
    hooks.onStart(next.me);
    store.set({ status: 'signed-in', me: next.me });
    schedule(next.renewAt - Date.now());
  }

  function leave(erase: boolean): StoredSession | null {
    const left = current;
    clearTimeout(timer);
    current = null;
    refreshing = undefined;
    scope.abort();
    if (left) hooks.onEnd(erase);
    return left;
  }

  function end(reason: SessionEndReason, erase = false, stored = true): StoredSession | null {
    const left = leave(erase);
    if (left && stored) write(null);
    store.set({ status: 'signed-out', me: null });
    if (left) hooks.onEnded(reason);
    return left;
  }

  function adopt(next: StoredSession): string {
    current = next;
    if (store.get().me !== next.me) store.set({ status: 'signed-in', me: next.me });
    schedule(next.renewAt - Date.now());
    hooks.onToken(next.accessToken);
    return next.accessToken;
  }

  function schedule(ms: number): void {
    clearTimeout(timer);
    // Longer delays than a 32-bit number of milliseconds fire at once.
    timer = setTimeout(() => {
      if (!current) return;
      refresh(current.accessToken).catch((error: unknown) => {
        if (toError(error).code !== 'closed' && current) schedule(RETRY_MS);
      });
    }, Math.min(Math.max(ms, 0), 2 ** 31 - 1));
  }

  function refresh(refused: string): Promise<string> {
    const mine = scope;
    const name = `${key}:${current?.me.id ?? ''}`;
    const turn = (refreshing ??= lock(name, () => renew(refused, mine)).finally(() => {
      if (refreshing === turn) refreshing = undefined;
    }));
    return turn;
  }

  async function renew(refused: string, mine: AbortController): Promise<string> {
    const stored = await read();
    if (mine.signal.aborted || !current) throw closedError('renew the session');
    if (stored && stored.me.id !== current.me.id) {
      begin(stored);
      throw closedError('renew the session');
    }
    const newest = stored ?? current;
    if (newest.accessToken !== refused && newest.renewAt > Date.now()) return newest === current ? newest.accessToken : adopt(newest);
    try {
      const body = { refreshToken: newest.refreshToken };
      const answer = await send<Refreshed>(server, { method: 'POST', path: '/auth/refresh', body, signal: mine.signal });
      if (mine.signal.aborted) throw closedError('renew the session');
      const next = toStored(current.me, answer.session);
      write(next);
      return adopt(next);
    } catch (error) {
      const known = toError(error);
      if ((known.status === 400 || known.status === 401) && !mine.signal.aborted) end('expired');
      throw known;
    }
  }

  async function follow(): Promise<void> {
    const stored = await read();
    if (!stored) {
      if (current) end('logout', false, false);
    } else if (stored.me.id !== current?.me.id) begin(stored);
    else if (stored.accessToken !== current.accessToken) adopt(stored);
  }

  const onStorage = (event: StorageEvent) => {
    if (event.key === key || event.key === null) void follow();
  };

  function restore(stored: StoredSession | null): void {
    if (store.get().status !== 'restoring') return;
    if (stored) begin(stored);
    else store.set({ status: 'signed-out', me: null });
  }

  let restored: Promise<void> | undefined;
  const restoring = async () => {
    try {
      const raw = storage.get(key);
      // A storage that answers at once spares the page a flash of "restoring".
      const value = typeof raw === 'string' || raw === null ? raw : await raw;
      const stored = parse(value);
      if (value !== null && !stored) write(null);
      restore(stored);
    } catch {
      restore(null);
    }
  };
  if (typeof window !== 'undefined') window.addEventListener('storage', onStorage);

  return {
    store,
    restore: () => void (restored = restoring()),
    async access() {
      await restored;
      if (!current) throw new CoTalkError('unauthenticated', 'unable to call the server; nobody is signed in', { status: 401 });
      const { accessToken, renewAt } = current;
      const { signal } = scope;
      if (Date.now() < renewAt) return { token: accessToken, signal };
      const token = await refresh(accessToken).catch((error: unknown) => {
        // The clock may be wrong or the network away for a moment: the server decides whether the old one still holds.
        if (toError(error).retryable) return accessToken;
        throw error;
      });
      return { token, signal };
    },
    refresh,
    start({ user, session }) {
      const next = toStored(user, session);
      write(next);
      begin(next);
    },
    end: (reason, erase) => end(reason, erase),
    setMe(me) {
      if (!current || me.id !== current.me.id || me.rev < current.me.rev) return;
      current = { ...current, me };
      store.set({ status: 'signed-in', me });
      const mine = scope;
      // Another tab may have newer tokens there.
      void read().then((stored) => {
        if (!mine.signal.aborted && stored?.me.id === me.id) write({ ...stored, me });
      });
    },
    close() {
      closed = true;
      clearTimeout(timer);
      scope.abort();
      if (typeof window !== 'undefined') window.removeEventListener('storage', onStorage);
    },
  };
}

function toStored(me: Me, session: Session): StoredSession {
  const { sessionId, accessToken, refreshToken, accessTokenExpiresIn: seconds } = session;
  const early = Math.min(60, seconds / 5);
  return { me, sessionId, accessToken, refreshToken, renewAt: Date.now() + (seconds - early) * 1000 };
}

function isStored(value: unknown): value is StoredSession {
  if (typeof value !== 'object' || value === null) return false;
  const { me, accessToken, refreshToken, renewAt } = value as Partial<StoredSession>;
  return typeof me?.id === 'string' && typeof accessToken === 'string' && typeof refreshToken === 'string' && typeof renewAt === 'number';
}

/** One tab at a time. A tab frozen with the lock in its hand must not hold up the others for long. */
async function lock<T>(name: string, run: () => Promise<T>): Promise<T> {
  const locks = typeof navigator === 'undefined' ? undefined : (navigator as { locks?: LockManager }).locks;
  if (!locks) return run();
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), RETRY_MS);
  let begun = false;
  try {
    return await locks.request(name, { signal: patience.signal }, () => {
      begun = true;
      clearTimeout(timer);
      return run();
    });
  } catch (error) {
    if (begun) throw error;
    return run();
  } finally {
    clearTimeout(timer);
  }
}
