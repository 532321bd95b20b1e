import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CreatedInvite, Invite, MessagePage, Page, Problem, Room, RoomPreview } from '@co-talk/sdk/protocol';
import { call, eventually, startTestApp, type RawPerson, type TestApp } from '../testing.ts';
import { findInDatabase } from '../testing-erase.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const people = (count: number) => Promise.all(Array.from({ length: count }, () => app.signUpRaw()));
const ask = <T>(person: RawPerson, method: string, path: string, body?: unknown) =>
  app.request<T & Problem>(method, path, { token: person.token, ...(body === undefined ? {} : { body }) });
const open = async (owner: RawPerson, type: 'group' | 'channel', name = 'News') =>
  (await ask<Room>(owner, 'POST', '/rooms', { type, name })).body.id;
const say = (who: RawPerson, roomId: string, text: string) =>
  ask(who, 'POST', `/rooms/${roomId}/messages`, { clientId: text, text });
const join = (who: RawPerson, roomId: string) => ask<Room>(who, 'POST', `/rooms/${roomId}/join`);
const link = async (by: RawPerson, roomId: string, limits = {}) =>
  (await ask<CreatedInvite>(by, 'POST', `/rooms/${roomId}/invites`, limits)).body;
const follow = (who: RawPerson, token: string) => ask<Room>(who, 'POST', '/invites/join', { token });

