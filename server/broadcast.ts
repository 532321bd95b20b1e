import type { Namespace, Socket } from 'socket.io';
import { Adapter, type BroadcastOptions } from 'socket.io-adapter';
import type { Packet } from 'socket.io-parser';
import { Encoder } from './parser.ts';

/** The way of a text to a client, as Socket.IO itself goes it. */
interface Client {
  conn: { write: (text: string, options: { compress: boolean }) => unknown };
}

const encoder = new Encoder();

/**
 * Tells this node's sockets in `rooms`, but for the sockets named by `except`. Socket.IO's own way does the same with sets of all
 * that are told and not told, and a frame made beforehand: for the two or ten of a usual room, that is most of the work.
 */
export function broadcastHere(
  adapter: Pick<Adapter, 'rooms' | 'nsp'>,
  packet: Pick<Packet, 'type' | 'data'>,
  { rooms, except }: BroadcastOptions,
): void {
  const [text = ''] = encoder.encode({ type: packet.type, data: packet.data as unknown, nsp: '/' });
  const told = rooms.size > 1 ? new Set<string>() : undefined;
  const { sockets } = adapter.nsp as Namespace;
  for (const room of rooms) {
    for (const id of adapter.rooms.get(room) ?? []) {
      if (except?.has(id) || told?.has(id)) continue;
      told?.add(id);
      const socket = sockets.get(id) as (Socket & { client: Client }) | undefined;
      socket?.client.conn.write(text, PLAIN);
    }
  }
}

const PLAIN = { compress: false };

/** Socket.IO's adapter for a single node. */
export class LocalAdapter extends Adapter {
  override broadcast(packet: Pick<Packet, 'type' | 'data'>, options: BroadcastOptions): void {
    // To no room in particular means to everybody.
    if (options.rooms.size === 0) super.broadcast(packet, options);
    else broadcastHere(this, packet, options);
  }
}
