import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EntityName } from '@mikro-orm/core';
import { Session } from './auth/session.entity.ts';
import { createLog } from './log.ts';
import { Message } from './messages/message.entity.ts';
import { connectDatabase } from './orm.ts';
import { Room, RoomMember } from './rooms/room.entity.ts';
import { startTestApp, type TestApp } from './testing.ts';
import { User } from './users/user.entity.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

test('the migrations make exactly the schema that the entities describe', async () => {
  expect(await app.db.orm.schema.getUpdateSchemaSQL({ safe: false })).toBe('');
});

test('servers that start at the same moment on an empty database all come up', async () => {
  const admin = app.db.orm.em.fork();
  const name = `test_together_${String(process.pid)}`;
  await admin.execute(`create database ${name}`);
  const url = new URL(app.config.databaseUrl ?? '');
  url.pathname = `/${name}`;
  const log = createLog(app.config);
  try {
    const nodes = await Promise.all([1, 2, 3].map(() => connectDatabase(url.href, log, 2)));
    const epochs = await Promise.all(nodes.map((node) => node.epoch()));
    expect(new Set(epochs).size).toBe(1);
    await Promise.all(nodes.map((node) => node.close()));
  } finally {
    await admin.execute(`drop database ${name} with (force)`);
  }
});

test('every table but those of the installation itself belongs to an app', () => {
  const tables = [...app.db.orm.getMetadata().getAll().values()].filter((meta) => !meta.pivotTable);
  const withoutApp = tables.filter((meta) => !('appId' in meta.properties)).map((meta) => meta.className);
  expect(withoutApp.sort()).toEqual(['App', 'Installation', 'OperatorSession']);
  const unfiltered = tables.filter((meta) => 'appId' in meta.properties && !app.db.filtered.includes(meta.className));
  expect(unfiltered.map((meta) => meta.className)).toEqual([]);
});

test('a query sees its own app only, and none at all without one', async () => {
  const { one, roomId } = await app.pairRaw();
  await app.request('POST', `/rooms/${roomId}/messages`, { token: one.token, body: { clientId: 'c', text: 't' } });
  for (const entity of [User, Session, Room, RoomMember, Message] as EntityName<{ appId: string }>[]) {
    expect(await app.db.fork('default').count(entity)).toBeGreaterThan(0);
    expect(await app.db.fork('another').count(entity)).toBe(0);
    expect(await app.db.fork('another').nativeDelete(entity, {})).toBe(0);
    await expect(app.db.fork('').count(entity)).rejects.toThrow('a query without an app');
    await expect(app.db.orm.em.fork().count(entity)).rejects.toThrow();
  }
});

test('what is another app’s answers like what does not exist', async () => {
  await app.db.orm.em
    .fork()
    .execute("insert into apps (id, name, origins, no_origin) values ('another', 'Another', '{}', true)");
  const { one, other, roomId } = await app.pairRaw();
  const foreigner = await app.signUpRaw('foreigner', 'another');
  const unknown = '01900000-0000-7000-8000-000000000000';
  const requests: [string, (id: string, room: string) => string, unknown?][] = [
    ['GET', (id) => `/users/${id}`],
    ['POST', () => '/rooms', (id: string) => ({ type: 'direct', userId: id })],
    ['POST', () => '/friends/requests', (id: string) => ({ userId: id })],
    ['PUT', (id) => `/blocks/${id}`],
    ['GET', (_id, room) => `/rooms/${room}`],
    ['GET', (_id, room) => `/rooms/${room}/messages`],
    ['GET', (_id, room) => `/rooms/${room}/members`],
    ['POST', (_id, room) => `/rooms/${room}/messages`, () => ({ clientId: 'c', text: 't' })],
    ['POST', (_id, room) => `/rooms/${room}/read`, () => ({ seq: 1 })],
    ['PATCH', (_id, room) => `/rooms/${room}/me`, () => ({ muted: true })],
    ['DELETE', () => `/me/sessions/${one.sessionId}`],
  ];
  for (const [method, path, makeBody] of requests) {
    const ask = (id: string, room: string) =>
      app.request(method, path(id, room), {
        token: foreigner.token,
        ...(typeof makeBody === 'function' ? { body: (makeBody as (id: string) => unknown)(id) } : {}),
      });
    const [theirs, none] = [await ask(other.user.id, roomId), await ask(unknown, unknown)];
    expect([method, path('id', 'room'), theirs.status, theirs.body]).toEqual([
      method,
      path('id', 'room'),
      404,
      none.body,
    ]);
  }
  const found = await app.request<{ items: unknown[] }>('GET', `/users?q=${other.user.nickname}`, {
    token: foreigner.token,
  });
  expect(found.body.items).toEqual([]);
});
