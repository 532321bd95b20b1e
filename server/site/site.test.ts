import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  AdminApp,
  AdminRoom,
  AdminUser,
  AuditEntry,
  CreatedKey,
  ImportedUser,
  Member,
  Message,
  MessagePage,
  Page,
  Problem,
  User,
} from '@co-talk/sdk/protocol';
import { createUserToken } from '../token.ts';
import { eventually, next, startTestApp, type TestApp } from '../testing.ts';

const OPERATOR = 'the-key-of-whoever-runs-this-server';

let app: TestApp;
let key: string;
let foreignKey: string;
beforeAll(async () => {
  app = await startTestApp({ OPERATOR_KEY: OPERATOR });
  await ask<AdminApp>('POST', '/admin/apps', { id: 'other-site', name: 'Other' }, OPERATOR);
  [key, foreignKey] = await Promise.all([createKey('default'), createKey('other-site')]);
});
afterAll(() => app.close());

async function createKey(appId: string, kind = 'secret'): Promise<string> {
  const { body } = await ask<CreatedKey>('POST', `/admin/apps/${appId}/keys`, { kind, name: 'site' }, OPERATOR);
  return body.secret ?? '';
}

const ask = <T = unknown>(method: string, path: string, body?: unknown, token = key) =>
  app.request<T & Problem>(method, path, { token, ...(body === undefined ? {} : { body }) });
const site = (path: string) => `/admin/apps/default${path}`;

async function bring(...users: object[]): Promise<ImportedUser[]> {
  const { status, body } = await ask<{ items: ImportedUser[] }>('POST', site('/users'), { users });
  expect(status).toBe(200);
  return body.items;
}

async function makeBot(): Promise<AdminUser> {
  const [bot] = await bring({ externalId: randomUUID(), kind: 'bot', nickname: 'Kettle bot' });
  if (!bot?.user) throw new Error(JSON.stringify(bot));
  return bot.user;
}

