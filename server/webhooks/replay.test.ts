import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { ReplayedWebhook, WebhookDelivery } from '@co-talk/sdk/protocol';
import { answering, HASTE, isGenuine, managing, startReceiver, stopReceivers } from '../testing-receiver.ts';
import { eventually, startTestApp, type TestApp } from '../testing.ts';
import { createOutboxStore } from './outbox-store.ts';

// What can be read of deliveries, for how long, and what is delivered once more.

let app: TestApp;
let manage: ReturnType<typeof managing>;
beforeAll(async () => {
  app = await startTestApp({}, HASTE);
  manage = managing(app);
});
afterAll(() => app.close());

afterEach(async () => {
  await app.db.orm.em.fork().execute('delete from webhooks');
  await stopReceivers();
});

const test = (id: string) => manage.request<WebhookDelivery>('POST', `/${id}/test`);

it('logs what was answered, how fast, and when', async () => {
  const site = await startReceiver();
  site.answer = answering(201, `thanks\u0000 ${'😀'.repeat(500)}`);
  const { id, secret } = await manage.add(site.url, 'user.created');
  const asked = await test(id);
  expect([asked.status, asked.body.status, asked.body.attempts]).toEqual([202, 'pending', []]);
  const delivery = await manage.settled(id, 'delivered');
  expect(delivery).toMatchObject({ id: asked.body.id, type: 'webhook.test', nextAttemptAt: null });
  const [attempt, ...more] = delivery.attempts;
  expect(more).toEqual([]);
  expect(attempt).toMatchObject({ status: 201, error: null });
  expect(attempt?.answer).toMatch(/^thanks {2}😀+/u);
  expect(attempt?.answer?.length).toBeLessThanOrEqual(300);
  expect(attempt?.ms).toBeLessThan(600);
  expect(Math.abs(Date.parse(attempt?.at ?? '') - Date.now())).toBeLessThan(10_000);
  const [received] = site.received;
  expect(received?.event).toEqual({
    ...{ type: 'webhook.test', timestamp: asked.body.createdAt, app: 'default', data: { webhookId: id } },
  });
  expect(received && isGenuine(secret, received)).toBe(true);
});

it('delivers one more time what is replayed, under the id it had', async () => {
  const site = await startReceiver();
  const { id } = await manage.add(site.url, 'user.created');
  const { body: asked } = await test(id);
  await manage.settled(id, 'delivered');
  const replayed = await manage.request<WebhookDelivery>('POST', `/${id}/deliveries/${asked.id}/replay`);
  expect([replayed.status, replayed.body.status]).toEqual([202, 'pending']);
  await eventually(() => site.received.length === 2);
  expect(site.received.map((received) => received.id)).toEqual([asked.id, asked.id]);
  expect((await manage.settled(id, 'delivered')).attempts).toHaveLength(2);
});

it('replays all that has failed since, and nothing else', async () => {
  const site = await startReceiver();
  site.answer = answering(500);
  const { id } = await manage.add(site.url, 'user.created');
  const ids = await Promise.all(Array.from({ length: 4 }, async () => (await test(id)).body.id));
  const failed = async () => (await manage.deliveries(id, '?status=failed')).items;
  await eventually(async () => {
    // The first one that fails for good disables it.
    await manage.request('PATCH', `/${id}`, { enabled: true });
    return (await failed()).length === 4;
  });
  const since = new Date().toISOString();
  await manage.request('PATCH', `/${id}`, { enabled: true });
  site.answer = answering(200);
  const [old = ''] = ids;
  await app.db.orm.em
    .fork()
    .execute("update webhook_deliveries set created_at = now() - interval '2 h' where id = ?", [old]);
  const replay = async (from: string) =>
    (await manage.request<ReplayedWebhook>('POST', `/${id}/replay`, { since: from })).body.count;
  site.received.length = 0;
  expect(await replay(since)).toBe(0);
  expect((await manage.request('POST', `/${id}/replay`, { since: '0000-01-01T00:00:00Z' })).status).toBe(400);
  expect(await replay(new Date(Date.now() - 3_600_000).toISOString())).toBe(3);
  await eventually(() => site.received.length === 3);
  expect((await failed()).map((delivery) => delivery.id)).toEqual([old]);
  expect(await replay(new Date(Date.now() - 3 * 3_600_000).toISOString())).toBe(1);
  await eventually(() => site.received.length === 4);
  expect(site.received.map((received) => received.id).sort()).toEqual(ids.sort());
});

it('lists deliveries by pages, the newest first', async () => {
  const site = await startReceiver();
  const { id } = await manage.add(site.url, 'user.created');
  const ids: string[] = [];
  for (let count = 0; count < 5; count += 1) ids.push((await test(id)).body.id);
  await eventually(async () => (await manage.deliveries(id, '?status=delivered')).items.length === 5);
  const pages: string[][] = [];
  for (let cursor = ''; ;) {
    const { items, next } = await manage.deliveries(id, `?limit=2${cursor}`);
    pages.push(items.map((delivery) => delivery.id));
    if (next === null) break;
    cursor = `&cursor=${next}`;
  }
  const newest = ids.toReversed();
  expect(pages).toEqual([newest.slice(0, 2), newest.slice(2, 4), newest.slice(4)]);
  for (const query of ['?cursor=nonsense', '?status=lost', '?limit=0', '?page=2']) {
    expect((await manage.request('GET', `/${id}/deliveries${query}`)).status).toBe(400);
  }
});

it('keeps for three days what was delivered, and for two weeks what was not', async () => {
  const site = await startReceiver();
  const { id } = await manage.add(site.url, 'user.created');
  const ids: string[] = [];
  for (let count = 0; count < 5; count += 1) ids.push((await test(id)).body.id);
  await eventually(async () => (await manage.deliveries(id, '?status=delivered')).items.length === 5);
  const age = (place: number, days: number, status: string) =>
    app.db.orm.em
      .fork()
      .execute("update webhook_deliveries set created_at = now() - ? * interval '1 day', status = ? where id = ?", [
        ...[days, status, ids[place]],
      ]);
  await age(0, 2, 'delivered');
  await age(1, 4, 'delivered');
  await age(2, 13, 'failed');
  await age(3, 15, 'failed');
  await createOutboxStore(app.db.read).forget(() => false);
  const kept = (await manage.deliveries(id)).items.map((delivery) => delivery.id);
  expect(kept.toReversed()).toEqual([ids[0], ids[2], ids[4]]);
  await manage.request('DELETE', `/${id}`);
  await createOutboxStore(app.db.read).forget(() => false);
  expect(await app.db.orm.em.fork().execute('select from webhook_deliveries where webhook_id = ?', [id])).toEqual([]);
});
