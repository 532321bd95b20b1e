import { z } from 'zod';
import type {
  Page,
  ReplayedWebhook,
  WebhookDelivery as WireDelivery,
  WebhookDeliveryQuery,
} from '@co-talk/sdk/protocol';
import { audit, type By } from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { cutPage, decodeCursor } from '../cursor.ts';
import { AppError } from '../errors.ts';
import { id } from '../validate.ts';
import { deliveryToWire, WebhookDelivery } from './webhook.entity.ts';
import { deed, findWebhook } from './webhooks.ts';

/**
 * What went to a webhook, and what is on its way, the newest first.
 * @throws AppError `not_found`
 */
export async function listDeliveries(
  ctx: Context,
  webhookId: string,
  query: WebhookDeliveryQuery & { limit: number },
): Promise<Page<WireDelivery>> {
  await findWebhook(ctx.em, webhookId);
  const [after] = query.cursor === undefined ? [] : decodeCursor(z.tuple([id]), query.cursor);
  const found = await ctx.em.find(
    WebhookDelivery,
    {
      webhookId,
      ...(query.status === undefined ? {} : { status: query.status }),
      ...(after === undefined ? {} : { id: { $lt: after } }),
    },
    { orderBy: { id: 'desc' }, limit: query.limit + 1, disableIdentityMap: true },
  );
  const { rows, next } = cutPage(found, query.limit, (row) => [row.id]);
  return { items: rows.map(deliveryToWire), next };
}

/**
 * Sends one more time, with the id it had, and tries for days again.
 * @throws AppError `not_found`
 */
export async function replayDelivery(
  ctx: Context,
  by: By,
  webhookId: string,
  deliveryId: string,
): Promise<WireDelivery> {
  return ctx.em.transactional(async (em) => {
    const webhook = await findWebhook(em, webhookId);
    const which = { webhookId, id: deliveryId };
    await em.nativeUpdate(WebhookDelivery, which, { status: 'pending', tries: 0, nextAt: new Date() });
    const delivery = await em.findOne(WebhookDelivery, which, { disableIdentityMap: true });
    if (!delivery) throw new AppError('not_found', 'unable to find the delivery; there is none with this id');
    await audit(em, deed(ctx, by, 'webhook.replay', webhook, { delivery: deliveryId }));
    return deliveryToWire(delivery);
  });
}

/**
 * Sends everything one more time that has failed since.
 * @throws AppError `not_found`
 */
export async function replayFailed(ctx: Context, by: By, webhookId: string, since: Date): Promise<ReplayedWebhook> {
  return ctx.em.transactional(async (em) => {
    const webhook = await findWebhook(em, webhookId);
    const count = await em.nativeUpdate(
      WebhookDelivery,
      { webhookId, status: 'failed', createdAt: { $gte: since } },
      { status: 'pending', tries: 0, nextAt: new Date() },
    );
    await audit(em, deed(ctx, by, 'webhook.replay', webhook, { since: since.toISOString(), count }));
    return { count };
  });
}
