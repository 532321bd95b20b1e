import type { Id, WebhookAttempt, WebhookEventType } from '@co-talk/sdk/protocol';
import type { Read, Statement } from '../statements.ts';

/** A delivery that this node tries now. */
export interface Claimed {
  webhookId: Id;
  id: Id;
  appId: string;
  type: WebhookEventType;
  about: Record<string, unknown>;
  createdMs: number;
  /** This one included. */
  tries: number;
  url: string;
  sealed: string;
  /** The secret before, while requests are signed with it too. */
  previousSealed: string | null;
}

/** What became of a try. `waitMs`: until the next one; `null`: there is none. */
export interface Outcome {
  delivered: boolean;
  waitMs: number | null;
  attempt: WebhookAttempt;
}

/** Attempts that are kept of a delivery. */
const LOG_MAX = 20;

/** Rows that are deleted at once. */
const FORGET_ROWS = 5_000;

const DUE: Statement = {
  name: 'webhooks-due',
  text: `select w.id from webhooks w join apps a on a.id = w.app_id and a.removed_at is null
    where w.enabled and exists (
      select from webhook_deliveries d where d.webhook_id = w.id and d.status = 'pending' and d.next_at <= now()
    )`,
};

/** `next_at` is also the lease: whoever finds a row due may have it, and moves it on in the same moment. */
const CLAIM: Statement = {
  name: 'webhooks-claim',
  text: `with due as (
      select d.webhook_id, d.id from webhook_deliveries d
      where d.webhook_id = $1 and d.status = 'pending' and d.next_at <= now()
      order by d.next_at limit $2 for update skip locked
    )
    update webhook_deliveries d set next_at = now() + make_interval(secs => $3::float8 / 1000), tries = d.tries + 1
    from due, webhooks w
    where d.webhook_id = due.webhook_id and d.id = due.id and w.id = due.webhook_id and w.enabled
    returning d.webhook_id as "webhookId", d.id, d.app_id as "appId", d.type, d.data as about, d.tries, w.url, w.sealed,
      (extract(epoch from d.created_at) * 1000)::float8 as "createdMs",
      case when w.previous_until > now() then w.previous_sealed end as "previousSealed"`,
};

/** Of a try that is still the last one: after a lease has run out, or a replay, it is somebody else's. */
const SETTLE: Statement = {
  name: 'webhooks-settle',
  text: `with health as (
      update webhooks w set failing_since = case when $4 = 'delivered' then null else now() end
      where w.id = $1 and (w.failing_since is null) = ($4 <> 'delivered')
    )
    update webhook_deliveries set status = $4, next_at = now() + make_interval(secs => $5::float8 / 1000),
      log = (case when jsonb_array_length(log) >= ${String(LOG_MAX)} then log - 0 else log end) || $6::jsonb
    where webhook_id = $1 and id = $2 and tries = $3 and status = 'pending'`,
};

const GIVE_BACK: Statement = {
  name: 'webhooks-give-back',
  text: `update webhook_deliveries set next_at = now() + make_interval(secs => $4::float8 / 1000), tries = tries - 1
    where webhook_id = $1 and id = $2 and tries = $3 and status = 'pending'`,
};

/** What was delivered is kept for three days, everything else for two weeks; of a webhook that is gone, nothing. */
const FORGET: Statement = {
  name: 'webhooks-forget',
  text: `delete from webhook_deliveries where ctid = any(array(
      select d.ctid from webhook_deliveries d left join webhooks w on w.id = d.webhook_id
      where w.id is null or d.created_at < now() - case when d.status = 'delivered' then interval '3 days' else interval '14 days' end
      limit ${String(FORGET_ROWS)}
    )) returning id`,
};

/** The outbox as dispatchers see it. Any number of nodes may work on it. */
export interface OutboxStore {
  /** Webhooks that something is due for. */
  due: () => Promise<Id[]>;
  /** Takes up to `count` of what is due for a webhook, for `leaseMs`. */
  claim: (webhookId: Id, count: number, leaseMs: number) => Promise<Claimed[]>;
  settle: (claimed: Claimed, outcome: Outcome) => Promise<void>;
  /** As if it had not been tried; due in so many milliseconds. */
  giveBack: (claimed: Claimed, waitMs: number) => Promise<void>;
  /** Takes away what is old. */
  forget: (isOver: () => boolean) => Promise<void>;
}

export function createOutboxStore(run: Read): OutboxStore {
  return {
    due: async () => (await run<{ id: Id }>(DUE, [])).map(({ id }) => id),
    claim: (webhookId, count, leaseMs) => run<Claimed>(CLAIM, [webhookId, count, leaseMs]),
    settle: async ({ webhookId, id, tries }, { delivered, waitMs, attempt }) => {
      const status = delivered ? 'delivered' : waitMs === null ? 'failed' : 'pending';
      await run(SETTLE, [webhookId, id, tries, status, waitMs ?? 0, JSON.stringify([attempt])]);
    },
    giveBack: async ({ webhookId, id, tries }, waitMs) => {
      await run(GIVE_BACK, [webhookId, id, tries, waitMs]);
    },
    forget: async (isOver) => {
      let gone = FORGET_ROWS;
      while (gone === FORGET_ROWS && !isOver()) gone = (await run(FORGET, [])).length;
    },
  };
}
