import type { Message } from './messages.ts';
import type { Report } from './reports.ts';
import type { Role, SharedRoom } from './rooms.ts';
import type { Id, Time, User } from './users.ts';

/** A user as the site's own server sees them. */
export interface WebhookUser extends User {
  /** The site's own name for them (`sub` of the user token), of users that the site signs in. */
  externalId: string | null;
}

/** Data of `message.*`. All of it is as it is when it is sent: compare `rev` with what you have. */
export interface MessageNews {
  roomId: Id;
  seq: number;
  /** `null`: it is not kept any more. */
  message: Message | null;
  sender: WebhookUser | null;
}

/** Data of `room.*`. */
export interface RoomNews {
  roomId: Id;
  /** `null`: it is not there any more. */
  room: SharedRoom | null;
}

/** Data of `member.*`. */
export interface MemberNews {
  roomId: Id;
  userId: Id;
  /** `null`: not a member now. */
  role: Role | null;
  user: WebhookUser | null;
}

/** Data of `user.*`. */
export interface UserNews {
  userId: Id;
  /** `null`: erased. */
  user: WebhookUser | null;
}

/** Data of `friend.*`. */
export interface FriendNews {
  userIds: [Id, Id];
  users: WebhookUser[];
}

/** Data of `report.*`: a message was reported. All of it is as it is when it is sent. */
export interface ReportNews {
  reportId: Id;
  roomId: Id;
  seq: number;
  /** `null`: it is not kept any more, since whoever wrote the message was erased. */
  report: Report | null;
  message: Message | null;
  author: WebhookUser | null;
  reporter: WebhookUser | null;
}

/** What webhooks tell, and with which data. */
export interface WebhookData {
  'message.created': MessageNews;
  'message.updated': MessageNews;
  'message.deleted': MessageNews;
  'room.created': RoomNews;
  'room.updated': RoomNews;
  'member.joined': MemberNews;
  'member.left': MemberNews;
  'user.created': UserNews;
  'user.updated': UserNews;
  'user.disabled': UserNews;
  'user.erased': UserNews;
  'friend.created': FriendNews;
  'friend.removed': FriendNews;
  'report.created': ReportNews;
  /** Asked for by `POST …/test`. */
  'webhook.test': { webhookId: Id };
}

export type WebhookEventType = keyof WebhookData;

/** Body of a request to a webhook. Its headers `webhook-id`, `webhook-timestamp` and `webhook-signature` follow Standard Webhooks. */
export type WebhookEvent = {
  [T in WebhookEventType]: {
    type: T;
    /** When it happened. */
    timestamp: Time;
    /** The app's id. */
    app: string;
    data: WebhookData[T];
  };
}[WebhookEventType];

/** What a webhook can subscribe: these, all of a kind (`message.*`), and all there are and will be (`*`). */
export const WEBHOOK_SUBSCRIPTIONS = [
  '*',
  'message.*',
  'message.created',
  'message.updated',
  'message.deleted',
  'room.*',
  'room.created',
  'room.updated',
  'member.*',
  'member.joined',
  'member.left',
  'user.*',
  'user.created',
  'user.updated',
  'user.disabled',
  'user.erased',
  'friend.*',
  'friend.created',
  'friend.removed',
  'report.*',
  'report.created',
] as const;

export type WebhookSubscription = (typeof WEBHOOK_SUBSCRIPTIONS)[number];

/** An address of the site that is told what happens in its app. */
export interface Webhook {
  id: Id;
  url: string;
  events: WebhookSubscription[];
  description: string;
  enabled: boolean;
  /** Why it is not: `manual` · `gone`: it answered 410 · `failing`: nothing got through for three days. */
  disabledReason: 'manual' | 'gone' | 'failing' | null;
  disabledAt: Time | null;
  /** Nothing has got through since. */
  failingSince: Time | null;
  /** Until then requests are also signed with the secret before the present one. */
  previousSecretUntil: Time | null;
  createdAt: Time;
}

/** Body of `POST /admin/apps/:appId/webhooks`. */
export interface CreateWebhook {
  /** `https:` (outside production also `http:`), and public. */
  url: string;
  events: WebhookSubscription[];
  description?: string;
  /** Default: `true`. */
  enabled?: boolean;
}

/** Body of `PATCH /admin/apps/:appId/webhooks/:webhookId`: what is left out stays. */
export type UpdateWebhook = Partial<CreateWebhook>;

/** A new webhook, or one with a new secret, which is shown this once. */
export interface WebhookWithSecret extends Webhook {
  /** `whsec_…`, as the libraries of Standard Webhooks take it. */
  secret: string;
}

/** Body of `POST …/webhooks/:webhookId/rotate-secret`. */
export interface RotateWebhookSecret {
  /** Hours for which requests are also signed with the old secret: 0 to 720. Default: 24. */
  overlapHours?: number;
}

/** One try to deliver. */
export interface WebhookAttempt {
  at: Time;
  /** HTTP status; `null`: there was no answer. */
  status: number | null;
  /** Milliseconds it took. */
  ms: number;
  /** Why there was no answer. */
  error: string | null;
  /** The beginning of the answer. */
  answer: string | null;
}

/** `failed`: not tried again, unless it is replayed. */
export type WebhookDeliveryStatus = 'pending' | 'delivered' | 'failed';

/** One event on its way to one webhook. */
export interface WebhookDelivery {
  /** The `webhook-id` of its requests. */
  id: Id;
  type: WebhookEventType;
  /** The ids of what it is about. */
  about: Record<string, unknown>;
  status: WebhookDeliveryStatus;
  /** When it is tried next; `null`: not again. */
  nextAttemptAt: Time | null;
  /** The last 20. */
  attempts: WebhookAttempt[];
  createdAt: Time;
}

/** Query of `GET …/webhooks/:webhookId/deliveries`: the newest first. */
export interface WebhookDeliveryQuery {
  status?: WebhookDeliveryStatus;
  cursor?: string;
  limit?: number;
}

/** Body of `POST …/webhooks/:webhookId/replay`: all that have failed since. */
export interface ReplayWebhook {
  since: Time;
}

/** Answer to it. */
export interface ReplayedWebhook {
  /** Deliveries that are tried again. */
  count: number;
}
