import type { AppSocket } from './events.ts';

/** The parts of Engine.IO and `ws` that are used here. */
type Listener = (data: Buffer, isBinary: boolean) => void;

interface Transport {
  name: string;
  socket?: {
    listeners: (event: 'message') => Listener[];
    removeAllListeners: (event: 'message') => unknown;
    on: (event: 'message', listener: Listener) => unknown;
  };
}

interface Connection {
  transport: Transport;
  /** Set while a ping has no answer. */
  pingTimeoutTimer: unknown;
  write: (text: string) => unknown;
  on: (event: 'upgrade', listener: (transport: Transport) => void) => unknown;
}

/** An event as it arrives: `42`, the id of its answer, and an array of its name and arguments. */
export interface Arrived {
  id: number | undefined;
  event: string;
  inputs: unknown[];
}

const FOUR = 52;
const TWO = 50;
const ZERO = 48;
const NINE = 57;
const BRACKET = 91;
/** Socket.IO's own rule: names of what happens to a socket by itself. */
const RESERVED = new Set(['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener']);

/** Reads an event of the main namespace. `undefined`: it is something else, or malformed. */
export function readEvent(text: string): Arrived | undefined {
  if (text.charCodeAt(0) !== FOUR || text.charCodeAt(1) !== TWO) return undefined;
  let at = 2;
  let id: number | undefined;
  for (let code = text.charCodeAt(at); code >= ZERO && code <= NINE; code = text.charCodeAt(at)) {
    id = (id ?? 0) * 10 + code - ZERO;
    at += 1;
  }
  if (text.charCodeAt(at) !== BRACKET || !Number.isSafeInteger(id ?? 0)) return undefined;
  try {
    const inputs = JSON.parse(text.slice(at)) as unknown[];
    const event = inputs.shift();
    return typeof event === 'string' && !RESERVED.has(event) ? { id, event, inputs } : undefined;
  } catch {
    return undefined;
  }
}

/** Whom a connection's events go to. */
interface Lane {
  socket: AppSocket;
  take: (arrived: Arrived) => void;
}

const lanes = new WeakMap<Connection, Lane>();

/**
 * Takes a client's events straight from its WebSocket. By the usual way each passes through seven emitters and waits for the next
 * tick, at twice the cost of all that a message is checked for here. Everything else goes the usual way, and so do events while
 * a ping has no answer, since they stand for one, and those that would overtake what has gone the usual way.
 */
export function openFastLane(socket: AppSocket, take: (arrived: Arrived) => void): void {
  const connection = socket.conn as unknown as Connection;
  const known = lanes.get(connection);
  // A connection may carry any number of sockets, one after the other: it is listened to once.
  if (known) {
    Object.assign(known, { socket, take });
    return;
  }
  const lane: Lane = { socket, take };
  lanes.set(connection, lane);
  let busy = false;

  function settle(): void {
    busy = false;
  }

  function listen({ name, socket: ws }: Transport): void {
    const [usual] = ws?.listeners('message') ?? [];
    if (name !== 'websocket' || !ws || !usual) return;
    ws.removeAllListeners('message');
    ws.on('message', (data, isBinary) => {
      const usualWay = busy || isBinary || connection.pingTimeoutTimer !== null || !lane.socket.connected;
      const arrived = usualWay ? undefined : readEvent(data.toString());
      if (arrived) {
        lane.take(arrived);
        return;
      }
      usual.call(ws, data, isBinary);
      busy = true;
      // After the tick in which Socket.IO takes it.
      process.nextTick(settle);
    });
  }

  listen(connection.transport);
  connection.on('upgrade', listen);
}
