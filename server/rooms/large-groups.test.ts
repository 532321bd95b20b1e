import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MemberPage, Problem, Room } from '@co-talk/sdk/protocol';
import { eventually, startTestApp, type RawPerson, type TestApp } from '../testing.ts';
import { startReceiver, stopReceivers } from '../testing-receiver.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const people = (count: number) => Promise.all(Array.from({ length: count }, () => app.signUpRaw()));
const ask = <T>(person: RawPerson, method: string, path: string, body?: unknown) =>
  app.request<T & Problem>(method, path, { token: person.token, ...(body === undefined ? {} : { body }) });
const group = async (owner: RawPerson, other: RawPerson) =>
  (await ask<Room>(owner, 'POST', '/rooms', { type: 'group', name: 'Tea', memberIds: [other.user.id] })).body.id;
const add = (by: RawPerson, roomId: string, who: RawPerson) =>
  ask(by, 'POST', `/rooms/${roomId}/members`, { userIds: [who.user.id] });

test('the site hears who came and went, and what a room is called now', async () => {
  const site = await startReceiver();
  const made = await app.request('POST', '/admin/apps/default/webhooks', {
    token: app.config.operatorKey ?? '',
    body: { url: site.url, events: ['room.*', 'member.*'] },
  });
  expect(made.status).toBe(201);
  const [owner, one, other] = (await people(3)) as [RawPerson, RawPerson, RawPerson];
  const roomId = await group(owner, one);
  await ask(owner, 'PATCH', `/rooms/${roomId}`, { name: 'Coffee' });
  await add(owner, roomId, other);
  await ask(owner, 'DELETE', `/rooms/${roomId}/members/${one.user.id}`);
  await ask(other, 'POST', `/rooms/${roomId}/leave`);
  await eventually(() => site.received.length >= 7);
  expect(site.received.map(({ event }) => event.type).sort()).toEqual([
    ...['member.joined', 'member.joined', 'member.joined', 'member.left', 'member.left'],
    ...['room.created', 'room.updated'],
  ]);
  await stopReceivers();
});

test('ten thousand are listed and written to without a row for each', async () => {
  const [owner, member] = (await people(2)) as [RawPerson, RawPerson];
  const roomId = await group(owner, member);
  const em = app.db.orm.em.fork();
  await em.execute(
    `with people as (
       insert into users (id, app_id, kind, nickname, nickname_key, created_at)
       select gen_random_uuid(), 'default', 'host', 'one of many', '', now() from generate_series(1, 9998) returning id
     )
     insert into chat_room_members (room_id, user_id, app_id, role, rev, joined_at)
     select ?, id, 'default', 'member', 1, now() from people`,
    [roomId],
  );
  await em.execute('update chat_rooms set member_count = 10000 where id = ?', [roomId]);
  const page = await ask<MemberPage>(member, 'GET', `/rooms/${roomId}/members?limit=100`);
  expect([page.body.items.length, page.body.items[0]?.role]).toEqual([100, 'owner']);
  const writes = async () =>
    (
      await em.execute<{ count: string }[]>(
        'select sum(xmin::text::bigint) as count from chat_room_members where room_id = ?',
        [roomId],
      )
    )[0];
  const before = await writes();
  expect((await ask(owner, 'POST', `/rooms/${roomId}/messages`, { clientId: 'c', text: 'to all of you' })).status).toBe(
    201,
  );
  expect(await writes()).toEqual(before);
  expect((await ask<Room>(member, 'GET', `/rooms/${roomId}`)).body.me?.unread).toBe(1);
  // Nobody more fits in.
  const late = await app.signUpRaw();
  expect((await add(owner, roomId, late)).body.code).toBe('too_large');
});
