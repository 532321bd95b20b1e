import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Message, User, WebhookEvent } from '@co-talk/sdk/protocol';
import { isGenuine, managing, startReceiver, stopReceivers, type Receiver } from '../testing-receiver.ts';
import { eventually, startTestApp, type Person, type RawPerson, type TestApp } from '../testing.ts';
import { disableUser } from '../users/disable.ts';
import { emit } from './outbox.ts';

// What reaches a site of what happens in its app, and what does not.

let app: TestApp;
let manage: ReturnType<typeof managing>;
beforeAll(async () => {
  app = await startTestApp({}, { webhooks: { everyMs: 20 } });
  manage = managing(app);
});
afterAll(() => app.close());

afterEach(async () => {
  await app.db.orm.em.fork().execute('delete from webhooks');
  await stopReceivers();
});

/** Events come in no promised order, so that one that must not come is known to have had its time once this one is there. */
async function marked(receiver: Receiver): Promise<void> {
  const { user } = await app.signUpRaw();
  await eventually(() =>
    receiver.received.some(({ body, event }) => event.type === 'user.created' && body.includes(user.id)),
  );
}

const types = (receiver: Receiver) => receiver.received.map(({ event }) => event.type).sort();

async function send(person: RawPerson, roomId: string, text: string): Promise<Message> {
  const body = { clientId: randomUUID(), text };
  return (await app.request<Message>('POST', `/rooms/${roomId}/messages`, { token: person.token, body })).body;
}

it('tells of a message what everybody in the room sees, signed', async () => {
  const site = await startReceiver();
  const { one, roomId } = await app.pairRaw();
  const { secret } = await manage.add(site.url, 'message.created');
  const { body: sender } = await app.request<User>('GET', `/users/${one.user.id}`, { token: one.token });
  const message = await send(one, roomId, 'hello, 세계 👋 "quoted" \\ {}');
  const received = await eventually(() => site.received[0]);
  expect(received.event).toEqual({
    type: 'message.created',
    timestamp: message.createdAt,
    app: 'default',
    data: { roomId, seq: 1, message, sender: { ...sender, externalId: null } },
  });
  expect(received.id).toBe(message.id);
  expect(received.headers['content-type']).toBe('application/json');
  expect(isGenuine(secret, received)).toBe(true);
  expect(isGenuine(secret, { ...received, body: received.body.replace('hello', 'hallo') })).toBe(false);
});

it('tells of each message of a busy room once, by the usual way and by the careful one', async () => {
  const site = await startReceiver();
  const { one, other, roomId } = await app.pairRaw();
  await manage.add(site.url, 'message.*');
  const clientId = randomUUID();
  const repeated = () =>
    app.request('POST', `/rooms/${roomId}/messages`, { token: one.token, body: { clientId, text: 'repeated' } });
  await repeated();
  // A repeat makes the next batches take the careful way.
  await repeated();
  const sent = await Promise.all(
    Array.from({ length: 60 }, (_, index) => send(index % 2 ? one : other, roomId, `message ${String(index)}`)),
  );
  await repeated();
  await eventually(() => site.received.length >= 61);
  const told = site.received.map(({ id }) => id).sort();
  expect(told).toHaveLength(61);
  expect(told.filter((id) => sent.some((message) => message.id === id))).toEqual(sent.map(({ id }) => id).sort());
});

it('tells of nothing that was not subscribed, nor of what is refused', async () => {
  const site = await startReceiver();
  const { one, other, roomId } = await app.pairRaw();
  await manage.add(site.url, 'user.created');
  await send(one, roomId, 'not for the site');
  await app.request('PATCH', '/me', { token: one.token, body: { about: 'new' } });
  await app.request('POST', '/friends/requests', { token: one.token, body: { userId: other.user.id } });
  const stranger = await app.signUpRaw();
  await send(stranger, roomId, 'let me in');
  await marked(site);
  expect(new Set(types(site))).toEqual(new Set(['user.created']));
});

it('tells of people, friends and rooms', async () => {
  const site = await startReceiver();
  await manage.add(site.url, '*');
  const one = await app.signUpRaw();
  const other = await app.signUpRaw();
  const as = (person: RawPerson, method: string, path: string, body?: unknown) =>
    app.request<{ id: string }>(method, path, { token: person.token, ...(body === undefined ? {} : { body }) });
  const { body } = await as(one, 'POST', '/friends/requests', { userId: other.user.id });
  await as(other, 'POST', `/friends/requests/${body.id}/accept`);
  await as(one, 'PATCH', '/me', { about: 'new' });
  await as(one, 'PATCH', '/me', { about: 'new' });
  await as(one, 'DELETE', `/friends/${other.user.id}`);
  await eventually(() => site.received.length >= 8);
  await marked(site);
  expect(types(site)).toEqual([
    ...['friend.created', 'friend.removed', 'member.joined', 'member.joined', 'room.created'],
    ...['user.created', 'user.created', 'user.created', 'user.updated'],
  ]);
  const both = [one.user.id, other.user.id];
  const [room] = site.of('room.created').map(({ event }) => (event as WebhookEvent & { type: 'room.created' }).data);
  expect(room?.room).toMatchObject({ id: room?.roomId, type: 'direct', memberCount: 2 });
  const joined = site.of('member.joined').map(({ event }) => (event as WebhookEvent & { type: 'member.joined' }).data);
  expect(joined.map((news) => news.userId).sort()).toEqual(both.toSorted());
  expect(joined.map((news) => [news.roomId, news.role, news.user?.id === news.userId])).toEqual([
    [room?.roomId, 'member', true],
    [room?.roomId, 'member', true],
  ]);
  const [friends] = site.of('friend.created').map(({ event }) => event.data);
  expect(friends).toMatchObject({ userIds: both });
  const [updated] = site.of('user.updated').map(({ event }) => event.data);
  expect(updated).toMatchObject({ userId: one.user.id, user: { about: 'new', externalId: null } });
  expect(site.received.every(({ body: text }) => !text.includes('@example.com'))).toBe(true);
});

