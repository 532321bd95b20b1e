import { docs } from '../openapi/docs.ts';
import { replayedWebhook, webhook, webhookDelivery, webhookWithSecret } from '../openapi/webhook-schemas.ts';
import { page } from '../openapi/wire.ts';

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
