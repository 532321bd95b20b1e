import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { CoTalkError, fromWire, offlineError, toError } from './errors.ts';
import type { Tokens } from './http.ts';
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

type Link = Socket<ServerToClientEvents, ClientToServerEvents>;
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

const ACK_MS = 10_000;
/** A link that is not welcomed within this time is given up. */
const WELCOME_MS = 15_000;
const BACKOFF_MS = { first: 250, most: 15_000 };

export function createRealtime(server: string, tokens: Tokens, hooks: RealtimeHooks): Realtime {
  const status = createStore<ConnectionStatus>('offline');
  const listeners: { event: keyof ServerToClientEvents; call: (payload: never) => void }[] = [];
  let running = false;
  let link: Link | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  /** Before this moment the server does not want to see us. */
  let notBefore = 0;
  /** Tells this attempt from those before it, across awaits. */
  let attempt = 0;
  /** Ends the waiting for answers that can no longer come: the library keeps what was asked of a line that was dead already. */
  const unanswered = new Set<() => void>();

  function drop(): void {
    attempt += 1;
    clearTimeout(timer);
    const old = link;
    link = undefined;
    old?.removeAllListeners();
    old?.disconnect();
    for (const end of [...unanswered]) end();
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
    let token: string;
    try {
      ({ token } = await tokens.access());
    } catch {
      // A session that ended stops this by itself.
      if (mine === attempt) retry();
      return;
    }
    if (mine !== attempt) return;
    const auth: HandshakeAuth = { token, protocol: PROTOCOL };
    const socket: Link = io(server, {
      auth,
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      timeout: ACK_MS,
    });
    link = socket;
    timer = setTimeout(() => retry(), WELCOME_MS);
    socket.on('connect_error', (error) => void refused(error, token));
    socket.on('disconnect', () => retry());
    socket.on('session:ended', ({ reason }) => {
      // The server ends a socket with its access token; the session may live on.
      if (reason === 'expired') void renewed(token);
      else hooks.onEnded(reason);
    });
    socket.on('server:draining', ({ reconnectInMs }) => {
      notBefore = performance.now() + reconnectInMs;
      clearTimeout(timer);
      timer = setTimeout(() => retry(0), reconnectInMs);
    });
    socket.on('hello', () => {
      clearTimeout(timer);
      failures = 0;
      notBefore = 0;
      status.set('online');
    });
    for (const { event, call } of listeners) socket.on(event, ((payload: never) => notify(call, payload)) as never);
  }

  async function refused(error: Error, token: string): Promise<void> {
    const { data } = error as Error & { data?: WireError };
    if (!data) {
      retry();
      return;
    }
    const known = fromWire(data);
    if (known.code === 'token_expired' || known.code === 'unauthenticated' || known.code === 'session_ended')
      return renewed(token);
    hooks.onError(known);
    // What only an administrator can change is asked for rarely, but is: it may have changed.
    if (!known.retryable) failures = 10;
    retry(known.retryAfterMs);
  }

  /** Gets a new token and comes back with it. Where the session is over, it ends itself and stops this. */
  async function renewed(token: string): Promise<void> {
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
    const answer = await new Promise<Ack<Answer<E>>>((resolve, reject) => {
      const call = socket.timeout(ACK_MS) as unknown as {
        emit(event: string, input: unknown, ack: (error: Error | null, answer: Ack<Answer<E>>) => void): void;
      };
      // Changes nothing where there was an answer.
      const end = () => {
        unanswered.delete(end);
        reject(offlineError());
      };
      unanswered.add(end);
      call.emit(event, input, (error, ack) => {
        if (!error) resolve(ack);
        else if (link === socket) {
          // Half-open links look like this: nothing comes back on them, ever.
          reject(new CoTalkError('timeout', 'unable to reach the server; it did not answer in 10 s'));
          retry(0);
        }
        end();
      });
    });
    if (answer.ok) return answer.data;
    throw fromWire(answer.error);
  }

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
    on: (event, call) => void listeners.push({ event, call }),
    emit,
    renew(token) {
      if (status.get() !== 'online') return;
      emit('auth:renew', { token }).catch((error: unknown) => {
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
