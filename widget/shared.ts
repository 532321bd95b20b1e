import { createClient, type Client, type Store, type StorageChoice, type TokenProvider } from '@co-talk/sdk';
import { Drafts } from './drafts.ts';
import type { Theme } from './events.ts';

/** What the person chose in this browser; `undefined`: as the page says. */
export interface Prefs {
  theme?: Theme;
  lang?: string;
}

/** What a page says about who is here: a signed token, and where to get the next one. */
export interface Word {
  userToken: string | null;
  tokenProvider: TokenProvider | null;
}

/** What all elements of one app and server on a page share. */
export interface Shared {
  readonly client: Client;
  /** The page says who is here. Saying the same again changes nothing. */
  hear(word: Word): void;
  readonly drafts: Drafts;
  readonly prefs: Store<Prefs>;
  setPrefs(prefs: Prefs): void;
}

const held = new Map<string, { shared: Shared; users: number; end?: ReturnType<typeof setTimeout> }>();

/** How long a client outlives its last element, in ms: moving an element must not reconnect. */
const LINGER = 1000;

/** The client of an app, made for its first element. Pair with {@link release}. */
export function acquire(server: string, app: string, storage: StorageChoice | null, word: Word): Shared {
  const key = JSON.stringify([server, app]);
  let entry = held.get(key);
  if (!entry) held.set(key, (entry = { shared: create(server, app, storage, word), users: 0 }));
  else if (word.userToken || word.tokenProvider) entry.shared.hear(word);
  clearTimeout(entry.end);
  entry.users++;
  return entry.shared;
}

export function release(shared: Shared): void {
  const found = [...held].find(([, entry]) => entry.shared === shared);
  if (!found) return;
  const [key, entry] = found;
  if (--entry.users > 0) return;
  entry.end = setTimeout(() => {
    held.delete(key);
    shared.client.close();
  }, LINGER);
}

function create(server: string, app: string, storage: StorageChoice | null, first: Word): Shared {
  let word = first;
  const client = createClient({ server, app, tokenProvider: providerOf(word), ...(storage && { storage }) });
  const drafts = new Drafts(server, app);
  client.on('session-ended', ({ reason }) => {
    if (reason === 'logout') drafts.clear();
  });
  client.on('user', ({ user }) => {
    if (user) drafts.clear(user.id);
  });
  return {
    client,
    drafts,
    hear(next) {
      if (next.userToken === word.userToken && next.tokenProvider === word.tokenProvider) return;
      word = next;
      // What fails is an event of the client.
      client.auth.identify(providerOf(word)).catch(() => undefined);
    },
    ...createPrefs(`co-talk:${server}:${app}:prefs`),
  };
}

/** The token of the page is good for the first time; then it may have a fresh one. */
function providerOf({ userToken, tokenProvider }: Word): TokenProvider | null {
  let first = userToken;
  return userToken
    ? () => {
        const token = first ?? (tokenProvider ? tokenProvider() : userToken);
        first = null;
        return token;
      }
    : tokenProvider;
}

function createPrefs(key: string): { prefs: Store<Prefs>; setPrefs: (prefs: Prefs) => void } {
  const listeners = new Set<(prefs: Prefs) => void>();
  let value = read(key);
  return {
    prefs: {
      get: () => value,
      subscribe(listener) {
        listeners.add(listener);
        listener(value);
        return () => listeners.delete(listener);
      },
    },
    setPrefs(prefs) {
      value = prefs;
      try {
        localStorage.setItem(key, JSON.stringify(prefs));
      } catch {
        // Blocked storage: the choice holds until the page is left.
      }
      for (const listener of [...listeners]) listener(value);
    },
  };
}

function read(key: string): Prefs {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return {};
    const { theme, lang } = stored as Record<string, unknown>;
    return {
      ...(theme === 'auto' || theme === 'light' || theme === 'dark' ? { theme } : {}),
      ...(typeof lang === 'string' ? { lang } : {}),
    };
  } catch {
    return {};
  }
}
