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
import { docs } from '../openapi/docs.ts';
import { replayedWebhook, webhook, webhookDelivery, webhookWithSecret } from '../openapi/webhook-schemas.ts';
import { page } from '../openapi/wire.ts';
import { cleanText, instant, queryCursor, queryLimit, validator } from '../validate.ts';
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
const replayBody: z.ZodType<ReplayWebhook> = z.strictObject({ since: instant({ offset: true }) });
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

export const webhookDocs = docs(
  'Webhooks',
  "What happens in an app, told to the site's own server: signed by Standard Webhooks, tried again for three days, at least once.",
  {
    'GET /admin/apps/:appId/webhooks': { summary: 'List webhooks', answers: { 200: page(webhook) } },
    'POST /admin/apps/:appId/webhooks': {
      summary: 'Add a webhook',
      notes:
        'This answer and the one to a rotation are the only ones that ever hold the secret. An app has at most 20.',
      answers: { 201: webhookWithSecret },
      body: {
        name: 'CreateWebhook',
        example: { url: 'https://shop.example/hooks/chat', events: ['message.created', 'user.*'] },
      },
    },
    'GET /admin/apps/:appId/webhooks/:webhookId': { summary: 'Read a webhook', answers: { 200: webhook } },
    'PATCH /admin/apps/:appId/webhooks/:webhookId': {
      summary: 'Change a webhook',
      notes: 'What waits for a disabled webhook goes on once it is enabled, to the address it has then.',
      answers: { 200: webhook },
      body: { name: 'UpdateWebhook', example: { enabled: true } },
    },
    'DELETE /admin/apps/:appId/webhooks/:webhookId': {
      summary: 'Remove a webhook',
      notes: 'With all that waits for it.',
      answers: { 204: null },
    },
    'POST /admin/apps/:appId/webhooks/:webhookId/rotate-secret': {
      summary: 'Replace the secret of a webhook',
      notes: 'Requests are signed with both for `overlapHours` more.',
      answers: { 200: webhookWithSecret },
      body: { name: 'RotateWebhookSecret', example: { overlapHours: 24 } },
    },
    'POST /admin/apps/:appId/webhooks/:webhookId/test': {
      summary: 'Send a test event',
      notes: '`webhook.test`, whatever is subscribed.',
      answers: { 202: webhookDelivery },
      errors: ['conflict'],
    },
    'GET /admin/apps/:appId/webhooks/:webhookId/deliveries': {
      summary: 'Read the delivery log of a webhook',
      notes: 'The newest first. What was delivered is kept for three days, the rest for two weeks.',
      answers: { 200: page(webhookDelivery) },
    },
    'POST /admin/apps/:appId/webhooks/:webhookId/deliveries/:deliveryId/replay': {
      summary: 'Deliver once more',
      notes: 'Under the `webhook-id` it had.',
      answers: { 202: webhookDelivery },
    },
    'POST /admin/apps/:appId/webhooks/:webhookId/replay': {
      summary: 'Deliver everything once more that has failed',
      answers: { 202: replayedWebhook },
      body: { name: 'ReplayWebhook', example: { since: '2026-11-22T08:44:00.000Z' } },
    },
  },
);
