import type { Socket as TcpSocket } from 'node:net';

/** The parts of Engine.IO's connection that are used here; `flush` hands what is buffered to the transport. */
interface Connection {
  flush: () => void;
  transport: { socket?: { _socket?: TcpSocket | null } };
}

interface Engine {
  on: (event: 'connection', listener: (connection: Connection) => void) => unknown;
}

/**
 * Sends what one turn of the event loop has produced for a connection with one system call, and all connections in a row.
 * Engine.IO writes every packet by itself, and every write may wake the process at the other end. A committed batch answers
 * hundreds of senders and tells hundreds of others at once: together that took a third of the server's time.
 */
export function coalesceWrites(engine: Engine): void {
  const due = new Map<Connection, () => void>();

  function writeAll(): void {
    for (const [connection, flush] of due) {
      const tcp = connection.transport.socket?._socket;
      tcp?.cork();
      flush();
      tcp?.uncork();
    }
    due.clear();
  }

  engine.on('connection', (connection) => {
    const flush = connection.flush.bind(connection);
    connection.flush = () => {
      if (due.size === 0) setImmediate(writeAll);
      due.set(connection, flush);
    };
  });
}
