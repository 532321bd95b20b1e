import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type {
  Webhook as WireWebhook,
  WebhookAttempt,
  WebhookDelivery as WireDelivery,
  WebhookDeliveryStatus,
  WebhookEventType,
  WebhookSubscription,
} from '@co-talk/sdk/protocol';

/** An address that is told what happens in an app. */
export const Webhook = defineEntity({
  name: 'Webhook',
  tableName: 'webhooks',
  indexes: [
    { properties: ['appId'] },
    {
      // Sending messages looks here whether it has to tell anybody: where nobody listens, it is empty.
      name: 'webhooks_messages_index',
      expression:
        "create index webhooks_messages_index on webhooks (app_id) where enabled and events && '{message.created,message.*,*}'::text[]",
    },
  ],
  properties: {
    id: p.uuid().primary(),
    appId: p.string().length(64),
    url: p.string().length(2000),
    events: p.array().columnType('text[]').$type<WebhookSubscription[]>(),
    description: p.string().length(200),
    enabled: p.boolean(),
    disabledReason: p.string().$type<'manual' | 'gone' | 'failing'>().length(16).nullable().strictNullable(),
    disabledAt: p.datetime().columnType('timestamptz(3)').nullable().strictNullable(),
    failingSince: p.datetime().columnType('timestamptz(3)').nullable().strictNullable(),
    /** The secret, and the one before it, encrypted. */
    sealed: p.text(),
    previousSealed: p.text().nullable().strictNullable(),
    previousUntil: p.datetime().columnType('timestamptz(3)').nullable().strictNullable(),
    createdAt: p.datetime().columnType('timestamptz(3)'),
  },
});
export type Webhook = InferEntity<typeof Webhook>;

/**
 * The outbox and the log of deliveries in one: an event on its way to one webhook. It says what it is about by ids alone; the rest is
 * read when it is sent. So nothing of a person or a message is kept here after it is gone elsewhere.
 */
export const WebhookDelivery = defineEntity({
  name: 'WebhookDelivery',
  tableName: 'webhook_deliveries',
  indexes: [
    {
      name: 'webhook_deliveries_due_index',
      expression:
        "create index webhook_deliveries_due_index on webhook_deliveries (webhook_id, next_at) where status = 'pending'",
    },
  ],
  properties: {
    webhookId: p.uuid().primary(),
    /** Of the event: the same at all webhooks that hear of it. Sorts by time. */
    id: p.uuid().primary(),
    appId: p.string().length(64),
    type: p.string().$type<WebhookEventType>().length(32),
    data: p.json<Record<string, unknown>>(),
    status: p.string().$type<WebhookDeliveryStatus>().length(16).default('pending'),
    /** Since it was made, or last replayed. */
    tries: p.integer().default(0),
    /** Due then. While somebody tries, when another one may if nothing more is heard of it. */
    nextAt: p.datetime().columnType('timestamptz(3)'),
    log: p.json<WebhookAttempt[]>().default([]),
    createdAt: p.datetime().columnType('timestamptz(3)'),
  },
});
export type WebhookDelivery = InferEntity<typeof WebhookDelivery>;

/** A webhook as those see it who manage the app: without its secrets. */
export const toWire = (webhook: Webhook): WireWebhook => ({
  id: webhook.id,
  url: webhook.url,
  events: webhook.events,
  description: webhook.description,
  enabled: webhook.enabled,
  disabledReason: webhook.disabledReason,
  disabledAt: webhook.disabledAt?.toISOString() ?? null,
  failingSince: webhook.failingSince?.toISOString() ?? null,
  previousSecretUntil:
    webhook.previousUntil && webhook.previousUntil > new Date() ? webhook.previousUntil.toISOString() : null,
  createdAt: webhook.createdAt.toISOString(),
});

export const deliveryToWire = (delivery: WebhookDelivery): WireDelivery => ({
  id: delivery.id,
  type: delivery.type,
  about: delivery.data,
  status: delivery.status,
  nextAttemptAt: delivery.status === 'pending' ? delivery.nextAt.toISOString() : null,
  attempts: delivery.log,
  createdAt: delivery.createdAt.toISOString(),
});
