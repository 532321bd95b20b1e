import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Id } from '@co-talk/sdk/protocol';
import { ensureDefaultApp } from './apps/apps.ts';
import { appRoutes } from './apps/apps.routes.ts';
import { createPurge } from './apps/purge.ts';
import { mountAssets } from './assets.ts';
import { accountRoutes } from './auth/account.routes.ts';
import { authRoutes } from './auth/auth.routes.ts';
import { addressVerify } from './auth/email-verification.ts';
import { createGuestCleanup, GUESTS_EVERY_MS } from './auth/guest-cleanup.ts';
import { createHostKeys } from './auth/host-keys.ts';
import { addressChanged, addressForgot } from './auth/password-reset.ts';
import { createBus } from './cluster/bus.ts';
import { createHeadsTeller, HEADS_EVERY_MS } from './cluster/heads.ts';
import { createWatch } from './cluster/watch.ts';
import type { Config } from './config.ts';
import { ActionContext, type Services } from './context.ts';
import { createFigures } from './figures/figures.ts';
import { figureRoutes } from './figures/figures.routes.ts';
import { createFileCleanup, FILES_EVERY_MS } from './files/cleanup.ts';
import { fileRoutes } from './files/files.routes.ts';
import { createStorage } from './files/storage.ts';
import { friendRoutes } from './friends/friends.routes.ts';
import { createLimits } from './limits/limits.ts';
import { healthRoutes, type Health } from './health.routes.ts';
import { createHttp } from './http.ts';
import type { Log } from './log.ts';
import { createMailer } from './mail/mailer.ts';
import { mountAccountPages } from './mail/pages.ts';
import { InOrder } from './messages/in-order.ts';
import { messageEvents } from './messages/messages.events.ts';
import { messageRoutes } from './messages/messages.routes.ts';
import { createSendQueue } from './messages/send-queue.ts';
import { createSendStore } from './messages/send-store.ts';
import { collect } from './openapi/collect.ts';
import { openapiRoutes } from './openapi/openapi.routes.ts';
import type { Database } from './orm.ts';
import { presenceEvents } from './presence/presence.events.ts';
import { presenceRoutes } from './presence/presence.routes.ts';
import { announce, noteLastSeen, tellAgain } from './presence/presence.ts';
import { createPresences } from './presence/presences.ts';
import { createRegistry } from './presence/registry.ts';
import { createRealtime } from './realtime.ts';
import { reportRoutes } from './reports/reports.routes.ts';
import { groupRoutes } from './rooms/groups.routes.ts';
import { joiningRoutes } from './rooms/joining.routes.ts';
import { roomEvents } from './rooms/rooms.events.ts';
import { roomRoutes } from './rooms/rooms.routes.ts';
import { roomIdsOf } from './rooms/rooms.ts';
import { createIndexer } from './search/indexer.ts';
import { searchRoutes } from './search/search.routes.ts';
import { siteRoutes } from './site/site.routes.ts';
import { syncEvents } from './sync/sync.events.ts';
import { syncRoutes } from './sync/sync.routes.ts';
import { moveAvatars } from './users/avatar.ts';
import { avatarRoutes, mountAvatars } from './users/avatar.routes.ts';
import { createErasures } from './users/erasures.ts';
import { privacyRoutes } from './users/privacy.routes.ts';
import { userRoutes } from './users/users.routes.ts';
import { createDispatcher } from './webhooks/dispatcher.ts';
import type { Pace } from './webhooks/pace.ts';
import { webhookRoutes } from './webhooks/webhooks.routes.ts';

export interface RunningApp {
  /** All that can be asked for: routes (`GET /rooms/:id`) and socket events (`message:send`). */
  bound: string[];
  /** For an action that nobody asks for over the wire; publish with `flush`. */
  context: (appId: string) => ActionContext;
  /** Starts to take connections. @returns the port, which is another one than asked for where 0 was */
  listen: (port: number, host: string) => Promise<number>;
  /** Drains: no new connections, clients told to come back, sends in flight finished. The database stays open. */
  close: () => Promise<void>;
}

/** For tests, which cannot wait. */
export interface AppOptions {
  /** Milliseconds from one comparison of all rooms with the database to the next. */
  headsEveryMs?: number;
  /** Milliseconds from one look for old guests to the next. */
  guestsEveryMs?: number;
  /** Milliseconds from one look for files that nobody needs to the next. */
  filesEveryMs?: number;
  /** Milliseconds from one look for messages that are not indexed to the next. */
  searchEveryMs?: number;
  /** How webhooks are delivered. */
  webhooks?: Partial<Pace>;
}

/** Milliseconds for whoever connects to ask, and to ask to the end, be it with a large file; how often is looked. */
const PATIENCE = { headersTimeout: 10_000, requestTimeout: 900_000, connectionsCheckingInterval: 2_000 };

/** Milliseconds that requests under way have to end when the server does. */
const LAST_REQUESTS_MS = 3_000;

