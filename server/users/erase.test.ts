import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient, memoryStorage, type Client } from '@co-talk/sdk';
import type {
  ErasureReport,
  Heads,
  Id,
  Me,
  Member,
  Message,
  MessagePage,
  Page,
  Problem,
  Room,
  SignedIn,
  SyncAnswer,
  User,
} from '@co-talk/sdk/protocol';
import { startProxy } from '../bench/faults/proxy.ts';
import { call, eventually, startTestApp, type Person, type RawPerson, type TestApp } from '../testing.ts';
import { createGroup, findInDatabase, heldBy } from '../testing-erase.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const erase = (token: string, password?: string) =>
  app.request<ErasureReport & Problem>('DELETE', '/me', {
    token,
    ...(password === undefined ? {} : { body: { password } }),
  });
const PASSWORD = 'correct horse battery staple';

const tokenOf = async ({ email, password }: Person, headers = {}) =>
  (await app.request<SignedIn>('POST', '/auth/login', { body: { app: 'default', email, password }, headers })).body
    .session.accessToken;

interface World {
  /** Who goes; what must go with them. */
  gone: Person;
  traces: string[];
  friend: Person;
  stranger: Person;
  away: Client;
  comeBack: () => void;
  direct: Id;
  group: Id;
  close: () => Promise<void>;
}

/** Somebody who has left traces everywhere, and others who know them: two that are there, and a device that is away. */
async function createWorld(): Promise<World> {
  const tag = randomUUID().slice(0, 8);
  const [gone, friend, stranger] = await Promise.all([app.signUp(`Nick ${tag}`), app.signUp(), app.signUp()]);
  const about = `about ${tag}`;
  await gone.client.auth.updateMe({ about });
  const agent = `Agent ${tag}`;
  await tokenOf(gone, { 'user-agent': agent });
  const direct = await app.befriend(friend, gone);
  const group = await createGroup(app, 'A group', [gone.id, friend.id, stranger.id]);
  await stranger.client.friends.request(gone.id);
  await gone.client.friends.block((await app.signUpRaw()).user.id);
  const secret = `secret ${tag}`;
  for (const roomId of [direct, group]) {
    const token = await tokenOf(gone);
    await app.request('POST', `/rooms/${roomId}/messages`, {
      token,
      body: { clientId: `id ${tag}`, text: `${secret} one` },
    });
    await app.request('POST', `/rooms/${roomId}/messages`, { token, body: { clientId: 'two', text: `${secret} two` } });
  }
  // What they have reported, and what was said about them.
  for (const [by, of] of [
    [gone, friend],
    [friend, gone],
  ] as const) {
    const token = await tokenOf(of);
    const body = { clientId: 'reported', text: 'reported' };
    const { id } = (await app.request<Message>('POST', `/rooms/${direct}/messages`, { token, body })).body;
    const reason = { token: await tokenOf(by), body: { reason: `reason ${tag}` } };
    await app.request('POST', `/rooms/${direct}/messages/${id}/report`, reason);
  }
  const proxy = await startProxy(() => Number(new URL(app.url).port));
  const away = createClient({
    server: `http://127.0.0.1:${String(proxy.port)}`,
    app: 'default',
    storage: memoryStorage(),
  });
  await away.auth.logIn(friend);
  for (const client of [friend.client, stranger.client, away]) {
    await client.rooms.load();
    await Promise.all(
      (client === stranger.client ? [group] : [direct, group]).map((id) => client.messages.room(id).load()),
    );
    await client.users.search(tag);
  }
  await eventually(() =>
    [friend.client, away].every((client) => heldBy(client, [direct, group]).includes(`${secret} two`)),
  );
  proxy.set({ refuse: true });
  proxy.cut();
  return {
    ...{ gone, friend, stranger, away, direct, group },
    traces: [gone.nickname, gone.email, about, agent, secret, `id ${tag}`, `reason ${tag}`],
    comeBack: () => {
      proxy.set({});
    },
    close: async () => {
      away.close();
      await proxy.close();
    },
  };
}