describe('a public channel', () => {
  test('is found, read and joined by everybody of the app, from its beginning, without a word about it', async () => {
    const [owner, visitor] = (await people(2)) as [RawPerson, RawPerson];
    const roomId = await open(owner, 'channel', 'Gardening 100%');
    await say(owner, roomId, 'Roses first');
    const found = await ask<Page<RoomPreview>>(visitor, 'GET', `/channels?q=${encodeURIComponent('NING 100%')}`);
    expect(found.body.items).toEqual([
      { id: roomId, type: 'channel', name: 'Gardening 100%', avatarUrl: null, memberCount: 1, joined: false },
    ]);
    const preview = await ask<MessagePage>(visitor, 'GET', `/channels/${roomId}/messages`);
    expect(preview.body.items.map(({ text }) => text)).toEqual(['', 'Roses first']);
    expect(preview.body.users.map(({ id }) => id)).toEqual([owner.user.id]);
    expect((await ask(visitor, 'GET', `/rooms/${roomId}`)).body.code).toBe('not_found');
    expect((await say(visitor, roomId, 'Hi')).body.code).toBe('not_found');

    const socket = await app.connect(visitor.token);
    const heard: string[] = [];
    socket.on('message', ({ message }: { message: { text: string } }) => heard.push(message.text));
    expect((await join(visitor, roomId)).body).toMatchObject({
      ...{ type: 'channel', memberCount: 2, lastSeq: 2 },
      me: { role: 'member', historyFrom: 1, unread: 0 },
    });
    await say(owner, roomId, 'Now tulips');
    await eventually(() => heard.includes('Now tulips'));
    const history = await ask<MessagePage>(visitor, 'GET', `/rooms/${roomId}/messages`);
    expect(history.body.items.map(({ text }) => text)).toEqual(['', 'Roses first', 'Now tulips']);
    const mine = await ask<Page<RoomPreview>>(visitor, 'GET', '/channels?q=gardening');
    expect(mine.body.items).toMatchObject([{ joined: true, memberCount: 2 }]);
    expect((await ask(visitor, 'POST', `/rooms/${roomId}/leave`)).status).toBe(204);
    expect((await join(visitor, roomId)).status).toBe(200);
  });

  test('is joined once by however many clicks', async () => {
    const [owner, visitor] = (await people(2)) as [RawPerson, RawPerson];
    const roomId = await open(owner, 'channel');
    const answers = await Promise.all([1, 2, 3].map(() => join(visitor, roomId)));
    expect(answers.map(({ status, body }) => [status, body.memberCount])).toEqual([1, 2, 3].map(() => [200, 2]));
  });

  test('tells nobody who has read how far', async () => {
    const [owner, visitor] = (await people(2)) as [RawPerson, RawPerson];
    const roomId = await open(owner, 'channel');
    await join(visitor, roomId);
    const [mine, theirs] = await Promise.all([app.connect(owner.token), app.connect(visitor.token)]);
    const heard: string[] = [];
    mine.onAny((event: string) => heard.push(event));
    await say(owner, roomId, 'read me');
    await call(theirs, 'room:read', { roomId, seq: 2 });
    await say(visitor, roomId, 'I have');
    await eventually(() => heard.includes('message'));
    expect(heard).not.toContain('read');
  });

  test('is not opened by a guest, nor found once nobody is in it, nor in another app', async () => {
    const { body: guest } = await app.request<{ session: { accessToken: string } }>('POST', '/auth/guest', {
      body: { app: 'default' },
    });
    const made = await app.request<Problem>('POST', '/rooms', {
      token: guest.session.accessToken,
      body: { type: 'channel', name: 'Mine' },
    });
    expect(made.body.code).toBe('forbidden');
    const [owner, visitor] = (await people(2)) as [RawPerson, RawPerson];
    await app.db.orm.em
      .fork()
      .execute("insert into apps (id, name, origins, no_origin) values ('another', 'Another', '{}', true)");
    const foreigner = await app.signUpRaw(undefined, 'another');
    const roomId = await open(owner, 'channel', 'Lonely');
    expect((await ask<Page<RoomPreview>>(foreigner, 'GET', '/channels?q=lonely')).body.items).toEqual([]);
    expect((await join(foreigner, roomId)).body.code).toBe('not_found');
    await ask(owner, 'POST', `/rooms/${roomId}/leave`);
    expect((await ask<Page<RoomPreview>>(visitor, 'GET', '/channels?q=lonely')).body.items).toEqual([]);
    expect((await join(visitor, roomId)).body.code).toBe('not_found');
    expect((await ask(visitor, 'GET', `/channels/${roomId}/messages`)).body.code).toBe('not_found');
  });

  test('comes in pages, those with most members first', async () => {
    const owners = (await people(3)) as [RawPerson, RawPerson, RawPerson];
    const ids = [];
    for (const owner of owners) ids.push(await open(owner, 'channel', 'Paged'));
    await join(owners[0], ids[1] ?? '');
    const first = await ask<Page<RoomPreview>>(owners[0], 'GET', '/channels?q=paged&limit=2');
    const rest = await ask<Page<RoomPreview>>(owners[0], 'GET', `/channels?q=paged&cursor=${first.body.next ?? ''}`);
    const seen = [...first.body.items, ...rest.body.items].map(({ id }) => id);
    expect([seen[0], rest.body.next]).toEqual([ids[1], null]);
    expect([...seen].sort()).toEqual([...ids].sort());
  });
});

