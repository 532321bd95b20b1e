import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Member, MemberPage, MessagePage, Page, Problem, Role, Room, SystemEvent } from '@co-talk/sdk/protocol';
import { call, eventually, startTestApp, type RawPerson, type TestApp } from '../testing.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const people = (count: number) => Promise.all(Array.from({ length: count }, () => app.signUpRaw()));
const ask = <T>(person: RawPerson, method: string, path: string, body?: unknown) =>
  app.request<T & Problem>(method, path, { token: person.token, ...(body === undefined ? {} : { body }) });
const idsOf = (of: RawPerson[]) => of.map(({ user }) => user.id);

async function group(owner: RawPerson, others: RawPerson[] = [], more: object = {}): Promise<string> {
  const body = { type: 'group', name: 'Tea', memberIds: idsOf(others), ...more };
  const answer = await ask<Room>(owner, 'POST', '/rooms', body);
  expect(answer.status).toBe(201);
  return answer.body.id;
}

const add = (by: RawPerson, roomId: string, ...who: RawPerson[]) =>
  ask<Page<Member>>(by, 'POST', `/rooms/${roomId}/members`, { userIds: idsOf(who) });
const remove = (by: RawPerson, roomId: string, who: RawPerson) =>
  ask(by, 'DELETE', `/rooms/${roomId}/members/${who.user.id}`);
const role = (by: RawPerson, roomId: string, who: RawPerson, to: Role) =>
  ask<Member>(by, 'PATCH', `/rooms/${roomId}/members/${who.user.id}`, { role: to });
const leave = (who: RawPerson, roomId: string) => ask(who, 'POST', `/rooms/${roomId}/leave`);
const say = (who: RawPerson, roomId: string, text: string) =>
  ask(who, 'POST', `/rooms/${roomId}/messages`, { clientId: randomUUID(), text });

async function roles(of: RawPerson, roomId: string): Promise<Record<string, Role>> {
  const { body } = await ask<MemberPage>(of, 'GET', `/rooms/${roomId}/members`);
  return Object.fromEntries(body.items.map((member) => [member.user.id, member.role]));
}

/** What a member reads in the room: texts, and what has happened. */
async function reads(of: RawPerson, roomId: string): Promise<(string | Partial<SystemEvent>)[]> {
  const { body } = await ask<MessagePage>(of, 'GET', `/rooms/${roomId}/messages`);
  return body.items.map(({ text, system }) => system ?? text);
}

