import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id } from '@co-talk/sdk/protocol';
import type { App } from './apps/app.entity.ts';
import { getApp, messageLength } from './apps/apps.ts';
import type { Config } from './config.ts';
import type { FileStorage } from './files/storage.ts';
import type { Limits } from './limits/limits.ts';
import type { Log } from './log.ts';
import type { Mailer } from './mail/mailer.ts';
import type { InOrder } from './messages/in-order.ts';
import type { SendQueue } from './messages/send-queue.ts';
import type { Database } from './orm.ts';
import type { Read } from './statements.ts';
import type { Presences } from './presence/presences.ts';
import { DeferredPublish, type Publish } from './publish.ts';

/** What lives as long as the server. */
export interface Services {
  config: Config;
  log: Log;
  /** The installation's identity: see `epoch` in the protocol. */
  epoch: string;
  publish: Publish;
  /** Whether what happens on other nodes in these Socket.IO rooms is heard from now on; waits a moment for it. */
  heard: (rooms: Iterable<string>) => Promise<boolean>;
  presences: Presences;
  sendQueue: SendQueue;
  sendOrder: InOrder;
  limits: Limits;
  mailer: Mailer;
  files: FileStorage;
}

/** What one request or event works with. */
export interface Context extends Services {
  /** Of this request alone; sees only the rows of `appId`. */
  readonly em: EntityManager;
  /** What was told is held back until the answer is on its way, or `flush`, for an action that commits more than once. */
  readonly publish: DeferredPublish;
  /** For what is asked all the time. Sees the rows of all apps: statements name theirs. */
  read: Read;
  appId: string;
  /** Where the request comes from, for counting; `null` for what happens over a socket, or by itself. */
  readonly address: string | null;
  /** For what concerns the app itself; everything that belongs to one is seen through `em`. */
  readonly db: Database;
  /** The app's switches and settings, at most two seconds old. */
  app: () => Promise<App>;
  /** Graphemes in a message of this app. */
  messageLength: () => number;
}

/** Who asks: the user and device of a verified access token. */
export interface Actor {
  userId: Id;
  sessionId: Id;
}

/**
 * A context, and `flush`, which publishes what its action did: call it once the answer is on its way.
 * A class, since there is one for every request and event.
 */
export class ActionContext implements Context {
  readonly config: Config;
  readonly log: Log;
  readonly epoch: string;
  readonly publish: DeferredPublish;
  readonly heard: Services['heard'];
  readonly presences: Presences;
  readonly sendQueue: SendQueue;
  readonly sendOrder: InOrder;
  readonly limits: Limits;
  readonly mailer: Mailer;
  readonly files: FileStorage;
  readonly read: Read;
  readonly appId: string;
  readonly address: string | null;
  readonly db: Database;
  #em: EntityManager | undefined;

  constructor(services: Services, db: Database, appId: string, address: string | null = null) {
    this.config = services.config;
    this.log = services.log;
    this.epoch = services.epoch;
    this.publish = new DeferredPublish(services.publish);
    this.heard = services.heard;
    this.presences = services.presences;
    this.sendQueue = services.sendQueue;
    this.sendOrder = services.sendOrder;
    this.limits = services.limits;
    this.mailer = services.mailer;
    this.files = services.files;
    this.read = db.read;
    this.appId = appId;
    this.address = address;
    this.db = db;
  }

  get em(): EntityManager {
    return (this.#em ??= this.db.fork(this.appId));
  }

  app(): Promise<App> {
    return getApp(this.db, this.appId);
  }

  messageLength(): number {
    return messageLength(this.db, this.appId, this.config);
  }

  flush(): void {
    this.publish.flush();
  }
}
