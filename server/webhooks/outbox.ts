import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id, WebhookEventType } from '@co-talk/sdk/protocol';
import { newId } from '../ids.ts';

/** What is written down of an event: ids, from which its data is read when it is sent. */
export interface About {
  message: { roomId: Id; seq: number };
  room: { roomId: Id };
  member: { roomId: Id; userId: Id };
  user: { userId: Id };
  friend: { userIds: [Id, Id] };
  report: { reportId: Id; roomId: Id; seq: number };
  webhook: { webhookId: Id };
}

type Noun<T> = T extends `${infer N}.${string}` ? (N extends keyof About ? N : never) : never;

/**
 * Tells the app's webhooks what has happened, within the transaction in which it happens: it is told if and only if that commits.
 * Where no webhook has subscribed it, nothing is written. New messages need none of it: what stores them tells of them.
 *
 * @param abouts one event each
 * @example
 * await emit(em, ctx.appId, 'user.updated', { userId });
 */
export async function emit<T extends WebhookEventType>(
  em: EntityManager,
  appId: string,
  type: T,
  ...abouts: About[Noun<T>][]
): Promise<void> {
  const [noun = ''] = type.split('.');
  const events = abouts.map((about) => ({ id: newId(), about }));
  await em.execute(
    `insert into webhook_deliveries (webhook_id, id, app_id, type, data, next_at, created_at)
     select w.id, e.id, w.app_id, ?, e.about, now(), now()
     from webhooks w, jsonb_to_recordset(?::jsonb) e(id uuid, about jsonb)
     where w.app_id = ? and w.enabled and w.events && ?::text[]`,
    [type, JSON.stringify(events), appId, `{${type},${noun}.*,*}`],
  );
}