describe('a group', () => {
  test('is made with people, who all have it at once; whoever makes it owns it', async () => {
    const [owner, one, other] = (await people(3)) as [RawPerson, RawPerson, RawPerson];
    const roomId = await group(owner, [one, other]);
    for (const person of [owner, one, other]) {
      const { body } = await ask<Page<Room>>(person, 'GET', '/rooms');
      expect(body.items).toMatchObject([
        { id: roomId, type: 'group', name: 'Tea', memberCount: 3, me: { unread: 0, historyFrom: 1 } },
      ]);
    }
    expect(await roles(one, roomId)).toEqual({
      [owner.user.id]: 'owner',
      [one.user.id]: 'member',
      [other.user.id]: 'member',
    });
    expect(await reads(other, roomId)).toEqual([{ kind: 'created', byId: owner.user.id, name: 'Tea' }]);
  });

  test('is made once for one clientId, and one person’s is not another’s', async () => {
    const [one, other] = (await people(2)) as [RawPerson, RawPerson];
    const body = { type: 'group', name: 'Once', clientId: 'mine' };
    const answers = await Promise.all([1, 2, 3].map(() => ask<Room>(one, 'POST', '/rooms', body)));
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 200, 201]);
    const theirs = await ask<Room>(other, 'POST', '/rooms', body);
    expect(theirs.status).toBe(201);
    expect(theirs.body.id).not.toBe(answers[0]?.body.id);
  });

  test.each([
    ['no name', { name: '' }],
    ['a blank name', { name: ' \u200b ' }],
    ['a name of two lines', { name: 'a\nb' }],
    ['a name that turns the text', { name: 'a\u202eb' }],
    ['a long name', { name: '가'.repeat(81) }],
    ['a hundred and one people', { memberIds: Array.from({ length: 101 }, () => randomUUID()) }],
    ['a role', { role: 'owner' }],
  ])('with %s is refused', async (_name, more) => {
    const owner = await app.signUpRaw();
    const answer = await ask(owner, 'POST', '/rooms', { type: 'group', name: 'Tea', ...more });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
  });

  test('is renamed by its owner and admins alone, and everybody reads it', async () => {
    const [owner, admin, member] = (await people(3)) as [RawPerson, RawPerson, RawPerson];
    const roomId = await group(owner, [admin, member]);
    await role(owner, roomId, admin, 'admin');
    expect((await ask(member, 'PATCH', `/rooms/${roomId}`, { name: 'Mine' })).body.code).toBe('forbidden');
    const answer = await ask<Room>(admin, 'PATCH', `/rooms/${roomId}`, { name: ' 차 모임 ' });
    expect(answer.body).toMatchObject({ name: '차 모임', me: { role: 'admin' } });
    await ask(admin, 'PATCH', `/rooms/${roomId}`, { name: '차 모임' });
    expect((await reads(member, roomId)).slice(2)).toEqual([{ kind: 'renamed', byId: admin.user.id, name: '차 모임' }]);
    expect((await ask<Room>(member, 'GET', `/rooms/${roomId}`)).body.me?.unread).toBe(0);
  });
});

