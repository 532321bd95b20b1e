import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { AuditEntry, Webhook, WebhookDelivery, WebhookWithSecret } from '@co-talk/sdk/protocol';
import {
  answering,
  HASTE,
  isGenuine,
  managing,
  RETRY_MS,
  startReceiver,
  stopReceivers,
  type Receiver,
} from '../testing-receiver.ts';
import { eventually, startTestApp, type TestApp } from '../testing.ts';
import { PACE, patience, waitAfter } from './pace.ts';

// How events reach a site that is slow, away, broken, or gone.

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

it('signs with the new secret and the old one while both hold', async () => {
  const site = await startReceiver();
  const { id, secret: old } = await manage.add(site.url, 'user.created');
  const rotate = async (overlapHours: number) =>
    (await manage.request<WebhookWithSecret>('POST', `/${id}/rotate-secret`, { overlapHours })).body.secret;
  const genuineFor = async (...secrets: string[]) => {
    site.received.length = 0;
    await test(id);
    const received = await eventually(() => site.received[0]);
    return secrets.map((secret) => isGenuine(secret, received));
  };
  const second = await rotate(1);
  expect(await genuineFor(old, second)).toEqual([true, true]);
  await app.db.orm.em.fork().execute("update webhooks set previous_until = now() - interval '1 s'");
  expect(await genuineFor(old, second)).toEqual([false, true]);
  const third = await rotate(0);
  expect(await genuineFor(second, third)).toEqual([false, true]);
});

it('tries again with the same id and a signature of then, until it gets through', async () => {
  const site = await startReceiver();
  site.answer = (_request, res) => res.writeHead(site.received.length < 3 ? 500 : 200).end();
  const { id, secret } = await manage.add(site.url, 'user.created');
  await test(id);
  const { attempts } = await manage.settled(id, 'delivered');
  expect(attempts.map(({ status }) => status)).toEqual([500, 500, 200]);
  expect(new Set(site.received.map((received) => received.id)).size).toBe(1);
  expect(new Set(site.received.map(({ body }) => body)).size).toBe(1);
  expect(site.received.every((received) => isGenuine(secret, received))).toBe(true);
  const [first = 0, second = 0, third = 0] = attempts.map(({ at }) => Date.parse(at));
  expect(second - first).toBeGreaterThanOrEqual(RETRY_MS[0] ?? 0);
  expect(third - second).toBeGreaterThanOrEqual(RETRY_MS[1] ?? 0);
});

it.each<[string, Receiver['answer'], number | null, string | null]>([
  ['an error', answering(503, 'down'), 503, null],
  ['a redirect, which is not followed', answering(302, '', { location: 'https://8.8.8.8/' }), 302, null],
  ['silence', () => undefined, null, 'unable to reach the address; it did not answer in time'],
  ['a broken connection', (_request, res) => res.destroy(), null, 'unable to reach the address; the connection broke'],
])('takes %s for a failure', async (_what, answer, status, error) => {
  const site = await startReceiver();
  site.answer = answer;
  const { id } = await manage.add(site.url, 'user.created');
  await test(id);
  const delivery = await eventually(async () => {
    const [newest] = (await manage.deliveries(id)).items;
    return newest?.attempts[0] && newest;
  });
  expect(delivery.attempts[0]).toMatchObject({ status, error });
  expect(delivery.status).toBe('pending');
  expect(delivery.nextAttemptAt).not.toBeNull();
  expect((await manage.request<Webhook>('GET', `/${id}`)).body.failingSince).not.toBeNull();
  site.answer = answering(200);
  await manage.settled(id, 'delivered');
  expect((await manage.request<Webhook>('GET', `/${id}`)).body.failingSince).toBeNull();
});

it('waits as long as it is asked to', async () => {
  const site = await startReceiver();
  site.answer = answering(429, '', { 'retry-after': '3600' });
  const { id } = await manage.add(site.url, 'user.created');
  await test(id);
  const delivery = await eventually(async () => {
    const [newest] = (await manage.deliveries(id)).items;
    return newest?.attempts[0] && newest;
  });
  expect(Date.parse(delivery.nextAttemptAt ?? '') - Date.now()).toBeGreaterThan(3_500_000);
});

it('delivers everything once a site that was away is back', async () => {
  const site = await startReceiver();
  const { id } = await manage.add(site.url, 'user.created');
  await site.stop();
  const people = await Promise.all(Array.from({ length: 5 }, () => app.signUpRaw()));
  await eventually(async () => (await manage.deliveries(id)).items.every(({ attempts }) => attempts.length > 0));
  expect((await manage.deliveries(id)).items[0]?.attempts[0]).toMatchObject({
    ...{ status: null, error: 'unable to reach the address; nobody answers there', answer: null },
  });
  await site.start();
  await eventually(() => site.received.length >= 5);
  const told = site.received.map(({ event }) => (event.data as { userId: string }).userId);
  expect(told.sort()).toEqual(people.map(({ user }) => user.id).sort());
});

it('disables a webhook that answers 410, at once, and says so', async () => {
  const site = await startReceiver();
  site.answer = answering(410);
  const { id } = await manage.add(site.url, 'user.created');
  await test(id);
  expect((await manage.settled(id, 'failed')).attempts).toHaveLength(1);
  const webhook = await eventually(async () => {
    const { body } = await manage.request<Webhook>('GET', `/${id}`);
    return body.enabled ? undefined : body;
  });
  expect(webhook).toMatchObject({ enabled: false, disabledReason: 'gone' });
  const { body } = await app.request<{ items: AuditEntry[] }>('GET', '/admin/apps/default/audit', {
    token: app.config.operatorKey ?? '',
  });
  expect(body.items.find((entry) => entry.target?.id === id)).toMatchObject({
    ...{ action: 'webhook.disable', by: { kind: 'system', id: 'webhooks' }, details: { reason: 'gone' } },
  });
  await app.signUpRaw();
  expect((await manage.deliveries(id)).items).toHaveLength(1);
});

