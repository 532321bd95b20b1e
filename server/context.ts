import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id } from '@co-talk/sdk/protocol';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import type { SendQueue } from './messages/send-queue.ts';
import type { Database } from './orm.ts';
import type { Read } from './statements.ts';
import type { Presences } from './presence/presences.ts';
import { deferPublish, type Publish } from './publish.ts';

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
}

/** What one request or event works with. */
export interface Context extends Services {
  /** Of this request alone; sees only the rows of `appId`. */
  readonly em: EntityManager;
  /** For what is asked all the time. Sees the rows of all apps: statements name theirs. */
  read: Read;
  appId: string;
}

/** Who asks: the user and device of a verified access token. */
export interface Actor {
  userId: Id;
  sessionId: Id;
}

/** A context, and `flush`, which publishes what its action did: call it once the answer is on its way. */
export function createContext(services: Services, db: Database, appId: string): { ctx: Context; flush: () => void } {
  const { publish, flush } = deferPublish(services.publish);
  let em: EntityManager | undefined;
  const ctx: Context = {
    ...services,
    publish,
    read: db.read,
    appId,
    get em() {
      return (em ??= db.fork(appId));
    },
  };
  return { ctx, flush };
}