describe('users', () => {
  test('are made, changed, left alone and refused, each by itself', async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    const users = [
      { externalId: a, nickname: 'Ada', email: 'ada@site.example' },
      { externalId: b, nickname: '\u3164' },
      { externalId: a, nickname: 'Ada' },
      { externalId: a, nickname: 'Ada L.', avatarUrl: 'https://site.example/ada.png' },
      { externalId: a, nickname: 'Ada L.', avatarUrl: 'javascript:alert(1)' },
    ];
    const items = await bring(...users);
    expect(items.map(({ externalId, outcome, error }) => [externalId, outcome, error?.code])).toEqual([
      [a, 'created', undefined],
      [b, 'refused', 'invalid_request'],
      [a, 'unchanged', undefined],
      [a, 'updated', undefined],
      [a, 'refused', 'invalid_request'],
    ]);
    const { body } = await ask<Page<AdminUser>>('GET', site(`/users?q=${a}`));
    expect(body.items).toMatchObject([
      {
        nickname: 'Ada L.',
        email: 'ada@site.example',
        emailVerified: true,
        kind: 'host',
        externalId: a,
        disabled: false,
      },
    ]);
  });

  test('who are called otherwise now are so in groups at once', async () => {
    const externalId = randomUUID();
    const [named] = await bring({ externalId, nickname: 'Before' });
    const member = await app.signUpRaw();
    const memberIds = [member.user.id, named?.user?.id];
    await ask('POST', site('/rooms'), { type: 'group', name: 'Club', memberIds });
    const told = next<{ user: User }>(await app.connect(member.token), 'user');
    await bring({ externalId, nickname: 'After' });
    expect((await told).user).toMatchObject({ id: named?.user?.id, nickname: 'After' });
  });

  test('whose change came to nothing are not told of', async () => {
    const [externalId, other] = [randomUUID(), randomUUID()];
    const [named, second] = await bring({ externalId, nickname: 'Before' }, { externalId: other, nickname: 'Second' });
    const member = await app.signUpRaw();
    const memberIds = [member.user.id, named?.user?.id, second?.user?.id];
    await ask('POST', site('/rooms'), { type: 'group', name: 'Club', memberIds });
    const socket = await app.connect(member.token);
    const heard: string[] = [];
    socket.on('user', ({ user }: { user: User }) => heard.push(user.nickname));
    await app.db.ownPool.query(
      `create function fail() returns trigger language plpgsql as $$ begin
         if new.target_id = '${named?.user?.id ?? ''}' then raise exception 'no room for it'; end if; return new; end $$`,
    );
    await app.db.ownPool.query('create trigger fail before insert on audit_log for each row execute function fail()');
    try {
      const items = await bring({ externalId, nickname: 'After' }, { externalId: other, nickname: 'Third' });
      expect(items.map(({ outcome }) => outcome)).toEqual(['refused', 'updated']);
    } finally {
      await app.db.ownPool.query('drop trigger fail on audit_log');
    }
    await eventually(() => heard.includes('Third'));
    expect(heard).toEqual(['Third']);
  });

  test('are the ones who come with a token of the site, and cannot while they are shut out', async () => {
    const externalId = randomUUID();
    const [made] = await bring({ externalId, nickname: 'Ben' });
    const secret = await createKey('default', 'signing');
    const enter = () =>
      app.request<{ user: { id: string }; session: { accessToken: string } } & Problem>('POST', '/auth/exchange', {
        body: {
          app: 'default',
          userToken: createUserToken({ id: externalId, nickname: 'Ben' }, { app: 'default', key: secret }),
        },
      });
    const { status, body } = await enter();
    expect([status, body.user.id]).toEqual([200, made?.user?.id]);
    const socket = await app.connect(body.session.accessToken);
    await bring({ externalId, nickname: 'Ben', disabled: true });
    await eventually(() => !socket.connected);
    expect((await enter()).body.code).toBe('unauthenticated');
    await bring({ externalId, nickname: 'Ben', disabled: false });
    expect((await enter()).status).toBe(200);
  });

  test('are listed page by page, the newest first, each once', async () => {
    await bring(...Array.from({ length: 5 }, () => ({ externalId: randomUUID(), nickname: 'Crowd' })));
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: Page<AdminUser> } = await ask<Page<AdminUser>>(
        'GET',
        site(`/users?limit=2&q=crowd${cursor === '' ? '' : `&cursor=${cursor}`}`),
      );
      seen.push(...body.items.map(({ id }) => id));
      cursor = body.next;
    }
    expect(seen).toHaveLength(5);
    expect([...seen].sort().reverse()).toEqual(seen);
  });

  test.each([
    ['none', { users: [] }],
    ['more than 100', { users: Array.from({ length: 101 }, () => ({ externalId: 'x', nickname: 'x' })) }],
    ['an account', { users: [{ externalId: 'x', nickname: 'x', kind: 'account' }] }],
    ['another app', { users: [{ externalId: 'x', nickname: 'x', appId: 'other-site' }] }],
    ['without a name', { users: [{ externalId: 'x' }] }],
  ])('cannot be brought: %s', async (_name, body) => {
    expect((await ask('POST', site('/users'), body)).body.code).toBe('invalid_request');
  });
});

describe('rooms', () => {
  test('a group appears with its members at once, and a repeated request finds it', async () => {
    const [one, other] = [await app.signUp(), await app.signUp()];
    const body = { type: 'group', name: 'Order 4711', memberIds: [one.id, other.id], clientId: randomUUID() };
    const made = await ask<AdminRoom>('POST', site('/rooms'), body);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ type: 'group', name: 'Order 4711', memberCount: 2, lastSeq: 0 });
    for (const { client } of [one, other])
      await eventually(
        () => client.rooms.store.get().rooms.find(({ id }) => id === made.body.id)?.name === 'Order 4711',
      );
    const again = await ask<AdminRoom>('POST', site('/rooms'), body);
    expect([again.status, again.body.id]).toEqual([200, made.body.id]);

    await one.client.messages.room(made.body.id).send('hello all');
    await eventually(() =>
      other.client.rooms.store.get().rooms.some(({ lastMessage }) => lastMessage?.text === 'hello all'),
    );
    const members = await ask<Page<Member>>('GET', site(`/rooms/${made.body.id}/members`));
    expect(members.body.items.map(({ user, role }) => [user.id, role]).sort()).toEqual(
      [
        [one.id, 'owner'],
        [other.id, 'member'],
      ].sort(),
    );
  });

  test('a direct room is the one that the two have', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const { status, body } = await ask<AdminRoom>('POST', site('/rooms'), {
      type: 'direct',
      userIds: [other.user.id, one.user.id],
    });
    expect([status, body.id]).toEqual([200, roomId]);
    const rooms = await ask<Page<AdminRoom>>('GET', site(`/rooms?userId=${one.user.id}`));
    expect(rooms.body.items.map(({ id }) => id)).toEqual([roomId]);
  });

  test('nobody is put into a room who is not of this app', async () => {
    const { user } = await app.signUpRaw();
    const room = { type: 'group', name: 'x', memberIds: [user.id, randomUUID()] };
    expect((await ask('POST', site('/rooms'), room)).body.code).toBe('not_found');
    const foreign = { type: 'group', name: 'x', memberIds: [user.id] };
    expect((await ask('POST', '/admin/apps/other-site/rooms', foreign, foreignKey)).body.code).toBe('not_found');
  });
});

