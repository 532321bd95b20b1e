import { createShardedAdapter } from '@socket.io/redis-adapter';
import type { Namespace } from 'socket.io';
import { Adapter, MessageType, type BroadcastOptions } from 'socket.io-adapter';
import type { Packet } from 'socket.io-parser';
import { broadcastHere } from '../broadcast.ts';
import type { Bus } from './bus.ts';

/** Of Socket.IO, for all of this server's channels. */
const PREFIX = 'co-talk';

/** Rooms have channels of their own, so that a node hears only what its sockets are in; what goes to several rooms goes to all nodes. */
const dynamic = { channelPrefix: PREFIX, subscriptionMode: 'dynamic' } as const;

/** The channel of a room in the main namespace, as the sharded adapter names it. */
export const channelOf = (room: string): string => `${PREFIX}#/#${room}#`;

/**
 * Socket.IO's sharded Redis adapter, but serving this node's own sockets first and at once. By itself it waits for Redis before
 * it tells, joins or removes anybody: a slow Redis would slow down, and reorder, what has nothing to do with it.
 */
export function clusterAdapter(bus: Bus): (nsp: Namespace) => Adapter {
  const sharded = createShardedAdapter(bus, bus, dynamic);
  const here = Adapter.prototype;
  // Socket.IO calls it with `new`, which an arrow function would refuse.
  return function (nsp) {
    const adapter = sharded(nsp);
    const tell: (typeof adapter)['publish'] = (message) => {
      adapter['publish'](message);
    };
    adapter.broadcast = (packet, opts) => {
      // To no room in particular means to everybody.
      if (opts.rooms.size === 0) here.broadcast.call(adapter, packet, opts);
      else broadcastHere(adapter, packet as Pick<Packet, 'type' | 'data'>, opts);
      if (!opts.flags?.local) tell({ type: MessageType.BROADCAST, data: { packet, opts: wire(opts) } });
      return DONE;
    };
    adapter.addSockets = (opts, rooms) => {
      here.addSockets.call(adapter, opts, rooms);
      if (!opts.flags?.local) tell({ type: MessageType.SOCKETS_JOIN, data: { opts: wire(opts), rooms } });
      return DONE;
    };
    adapter.delSockets = (opts, rooms) => {
      here.delSockets.call(adapter, opts, rooms);
      if (!opts.flags?.local) tell({ type: MessageType.SOCKETS_LEAVE, data: { opts: wire(opts), rooms } });
      return DONE;
    };
    adapter.disconnectSockets = (opts, close) => {
      here.disconnectSockets.call(adapter, opts, close);
      if (!opts.flags?.local) tell({ type: MessageType.DISCONNECT_SOCKETS, data: { opts: wire(opts), close } });
      return DONE;
    };
    return adapter;
  };
}

const DONE = Promise.resolve();

const wire = ({ rooms, except, flags }: BroadcastOptions) => ({
  rooms: [...rooms],
  except: [...(except ?? [])],
  flags: flags ?? {},
});