describe('people who come and go', () => {
  test('read a group from when they were added', async () => {
    const [owner, early, late, later] = (await people(4)) as [RawPerson, RawPerson, RawPerson, RawPerson];
    const roomId = await group(owner, [early]);
    await say(owner, roomId, 'before');
    const added = await add(owner, roomId, late, later, early);
    expect(added.body.items.map(({ user }) => user.id).sort()).toEqual(idsOf([late, later]).sort());
    await say(owner, roomId, 'after');
    const news = { kind: 'added', byId: owner.user.id, userId: late.user.id, others: 1 };
    expect(await reads(late, roomId)).toEqual([news, 'after']);
    expect((await reads(early, roomId)).slice(1)).toEqual(['before', news, 'after']);
    const room = (await ask<Room>(later, 'GET', `/rooms/${roomId}`)).body;
    expect(room).toMatchObject({ memberCount: 4, me: { role: 'member', unread: 1, historyFrom: 3 } });
  });

  test('hear nothing more once removed, on no socket and by no question', async () => {
    const [owner, gone, stays] = (await people(3)) as [RawPerson, RawPerson, RawPerson];
    const roomId = await group(owner, [gone, stays]);
    const [theirs, others] = await Promise.all([app.connect(gone.token), app.connect(stays.token)]);
    const heard: string[] = [];
    const control: string[] = [];
    theirs.on('message', ({ message }: { message: { text: string } }) => heard.push(message.text));
    others.on('message', ({ message }: { message: { text: string } }) => control.push(message.text));
    expect((await remove(owner, roomId, gone)).status).toBe(204);
    await say(owner, roomId, 'about them');
    await eventually(() => control.includes('about them'));
    expect(heard).not.toContain('about them');
    for (const [method, path, body] of [
      ['GET', `/rooms/${roomId}`],
      ['GET', `/rooms/${roomId}/messages`],
      ['GET', `/rooms/${roomId}/members`],
      ['POST', `/rooms/${roomId}/messages`, { clientId: 'c', text: 'let me in' }],
      ['POST', `/rooms/${roomId}/leave`],
    ] as const) {
      expect([path, (await ask(gone, method, path, body)).body.code]).toEqual([path, 'not_found']);
    }
    const sync = { epoch: null, rev: 0, rooms: [{ id: roomId, rev: 0 }] };
    expect(await call(theirs, 'sync', sync)).toMatchObject({ ok: true, data: { rooms: [{ id: roomId, gone: true }] } });
    expect((await reads(stays, roomId)).slice(1)).toEqual([
      { kind: 'removed', byId: owner.user.id, userId: gone.user.id },
      'about them',
    ]);
    // Added again, they read from then on.
    await add(owner, roomId, gone);
    expect((await reads(gone, roomId)).length).toBe(1);
  });

  test('hear nothing more on another node either, although the nodes do not hear each other', async () => {
    const node = await startTestApp({ DATABASE_URL: app.config.databaseUrl ?? '' });
    const [owner, gone] = (await people(2)) as [RawPerson, RawPerson];
    const roomId = await group(owner, [gone]);
    const socket = await node.connect(gone.token);
    const heard: unknown[] = [];
    socket.on('message', (event) => heard.push(event));
    const there = () =>
      node.request('POST', `/rooms/${roomId}/messages`, {
        token: owner.token,
        body: { clientId: randomUUID(), text: 'there' },
      });
    await there();
    await eventually(() => heard.length === 1);
    await remove(owner, roomId, gone);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await there();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(heard).toHaveLength(1);
    await node.close();
  });

  test('are not added by force: unknown, blocking or blocked, shut out', async () => {
    const [owner, hostile, enemy, disabled] = (await people(4)) as [RawPerson, RawPerson, RawPerson, RawPerson];
    await ask(hostile, 'PUT', `/blocks/${owner.user.id}`);
    await ask(owner, 'PUT', `/blocks/${enemy.user.id}`);
    await app.db.orm.em.fork().execute('update users set disabled_at = now() where id = ?', [disabled.user.id]);
    const roomId = await group(owner);
    for (const [userId, code] of [
      [hostile.user.id, 'not_found'],
      [enemy.user.id, 'blocked'],
      [disabled.user.id, 'not_found'],
      [randomUUID(), 'not_found'],
    ] as const) {
      const added = await ask(owner, 'POST', `/rooms/${roomId}/members`, { userIds: [userId] });
      expect(added.body.code).toBe(code);
      const made = await ask(owner, 'POST', '/rooms', { type: 'group', name: 'Tea', memberIds: [userId] });
      expect(made.body.code).toBe(code);
    }
    expect(Object.keys(await roles(owner, roomId))).toEqual([owner.user.id]);
    expect((await ask<Page<Room>>(owner, 'GET', '/rooms')).body.items).toHaveLength(1);
  });

  test('two who add the same person add them once', async () => {
    const [owner, admin, wanted] = (await people(3)) as [RawPerson, RawPerson, RawPerson];
    const roomId = await group(owner, [admin]);
    await role(owner, roomId, admin, 'admin');
    const answers = await Promise.all([add(owner, roomId, wanted), add(admin, roomId, wanted)]);
    expect(answers.map((answer) => answer.body.items.length).sort()).toEqual([0, 1]);
    expect((await ask<Room>(wanted, 'GET', `/rooms/${roomId}`)).body.memberCount).toBe(3);
  });
});

