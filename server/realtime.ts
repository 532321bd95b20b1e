import type { Server as HttpServer } from 'node:http';
import { PacketType } from 'socket.io-parser';
import { z } from 'zod';
import { Server, type DefaultEventsMap } from 'socket.io';
import { LIMITS, PROTOCOL, type ClientToServerEvents, type Id, type ServerToClientEvents } from '@co-talk/sdk/protocol';
import { FEATURES } from './apps/apps.ts';
import { authenticate } from './auth/tokens.ts';
import { LocalAdapter } from './broadcast.ts';
import { channelOf, clusterAdapter } from './cluster/adapter.ts';
import type { Bus } from './cluster/bus.ts';
import { createEndings, type Endings } from './cluster/endings.ts';
import { coalesceWrites } from './coalesce.ts';
import { ActionContext, type Actor, type Context, type Services } from './context.ts';
import { openFastLane } from './fast-lane.ts';
import { createEvents, type AppSocket, type Events, type SocketData } from './events.ts';
import { AppError } from './errors.ts';
import { createHandshake } from './handshake.ts';
import { createOften } from './often.ts';
import type { Database } from './orm.ts';
import type { Publish } from './publish.ts';
import { forgetRequest, forgetResponses } from './forget-request.ts';
import { encodeAck, parser } from './parser.ts';
import { createTurns } from './turns.ts';
import { validator } from './validate.ts';

export type Io = Server<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, SocketData>;
export interface Realtime {
  events: Events;
  /** Names of the events that have a handler. */
  bound: () => string[];
  publish: Publish;
  io: Io;
  revoke: Endings['apply'];
  /** Whether what happens on other nodes in these rooms is heard from now on; waits a moment for it. */
  heard: (rooms: Iterable<string>) => Promise<boolean>;
  /** Tells the clients that this node is going away, and when to come back. */
  drain: () => void;
  /** Closes all sockets, and the HTTP server below. */
  close: () => Promise<void>;
}

interface Hooks {
  services: () => Services;
  db: Database;
  /** To the other nodes, where there may be some. */
  bus: Bus | null;
  /** What a new socket hears: the rooms of its user. */
  roomsOf: (ctx: Context, actor: Actor) => Promise<Id[]>;
  /** A user has come online, or gone. */
  announce: (ctx: Context, userId: Id, online: boolean) => Promise<void>;
  /** Sockets may have missed something in this room. */
  missed: (roomId: Id) => void;
}

/** Up to this long clients wait before they come back after a shutdown, spread so that they do not come all at once. */
const DRAIN_SPREAD_MS = 1_000;

/** A line that is dead without a word is noticed after their sum at both ends: a lost last event may take 30 seconds to heal. */
const HEARTBEAT = { pingInterval: 15_000, pingTimeout: 10_000 };

/** Milliseconds after which a room is compared whose channel could not be waited for. */
const UNHEARD_MS = 2_000;

