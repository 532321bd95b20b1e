import type { Socket as TcpSocket } from 'node:net';
import { frame } from './frames.ts';

/** The parts of Engine.IO that are used here. */
interface Packet {
  type: string;
  data?: unknown;
}

interface Transport {
  name: string;
  writable: boolean;
  send: (packets: Packet[]) => void;
  emit: (event: 'drain' | 'ready') => unknown;
  /** Of `ws`, where the transport is a WebSocket. */
  socket?: { readyState: number; _socket?: TcpSocket | null; terminate: () => void };
}

interface Connection {
  /** Hands what is buffered to the transport. */
  flush: () => void;
  /** What waits for the transport. */
  writeBuffer: unknown[];
  close: (discard: true) => unknown;
  transport: Transport;
  on: (event: 'upgrade', listener: (transport: Transport) => void) => unknown;
}

interface Engine {
  on: (event: 'connection', listener: (connection: Connection) => void) => unknown;
}

/** Packets that may wait for a client that does not read. */
const QUEUED_MAX = 500;

/** Engine.IO's mark of a message, the only kind of packet that there are many of. */
const MESSAGE = '4';
const OPEN = 1;

/**
 * Sends what one turn of the event loop has produced for a connection with one system call, and all connections in a row.
 * Engine.IO writes every packet by itself, in two pieces, and every write may wake the process at the other end. A committed
 * batch answers hundreds of senders and tells hundreds of others at once: together that took half of the server's time.
 *
 * A connection that takes nothing any more is cut, and `onSlow` called: its pings may still be answered, and what waits for it
 * would grow for ever. Whoever it was catches up when they come back.
 */
export function coalesceWrites(engine: Engine, onSlow: () => void): void {
  const due = new Map<Connection, () => void>();

  function writeAll(): void {
    for (const [connection, flush] of due) {
      flush();
      if (connection.writeBuffer.length > QUEUED_MAX) {
        cut(connection);
        onSlow();
      }
    }
    due.clear();
  }

  engine.on('connection', (connection) => {
    const flush = connection.flush.bind(connection);
    connection.flush = () => {
      if (due.size === 0) setImmediate(writeAll);
      due.set(connection, flush);
    };
    writeFrames(connection.transport);
    connection.on('upgrade', writeFrames);
  });
}

/** At once: a goodbye would only join the queue. */
function cut(connection: Connection): void {
  const { socket } = connection.transport;
  if (socket) socket.terminate();
  else connection.close(true);
}

/** Lets a WebSocket write all that is due as one text. What is not plain goes the usual way. */
function writeFrames(transport: Transport): void {
  if (transport.name !== 'websocket') return;
  const send = transport.send.bind(transport);
  transport.send = (packets) => {
    const tcp = transport.socket?.readyState === OPEN ? transport.socket._socket : undefined;
    const text = tcp?.writable ? framed(packets) : undefined;
    if (!tcp || text === undefined) {
      tcp?.cork();
      send(packets);
      tcp?.uncork();
      return;
    }
    if (tcp.write(text, 'latin1')) {
      transport.emit('drain');
      return;
    }
    transport.writable = false;
    tcp.once('drain', () => {
      transport.emit('drain');
      transport.writable = true;
      transport.emit('ready');
    });
  };
}

function framed(packets: Packet[]): string | undefined {
  let text = '';
  for (const { type, data } of packets) {
    const one = type === 'message' && typeof data === 'string' ? frame(MESSAGE + data) : undefined;
    if (one === undefined) return undefined;
    text += one;
  }
  return text;
}
