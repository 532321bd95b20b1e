import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page, Presence, Problem, Room, TypingEvent } from '@co-talk/sdk/protocol';
import { call, eventually, next, startTestApp, type RawPerson, type TestApp } from '../testing.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const ask = async (person: RawPerson, ids: string[]) =>
  (await app.request<Page<Presence>>('GET', `/presence?ids=${ids.join(',')}`, { token: person.token })).body.items;

test('coming and going is told to those who share a room, with the time last seen', async () => {
  const { one, other } = await app.pairRaw();
  const mine = await app.connect(one.token);
  expect(await ask(one, [other.user.id])).toEqual([{ userId: other.user.id, online: false, lastSeenAt: null }]);

  const came = next<Presence>(mine, 'presence');
  const [phone, laptop] = [await app.connect(other.token), await app.connect(other.token)];
  expect(await came).toMatchObject({ userId: other.user.id, online: true });

  const heard: Presence[] = [];
  mine.on('presence', (event: Presence) => heard.push(event));
  phone.disconnect();
  laptop.disconnect();
  const back = await app.connect(other.token);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(heard).toEqual([]);

  back.disconnect();
  await eventually(() => heard.length === 1);
  expect(heard[0]).toMatchObject({ userId: other.user.id, online: false });
  expect(Math.abs(Date.parse(heard[0]?.lastSeenAt ?? '') - Date.now())).toBeLessThan(5_000);
  expect(await ask(one, [other.user.id])).toEqual(heard);
});

test('a restart does not forget when somebody was last seen', async () => {
  const { one, other } = await app.pairRaw();
  const socket = await app.connect(other.token);
  await app.db.orm.em
    .fork()
    .execute("update users set last_seen_at = now() - interval '1 hour' where id = ?", [other.user.id]);
  const before = Date.now();
  await app.restart();
  socket.disconnect();
  const [seen] = await ask(one, [other.user.id]);
  expect(seen).toMatchObject({ userId: other.user.id, online: false });
  expect(Date.parse(seen?.lastSeenAt ?? '')).toBeGreaterThan(before - 2_000);
});

test('strangers and the blocked see nothing, nor does one see those who blocked one', async () => {
  const { one, other } = await app.pairRaw();
  const stranger = await app.signUpRaw();
  const socket = await app.connect(stranger.token);
  const heard: unknown[] = [];
  socket.onAny((event) => heard.push(event));
  await app.connect(one.token);
  expect(await ask(stranger, [one.user.id, randomUUID()])).toEqual([]);
  expect(await ask(other, [one.user.id])).toHaveLength(1);
  await app.request('PUT', `/blocks/${other.user.id}`, { token: one.token });
  expect(await ask(other, [one.user.id])).toEqual([]);
  expect(await ask(one, [other.user.id])).toEqual([]);
  expect(heard).toEqual([]);
});

test('a block hides each from the other at once, in the room too, until it is lifted', async () => {
  const { one, other, roomId } = await app.pairRaw();
  const [mine, theirs] = [await app.connect(one.token), await app.connect(other.token)];
  const look = async (person: RawPerson) =>
    (await app.request<Room>('GET', `/rooms/${roomId}`, { token: person.token })).body.presence;
  expect([(await look(one))?.online, (await look(other))?.online]).toEqual([true, true]);

  const hidden = [
    { userId: other.user.id, online: false, lastSeenAt: null },
    { userId: one.user.id, online: false, lastSeenAt: null },
  ];
  const gone = Promise.all([next<Presence>(mine, 'presence'), next<Presence>(theirs, 'presence')]);
  await app.request('PUT', `/blocks/${other.user.id}`, { token: one.token });
  expect(await gone).toEqual(hidden);
  expect([await look(one), await look(other)]).toEqual(hidden);

  const back = Promise.all([next<Presence>(mine, 'presence'), next<Presence>(theirs, 'presence')]);
  await app.request('DELETE', `/blocks/${other.user.id}`, { token: one.token });
  expect(await back).toEqual([await look(one), await look(other)]);
  expect((await back).map(({ online }) => online)).toEqual([true, true]);
});

test('whoever shares no room with somebody does not hear that they were blocked', async () => {
  const [one, other] = [await app.signUpRaw(), await app.signUpRaw()];
  const theirs = await app.connect(other.token);
  const heard: unknown[] = [];
  theirs.onAny((event) => heard.push(event));
  await app.request('PUT', `/blocks/${other.user.id}`, { token: one.token });
  await app.request('DELETE', `/blocks/${other.user.id}`, { token: one.token });
  expect(await call(theirs, 'heads', {})).toMatchObject({ ok: true });
  expect(heard).toEqual([]);
});

test.each([
  '',
  `?ids=${'x,'.repeat(3)}`,
  `?ids=${Array.from({ length: 101 }, () => randomUUID()).join(',')}`,
  '?ids=1&ids=2',
])('the query %s is refused', async (query) => {
  const { token } = await app.signUpRaw();
  const answer = await app.request<Problem>('GET', `/presence${query}`, { token });
  expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
});

test('typing reaches the other members and nobody else', async () => {
  const { one, other, roomId } = await app.pairRaw();
  const stranger = await app.signUpRaw();
  const [mine, theirs, foreign] = await Promise.all([
    app.connect(one.token),
    app.connect(other.token),
    app.connect(stranger.token),
  ]);
  const own: unknown[] = [];
  mine.on('typing', (event) => own.push(event));
  const heard = next<TypingEvent>(theirs, 'typing');
  expect(await call(mine, 'typing', { roomId, typing: true })).toEqual({ ok: true, data: null });
  expect(await heard).toEqual({ roomId, userId: one.user.id, typing: true });
  expect(own).toEqual([]);
  expect(await call(foreign, 'typing', { roomId, typing: true })).toMatchObject({
    ok: false,
    error: { code: 'not_found' },
  });
});