it('tells of a block only that the friendship has ended', async () => {
  const [one, other] = [await app.signUp(), await app.signUp()] as [Person, Person];
  await app.befriend(one, other);
  const site = await startReceiver();
  await manage.add(site.url, '*');
  await one.client.friends.block(other.id);
  await eventually(() => site.of('friend.removed').length > 0);
  await marked(site);
  expect(types(site)).toEqual(['friend.removed', 'user.created']);
});

it('tells of somebody who was shut out, and of somebody who was erased nothing but the id', async () => {
  const site = await startReceiver();
  await manage.add(site.url, 'user.disabled', 'user.erased');
  const { one, other } = await app.pairRaw();
  await disableUser(app.context(), one.user.id, true, { kind: 'operator', id: 'operator' });
  await eventually(() => site.of('user.disabled').length > 0);
  expect(site.of('user.disabled')[0]?.event.data).toMatchObject({ userId: one.user.id, user: { id: one.user.id } });
  await app.request('DELETE', '/me', { token: other.token, body: { password: 'correct horse battery staple' } });
  const erased = await eventually(() => site.of('user.erased')[0]);
  expect(erased.event.data).toEqual({ userId: other.user.id, user: null });
});

it('keeps of a message or a person no more than ids, and sends what is left of them', async () => {
  const site = await startReceiver();
  const { one, roomId } = await app.pairRaw();
  const { id } = await manage.add(site.url, 'message.created', 'user.updated');
  await site.stop();
  await send(one, roomId, 'a confidential text');
  await app.request('PATCH', '/me', { token: one.token, body: { about: 'a confidential remark' } });
  const rows = await eventually(async () => {
    const all = await app.db.orm.em.fork().execute('select * from webhook_deliveries where webhook_id = ?', [id]);
    return all.length === 2 ? all : undefined;
  });
  expect(JSON.stringify(rows)).not.toContain('confidential');
  await app.db.orm.em.fork().execute("update messages set text = '', deleted_at = now() where room_id = ?", [roomId]);
  await site.start();
  await manage.request('POST', `/${id}/deliveries/${(rows[0] as { id: string }).id}/replay`);
  await manage.request('POST', `/${id}/deliveries/${(rows[1] as { id: string }).id}/replay`);
  const told = await eventually(() => site.of('message.created')[0]);
  expect(told.event.data).toMatchObject({ roomId, seq: 1, message: { text: '' } });
});

it('tells nothing of what was rolled back', async () => {
  const site = await startReceiver();
  await manage.add(site.url, '*');
  const { user } = await app.signUpRaw();
  await eventually(() => site.received.length > 0);
  const failed = app.db.fork('default').transactional(async (em) => {
    await emit(em, 'default', 'user.updated', { userId: user.id });
    throw new Error('it did not work out');
  });
  await expect(failed).rejects.toThrow('it did not work out');
  await marked(site);
  expect(types(site)).toEqual(['user.created', 'user.created']);
});

it('tells one app’s site nothing of another app', async () => {
  const token = app.config.operatorKey ?? '';
  await app.request('POST', '/admin/apps', { token, body: { id: 'another', name: 'Another', noOrigin: true } });
  const [ours, theirs] = [await startReceiver(), await startReceiver()];
  await manage.add(ours.url, '*');
  const foreign = managing(app, 'another');
  const { id } = await foreign.add(theirs.url, '*');
  const { one, roomId } = await app.pairRaw();
  await send(one, roomId, 'for our site');
  const { user } = await app.signUpRaw('foreigner', 'another');
  await eventually(() => theirs.received.length > 0);
  await eventually(() => ours.of('message.created').length > 0);
  await marked(ours);
  expect(theirs.received.map(({ event }) => [event.app, event.type, event.data])).toEqual([
    ['another', 'user.created', expect.objectContaining({ userId: user.id })],
  ]);
  expect(ours.received.map(({ event }) => event.app)).toEqual(ours.received.map(() => 'default'));
  expect(ours.received.some(({ body }) => body.includes(user.id))).toBe(false);
  expect((await foreign.deliveries(id)).items).toHaveLength(1);
  expect((await manage.request('GET', `/${id}/deliveries`)).status).toBe(404);
});

it('writes nothing down for apps without webhooks, and for disabled ones', async () => {
  const count = async () =>
    (await app.db.orm.em.fork().execute('select count(*)::int as n from webhook_deliveries'))[0] as { n: number };
  const site = await startReceiver();
  const { id } = await manage.add(site.url, '*');
  await manage.request('PATCH', `/${id}`, { enabled: false });
  const before = await count();
  const { one, roomId } = await app.pairRaw();
  await send(one, roomId, 'hello');
  await app.request('PATCH', '/me', { token: one.token, body: { about: 'new' } });
  expect(await count()).toEqual(before);
});