/** The server: one line per feature. */
export async function createApp(config: Config, log: Log, db: Database, options: AppOptions = {}): Promise<RunningApp> {
  await ensureDefaultApp(db, config.production);
  await moveAvatars(db, config);
  const health: Health = { draining: false };
  const figures = createFigures();
  const sendQueue = createSendQueue(figures.counted(createSendStore(db.sendPool)), log);
  const epoch = await db.epoch();
  const bus = config.redisUrl === null ? null : createBus(config.redisUrl, log);
  const tellPresence = (userIds: Id[], agoMs?: number) => {
    tellAgain(services, db, userIds, agoMs).catch((error: unknown) => {
      if (!health.draining) log.error({ err: error }, 'presence could not be told');
    });
  };
  const presences = createPresences(
    bus && ((here) => createRegistry({ bus, log, here, onLost: tellPresence, onUntold: tellPresence })),
  );
  // Before Socket.IO attaches itself: it passes on what is not its own.
  const server = createServer(PATIENCE, (req, res) => {
    http.app(req, res);
  });

  const realtime = createRealtime(server, {
    services: () => services,
    db,
    bus,
    roomsOf: (ctx, actor) => roomIdsOf(ctx, actor.userId),
    announce,
    missed: (roomId) => {
      heads.rooms([roomId]);
    },
  });
  figures.watch(realtime.io);
  const { heard } = realtime;
  const indexer = createIndexer({ db, log, lookEveryMs: options.searchEveryMs });
  const publish = indexer.heard(realtime.publish);
  const addressers = { forgot: addressForgot, verify: addressVerify, changed: addressChanged };
  const mailer = createMailer({ config, log, db, addressers });
  const limits = createLimits(config, log);
  const files = createStorage(config);
  const services: Services = {
    files,
    config,
    log,
    epoch,
    publish,
    heard,
    presences,
    sendQueue,
    sendOrder: new InOrder(),
    limits,
    mailer,
  };
  const heads = createHeadsTeller({
    io: realtime.io,
    pool: db.ownPool,
    services: () => services,
    everyMs: options.headsEveryMs ?? HEADS_EVERY_MS,
    cutOff: () => bus?.up() === false,
  });
  bus?.onChange(heads.now);
  const watch = createWatch({
    pool: db.ownPool,
    log,
    onRevoked: realtime.revoke,
    onEpoch: (now) => {
      if (now === services.epoch) return;
      log.warn({ before: services.epoch, now }, 'the database has another history now; clients start anew');
      services.epoch = now;
      heads.everybody();
    },
  });
  const purge = createPurge(db, files, log);
  const erasures = createErasures(services, db);
  const guestCleanup = createGuestCleanup(services, db, options.guestsEveryMs ?? GUESTS_EVERY_MS);
  const fileCleanup = createFileCleanup(db, files, log, options.filesEveryMs ?? FILES_EVERY_MS);
  const webhooks = createDispatcher({ db, config, log, pace: options.webhooks });
  const http = createHttp(services, db);
  const { app } = http;
  const { routes, bound } = collect(http.routes);
  healthRoutes(app, db, bus, health);
  mountAssets(app);
  mountAvatars(app, db);
  mountAccountPages(app, mailer);
  openapiRoutes(app, bound);
  appRoutes(routes);
  authRoutes(routes, createHostKeys(db, config));
  accountRoutes(routes);
  userRoutes(routes);
  avatarRoutes(routes);
  privacyRoutes(routes);
  friendRoutes(routes);
  roomRoutes(routes);
  groupRoutes(routes);
  joiningRoutes(routes);
  messageRoutes(routes);
  fileRoutes(routes);
  reportRoutes(routes);
  searchRoutes(routes);
  presenceRoutes(routes);
  syncRoutes(routes);
  siteRoutes(routes);
  figureRoutes(routes, figures);
  webhookRoutes(routes);
  http.finish();

  roomEvents(realtime.events);
  messageEvents(realtime.events);
  presenceEvents(realtime.events);
  syncEvents(realtime.events);

  return {
    bound: [...http.bound, ...realtime.bound()],
    context: (appId) => new ActionContext(services, db, appId),
    listen: (port, host) => listen(server, port, host),
    close: async () => {
      health.draining = true;
      realtime.drain();
      await sendQueue.close();
      // Whoever is slow to ask, or never ends, holds up nothing.
      const late = setTimeout(() => {
        server.closeAllConnections();
      }, LAST_REQUESTS_MS);
      const online = await presences.close();
      await realtime.close();
      clearTimeout(late);
      await noteLastSeen(db, online);
      await guestCleanup.close();
      await erasures.close();
      await purge.close();
      await fileCleanup.close();
      await webhooks.close();
      await indexer.close();
      await mailer.close();
      await watch.close();
      await heads.close();
      limits.close();
      figures.close();
      await bus?.close();
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