/** A timer for longer than this runs out at once. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** Socket.IO with everything that is the same for all events. Features add theirs through {@link Events}. */
export function createRealtime(server: HttpServer, hooks: Hooks): Realtime {
  const { db, bus } = hooks;
  const handshake = createHandshake(hooks.services, db);
  server.on('upgrade', handshake.knock);
  const io: Io = new Server(server, {
    adapter: bus ? clusterAdapter(bus) : LocalAdapter,
    parser,
    connectTimeout: 10_000,
    ...HEARTBEAT,
    maxHttpBufferSize: LIMITS.payloadBytes,
    perMessageDeflate: false,
    httpCompression: false,
    serveClient: false,
    cors: { origin: '*' },
    allowRequest: handshake.allowRequest,
  });
  coalesceWrites(io.engine, () => {
    hooks.services().log.info('a client that did not read was cut off');
  });
  forgetResponses(io.engine);
  io.engine.on('connection', handshake.opened);
  const events = createEvents(hooks.services, db);
  const endings = createEndings(io);
  const announcing = new Set<Promise<void>>();

  io.use(handshake.admit);
  io.on('connection', (socket) => {
    const { appId, actor } = socket.data.claims;
    const { presences, log } = hooks.services();
    forgetRequest(socket);
    socket.data.turns = createTurns();
    socket.data.allowance = hooks
      .services()
      .limits.allowance({ userId: actor.userId, appId, address: handshake.addressOf(socket) });
    // Registered before the first await: what a client sends at once must find its handler. As middleware that lets nothing pass,
    // since there are no listeners behind it, and finding that out costs a turn of the queue per packet.
    socket.use(([event, ...args]: [string, ...unknown[]]) => {
      const ack: unknown = args.at(-1);
      if (typeof ack === 'function') events.answer(socket, event, args.slice(0, -1), ack as (answer: unknown) => void);
      else events.answer(socket, event, args, () => undefined);
    });
    openFastLane(socket, ({ id, event, inputs }) => {
      events.answer(socket, event, inputs, (answer) => {
        if (id !== undefined) socket.conn.write(encodeAck(id, answer));
      });
    });
    // A session that has ended since the handshake is found among the revocations, within a second.
    endings.add(socket);
    socket.on('disconnect', () => {
      handshake.leave(socket);
      socket.data.allowance.end();
      endings.remove(socket);
      clearTimeout(socket.data.expiry);
      presences.disconnected(actor.userId, () => {
        announce(appId, actor.userId, false);
      });
    });
    void presences.connected(actor.userId).then((first) => {
      if (first) announce(appId, actor.userId, true);
    });
    endAtExpiry(socket);
    welcome(socket).catch((error: unknown) => {
      log.error({ err: error }, 'a socket could not be set up');
      socket.disconnect(true);
    });
  });

  function join(userId: Id, roomId: Id): void {
    const room = `room:${roomId}`;
    io.local.in(`user:${userId}`).socketsJoin(room);
    if (!io.of('/').adapter.rooms.has(room)) return;
    // What other nodes did in the room before it is heard there can only be found in the database.
    void bus?.heard([channelOf(room)]).then((ok) => setTimeout(hooks.missed, ok ? 0 : UNHEARD_MS, roomId));
  }

  io.on('join', join);
  io.on('endSession', endings.endSession);

  function announce(appId: string, userId: Id, online: boolean): void {
    const ctx = new ActionContext(hooks.services(), db, appId);
    const told = hooks.announce(ctx, userId, online).then(
      () => {
        ctx.flush();
      },
      (error: unknown) => {
        ctx.log.error({ err: error }, 'presence could not be told');
      },
    );
    announcing.add(told);
    void told.then(() => announcing.delete(told));
  }

  async function welcome(socket: AppSocket): Promise<void> {
    const { appId, actor } = socket.data.claims;
    const ctx = new ActionContext(hooks.services(), db, appId);
    const rooms = await hooks.roomsOf(ctx, actor);
    if (!socket.connected) return;
    await socket.join([`user:${actor.userId}`, ...rooms.map((room) => `room:${room}`)]);
    socket.emit('hello', {
      protocol: PROTOCOL,
      features: FEATURES,
      epoch: ctx.epoch,
      serverTime: new Date().toISOString(),
    });
  }

  function endAtExpiry(socket: AppSocket): void {
    clearTimeout(socket.data.expiry);
    const left = socket.data.claims.expiresAt - Date.now();
    socket.data.expiry = setTimeout(
      () => {
        if (left > TIMER_MAX_MS) endAtExpiry(socket);
        else endings.end(socket, 'expired');
      },
      Math.min(Math.max(0, left), TIMER_MAX_MS),
    );
  }

  events.on('auth:renew', readToken, async (ctx, actor, { token }, socket) => {
    const claims = await authenticate(db, ctx.config, token);
    const same =
      claims.appId === ctx.appId && claims.actor.userId === actor.userId && claims.actor.sessionId === actor.sessionId;
    if (!same) throw new AppError('unauthenticated', 'unable to renew; the token is of another user, session or app');
    socket.data.claims = claims;
    endAtExpiry(socket);
    return null;
  });

  function tell(room: string, data: unknown[], except?: string): void {
    const others = except === undefined ? undefined : new Set([except]);
    io.of('/').adapter.broadcast({ type: PacketType.EVENT, data }, { rooms: new Set([room]), except: others });
  }

  const often = createOften((event) => {
    tell(`room:${event.roomId}`, ['message', event]);
  });

  const publish: Publish = {
    often: often.tell,
    room: (roomId, event, payload, except) => {
      tell(`room:${roomId}`, [event, ...payload], except);
    },
    user: (userId, event, payload) => {
      tell(`user:${userId}`, [event, ...payload]);
    },
    join: (userId, roomId) => {
      join(userId, roomId);
      if (bus) io.serverSideEmit('join', userId, roomId);
    },
    leave: (userId, roomId) => {
      const room = `room:${roomId}`;
      io.in(userId === null ? room : `user:${userId}`).socketsLeave(room);
    },
    endSession: (sessionId, reason) => {
      endings.endSession(sessionId, reason);
      if (bus) io.serverSideEmit('endSession', sessionId, reason);
    },
  };

  return {
    events,
    bound: events.bound,
    publish,
    io,
    revoke: endings.apply,
    heard: (rooms) => bus?.heard(Array.from(rooms, channelOf)) ?? Promise.resolve(true),
    drain: () => {
      for (const socket of io.of('/').sockets.values()) {
        socket.emit('server:draining', { reconnectInMs: Math.round(Math.random() * DRAIN_SPREAD_MS) });
      }
    },
    close: async () => {
      often.close();
      await io.close();
      await Promise.all(announcing);
    },
  };
}

const readToken = validator<{ token: string }>(z.strictObject({ token: z.string() }));