describe('a link', () => {
  test('leads into a group, says before where to, and is in the database as a hash', async () => {
    const [owner, visitor] = (await people(2)) as [RawPerson, RawPerson];
    const roomId = await open(owner, 'group', 'Tea');
    await say(owner, roomId, 'before');
    const { token, ...made } = await link(owner, roomId, { expiresInHours: 24, maxUses: 3 });
    expect(await findInDatabase(app, [token])).toEqual([]);
    const preview = await ask<RoomPreview>(visitor, 'POST', '/invites/preview', { token });
    expect(preview.body).toEqual({
      ...{ id: roomId, type: 'group', name: 'Tea', avatarUrl: null, memberCount: 1, joined: false },
    });
    expect((await follow(visitor, token)).body).toMatchObject({ id: roomId, memberCount: 2 });
    // Once more uses nothing up.
    expect((await follow(visitor, token)).body).toMatchObject({ id: roomId, memberCount: 2 });
    const list = await ask<Page<Invite>>(owner, 'GET', `/rooms/${roomId}/invites`);
    expect(list.body.items).toEqual([{ ...made, uses: 1 }]);
    const { body } = await ask<MessagePage>(visitor, 'GET', `/rooms/${roomId}/messages`);
    expect(body.items.map(({ system }) => system)).toEqual([{ kind: 'joined', byId: visitor.user.id }]);
  });

  test('is for so many, whoever is first', async () => {
    const [owner, ...visitors] = (await people(5)) as [RawPerson, ...RawPerson[]];
    const roomId = await open(owner, 'group');
    const { token } = await link(owner, roomId, { maxUses: 2 });
    const answers = await Promise.all(visitors.map((visitor) => follow(visitor, token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 404, 404]);
    expect((await ask<Room>(owner, 'GET', `/rooms/${roomId}`)).body.memberCount).toBe(3);
    expect((await ask<Page<Invite>>(owner, 'GET', `/rooms/${roomId}/invites`)).body.items).toEqual([]);
  });

  test('ends in time, by being revoked, and with the room', async () => {
    const [owner, visitor] = (await people(2)) as [RawPerson, RawPerson];
    const roomId = await open(owner, 'group');
    const [late, revoked, kept] = [
      await link(owner, roomId, { expiresInHours: 1 }),
      await link(owner, roomId),
      await link(owner, roomId),
    ];
    await app.db.orm.em
      .fork()
      .execute("update room_invites set expires_at = now() - interval '1 second' where id = ?", [late.id]);
    expect((await ask(owner, 'DELETE', `/rooms/${roomId}/invites/${revoked.id}`)).status).toBe(204);
    for (const { token } of [late, revoked, { token: 'guessed' }]) {
      expect((await follow(visitor, token)).body.code).toBe('not_found');
      expect((await ask(visitor, 'POST', '/invites/preview', { token })).body.code).toBe('not_found');
    }
    await ask(owner, 'DELETE', `/rooms/${roomId}`);
    expect((await follow(visitor, kept.token)).body.code).toBe('not_found');
  });

  test('does not bring back who was removed, and is the owner’s and the admins’ to make', async () => {
    const [owner, gone] = (await people(2)) as [RawPerson, RawPerson];
    for (const type of ['group', 'channel'] as const) {
      const roomId = await open(owner, type);
      const { token } = await link(owner, roomId);
      await follow(gone, token);
      for (const [method, path] of [
        ['POST', `/rooms/${roomId}/invites`],
        ['GET', `/rooms/${roomId}/invites`],
      ] as const) {
        const body = method === 'POST' ? {} : undefined;
        expect((await ask(gone, method, path, body)).body.code).toBe('forbidden');
      }
      await ask(owner, 'DELETE', `/rooms/${roomId}/members/${gone.user.id}`);
      expect((await follow(gone, token)).body.code).toBe('forbidden');
      if (type === 'channel') expect((await join(gone, roomId)).body.code).toBe('forbidden');
      // What was refused has used nothing up.
      expect((await ask<Page<Invite>>(owner, 'GET', `/rooms/${roomId}/invites`)).body.items).toMatchObject([
        { uses: 1 },
      ]);
      await ask(owner, 'POST', `/rooms/${roomId}/members`, { userIds: [gone.user.id] });
      expect((await ask(gone, 'POST', `/rooms/${roomId}/leave`)).status).toBe(204);
      expect((await follow(gone, token)).status).toBe(200);
    }
  });

  test.each([{ expiresInHours: 0 }, { maxUses: 0 }, { maxUses: 1.5 }, { token: 'mine' }])(
    '%j is refused',
    async (body) => {
      const owner = await app.signUpRaw();
      const roomId = await open(owner, 'group');
      expect((await ask(owner, 'POST', `/rooms/${roomId}/invites`, body)).body.code).toBe('invalid_request');
    },
  );
});
