import { z } from 'zod';
import {
  WEBHOOK_SUBSCRIPTIONS,
  type ReplayedWebhook,
  type Webhook,
  type WebhookDelivery,
  type WebhookWithSecret,
} from '@co-talk/sdk/protocol';
import { count, id, time, wire } from './wire.ts';

const fields = {
  id,
  url: z.string(),
  events: z.array(z.enum(WEBHOOK_SUBSCRIPTIONS)),
  description: z.string(),
  enabled: z.boolean(),
  disabledReason: z.enum(['manual', 'gone', 'failing']).nullable(),
  disabledAt: time.nullable(),
  failingSince: time.nullable(),
  previousSecretUntil: time.nullable(),
  createdAt: time,
};
const KETTLE: Webhook = {
  id: '019aab39-1b2c-7d3e-8f40-51627384a5b6',
  url: 'https://shop.example/hooks/chat',
  events: ['message.created', 'user.*'],
  description: 'Customer files',
  enabled: true,
  disabledReason: null,
  disabledAt: null,
  failingSince: null,
  previousSecretUntil: null,
  createdAt: '2026-11-22T08:44:00.000Z',
};

export const webhook = wire<Webhook>().named('Webhook', z.object(fields), KETTLE);
export const webhookWithSecret = wire<WebhookWithSecret>().named(
  'WebhookWithSecret',
  z.object({ ...fields, secret: z.string() }),
  { ...KETTLE, secret: 'whsec_c2hvd24gdGhpcyBvbmNlLCBhbmQgbmV2ZXIgYWdhaW4=' },
);

export const webhookDelivery = wire<WebhookDelivery>().named(
  'WebhookDelivery',
  z.object({
    id,
    type: z.enum([
      ...(['message.created', 'message.updated', 'message.deleted', 'room.created', 'room.updated'] as const),
      ...(['member.joined', 'member.left', 'user.created', 'user.updated', 'user.disabled', 'user.erased'] as const),
      ...(['friend.created', 'friend.removed', 'report.created', 'webhook.test'] as const),
    ]),
    about: z.record(z.string(), z.unknown()),
    status: z.enum(['pending', 'delivered', 'failed']),
    nextAttemptAt: time.nullable(),
    attempts: z.array(
      z.object({
        at: time,
        status: count.nullable(),
        ms: count,
        error: z.string().nullable(),
        answer: z.string().nullable(),
      }),
    ),
    createdAt: time,
  }),
  {
    id: '019aab3a-2c3d-7e4f-9051-62738495a6b7',
    type: 'message.created',
    about: { roomId: '019aab36-3d4e-7f50-8162-738495a6b7c8', seq: 12 },
    status: 'pending',
    nextAttemptAt: '2026-11-22T08:50:09.000Z',
    attempts: [{ at: '2026-11-22T08:50:03.000Z', status: 503, ms: 41, error: null, answer: 'Back in a minute' }],
    createdAt: '2026-11-22T08:50:02.000Z',
  },
);

export const replayedWebhook = wire<ReplayedWebhook>().named('ReplayedWebhook', z.object({ count }));
