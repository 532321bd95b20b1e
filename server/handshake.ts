import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { checkOrigin, originKnown } from './apps/origins.ts';
import { authenticate } from './auth/tokens.ts';
import type { Services } from './context.ts';
import type { AppSocket } from './events.ts';
import { AppError, toAppError, toWireError } from './errors.ts';
import type { Database } from './orm.ts';

/** Who may connect. */
export interface Handshake {
  /** Of the HTTP server, before Engine.IO hears of it: somebody wants a WebSocket. */
  knock: (req: IncomingMessage, socket: Duplex) => void;
  /** Of Engine.IO: whether the page's origin may connect at all. */
  allowRequest: (req: IncomingMessage, answer: (refusal: string | null, allowed: boolean) => void) => void;
  /** Middleware of Socket.IO: whose socket it is. */
  admit: (socket: AppSocket, next: (error?: Error) => void) => void;
  /** The socket is gone: its connection may carry another one. */
  leave: (socket: AppSocket) => void;
}

/** On one node: devices times open pages, and then some. */
const SOCKETS_PER_USER = 50;
const CROWDED_RETRY_MS = 10_000;

export function createHandshake(services: () => Services, db: Database): Handshake {
  /** Connections that carry a socket: a second one would only hear everything twice, at the cost of a packet. */
  const taken = new WeakSet<object>();

  async function check(socket: AppSocket): Promise<void> {
    if (taken.has(socket.conn))
      throw new AppError('conflict', 'unable to connect; this connection carries a socket already; open another one');
    taken.add(socket.conn);
    try {
      const { config, presences } = services();
      const auth: unknown = socket.handshake.auth;
      const token = typeof auth === 'object' && auth !== null && 'token' in auth ? auth.token : undefined;
      const claims = await authenticate(db, config, token);
      await checkOrigin(db, services(), claims.appId, socket.handshake.headers.origin);
      if (presences.sockets(claims.actor.userId) >= SOCKETS_PER_USER) {
        throw new AppError('rate_limited', 'unable to connect; this user has too many connections; close some', {
          retryAfterMs: CROWDED_RETRY_MS,
        });
      }
      socket.data.claims = claims;
    } catch (error) {
      taken.delete(socket.conn);
      throw error;
    }
  }

  return {
    knock: (_req, socket) => {
      // Node has let go of the connection. That it breaks before it is a WebSocket would be heard by nobody, and end the process.
      socket.on('error', ignore);
    },
    allowRequest: (req, answer) => {
      originKnown(db, services(), req.headers.origin).then(
        (known) => {
          if (!known && req.headers.upgrade) forbid(req);
          answer(known ? null : 'origin not allowed', known);
          if (known) req.socket.off('error', ignore);
        },
        () => {
          answer('unavailable', false);
        },
      );
    },
    admit: (socket, next) => {
      check(socket).then(
        () => {
          next();
        },
        (error: unknown) => {
          const known = toAppError(error);
          if (known.code === 'internal') services().log.error({ err: error }, 'handshake failed');
          next(Object.assign(new Error(known.code), { data: toWireError(known) }));
        },
      );
    },
    leave: (socket) => void taken.delete(socket.conn),
  };
}

const ignore = (): void => undefined;

/** Engine.IO itself answers a refused upgrade with 400. */
function forbid(req: IncomingMessage): void {
  req.socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}
