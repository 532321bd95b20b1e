import { fromWire, offlineError, toError } from './errors.ts';
import type { CoTalkError } from './errors.ts';
import type { Tokens } from './http.ts';
import { openSocket } from './socket.ts';
import type { Socket } from './socket.ts';
import { createStore, notify } from './store.ts';
import type { Store } from './store.ts';
import { PROTOCOL } from './protocol/index.ts';
import type {
  Ack,
  ClientToServerEvents,
  HandshakeAuth,
  ServerToClientEvents,
  SessionEndReason,
  WireError,
} from './protocol/index.ts';

type Input<E extends keyof ClientToServerEvents> = Parameters<ClientToServerEvents[E]>[0];
type Answer<E extends keyof ClientToServerEvents> =
  Parameters<Parameters<ClientToServerEvents[E]>[1]>[0] extends Ack<infer T> ? T : never;
type Payload<E extends keyof ServerToClientEvents> = Parameters<ServerToClientEvents[E]>[0];

/** The realtime connection. `offline` while signed out or without network. */
export type ConnectionStatus = 'offline' | 'connecting' | 'online';

export interface Realtime {
  readonly status: Store<ConnectionStatus>;
  /** Connects, and stays connected until `stop`. */
  start(): void;
  stop(): void;
  on<E extends keyof ServerToClientEvents>(event: E, listener: (payload: Payload<E>) => void): void;
  /** Rejects with `closed` without a connection, `timeout` without an answer, else with the server's error. */
  emit<E extends keyof ClientToServerEvents>(event: E, input: Input<E>): Promise<Answer<E>>;
  /** Gives an open socket the new token. */
  renew(token: string): void;
  /** The network or the page came back: try at once. */
  wake(): void;
}

export interface RealtimeHooks {
  onEnded: (reason: SessionEndReason) => void;
  onError: (error: CoTalkError) => void;
}

/** A link that is not welcomed within this time is given up. */
const WELCOME_MS = 15_000;
const BACKOFF_MS = { first: 250, most: 15_000 };

export function createRealtime(server: string, tokens: Tokens, hooks: RealtimeHooks): Realtime {
  const status = createStore<ConnectionStatus>('offline');
  const listeners: { event: string; call: (payload: never) => void }[] = [];
  let running = false;
  let link: Socket | undefined;
  /** What the link was opened with. */
  let token = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  /** Before this moment the server does not want to see us. */
  let notBefore = 0;
  /** Tells this attempt from those before it, across awaits. */
  let attempt = 0;

  function drop(): void {
    attempt += 1;
    clearTimeout(timer);
    link?.close();
    link = undefined;
  }

  /** Lets go of the link and comes back after `delay` or the backoff. */
  function retry(delay?: number): void {
    drop();
    if (!running) return;
    const ceiling = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** failures++);
    const backoff = ceiling / 2 + (Math.random() * ceiling) / 2;
    timer = setTimeout(() => void connect(), Math.max(delay ?? backoff, notBefore - performance.now()));
    const away = typeof navigator !== 'undefined' && (navigator as Partial<Navigator>).onLine === false;
    status.set(away ? 'offline' : 'connecting');
  }

  async function connect(): Promise<void> {
    drop();
    if (!running) return;
    const mine = attempt;
    status.set('connecting');
    const access = await tokens.access().catch(() => null);
    if (mine !== attempt) return;
    if (!access) {
      // A session that ended stops this by itself.
      retry();
      return;
    }
    ({ token } = access);
    const auth: HandshakeAuth = { token, protocol: PROTOCOL };
    link = openSocket(server, auth, {
      onEvent(name, payload) {
        for (const { event, call } of listeners) if (event === name) notify(call, payload as never);
      },
      onRefused: (data) => refused(data as WireError | undefined),
      onClosed(error) {
        if (error) hooks.onError(error);
        retry();
      },
    });
    timer = setTimeout(() => retry(), WELCOME_MS);
  }

  function refused(error: WireError | undefined): void {
    if (!error) {
      retry();
      return;
    }
    const known = fromWire(error);
    if (known.code === 'token_expired' || known.code === 'unauthenticated' || known.code === 'session_ended') {
      void renewed();
      return;
    }
    hooks.onError(known);
    // What only an administrator can change is asked for rarely, but is: it may have changed.
    if (!known.retryable) failures = 10;
    retry(known.retryAfterMs);
  }

  /** Gets a new token and comes back with it. Where the session is over, it ends itself and stops this. */
  async function renewed(): Promise<void> {
    drop();
    status.set('connecting');
    const mine = attempt;
    const fresh = await tokens.refresh(token).then(
      () => true,
      () => false,
    );
    if (mine === attempt) retry(fresh && failures === 0 ? 0 : undefined);
  }

  async function emit<E extends keyof ClientToServerEvents>(event: E, input: Input<E>): Promise<Answer<E>> {
    const socket = link;
    if (!socket || status.get() !== 'online') throw offlineError();
    const answer = (await socket.ask(event, input).catch((error: unknown) => {
      // Half-open links look like this: nothing comes back on them, ever.
      if (link === socket && toError(error).code === 'timeout') retry(0);
      throw error;
    })) as Ack<Answer<E>>;
    if (answer.ok) return answer.data;
    throw fromWire(answer.error);
  }

  const on: Realtime['on'] = (event, call) => void listeners.push({ event, call });
  on('hello', () => {
    clearTimeout(timer);
    failures = 0;
    notBefore = 0;
    status.set('online');
  });
  on('session:ended', ({ reason }) => {
    // The server ends a socket with its access token; the session may live on.
    if (reason === 'expired') void renewed();
    else hooks.onEnded(reason);
  });
  on('server:draining', ({ reconnectInMs }) => {
    notBefore = performance.now() + reconnectInMs;
    clearTimeout(timer);
    timer = setTimeout(() => retry(0), reconnectInMs);
  });

  return {
    status,
    start() {
      running = true;
      failures = 0;
      void connect();
    },
    stop() {
      running = false;
      drop();
      status.set('offline');
    },
    on,
    emit,
    renew(fresh) {
      if (status.get() !== 'online') return;
      emit('auth:renew', { token: fresh }).catch((error: unknown) => {
        if (!toError(error).retryable) retry(0);
      });
    },
    wake() {
      if (running && status.get() !== 'online' && performance.now() >= notBefore) {
        failures = 0;
        void connect();
      }
    },
  };
}
