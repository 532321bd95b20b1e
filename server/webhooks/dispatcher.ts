import { setTimeout as sleep } from 'node:timers/promises';
import type { Id } from '@co-talk/sdk/protocol';
import { audit } from '../audit/audit.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { Database } from '../orm.ts';
import { attempt } from './attempt.ts';
import { createOutboxStore, type Claimed } from './outbox-store.ts';
import { PACE, patience, type Pace } from './pace.ts';
import { Webhook } from './webhook.entity.ts';

export interface Dispatcher {
  /** Tries that are under way have a moment to end; what has not, is tried by another node, or after the next start. */
  close: () => Promise<void>;
}

interface Needs {
  db: Database;
  config: Config;
  log: Log;
  pace?: Partial<Pace> | undefined;
}

/** What one endpoint has under way on this node. */
interface Lane {
  running: number;
  /** It grows while the endpoint answers well, and is one after it did not. */
  limit: number;
  /** There may be more that is due. */
  more: boolean;
}

/** Requests under way to one endpoint, and to all. */
const LANE_MAX = 10;
const ALL_MAX = 250;

/** What a slow endpoint may hold up the end of the server by. */
const LAST_TRIES_MS = 2_000;

const FORGET_EVERY_MS = 600_000;

/**
 * Delivers what is in the outbox: at least once, in no promised order, retried over days. Each endpoint has a lane of its own, so that
 * one which is slow or away holds up no other. Nodes share the work by the rows that they lock.
 */
export function createDispatcher({ db, config, log, ...needs }: Needs): Dispatcher {
  const pace = { ...PACE, ...needs.pace };
  const store = createOutboxStore(db.read);
  const lanes = new Map<Id, Lane>();
  const end = new AbortController();
  const trying = { config, read: db.read, pace, signal: end.signal };
  const underWay = new Set<Promise<void>>();
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let failing = false;
  let forgotten = Date.now();

  async function look(): Promise<void> {
    try {
      const due = await store.due();
      for (const [id, lane] of lanes) if (lane.running === 0 && !due.includes(id)) lanes.delete(id);
      await Promise.all(due.map(fill));
      if (Date.now() - forgotten > FORGET_EVERY_MS) {
        forgotten = Date.now();
        await store.forget(() => closed);
      }
      failing = false;
    } catch (error) {
      tellOnce(error);
    }
    if (!closed) timer = setTimeout(start, pace.everyMs);
  }

  /** Once: a database that is away is away for many rounds. */
  function tellOnce(error: unknown): void {
    if (!closed && !failing) log.warn({ err: error }, 'webhooks could not be delivered; will try again');
    failing = true;
  }

  async function fill(webhookId: Id): Promise<void> {
    const lane = lanes.get(webhookId) ?? { running: 0, limit: 1, more: true };
    lanes.set(webhookId, lane);
    const free = Math.min(lane.limit - lane.running, ALL_MAX - underWay.size);
    if (closed || free <= 0) return;
    // Taken before they are there: what ends meanwhile asks for no more than is free.
    lane.running += free;
    let claimed: Claimed[] = [];
    try {
      claimed = await store.claim(webhookId, free, pace.leaseMs);
    } finally {
      lane.running -= free - claimed.length;
      lane.more = claimed.length === free;
    }
    for (const one of claimed) {
      const work = deliver(one, lane);
      underWay.add(work);
      void work.finally(() => underWay.delete(work));
    }
  }

  async function deliver(claimed: Claimed, lane: Lane): Promise<void> {
    try {
      const outcome = await attempt(trying, claimed);
      if (!outcome.delivered && end.signal.aborted) await store.giveBack(claimed, 0);
      else await store.settle(claimed, outcome);
      lane.limit = outcome.delivered ? Math.min(lane.limit * 2, LANE_MAX) : 1;
      if (outcome.gone) await disable(claimed, 'gone');
      else if (!outcome.delivered && outcome.waitMs === null) await disable(claimed, 'failing');
    } catch (error) {
      tellOnce(error);
      // Where not even that works, its lease runs out.
      await store.giveBack(claimed, pace.leaseMs).catch(tellOnce);
    }
    lane.running -= 1;
    if (lane.more && lane.running <= lane.limit / 2) await fill(claimed.webhookId).catch(tellOnce);
  }

  /** `failing`: only if nothing at all has got through for as long as a delivery is tried. */
  async function disable({ appId, webhookId }: Claimed, reason: 'gone' | 'failing'): Promise<void> {
    const now = new Date();
    const since = new Date(now.getTime() - patience(pace));
    await db.fork(appId).transactional(async (em) => {
      const which = { id: webhookId, enabled: true, ...(reason === 'gone' ? {} : { failingSince: { $lte: since } }) };
      const changed = await em.nativeUpdate(Webhook, which, {
        ...{ enabled: false, disabledReason: reason, disabledAt: now },
      });
      if (changed === 0) return;
      log.warn({ app: appId, webhook: webhookId, reason }, 'a webhook was disabled');
      const by = { kind: 'system', id: 'webhooks' } as const;
      const target = { kind: 'webhook', id: webhookId };
      await audit(em, { appId, by, action: 'webhook.disable', target, details: { reason } });
    });
  }

  let work: Promise<void> = Promise.resolve();
  function start(): void {
    work = look();
  }

  start();
  return {
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await work;
      await Promise.race([Promise.all(underWay), sleep(LAST_TRIES_MS, undefined, { ref: false })]);
      end.abort();
      await Promise.all(underWay);
    },
  };
}
