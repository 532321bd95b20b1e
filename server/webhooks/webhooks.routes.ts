import { z } from 'zod';
import {
  WEBHOOK_SUBSCRIPTIONS,
  type CreateWebhook,
  type ReplayWebhook,
  type RotateWebhookSecret,
  type UpdateWebhook,
  type WebhookDeliveryQuery,
} from '@co-talk/sdk/protocol';
import { Answer, type Routes } from '../http.ts';
import { cleanText, queryCursor, queryLimit, validator } from '../validate.ts';
import { listDeliveries, replayDelivery, replayFailed } from './deliveries.ts';
import {
  createWebhook,
  getWebhook,
  listWebhooks,
  removeWebhook,
  rotateSecret,
  testWebhook,
  updateWebhook,
} from './webhooks.ts';

const url = cleanText(2000);
const events = z.array(z.enum(WEBHOOK_SUBSCRIPTIONS)).min(1).max(WEBHOOK_SUBSCRIPTIONS.length);
const more = { description: cleanText(200).exactOptional(), enabled: z.boolean().exactOptional() };

const createBody: z.ZodType<CreateWebhook> = z.strictObject({ url, events, ...more });
const updateBody: z.ZodType<UpdateWebhook> = z.strictObject({
  url: url.exactOptional(),
  events: events.exactOptional(),
  ...more,
});
const rotateBody: z.ZodType<RotateWebhookSecret> = z
  .strictObject({ overlapHours: z.int().min(0).max(720).exactOptional() })
  .default({});
const replayBody: z.ZodType<ReplayWebhook> = z.strictObject({ since: z.iso.datetime({ offset: true }) });
const deliveryQuery = validator<WebhookDeliveryQuery & { limit: number }>(
  z.strictObject({
    status: z.enum(['pending', 'delivered', 'failed']).exactOptional(),
    cursor: queryCursor.unwrap().exactOptional(),
    limit: queryLimit,
  }),
);

const ALL = '/admin/apps/:appId/webhooks';
const ONE = '/admin/apps/:appId/webhooks/:webhookId';

export function webhookRoutes(routes: Routes): void {
  routes.admin('get', ALL, {}, (ctx) => listWebhooks(ctx));
  routes.admin('post', ALL, { body: validator(createBody) }, async (ctx, by, { body }) => {
    return new Answer(201, await createWebhook(ctx, by, body));
  });
  routes.admin('get', ONE, {}, (ctx, _by, { params }) => getWebhook(ctx, params.webhookId));
  routes.admin('patch', ONE, { body: validator(updateBody) }, (ctx, by, { params, body }) =>
    updateWebhook(ctx, by, params.webhookId, body),
  );
  routes.admin('delete', ONE, {}, (ctx, by, { params }) => removeWebhook(ctx, by, params.webhookId));
  routes.admin('post', `${ONE}/rotate-secret`, { body: validator(rotateBody) }, (ctx, by, { params, body }) =>
    rotateSecret(ctx, by, params.webhookId, body),
  );
  routes.admin('post', `${ONE}/test`, {}, async (ctx, by, { params }) => {
    return new Answer(202, await testWebhook(ctx, by, params.webhookId));
  });
  routes.admin('get', `${ONE}/deliveries`, { query: deliveryQuery }, (ctx, _by, { params, query }) =>
    listDeliveries(ctx, params.webhookId, query),
  );
  routes.admin('post', `${ONE}/deliveries/:deliveryId/replay`, {}, async (ctx, by, { params }) => {
    return new Answer(202, await replayDelivery(ctx, by, params.webhookId, params.deliveryId));
  });
  routes.admin('post', `${ONE}/replay`, { body: validator(replayBody) }, async (ctx, by, { params, body }) => {
    return new Answer(202, await replayFailed(ctx, by, params.webhookId, new Date(body.since)));
  });
}