describe('somebody who erases themself', () => {
  test('leaves nothing of them: in the database, with others who are there, or come back', async () => {
    const world = await createWorld();
    const { gone, friend, stranger, traces, direct, group } = world;
    const raw = await tokenOf(friend);
    const cursor = { epoch: null, rev: 0, rooms: [direct, group].map((id) => ({ id, rev: 1 })) };
    const { epoch } = (await app.request<SyncAnswer>('POST', '/sync', { token: raw, body: cursor })).body;
    expect((await findInDatabase(app, traces)).length).toBeGreaterThan(8);

    const { status, body } = await erase(await tokenOf(gone), gone.password);
    expect([status, body.finishedAt !== null, body.removed]).toEqual([
      200,
      true,
      { messages: 5, rooms: 2, friends: 1, requests: 2, blocks: 1, sessions: 7, avatars: 0, reports: 2 },
    ]);

    expect(await findInDatabase(app, traces)).toEqual([]);
    const nothingIn = (what: string) => {
      expect(traces.filter((trace) => what.includes(trace))).toEqual([]);
    };
    await eventually(() => {
      nothingIn(heldBy(friend.client, [direct, group]));
      nothingIn(heldBy(stranger.client, [group]));
      return true;
    });
    world.comeBack();
    await eventually(() => {
      expect(world.away.status.get()).toBe('online');
      nothingIn(heldBy(world.away, [direct, group]));
      return true;
    });
    for (const [path, more] of [
      ['/sync', { body: { ...cursor, epoch } }],
      ['/sync', { body: cursor }],
      [`/users?q=${traces[0] ?? ''}`, {}],
      [`/users?q=${gone.email.split('@')[0] ?? ''}`, {}],
      ['/me/export', {}],
      [`/users/${gone.id}`, {}],
      ['/rooms', {}],
      ...[direct, group].flatMap((id) => [
        [`/rooms/${id}/messages`, {}],
        [`/rooms/${id}/members`, {}],
      ]),
    ] as [string, { body?: unknown }][]) {
      const answer = await app.request(more.body ? 'POST' : 'GET', path, { token: raw, ...more });
      expect([path, answer.status]).toEqual([path, 200]);
      nothingIn(JSON.stringify(answer.body));
    }
    await world.close();
  });

  test('leaves their messages where they were, as deleted ones of nobody', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const send = (from: RawPerson, text: string) =>
      app.request<Message>('POST', `/rooms/${roomId}/messages`, {
        token: from.token,
        body: { clientId: randomUUID(), text },
      });
    for (const [from, text] of [
      [one, 'first'],
      [other, 'second'],
      [one, 'third'],
    ] as const) {
      await send(from, text);
    }
    expect((await erase(one.token, PASSWORD)).status).toBe(200);
    const { body } = await app.request<MessagePage>('GET', `/rooms/${roomId}/messages`, { token: other.token });
    expect(body.items.map(({ seq, text, deletedAt }) => [seq, text, deletedAt !== null])).toEqual([
      [1, '', true],
      [2, 'second', false],
      [3, '', true],
    ]);
    const nobody = body.users.find(({ id }) => id === one.user.id);
    expect(nobody).toMatchObject({ kind: 'deleted', nickname: 'Deleted user', about: null, avatarUrl: null });
    const { lastMessage, peer, me } = (await app.request<Room>('GET', `/rooms/${roomId}`, { token: other.token })).body;
    expect([lastMessage?.text, peer?.kind, me?.unread]).toEqual(['', 'deleted', 0]);
    // There is nobody to write to.
    expect((await send(other, 'hello?')).body).toMatchObject({ code: 'blocked' });
    for (const [method, path, input] of [
      ['POST', '/rooms', { type: 'direct', userId: one.user.id }],
      ['POST', '/friends/requests', { userId: one.user.id }],
      ['PUT', `/blocks/${one.user.id}`, undefined],
    ] as const) {
      const answer = await app.request<Problem>(method, path, {
        token: other.token,
        ...(input ? { body: input } : {}),
      });
      expect(answer.body.code).toBe('not_found');
    }
  });

  test('gives back the address and the nickname', async () => {
    const person = await app.signUpRaw();
    await erase(person.token, PASSWORD);
    const { email, nickname } = person.user;
    const body = { app: 'default', email, nickname, password: PASSWORD };
    const again = await app.request<SignedIn>('POST', '/auth/signup', { body });
    expect(again.status).toBe(201);
    expect(again.body.user.id).not.toBe(person.user.id);
  });

  test('says their password, and is out everywhere at once', async () => {
    const person = await app.signUpRaw();
    const socket = await app.connect(person.token);
    for (const password of [undefined, 'not the password']) {
      const { status, body } = await erase(person.token, password);
      expect([status, body.errors]).toEqual([400, [{ path: 'password', message: 'is not right' }]]);
    }
    expect((await app.request<Me>('GET', '/me', { token: person.token })).body.nickname).toBe(person.user.nickname);
    expect((await erase(person.token, PASSWORD)).status).toBe(200);
    await eventually(() => !socket.connected, 2_000);
    expect((await app.request<Problem>('GET', '/me', { token: person.token })).body.code).toBe('session_ended');
    const refresh = { body: { refreshToken: person.refreshToken } };
    expect((await app.request<Problem>('POST', '/auth/refresh', refresh)).body.code).toBe('session_ended');
  });

  test('is signed out by the SDK, with the report', async () => {
    const { client, password } = await app.signUp();
    await expect(client.auth.eraseMe()).rejects.toMatchObject({ code: 'invalid_request' });
    expect(client.auth.store.get().status).toBe('signed-in');
    expect((await client.auth.exportMe()).profile).toEqual(client.auth.store.get().me);
    const { removed } = await client.auth.eraseMe({ password });
    expect([removed.sessions, client.auth.store.get()]).toEqual([1, { status: 'signed-out', me: null }]);
    expect(client.users.store.get().size).toBe(0);
  });

  test('of many messages, none is left, and who is there has caught up', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const writer = await app.connect(one.token);
    const texts = Array.from({ length: 450 }, (_, place) => `many ${String(place)}`);
    await Promise.all(texts.map((text) => call(writer, 'message:send', { roomId, clientId: randomUUID(), text })));
    const reader = await app.connect(other.token);
    const { body } = await erase(one.token, PASSWORD);
    expect(body.removed.messages).toBe(450);
    const heads = await call<Heads>(reader, 'heads', {});
    const room = { id: roomId, rev: 451 };
    const answer = await call<SyncAnswer>(reader, 'sync', {
      ...{ epoch: heads.ok ? heads.data.epoch : null, rev: 0, rooms: [room] },
    });
    const [changes] = answer.ok ? answer.data.rooms : [];
    if (!changes || 'gone' in changes) throw new Error('no changes');
    // What was written, left, and deleted is dense: nobody finds a hole.
    expect([changes.rev, changes.changes.messages.length]).toEqual([1 + 450 + 2 + 450, 450]);
    expect(changes.changes.messages.every(({ text, deletedAt }) => text === '' && deletedAt !== null)).toBe(true);
  });

  test('who writes in that moment leaves nothing either', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const group = await createGroup(app, 'busy', [one.user.id, other.user.id]);
    const writer = await app.connect(one.token);
    let sent = 0;
    const flood = async (id: Id): Promise<void> => {
      while (writer.connected) {
        const input = { roomId: id, clientId: randomUUID(), text: `leftover ${one.user.id}` };
        await call(writer, 'message:send', input).then(
          () => (sent += 1),
          () => undefined,
        );
      }
    };
    const floods = [roomId, group, roomId, group].map(flood);
    await eventually(() => sent > 50);
    expect((await erase(one.token, PASSWORD)).status).toBe(200);
    await Promise.all(floods);
    expect(await findInDatabase(app, [`leftover ${one.user.id}`])).toEqual([]);
  });
});