describe('who may do what', () => {
  test.each<[string, 'owner' | 'admin' | 'member', 'owner' | 'admin' | 'member', number]>([
    ['the owner removes an admin', 'owner', 'admin', 204],
    ['the owner removes a member', 'owner', 'member', 204],
    ['an admin removes a member', 'admin', 'member', 204],
    ['an admin does not remove an admin', 'admin', 'admin', 403],
    ['an admin does not remove the owner', 'admin', 'owner', 403],
    ['a member removes nobody', 'member', 'member', 403],
  ])('%s', async (_name, by, whom, status) => {
    const [owner, admin, admin2, member, member2] = (await people(5)) as [
      RawPerson,
      RawPerson,
      RawPerson,
      RawPerson,
      RawPerson,
    ];
    const roomId = await group(owner, [admin, admin2, member, member2]);
    for (const one of [admin, admin2]) await role(owner, roomId, one, 'admin');
    const actor = { owner, admin, member }[by];
    const target = { owner, admin: admin2, member: member2 }[whom];
    expect((await remove(actor, roomId, target)).status).toBe(status);
    expect(target.user.id in (await roles(owner, roomId))).toBe(status !== 204);
  });

  test('roles are the owner’s to give; handing over leaves one owner', async () => {
    const [owner, one, other] = (await people(3)) as [RawPerson, RawPerson, RawPerson];
    const roomId = await group(owner, [one, other]);
    expect((await role(one, roomId, other, 'admin')).body.code).toBe('forbidden');
    expect((await role(owner, roomId, one, 'admin')).body.role).toBe('admin');
    expect((await role(one, roomId, other, 'admin')).body.code).toBe('forbidden');
    expect((await role(owner, roomId, owner, 'member')).body.code).toBe('conflict');
    expect((await remove(owner, roomId, owner)).body.code).toBe('conflict');
    expect((await role(owner, roomId, one, 'owner')).body.role).toBe('owner');
    expect(await roles(other, roomId)).toEqual({
      [one.user.id]: 'owner',
      [owner.user.id]: 'admin',
      [other.user.id]: 'member',
    });
    expect((await role(owner, roomId, other, 'admin')).body.code).toBe('forbidden');
    expect((await role(one, roomId, owner, 'member')).body.role).toBe('member');
    expect((await reads(other, roomId)).slice(1)).toEqual([
      { kind: 'promoted', byId: owner.user.id, userId: one.user.id },
      { kind: 'owner', byId: owner.user.id, userId: one.user.id },
      { kind: 'demoted', byId: one.user.id, userId: owner.user.id },
    ]);
  });

  test('where the owner leaves, the oldest admin is next, or else the oldest member; the last one ends it', async () => {
    const [owner, first, admin, last] = (await people(4)) as [RawPerson, RawPerson, RawPerson, RawPerson];
    const roomId = await group(owner);
    for (const person of [first, admin, last]) await add(owner, roomId, person);
    await role(owner, roomId, admin, 'admin');
    const heirs: [RawPerson, RawPerson][] = [
      [owner, admin],
      [admin, first],
      [first, last],
    ];
    for (const [leaving, next] of heirs) {
      expect((await leave(leaving, roomId)).status).toBe(204);
      const now = await roles(next, roomId);
      expect(Object.entries(now).filter(([, one]) => one === 'owner')).toEqual([[next.user.id, 'owner']]);
      expect((await ask<Room>(next, 'GET', `/rooms/${roomId}`)).body.me?.role).toBe('owner');
    }
    expect((await reads(last, roomId)).slice(-2)).toEqual([
      { kind: 'left', byId: first.user.id },
      { kind: 'owner', byId: first.user.id, userId: last.user.id },
    ]);
    expect((await leave(last, roomId)).status).toBe(204);
    for (const person of [owner, last]) {
      expect((await ask(person, 'GET', `/rooms/${roomId}`)).body.code).toBe('not_found');
      expect((await ask<Page<Room>>(person, 'GET', '/rooms')).body.items).toEqual([]);
    }
  });

  test('whatever happens at the same moment, there is one owner', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [owner, one, other, third] = (await people(4)) as [RawPerson, RawPerson, RawPerson, RawPerson];
      const roomId = await group(owner, [one, other, third]);
      const answers = await Promise.all([
        role(owner, roomId, one, 'owner'),
        role(owner, roomId, other, 'owner'),
        leave(owner, roomId),
        leave(one, roomId),
        remove(owner, roomId, other),
      ]);
      expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
      const now = Object.values(await roles(third, roomId));
      expect(now.filter((one) => one === 'owner')).toHaveLength(1);
      expect((await ask<Room>(third, 'GET', `/rooms/${roomId}`)).body.memberCount).toBe(now.length);
    }
  });

  test('the owner closes it, and nobody is in it any more', async () => {
    const [owner, admin, member] = (await people(3)) as [RawPerson, RawPerson, RawPerson];
    const roomId = await group(owner, [admin, member]);
    await role(owner, roomId, admin, 'admin');
    const socket = await app.connect(member.token);
    const heard = new Promise((resolve) => socket.once('room', resolve));
    expect((await ask(admin, 'DELETE', `/rooms/${roomId}`)).body.code).toBe('forbidden');
    expect((await ask(owner, 'DELETE', `/rooms/${roomId}`)).status).toBe(204);
    expect(await heard).toMatchObject({ roomId, room: { memberCount: 0 } });
    for (const person of [owner, admin, member]) {
      expect((await ask(person, 'GET', `/rooms/${roomId}`)).body.code).toBe('not_found');
    }
  });

  test('a room of two is not changed', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const third = await app.signUpRaw();
    for (const answer of [
      await add(one, roomId, third),
      await remove(one, roomId, other),
      await role(one, roomId, other, 'owner'),
      await leave(one, roomId),
      await ask(one, 'PATCH', `/rooms/${roomId}`, { name: 'Us' }),
      await ask(one, 'DELETE', `/rooms/${roomId}`),
      await ask(one, 'DELETE', `/rooms/${roomId}/picture`),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
    }
  });
});