describe('messages', () => {
  test('of a bot reach people, once for one clientId; nobody writes in the name of a person', async () => {
    const bot = await makeBot();
    const person = await app.signUp();
    const room = await ask<AdminRoom>('POST', site('/rooms'), { type: 'direct', userIds: [bot.id, person.id] });
    const path = site(`/rooms/${room.body.id}/messages`);
    const body = { userId: bot.id, clientId: 'sent', text: 'Your kettle is on its way.' };
    expect((await ask<Message>('POST', path, body)).status).toBe(201);
    expect((await ask<Message>('POST', path, body)).status).toBe(200);
    await eventually(() => person.client.rooms.store.get().rooms[0]?.lastMessage?.text === body.text);
    expect((await ask('POST', path, { ...body, userId: person.id })).body.code).toBe('forbidden');
    expect((await ask('POST', path, { ...body, userId: (await makeBot()).id })).body.code).toBe('not_found');
    expect((await ask('POST', path, { ...body, clientId: 'empty', text: ' ' })).body.code).toBe('invalid_request');
  });

  test('can be read and removed, which is written down; everybody sees it go, also who was away', async () => {
    const [one, other] = [await app.signUp(), await app.signUp()];
    const roomId = await app.befriend(one, other);
    const sent = await one.client.messages.room(roomId).send('something rude');
    await other.client.messages.room(roomId).load();
    const path = site(`/rooms/${roomId}/messages`);
    expect((await ask<MessagePage>('GET', path)).body.items.map(({ text }) => text)).toEqual(['something rude']);
    const removed = await ask<Message>('DELETE', `${path}/${sent.id}`);
    expect(removed.body).toMatchObject({ id: sent.id, seq: 1, text: '', clientId: sent.clientId });
    expect(removed.body.deletedAt).not.toBeNull();
    await eventually(() => other.client.messages.room(roomId).store.get().messages[0]?.text === '');
    expect((await ask<Message>('DELETE', `${path}/${sent.id}`)).body.rev).toBe(removed.body.rev);
    const later = await app.logIn(one);
    await later.messages.room(roomId).load();
    expect(later.messages.room(roomId).store.get().messages).toMatchObject([
      { text: '', seq: 1, rev: removed.body.rev },
    ]);

    const { body } = await ask<Page<AuditEntry>>('GET', site('/audit?limit=10'));
    const done = body.items.filter(({ target }) => target?.id === sent.id || target?.id === roomId);
    expect(done.map(({ action, by }) => [action, by.kind])).toEqual([
      ['message.remove', 'key'],
      ['room.read', 'key'],
    ]);
    expect(JSON.stringify(body)).not.toContain('rude');
  });
});

test('another app’s key finds nothing of this one, and this one nothing of another', async () => {
  const { one, roomId } = await app.pairRaw();
  const message = await app.request<Message>('POST', `/rooms/${roomId}/messages`, {
    token: one.token,
    body: { clientId: 'c', text: 't' },
  });
  const paths: [string, string, unknown?][] = [
    ['GET', `/users/${one.user.id}`],
    ['PATCH', `/users/${one.user.id}`, { disabled: true }],
    ['GET', `/rooms/${roomId}`],
    ['GET', `/rooms/${roomId}/members`],
    ['GET', `/rooms/${roomId}/messages`],
    ['DELETE', `/rooms/${roomId}/messages/${message.body.id}`],
  ];
  for (const [method, path, body] of paths) {
    for (const prefix of ['/admin/apps/other-site', '/admin/apps/default']) {
      const answer = await ask(method, prefix + path, body, foreignKey);
      expect([method, path, answer.body.code]).toEqual([method, path, 'not_found']);
    }
  }
  const found = await ask<Page<AdminUser>>('GET', '/admin/apps/other-site/users', undefined, foreignKey);
  expect(found.body.items).toEqual([]);
  expect((await app.request('GET', '/me', { token: one.token })).status).toBe(200);
});

test('a key in a page is refused, whatever the page', async () => {
  const answer = await app.request<Problem>('GET', site('/users'), {
    token: key,
    headers: { origin: 'http://localhost:3001' },
  });
  expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
});
