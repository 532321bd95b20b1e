import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AppSocket } from './events.ts';

interface Engine {
  use: (middleware: (req: IncomingMessage, res: ServerResponse, next: () => void) => void) => unknown;
}

const EMPTY = Object.freeze({});

/**
 * Lets go of requests that became WebSockets. Engine.IO makes a response for each, for middlewares like this one, and ties it to
 * the connection for as long as that lasts.
 */
export function forgetResponses(engine: Engine): void {
  engine.use((req, res, next) => {
    if (req.headers.upgrade !== undefined) Reflect.set(res, 'req', undefined);
    next();
  });
}

/**
 * Lets go of what a socket came with, once it is admitted: the request with its headers, and the token. That is a third of what an
 * idle connection weighs. The origin stays, for a second socket over the same connection.
 */
export function forgetRequest(socket: Pick<AppSocket, 'handshake' | 'conn'>): void {
  const { origin } = socket.handshake.headers;
  const headers = origin === undefined ? EMPTY : { origin };
  Reflect.set(socket.conn, 'request', { headers, connection: EMPTY, _query: EMPTY });
  Object.assign(socket.handshake, { headers, query: EMPTY, auth: EMPTY });
}
