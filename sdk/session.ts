import type { AuthState } from './auth.ts';
import { CoTalkError, closedError, toError } from './errors.ts';
import type { Tokens } from './http.ts';
import { lock } from './lock.ts';
import { refreshSession } from './session-calls.ts';
import type { SessionStorage } from './session-storage.ts';
import { createStore } from './store.ts';
import type { Store } from './store.ts';
import { parseSession, toStored, toText } from './stored-session.ts';
import type { HostClaims, StoredSession } from './stored-session.ts';
import type { CookieSession, Id, Me, SessionEndReason, SignedIn } from './protocol/index.ts';

export interface SessionHooks {
  /** Somebody is signed in: by `start`, from the storage, or by another tab. */
  onStart: (me: Me) => void;
  /** They are no longer. `erase`: by an explicit sign-out on this device. */
  onEnd: (erase: boolean) => void;
  onEnded: (reason: SessionEndReason) => void;
  /** There is a new access token for the same user; `moved`: of another session. */
  onToken: (token: string, moved: boolean) => void;
  /** Who is here is for the site to say, not for the storage. Resolves when that is over. */
  onDoubt: () => Promise<unknown>;
  /** Somebody who is not shown is gone for good. */
  onForget: (userId: Id) => void;
}

export interface SessionKeeper extends Tokens {
  readonly store: Store<AuthState>;
  /**
   * Reads the storage. To be called once everybody who hears the hooks is there.
   * @param doubtful what is not shown before the site has said who is here: nothing, host-signed sessions, or any
   */
  restore(doubtful?: 'host' | 'all'): void;
  /** The page was away, and may have missed what other tabs did. */
  wake(): void;
  /** Whose session there is, shown or not. */
  known(): Promise<StoredSession | null>;
  /** Shows nobody, and follows no other tab, until somebody is shown or signed out. What is stored stays. */
  hide(status: 'restoring' | 'failed' | 'signed-out'): void;
  /** Shows somebody whose session was stored. */
  resume(known: StoredSession): void;
  /**
   * Signs in, and whoever was signed in here out for good; one who was goes on without a break.
   * Returns the session before, for telling the server.
   */
  start(answer: SignedIn<CookieSession>, host?: HostClaims): StoredSession | null;
  /** Signs out here, at once. Returns what was stored, for telling the server. */
  end(reason: SessionEndReason, erase?: boolean): StoredSession | null;
  /** Signs out for good, shown or not. */
  forget(known: StoredSession): void;
  /** The server says that the session is over. */
  over(reason: SessionEndReason): void;
  setMe(me: Me): void;
  close(): void;
}

const RETRY_MS = 10_000;

