import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createFramer } from './frames.ts';
import { createPipe, type Pipe } from './pipe.ts';

/** `up`: from the client to the server. */
export type Direction = 'up' | 'down';

/** What becomes of one packet of the server. `swap`: the next one overtakes it. */
export type Edit = (packet: string) => 'pass' | 'drop' | 'swap';

/** How a line misbehaves; what is left out behaves well. */
export interface Faults {
  /** Milliseconds that everything is late. */
  latencyMs?: number;
  /** Everything travels in pieces of at most this many bytes. */
  sliceBytes?: number;
  /** What travels this way is lost, without a sign. */
  drop?: Direction | 'both';
  /** What travels this way waits where it is: the sender's buffers fill up. */
  stall?: Direction;
  /** New connections are refused. */
  refuse?: boolean;
  /** Single packets of a WebSocket server are lost or overtaken. */
  edit?: Edit;
}

/** A TCP line with a server at its end that can be made to fail. */
export interface FaultProxy {
  readonly port: number;
  /** Connections that are open now. */
  connections: () => number;
  /** From now on the line misbehaves like this, and like this only. `{}` heals it. */
  set: (faults: Faults) => void;
  /** Ends the connections that are open now. `reset`: without saying goodbye. */
  cut: (how?: 'end' | 'reset') => void;
  /** The connections that are open now look alive and are not, for both ends. */
  halfOpen: () => void;
  /** The next piece that travels this way, on each connection, arrives by half, and then the connection breaks. */
  halve: (direction: Direction) => void;
  close: () => Promise<void>;
}

interface Connection {
  near: Socket;
  far: Socket;
  pipes: Record<Direction, Pipe>;
  isDead: boolean;
}

const DIRECTIONS: readonly Direction[] = ['up', 'down'];

/** @param target the port on this machine that a new connection goes to; `null`: nobody is there */
export async function startProxy(target: () => number | null): Promise<FaultProxy> {
  const open = new Set<Connection>();
  let faults: Faults = {};

  const server = createServer({ noDelay: true }, (near) => {
    near.on('error', () => undefined);
    const port = faults.refuse ? null : target();
    if (port === null) {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ port, host: '127.0.0.1', noDelay: true });
    const framer = createFramer();
    const connection: Connection = {
      near,
      far,
      pipes: {
        up: createPipe(near, far, () => end(connection)),
        down: createPipe(far, near, () => end(connection)),
      },
      isDead: false,
    };
    open.add(connection);
    near.on('data', (chunk: Buffer) => pass(connection, 'up', chunk));
    far.on('data', (chunk: Buffer) => {
      for (const { bytes, text } of framer(chunk)) {
        const fate = text === null ? 'pass' : (faults.edit?.(text) ?? 'pass');
        if (fate === 'swap') connection.pipes.down.hold(bytes);
        else if (fate === 'pass') pass(connection, 'down', bytes);
      }
    });
    for (const socket of [near, far]) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        if (!connection.isDead) end(connection);
      });
    }
    apply(connection);
  });

  function pass({ pipes, isDead }: Connection, direction: Direction, bytes: Buffer): void {
    const { drop, latencyMs = 0, sliceBytes = Infinity } = faults;
    if (isDead || drop === direction || drop === 'both') return;
    pipes[direction].write(bytes, latencyMs, sliceBytes);
  }

  function apply({ pipes }: Connection): void {
    for (const direction of DIRECTIONS) pipes[direction].stall(faults.stall === direction);
  }

  function end(connection: Connection, how: 'end' | 'reset' = 'end'): void {
    open.delete(connection);
    for (const direction of DIRECTIONS) connection.pipes[direction].stop();
    for (const socket of [connection.near, connection.far]) {
      if (how === 'reset') socket.resetAndDestroy();
      else socket.destroy();
    }
  }

  const cut = (how: 'end' | 'reset' = 'end') => {
    for (const connection of [...open]) end(connection, how);
  };

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    connections: () => open.size,
    set(next) {
      faults = next;
      open.forEach(apply);
    },
    cut,
    halfOpen() {
      for (const connection of open) connection.isDead = true;
    },
    halve(direction) {
      for (const { pipes } of open) pipes[direction].halve();
    },
    close: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