describe('the list of members', () => {
  test('comes in pages, the owner and admins first, and is searched by name', async () => {
    const [owner, ...others] = (await people(8)) as [RawPerson, ...RawPerson[]];
    const roomId = await group(owner);
    for (const person of others) await add(owner, roomId, person);
    const admin = others[5] ?? owner;
    await role(owner, roomId, admin, 'admin');
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = `limit=3${cursor ? `&cursor=${cursor}` : ''}`;
      const { body } = await ask<MemberPage>(owner, 'GET', `/rooms/${roomId}/members?${query}`);
      seen.push(...body.items.map(({ user }) => user.id));
      cursor = body.next;
    }
    expect(seen).toEqual(idsOf([owner, admin, ...others.filter((one) => one !== admin)]));
    const q = encodeURIComponent(admin.user.nickname.toUpperCase());
    const found = await ask<MemberPage>(owner, 'GET', `/rooms/${roomId}/members?q=${q}`);
    expect(found.body.items.map(({ user }) => user.id)).toContain(admin.user.id);
    expect((await ask<MemberPage>(owner, 'GET', `/rooms/${roomId}/members?q=%25`)).body.items).toEqual([]);
    expect((await ask(owner, 'GET', `/rooms/${roomId}/members?cursor=x`)).body.code).toBe('invalid_request');
  });
});

test('a picture is shown to whoever has its address, and is gone with the next one', async () => {
  const pixel = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
    'base64',
  );
  const [owner, member] = (await people(2)) as [RawPerson, RawPerson];
  const roomId = await group(owner, [member]);
  const put = (by: RawPerson) =>
    app.request<Room & Problem>('PUT', `/rooms/${roomId}/picture`, {
      token: by.token,
      body: pixel,
      headers: { 'content-type': 'image/png' },
    });
  expect((await put(member)).body.code).toBe('forbidden');
  const { avatarUrl } = (await put(owner)).body;
  const at = (url: string | null) => fetch(`${app.url}${new URL(url ?? '').pathname}`);
  expect((await at(avatarUrl)).headers.get('content-type')).toBe('image/webp');
  expect((await ask<Room>(member, 'GET', `/rooms/${roomId}`)).body.avatarUrl).toBe(avatarUrl);
  await put(owner);
  expect((await at(avatarUrl)).status).toBe(404);
  expect((await ask<Room>(owner, 'DELETE', `/rooms/${roomId}/picture`)).body.avatarUrl).toBeNull();
  expect((await reads(member, roomId)).slice(1)).toEqual(
    [1, 2, 3].map(() => ({ kind: 'picture', byId: owner.user.id })),
  );
});