describe('for the others', () => {
  test('an open device agrees with a fresh one', async () => {
    const world = await createWorld();
    const { gone, friend, stranger, direct, group } = world;
    await erase(await tokenOf(gone), gone.password);
    world.comeBack();
    const agree = async (person: Person, client: Client, roomIds: Id[]): Promise<void> => {
      const fresh = await app.logIn(person);
      await Promise.all(roomIds.map((id) => fresh.messages.room(id).load()));
      const expected = shown(fresh, roomIds);
      await eventually(() => {
        expect(shown(client, roomIds)).toEqual(expected);
        return true;
      });
      fresh.close();
    };
    await agree(friend, friend.client, [direct, group]);
    await agree(friend, world.away, [direct, group]);
    await agree(stranger, stranger.client, [group]);
    await world.close();
  });

  test('a room keeps an owner, who knows it, as does everybody', async () => {
    const [gone, first, second] = await Promise.all([app.signUp(), app.signUp(), app.signUp()]);
    const group = await createGroup(app, 'owned', [gone.id, first.id, second.id]);
    const em = app.db.orm.em.fork();
    const set = 'update chat_room_members set role = ? where room_id = ? and user_id = ?';
    await em.execute(set, ['owner', group, gone.id]);
    await em.execute(set, ['admin', group, second.id]);
    for (const { client } of [first, second]) await client.rooms.load();
    const row = ({ client }: Person) => client.rooms.store.get().rooms.find(({ id }) => id === group);
    await eventually(() => row(second)?.me?.role === 'admin');
    await erase(await tokenOf(gone), gone.password);
    await eventually(() => row(second)?.me?.role === 'owner' && row(first)?.memberCount === 2);
    const { body } = await app.request<Page<Member>>('GET', `/rooms/${group}/members`, { token: await tokenOf(first) });
    expect(body.items.map(({ user, role }) => [user.id, role]).sort()).toEqual(
      [
        [first.id, 'member'],
        [second.id, 'owner'],
      ].sort(),
    );
    for (const person of [first, second]) {
      const fresh = await app.logIn(person);
      const expected = shown(fresh, []);
      await eventually(() => {
        expect(shown(person.client, [])).toEqual(expected);
        return true;
      });
      fresh.close();
    }
  });

  test('a user who is gone is found by nobody, and nobody else is touched', async () => {
    const [person, other] = await Promise.all([app.signUpRaw(), app.signUpRaw()]);
    await erase(person.token, PASSWORD);
    const found = await app.request<Page<User>>('GET', '/users?q=Deleted', { token: other.token });
    expect(found.body.items).toEqual([]);
    expect((await app.request<Me>('GET', '/me', { token: other.token })).body).toEqual(other.user);
  });
});

/** What a device shows, without the counters that order versions. */
function shown(client: Client, roomIds: Id[]): unknown {
  const { rooms, unread } = client.rooms.store.get();
  const { friends, incoming, outgoing, blocks } = client.friends.store.get();
  const messages = roomIds.map((id) => client.messages.room(id).store.get().messages);
  const all = { me: client.auth.store.get().me, rooms, unread, friends, incoming, outgoing, blocks, messages };
  const withoutUserRev = (_key: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && 'nickname' in value ? { ...value, rev: 0 } : value;
  return JSON.parse(JSON.stringify(all, withoutUserRev));
}