export function createSession(
  server: string,
  app: string,
  storage: SessionStorage,
  hooks: SessionHooks,
): SessionKeeper {
  const key = `co-talk:${server}:${app}:session`;
  const store = createStore<AuthState>({ status: 'restoring', me: null });
  let current: StoredSession | null = null;
  let scope = new AbortController();
  let closed = false;
  /** Nobody knows yet whether what is stored is of whoever is here. */
  let doubt = false;
  /** The session that was over last: a storage that still has it is late. */
  let ended: Id | undefined;
  let refreshing: Promise<string> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Whether what is stored was seen once: only then does its absence say anything. */
  let seen = false;

  async function read(): Promise<StoredSession | null> {
    const stored = parseSession(await storage.get(key));
    seen ||= stored !== null;
    return stored;
  }
  const write = (value: StoredSession | null) => void (value ? storage.set(key, toText(value)) : storage.remove(key));

  function begin(next: StoredSession, erase = false): StoredSession | null {
    if (closed) return null;
    const left = leave(erase);
    scope = new AbortController();
    current = next;
    doubt = false;
    hooks.onStart(next.me);
    store.set({ status: 'signed-in', me: next.me });
    schedule(next.renewAt - Date.now());
    return left;
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

  function end(reason: SessionEndReason, erase = false): StoredSession | null {
    const left = leave(erase);
    doubt = false;
    store.set({ status: 'signed-out', me: null });
    if (!left) return null;
    remove(left.sessionId);
    hooks.onEnded(reason);
    return left;
  }

  function remove(sessionId: Id): void {
    ended = sessionId;
    // Another tab may have signed somebody else in.
    void read().then((stored) => {
      if (!current && stored?.sessionId === sessionId) write(null);
    });
  }

  /** Goes on with what is newer of the same person. */
  function adopt(next: StoredSession): string {
    const before = current;
    const moved = next.sessionId !== before?.sessionId;
    // Where the session is in a cookie, every tab has an access token of its own.
    if (before && !moved && !next.accessToken) return before.accessToken;
    const me = before && before.me.rev >= next.me.rev ? before.me : next.me;
    current = { ...next, me };
    if (store.get().me !== me) store.set({ status: 'signed-in', me });
    const { accessToken, refreshToken } = next;
    if (!moved && refreshToken === before.refreshToken && accessToken === before.accessToken) return accessToken;
    schedule(next.renewAt - Date.now());
    hooks.onToken(accessToken, moved);
    return accessToken;
  }

  function schedule(ms: number): void {
    clearTimeout(timer);
    // Longer delays than a 32-bit number of milliseconds fire at once.
    timer = setTimeout(
      () => {
        if (!current) return;
        refresh(current.accessToken).catch((error: unknown) => {
          if (toError(error).code !== 'closed' && current) schedule(RETRY_MS);
        });
      },
      Math.min(Math.max(ms, 0), 2 ** 31 - 1),
    );
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
    const over = () => mine.signal.aborted;
    const stored = await read();
    if (stored && stored.me.id !== current?.me.id && !over()) begin(stored);
    if (over() || !current) throw closedError();
    const { sessionId } = current;
    const newest = stored && (stored.accessToken || stored.sessionId !== sessionId) ? stored : current;
    // Another tab was faster, or this one while it waited.
    if (newest.accessToken !== refused && newest.renewAt > Date.now()) return adopt(newest);
    // The same person may have a new session meanwhile.
    const late = () => over() || current?.sessionId !== sessionId;
    try {
      const session = await refreshSession(server, newest, mine.signal);
      if (late()) throw closedError();
      const next = toStored(current.me, session, newest.host);
      write(next);
      return adopt(next);
    } catch (error) {
      const known = toError(error);
      if ((known.status === 400 || known.status === 401) && !late()) end('expired');
      throw known;
    }
  }

  async function follow(): Promise<void> {
    const stored = await read();
    if (doubt || (stored && stored.sessionId === ended)) return;
    if (!stored) {
      if (current && seen) end('logout');
    } else if (stored.me.id !== current?.me.id) begin(stored);
    else adopt(stored);
  }

  const onStorage = (event: StorageEvent) => {
    if (event.key === key || event.key === null) void follow();
  };

  let restored: Promise<unknown> | undefined;
  const restoring = async (doubtful?: 'host' | 'all') => {
    const raw = storage.get(key);
    // A storage that answers at once spares the page a flash of "restoring".
    const value = raw instanceof Promise ? await raw : raw;
    const stored = parseSession(value);
    if (value !== null && !stored) write(null);
    if (store.get().status !== 'restoring') return;
    seen = stored !== null;
    if (doubtful === 'all' || (doubtful && stored?.host)) {
      doubt = true;
      await hooks.onDoubt();
    } else if (stored) begin(stored);
    else store.set({ status: 'signed-out', me: null });
  };
  if (typeof window !== 'undefined') window.addEventListener('storage', onStorage);

  return {
    store,
    restore: (doubtful) => void (restored = restoring(doubtful)),
    wake: () =>
      void read().then((stored) => {
        if (stored?.me.id !== current?.me.id) void follow();
      }),
    async known() {
      const known = current ?? (await read());
      return known?.sessionId === ended ? null : known;
    },
    hide(status) {
      if (closed) return;
      leave(false);
      doubt = true;
      store.set({ status, me: null });
    },
    resume: (known) => void begin(known),
    async access() {
      // Who is signed in now makes the call, not who will be in a moment.
      if (!current) await restored;
      if (!current) throw new CoTalkError('unauthenticated', 'unable to call the server; nobody is signed in');
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
    start({ user, session }, host) {
      const next = toStored(user, session, host);
      if (closed) throw closedError();
      write(next);
      void read();
      if (user.id !== current?.me.id) return begin(next, true);
      const left = current;
      adopt(next);
      return left.sessionId === next.sessionId ? null : left;
    },
    end,
    forget(known) {
      if (current) end('logout', true);
      else {
        hooks.onForget(known.me.id);
        remove(known.sessionId);
        hooks.onEnded('logout');
      }
    },
    over(reason) {
      const mine = current?.sessionId;
      void read().then((stored) => {
        if (current?.sessionId !== mine) return;
        // Another tab has started a new one in its place.
        if (stored && stored.sessionId !== mine) void follow();
        else end(reason);
      });
    },
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
