import type { Socket as TcpSocket } from 'node:net';
import { frame } from './frames.ts';

/** The parts of Engine.IO that are used here. */
interface Transport {
  name: string;
  /** Whether it takes more at once; what comes meanwhile waits in the connection's buffer. */
  writable: boolean;
  emit: (event: 'ready') => unknown;
  /** Of `ws`, where the transport is a WebSocket. */
  socket?: { readyState: number; _socket?: TcpSocket | null; terminate: () => void };
}

interface Connection {
  readyState: string;
  transport: Transport;
  /** What waits for the transport. */
  writeBuffer: unknown[];
  /** Hands what is buffered to the transport. */
  flush: () => void;
  write: (data: unknown, options?: object, done?: unknown) => unknown;
  close: (discard?: boolean) => unknown;
}

interface Engine {
  on: (event: 'connection', listener: (connection: Connection) => void) => unknown;
}

/** A connection that has something to write at the end of the turn. */
interface Line {
  planned: boolean;
  run: () => void;
}

/** Packets that may wait for a client that does not read, and their characters: two of the largest answers, and then some. */
const QUEUED_MAX = 500;
const QUEUED_LENGTH_MAX = 3_000_000;

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
  let due: Line[] = [];

  function writeAll(): void {
    const now = due;
    due = [];
    // First: should one of them fail, the others can still be planned.
    for (const line of now) line.planned = false;
    for (const line of now) line.run();
  }

  function plan(line: Line): void {
    if (line.planned) return;
    line.planned = true;
    if (due.length === 0) setImmediate(writeAll);
    due.push(line);
  }

  engine.on('connection', (connection) => {
    const flush = connection.flush.bind(connection);
    const write = connection.write.bind(connection);
    const close = connection.close.bind(connection);
    /** Frames that wait for the end of the turn. What Engine.IO has buffered is newer. */
    let text = '';
    /** Characters of what Engine.IO has buffered. */
    let queued = 0;
    const line: Line = { planned: false, run };

    function run(): void {
      writeText();
      if (connection.writeBuffer.length === 0) return;
      flush();
      if (connection.writeBuffer.length === 0) queued = 0;
      if (connection.writeBuffer.length > QUEUED_MAX || queued > QUEUED_LENGTH_MAX) {
        cut(connection);
        onSlow();
      }
    }

    function writeText(): void {
      if (text === '') return;
      const { transport } = connection;
      const tcp = openTcp(transport);
      if (tcp?.write(text, 'latin1') === false) waitFor(tcp, transport);
      text = '';
    }

    connection.flush = () => {
      plan(line);
    };
    connection.write = (data, options, done) => {
      const { transport, readyState, writeBuffer } = connection;
      const plain = typeof data === 'string' && done === undefined && readyState === 'open' && transport.writable;
      if (!plain || writeBuffer.length > 0 || !openTcp(transport)) {
        if (typeof data === 'string') queued += data.length;
        return write(data, options, done);
      }
      plan(line);
      text += frame(data);
      return connection;
    };
    connection.close = (discard) => {
      writeText();
      return close(discard);
    };
  });
}

/** The line of a WebSocket that is open. */
function openTcp({ name, socket }: Transport): TcpSocket | undefined {
  const tcp = name === 'websocket' && socket?.readyState === OPEN ? socket._socket : undefined;
  return tcp?.writable ? tcp : undefined;
}

function waitFor(tcp: TcpSocket, transport: Transport): void {
  transport.writable = false;
  tcp.once('drain', () => {
    transport.writable = true;
    transport.emit('ready');
  });
}

/** Ends a connection of Engine.IO at once: a goodbye would only join the queue, and wait for an answer from somebody who gives none. */
export function cut(connection: object): void {
  const { transport, close } = connection as Connection;
  if (transport.socket) transport.socket.terminate();
  else close.call(connection, true);
}
