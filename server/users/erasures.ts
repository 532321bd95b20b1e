import type { Id } from '@co-talk/sdk/protocol';
import { ActionContext, type Services } from '../context.ts';
import type { Database } from '../orm.ts';
import { continueErasure } from './erase.ts';

export interface Erasures {
  close: () => Promise<void>;
}

const EVERY_MS = 5_000;

/** Takes one that nobody is at: two nodes never take the same. */
const TAKE = `
  update erasures set lease_until = now() + interval '30 s' where user_id = (
    select user_id from erasures where finished_at is null and lease_until <= now() order by lease_until limit 1 for update skip locked
  ) returning user_id as "userId", app_id as "appId"`;

/** Finishes what was begun elsewhere: by a request that did not wait for the end, or by a node that has ended on the way. */
export function createErasures(services: Services, db: Database): Erasures {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let work: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    try {
      for (let next = await take(); next && !closed; next = await take()) {
        await continueErasure(new ActionContext(services, db, next.appId), next.userId, () => closed);
      }
    } catch (error) {
      if (!closed) services.log.error({ err: error }, 'an erasure could not go on; will try again');
    }
    if (!closed) timer = setTimeout(start, EVERY_MS);
  }

  async function take(): Promise<{ userId: Id; appId: string } | undefined> {
    if (closed) return undefined;
    const { rows } = await db.ownPool.query<{ userId: Id; appId: string }>(TAKE);
    return rows[0];
  }

  function start(): void {
    work = look();
  }

  start();
  return {
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await work;
    },
  };
}
