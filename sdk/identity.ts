import { CoTalkError, closedError, toError } from './errors.ts';
import type { SessionKeeper } from './session.ts';
import type { HostClaims, StoredSession } from './stored-session.ts';
import type { Me } from './protocol/index.ts';

export interface IdentityDeps {
  session: SessionKeeper;
  /** Asks the site who is here. */
  ask: () => string | null | Promise<string | null>;
  /** Whether the site can be asked. */
  asks: () => boolean;
  /** The number of a new wish for who is to be here. */
  wish: () => number;
  /** Whether a later wish has come true: somebody was signed in or out. */
  late: (wish: number) => boolean;
  /** Signs somebody out for good, here and on the server. */
  forget: (known: StoredSession, wish: number) => void;
  exchange: (userToken: string, host: HostClaims, wish: number) => Promise<Me>;
  onError: (error: CoTalkError) => void;
}

/** Users whom the site signs in: asks it who is here, and follows what it says. */
export interface Identity {
  /** A page begins, and somebody is stored. */
  start(wish: number): Promise<unknown>;
  /** Asks the site, anew. */
  identify(wish: number): Promise<Me | null>;
  /** Signs in with a token. */
  become(userToken: string, wish: number): Promise<Me>;
  /** The session has ended by itself. */
  lost(): void;
  close(): void;
}

/** Somebody who may be somebody else is shown for so long while the site is asked. */
const SHOWN_MS = 1_000;
const ANSWER_MS = 10_000;
/** A stored user of the site waits for its word for so long, unseen. */
const HOLD_MS = 30_000;
const BACKOFF_MS = { first: 1_000, most: 60_000, refused: 300_000 };

export function createIdentity({ session, ask, asks, wish, late, forget, exchange, onError }: IdentityDeps): Identity {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  /** Tells one asking from the next, across awaits. */
  let turn = 0;
  /** When the site last said who is here. */
  let saidAt = -Infinity;
  /** A token that was not needed, for there was a session: but the server may know that it is over. */
  let spare: string | null = null;
  const me = () => session.store.get().me;

  async function enter(userToken: string, mine: number): Promise<Me> {
    const { expiresAt, ...host } = claimsOf(userToken);
    const known = await session.known();
    if (late(mine)) throw closedError();
    spare = null;
    if (known?.host?.sub === host.sub) {
      const good = expiresAt > Date.now();
      if (good && !me()) session.resume(known);
      const shown = me();
      if (shown && known.host.profile === host.profile) {
        if (good) spare = userToken;
        return shown;
      }
      return exchange(userToken, host, mine).catch((error: unknown) => {
        // They are who they are: only their new name is not known.
        if (!shown || shown.id !== me()?.id) throw error;
        onError(toError(error));
        return shown;
      });
    }
    if (known) forget(known, mine);
    session.hide('restoring');
    return exchange(userToken, host, mine);
  }

  async function leave(mine: number): Promise<Me | null> {
    const known = await session.known();
    if (late(mine)) throw closedError();
    if (known?.host) forget(known, mine);
    else if (known && !me()) session.resume(known);
    if (!me()) session.end('logout');
    return me();
  }

  async function identify(mine: number): Promise<Me | null> {
    const own = ++turn;
    const over = () => own !== turn || late(mine);
    clearTimeout(timer);
    if (!me()) session.hide('restoring');
    const slow = setTimeout(() => {
      if (!over()) session.hide('restoring');
    }, SHOWN_MS);
    try {
      const userToken = await within(ANSWER_MS, ask);
      clearTimeout(slow);
      if (over()) throw closedError();
      const found = await (userToken ? enter(userToken, mine) : leave(mine));
      saidAt = performance.now();
      return found;
    } catch (error) {
      clearTimeout(slow);
      const known = toError(error);
      if (!over()) {
        session.hide('failed');
        onError(known);
        again(known);
      }
      throw known;
    }
  }

  function again(error?: CoTalkError): void {
    failures += 1;
    const most = error?.retryable === false ? BACKOFF_MS.refused : BACKOFF_MS.most;
    const backoff = Math.min(most, BACKOFF_MS.first * 2 ** (failures - 1)) * (0.75 + Math.random() / 4);
    later(Math.max(backoff, error?.retryAfterMs ?? 0));
  }

  function later(ms: number): void {
    const mine = wish();
    timer = setTimeout(() => {
      if (!late(mine)) identify(mine).catch(() => undefined);
    }, ms);
  }

  async function become(userToken: string, mine: number): Promise<Me> {
    try {
      return await enter(userToken, mine);
    } catch (error) {
      if (!late(mine) && !me()) session.end('logout');
      throw error;
    }
  }

  return {
    async start(mine) {
      if (asks()) return identify(mine);
      session.hide('signed-out');
      timer = setTimeout(() => {
        if (!late(mine)) leave(mine).catch(() => undefined);
      }, HOLD_MS);
      return undefined;
    },
    identify(mine) {
      failures = 0;
      return identify(mine);
    },
    become,
    lost() {
      if (asks()) {
        session.hide('restoring');
        // A session that does not last must not be asked for in a circle.
        if (performance.now() - saidAt < BACKOFF_MS.most) again();
        else later((failures = 0));
      } else if (spare !== null) become(spare, wish()).catch((error: unknown) => onError(toError(error)));
    },
    close() {
      turn += 1;
      clearTimeout(timer);
    },
  };
}

async function within(ms: number, ask: IdentityDeps['ask']): Promise<string | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it did not answer in 10 s')), ms);
  });
  try {
    return await Promise.race([patience, (async () => ask())()]);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CoTalkError('provider_failed', `unable to learn who is here; the token provider failed: ${why}`, {
      cause,
    });
  } finally {
    clearTimeout(timer);
  }
}

/** What the token says, unchecked: to see whether it is about the one who is known. The server checks it. */
function claimsOf(userToken: string): HostClaims & { expiresAt: number } {
  try {
    const payload = (userToken.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const { sub, nickname, avatarUrl, email, exp } = JSON.parse(atob(payload)) as Record<string, unknown>;
    if (typeof sub === 'string')
      return { sub, profile: JSON.stringify([nickname, avatarUrl, email]), expiresAt: Number(exp) * 1000 };
  } catch {
    // The server says what is wrong with it.
  }
  return { sub: '', profile: '', expiresAt: 0 };
}