it('gives up after the last try, and disables what nothing gets through to', async () => {
  const site = await startReceiver();
  site.answer = answering(500, 'still broken');
  const { id } = await manage.add(site.url, 'user.created');
  await test(id);
  const { attempts, nextAttemptAt } = await manage.settled(id, 'failed');
  expect([attempts.length, nextAttemptAt]).toEqual([3, null]);
  await eventually(async () => (await manage.request<Webhook>('GET', `/${id}`)).body.disabledReason === 'failing');
});

it('does not disable what other events get through to', async () => {
  const site = await startReceiver();
  // Tests fail, people get through.
  site.answer = ({ event }, res) => res.writeHead(event.type === 'webhook.test' ? 500 : 200).end();
  const { id } = await manage.add(site.url, 'user.created');
  const { body } = await test(id);
  await eventually(() => site.received.length > 0);
  await sleep(300);
  await app.signUpRaw();
  await eventually(() => site.of('user.created').length > 0);
  await eventually(async () => {
    const { items } = await manage.deliveries(id, '?status=failed');
    return items.some((delivery) => delivery.id === body.id);
  });
  expect((await manage.request<Webhook>('GET', `/${id}`)).body.enabled).toBe(true);
});

it('holds up nobody by somebody who is slow', async () => {
  const [slow, quick] = [await startReceiver(), await startReceiver()];
  slow.answer = () => undefined;
  const slowly = await manage.add(slow.url, 'user.created');
  const quickly = await manage.add(quick.url, 'user.created');
  const people = await Promise.all(Array.from({ length: 12 }, () => app.signUpRaw()));
  await eventually(() => quick.received.length === people.length);
  // What has arrived is noted a moment later.
  const ms = await eventually(async () => {
    const { items } = await manage.deliveries(quickly.id);
    const waits = items.flatMap(({ attempts: [first], createdAt }) =>
      first ? [Date.parse(first.at) - Date.parse(createdAt)] : [],
    );
    return waits.length === people.length ? waits : undefined;
  });
  // One after the other, the slow one's timeouts alone would be seven seconds.
  expect(Math.max(...ms)).toBeLessThan(3_000);
  expect((await manage.deliveries(slowly.id, '?status=delivered')).items).toEqual([]);
});

it('goes on where it was once a disabled webhook is enabled again, at its new address', async () => {
  const [before, after] = [await startReceiver(), await startReceiver()];
  before.answer = answering(500);
  const { id } = await manage.add(before.url, 'user.created');
  const { user } = await app.signUpRaw();
  await eventually(() => before.received.length === 1);
  await manage.request('PATCH', `/${id}`, { enabled: false });
  await sleep(400);
  expect(before.received).toHaveLength(1);
  await manage.request('PATCH', `/${id}`, { enabled: true, url: after.url });
  const received = await eventually(() => after.received[0]);
  expect(received.event.data).toMatchObject({ userId: user.id });
});

it('checks the address again for every request', async () => {
  const site = await startReceiver();
  const { id } = await manage.add(site.url, 'user.created');
  // As a name would that leads elsewhere by now.
  await app.db.orm.em.fork().execute("update webhooks set url = 'http://10.0.0.1/' where id = ?", [id]);
  await test(id);
  const { attempts } = await manage.settled(id, 'failed');
  expect(attempts.map(({ error }) => error)).toEqual(
    attempts.map(() => 'unable to reach the address; it does not lead to a public address'),
  );
});

it('says in the log that a secret cannot be read any more', async () => {
  const site = await startReceiver();
  const { id } = await manage.add(site.url, 'user.created');
  await app.db.orm.em.fork().execute("update webhooks set sealed = 'lost.' || sealed where id = ?", [id]);
  await test(id);
  const { attempts } = await manage.settled(id, 'failed');
  expect(attempts[0]?.error).toMatch(/^unable to sign the request; .+; rotate it$/);
  await manage.request('PATCH', `/${id}`, { enabled: true });
  await manage.request('POST', `/${id}/rotate-secret`, { overlapHours: 0 });
  await test(id);
  await manage.settled(id, 'delivered');
});

it('tries over three days, later and later, never all at the same moment', () => {
  const waits = Array.from({ length: 9 }, (_, index) => waitAfter(PACE, index + 1, undefined) ?? 0);
  // Up to a quarter is left to chance.
  for (const [index, wait] of waits.entries())
    if (index > 0) expect(wait * 1.25).toBeGreaterThan(waits[index - 1] ?? 0);
  expect(waitAfter(PACE, 10, undefined)).toBeNull();
  const days = patience(PACE) / 86_400_000;
  expect([days > 3, days < 4]).toEqual([true, true]);
  expect(new Set(Array.from({ length: 20 }, () => waitAfter(PACE, 3, undefined))).size).toBeGreaterThan(10);
  expect(waitAfter(PACE, 1, '60')).toBe(60_000);
  for (const odd of ['-1', 'soon', '1e9', '9999999999', 'Wed, 21 Oct 2026 07:28:00 GMT']) {
    expect(waitAfter(PACE, 1, odd)).toBeLessThan(10_000);
  }
});
