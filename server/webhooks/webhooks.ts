import type {
  CreateWebhook,
  RotateWebhookSecret,
  UpdateWebhook,
  Webhook as WireWebhook,
  WebhookDelivery as WireDelivery,
  WebhookWithSecret,
} from '@co-talk/sdk/protocol';
import type { EntityManager } from '@mikro-orm/postgresql';
import { audit, type By } from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { newId } from '../ids.ts';
import { seal } from '../keyring.ts';
import { checkOutboundName, checkOutboundUrl, OutboundError } from '../outbound.ts';
import { SEALED_AS } from './attempt.ts';
import { newSecret } from './signing.ts';
import { deliveryToWire, toWire, Webhook, WebhookDelivery } from './webhook.entity.ts';

/** Of one app: each costs a row for every event it hears of. */
const WEBHOOKS_MAX = 20;

const OVERLAP_HOURS = 24;
const HOUR_MS = 3_600_000;

/** All of the app's, the oldest first. */
export async function listWebhooks(ctx: Context): Promise<{ items: WireWebhook[]; next: null }> {
  const webhooks = await ctx.em.find(Webhook, {}, { orderBy: { id: 'asc' }, disableIdentityMap: true });
  return { items: webhooks.map(toWire), next: null };
}

/** @throws AppError `not_found` */
export async function getWebhook(ctx: Context, id: string): Promise<WireWebhook> {
  return toWire(await findWebhook(ctx.em, id));
}

/**
 * Adds an address. It is told what happens from now on; the secret is in this answer and nowhere else.
 * @throws AppError `invalid_request` (an address that cannot be asked, too many)
 */
export async function createWebhook(ctx: Context, by: By, input: CreateWebhook): Promise<WebhookWithSecret> {
  await checkUrl(ctx, input.url);
  const secret = newSecret();
  return ctx.em.transactional(async (em) => {
    // One at a time, so that they are counted right.
    await em.execute('select from apps where id = ? for update', [ctx.appId]);
    if ((await em.count(Webhook, {})) >= WEBHOOKS_MAX) {
      throw new AppError(
        'invalid_request',
        `unable to add the webhook; an app has at most ${String(WEBHOOKS_MAX)}; remove one`,
      );
    }
    const now = new Date();
    const webhook: Webhook = {
      ...{ id: newId(), appId: ctx.appId, url: input.url, events: unique(input.events) },
      description: input.description ?? '',
      ...switched(input.enabled ?? true, now),
      ...{ sealed: seal(ctx.config, SEALED_AS, secret), previousSealed: null, previousUntil: null, createdAt: now },
    };
    await em.insert(Webhook, webhook);
    await audit(em, deed(ctx, by, 'webhook.create', webhook, { events: webhook.events.join(' ') }));
    return { ...toWire(webhook), secret };
  });
}

/**
 * Changes what is named and nothing else. What waits for a disabled webhook goes on once it is enabled, to the address it has then.
 * @throws AppError `not_found`, `invalid_request`
 */
export async function updateWebhook(ctx: Context, by: By, id: string, input: UpdateWebhook): Promise<WireWebhook> {
  if (input.url !== undefined) await checkUrl(ctx, input.url);
  return ctx.em.transactional(async (em) => {
    const before = await findWebhook(em, id);
    const { enabled, events, ...rest } = input;
    const changes: Partial<Webhook> = {
      ...rest,
      ...(events ? { events: unique(events) } : {}),
      ...(enabled === undefined || enabled === before.enabled ? {} : switched(enabled, new Date())),
    };
    if (Object.keys(changes).length === 0) return toWire(before);
    await em.nativeUpdate(Webhook, { id }, changes);
    const after = await findWebhook(em, id);
    await audit(em, deed(ctx, by, 'webhook.update', after, { changed: Object.keys(input).join(' ') }));
    return toWire(after);
  });
}

/**
 * Removes a webhook with all that waits for it.
 * @throws AppError `not_found`
 */
export async function removeWebhook(ctx: Context, by: By, id: string): Promise<void> {
  await ctx.em.transactional(async (em) => {
    const webhook = await findWebhook(em, id);
    // Its deliveries go with time: nobody asks for them any more.
    await em.nativeDelete(Webhook, { id });
    await audit(em, deed(ctx, by, 'webhook.remove', webhook));
  });
}

/**
 * Gives a new secret. For some hours requests are signed with the old one as well.
 * @throws AppError `not_found`
 */
export async function rotateSecret(
  ctx: Context,
  by: By,
  id: string,
  { overlapHours = OVERLAP_HOURS }: RotateWebhookSecret,
): Promise<WebhookWithSecret> {
  const secret = newSecret();
  return ctx.em.transactional(async (em) => {
    const { sealed } = await findWebhook(em, id);
    await em.nativeUpdate(
      Webhook,
      { id },
      {
        sealed: seal(ctx.config, SEALED_AS, secret),
        ...(overlapHours === 0
          ? { previousSealed: null, previousUntil: null }
          : { previousSealed: sealed, previousUntil: new Date(Date.now() + overlapHours * HOUR_MS) }),
      },
    );
    const after = await findWebhook(em, id);
    await audit(em, deed(ctx, by, 'webhook.rotate', after, { overlapHours }));
    return { ...toWire(after), secret };
  });
}

/**
 * Sends `webhook.test`, whatever is subscribed.
 * @throws AppError `not_found`, `conflict` (it is disabled)
 */
export async function testWebhook(ctx: Context, by: By, id: string): Promise<WireDelivery> {
  return ctx.em.transactional(async (em) => {
    const webhook = await findWebhook(em, id);
    if (!webhook.enabled) throw new AppError('conflict', 'unable to test the webhook; it is disabled; enable it first');
    const now = new Date();
    const delivery: WebhookDelivery = {
      ...{ webhookId: id, id: newId(), appId: ctx.appId, type: 'webhook.test', data: { webhookId: id } },
      ...{ status: 'pending', tries: 0, nextAt: now, log: [], createdAt: now },
    };
    await em.insert(WebhookDelivery, delivery);
    await audit(em, deed(ctx, by, 'webhook.test', webhook));
    return deliveryToWire(delivery);
  });
}

/** @throws AppError `not_found` */
export async function findWebhook(em: EntityManager, id: string): Promise<Webhook> {
  const webhook = await em.findOne(Webhook, { id }, { disableIdentityMap: true });
  if (!webhook) throw new AppError('not_found', 'unable to find the webhook; there is none with this id');
  return webhook;
}

async function checkUrl({ config }: Context, url: string): Promise<void> {
  try {
    const { protocol } = checkOutboundUrl(config, url);
    if (config.production && protocol !== 'https:') throw new OutboundError('refused', 'it must begin with https://');
    await checkOutboundName(config, url);
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    throw new AppError('invalid_request', `unable to set up the webhook; url: ${error.why}`, {
      errors: [{ path: 'url', message: error.why }],
    });
  }
}

const unique = <T>(values: T[]): T[] => [...new Set(values)];

const switched = (enabled: boolean, now: Date) => ({
  enabled,
  disabledReason: enabled ? null : ('manual' as const),
  disabledAt: enabled ? null : now,
  failingSince: null,
});

/** The host alone: addresses of webhooks may be secrets. */
export const deed = (
  ctx: Context,
  by: By,
  action: string,
  { id, url }: Webhook,
  details: Record<string, string | number> = {},
) => ({
  ...{ appId: ctx.appId, by, action },
  target: { kind: 'webhook', id },
  details: { host: new URL(url).host, ...details },
});
