import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Problem } from '@co-talk/sdk/protocol';
import { checkOrigin, originKnown } from './apps/origins.ts';
import { authenticate } from './auth/tokens.ts';
import { cut } from './coalesce.ts';
import type { Services } from './context.ts';
import type { AppSocket } from './events.ts';
import { AppError, toAppError, toProblem, toWireError } from './errors.ts';
import { addressOf } from './limits/address.ts';
import { createDoors, type Doors } from './limits/doors.ts';
import { tooMany } from './limits/limits.ts';
import { CAPS } from './limits/table.ts';
import type { Database } from './orm.ts';

/** The parts of an Engine.IO connection that are used here. */
interface Opened {
  request: IncomingMessage;
  once: (event: 'close', listener: () => void) => unknown;
}

/** Who may connect. */
export interface Handshake {
  /** Of the HTTP server, before Engine.IO hears of it: somebody wants a WebSocket. */
  knock: (req: IncomingMessage, socket: Duplex) => void;
  /** Of Engine.IO: whether the page's origin may connect at all. */
  allowRequest: (req: IncomingMessage, answer: (refusal: string | null, allowed: boolean) => void) => void;
  /** Of Engine.IO: a connection is there. */
  opened: (connection: Opened) => void;
  /** Where a socket comes from, for counting. */
  addressOf: (socket: AppSocket) => string;
  /** Middleware of Socket.IO: whose socket it is. */
  admit: (socket: AppSocket, next: (error?: Error) => void) => void;
  /** The socket is gone: its connection may carry another one. */
  leave: (socket: AppSocket) => void;
}

const CROWDED_RETRY_MS = 10_000;

/** How often one connection may ask in vain to be let in. */
const ASKS_MAX = 10;

export function createHandshake(services: () => Services, db: Database): Handshake {
  /** Connections that carry a socket: a second one would only hear everything twice, at the cost of a packet. */
  const taken = new WeakSet<object>();
  const asked = new WeakMap<object, number>();
  /** Made when the first one knocks: what it needs is not there before. */
  let made: Doors | undefined;
  const doors = () => (made ??= createDoors(services().limits, services().config.rateLimitFactor));
  const placeOf = (req: IncomingMessage) => addressOf(req, services().config.trustProxy);

  async function check(socket: AppSocket): Promise<void> {
    const asks = (asked.get(socket.conn) ?? 0) + 1;
    asked.set(socket.conn, asks);
    if (asks > ASKS_MAX) {
      cut(socket.conn);
      throw tooMany('handshakes', CROWDED_RETRY_MS);
    }
    if (taken.has(socket.conn))
      throw new AppError('conflict', 'unable to connect; this connection carries a socket already; open another one');
    taken.add(socket.conn);
    try {
      const { config, presences, limits } = services();
      const auth: unknown = socket.handshake.auth;
      const token = typeof auth === 'object' && auth !== null && 'token' in auth ? auth.token : undefined;
      const claims = await authenticate(db, config, token);
      await checkOrigin(db, services(), claims.appId, socket.handshake.headers.origin);
      const wait = limits.useHere('handshakes', { userId: claims.actor.userId, appId: claims.appId });
      if (wait > 0) throw tooMany('handshakes', wait);
      if (presences.sockets(claims.actor.userId) >= CAPS.socketsPerUser) {
        throw new AppError('rate_limited', 'unable to connect; this user has too many connections; close some', {
          retryAfterMs: CROWDED_RETRY_MS,
        });
      }
      socket.data.claims = claims;
      asked.delete(socket.conn);
      doors().named(socket.conn);
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
      const wait = doors().knock(placeOf(req));
      if (wait > 0) {
        turnAway(req, toProblem(tooMany('handshakes', wait)));
        return;
      }
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
    opened: (connection) => {
      doors().opened(connection, placeOf(connection.request));
      connection.once('close', () => {
        doors().closed(connection);
      });
    },
    addressOf: (socket) => doors().addressOf(socket.conn),
    leave: (socket) => void taken.delete(socket.conn),
  };
}

const ignore = (): void => undefined;

/** Engine.IO itself answers a refused upgrade with 400. */
function forbid(req: IncomingMessage): void {
  req.socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}

/** Answers instead of Engine.IO, which hears no more of it: it knows no such refusal. */
function turnAway(req: IncomingMessage & { res?: ServerResponse }, problem: Problem): void {
  const body = JSON.stringify(problem);
  const headers = {
    'Content-Type': 'application/problem+json',
    'Content-Length': String(Buffer.byteLength(body)),
    'Retry-After': String(Math.ceil((problem.retryAfterMs ?? 0) / 1_000)),
    Connection: 'close',
  };
  if (req.headers.upgrade === undefined && req.res) {
    req.res.writeHead(problem.status, headers).end(body);
    return;
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  req.socket.end(['HTTP/1.1 429 Too Many Requests', ...lines, '', body].join('\r\n'));
}
