import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { eventually, startTestApp, type Person, type TestApp } from '../server/testing.ts';
import { createClient, memoryStorage, type Client, type SessionStorage } from './index.ts';
import { startProxy, type Proxy } from './testing.ts';

let app: TestApp;
/** Access tokens here last three seconds. */
let brief: TestApp;
let proxy: Proxy;
const clients: Client[] = [];

beforeAll(async () => {
  [app, brief] = await Promise.all([startTestApp(), startTestApp({ ACCESS_TOKEN_TTL: '3s' })]);
  proxy = await startProxy(brief.url);
});
afterEach(() => {
  proxy.refuse(false);
  for (const client of clients.splice(0)) client.close();
});
afterAll(async () => {
  await proxy.close();
  await Promise.all([app.close(), brief.close()]);
});

function open(server: string, storage: SessionStorage = memoryStorage()): Client {
  const client = createClient({ server, app: 'default', storage });
  clients.push(client);
  return client;
}

const keyOf = (server: string) => `co-talk:${server}:default:session`;
const online = (client: Client) => eventually(() => client.status.get() === 'online');
const refreshes = () => proxy.requests.filter((line) => line === 'POST /api/v1/auth/refresh').length;
const credentials = ({ email, password }: Person) => ({ email, password });

interface Stored {
  me: { id: string };
  accessToken: string;
  refreshToken: string;
  renewAt: number;
}

async function stored(storage: SessionStorage, server: string): Promise<Stored> {
  return JSON.parse((await storage.get(keyOf(server))) ?? 'null') as Stored;
}

describe('the stored session', () => {
  test('signs in again at once, before the server has said a word', async () => {
    const person = await app.signUp();
    const storage = memoryStorage();
    await open(app.url, storage).auth.logIn(credentials(person));
    const again = open(app.url, storage);
    expect(again.auth.store.get()).toMatchObject({ status: 'signed-in', me: { id: person.id, email: person.email } });
    await online(again);
  });

  test('a storage that answers later: restoring first', async () => {
    const person = await app.signUp();
    const inner = memoryStorage();
    /** As libraries make them: not of the platform's own class. */
    const later = <T>(value: T) => {
      const promise = Promise.resolve(value);
      return { then: promise.then.bind(promise) } as Promise<Awaited<T>>;
    };
    const storage: SessionStorage = {
      get: (key) => later(inner.get(key)),
      set: (key, value) => later(inner.set(key, value)),
      remove: (key) => later(inner.remove(key)),
    };
    await open(app.url, storage).auth.logIn(credentials(person));
    const again = open(app.url, storage);
    expect(again.auth.store.get()).toEqual({ status: 'restoring', me: null });
    expect((await again.auth.sessions()).filter(({ current }) => current)).toHaveLength(1);
    expect(again.auth.store.get().me?.id).toBe(person.id);
  });

  test.each([
    '{',
    'null',
    '[]',
    '"x"',
    '{"me":{}}',
    '{"me":{"id":1},"accessToken":"a","refreshToken":"b","renewAt":1}',
  ])('a corrupt one is thrown away: %s', async (raw) => {
    const storage = memoryStorage();
    await storage.set(keyOf(app.url), raw);
    const client = open(app.url, storage);
    expect(client.auth.store.get()).toEqual({ status: 'signed-out', me: null });
    expect(await storage.get(keyOf(app.url))).toBeNull();
  });

  test('a storage that throws costs the reload, nothing else', async () => {
    const broken = () => {
      throw new Error('blocked');
    };
    const person = await app.signUp();
    const client = open(app.url, { get: broken, set: broken, remove: broken });
    expect(client.auth.store.get().status).toBe('signed-out');
    await client.auth.logIn(credentials(person));
    await online(client);
    await client.auth.logOut();
    expect(client.auth.store.get().status).toBe('signed-out');
  });

  test('is of one server and one app', async () => {
    const person = await app.signUp();
    const storage = memoryStorage();
    await open(app.url, storage).auth.logIn(credentials(person));
    expect(open(brief.url, storage).auth.store.get().status).toBe('signed-out');
  });
});

describe('tokens', () => {
  test('two calls that meet an expired token refresh it once', async () => {
    const person = await brief.signUp();
    const storage = memoryStorage();
    const first = open(proxy.url, storage);
    await first.auth.logIn(credentials(person));
    first.close();
    // A clock that went wrong: the client takes the token for good.
    const session = await stored(storage, proxy.url);
    await new Promise((resolve) => setTimeout(resolve, 3_200));
    await storage.set(keyOf(proxy.url), JSON.stringify({ ...session, renewAt: Date.now() + 1e9 }));
    const before = refreshes();
    const client = open(proxy.url, storage);
    await Promise.all([client.auth.sessions(), client.users.search('person'), client.auth.sessions()]);
    await online(client);
    expect(refreshes() - before).toBe(1);
  });

  test('renewed in time, an open socket stays open and the conversation goes on', async () => {
    const [one, other] = [await brief.signUp(), await brief.signUp()];
    const roomId = await brief.befriend(one, other);
    const client = open(proxy.url);
    await client.auth.logIn(credentials(other));
    await online(client);
    const room = client.messages.room(roomId);
    await room.load();
    const seen: string[] = [];
    const stop = client.status.subscribe((status) => seen.push(status));
    for (let n = 0; n < 6; n += 1) {
      await one.client.messages.room(roomId).send(String(n));
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    stop();
    expect(room.store.get().messages.map(({ text }) => text)).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(seen).toEqual(['online']);
    expect(client.auth.store.get().status).toBe('signed-in');
  });

  test('two tabs on one storage renew without signing each other out', async () => {
    const person = await brief.signUp();
    const storage = memoryStorage();
    const one = open(proxy.url, storage);
    await one.auth.logIn(credentials(person));
    const two = open(proxy.url, storage);
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    for (const client of [one, two]) {
      expect((await client.auth.sessions()).some(({ current }) => current)).toBe(true);
      expect(client.auth.store.get().status).toBe('signed-in');
    }
  });

  test('without network the session is kept, and goes on when the network is back', async () => {
    const person = await brief.signUp();
    const client = open(proxy.url);
    await client.auth.logIn(credentials(person));
    await online(client);
    proxy.refuse(true);
    proxy.cut();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(client.auth.store.get().status).toBe('signed-in');
    await expect(client.auth.sessions()).rejects.toMatchObject({ code: 'network', retryable: true, status: 0 });
    proxy.refuse(false);
    await online(client);
  });

  test('a refresh token that is no good signs out, and says so', async () => {
    const person = await brief.signUp();
    const storage = memoryStorage();
    const first = open(proxy.url, storage);
    await first.auth.logIn(credentials(person));
    first.close();
    const session = await stored(storage, proxy.url);
    await storage.set(keyOf(proxy.url), JSON.stringify({ ...session, refreshToken: 'x'.repeat(43), renewAt: 0 }));
    const client = open(proxy.url, storage);
    const reasons: string[] = [];
    client.on('session-ended', ({ reason }) => reasons.push(reason));
    await eventually(() => client.auth.store.get().status === 'signed-out');
    expect(reasons).toEqual(['expired']);
    await eventually(async () => (await storage.get(keyOf(proxy.url))) === null);
    expect(client.status.get()).toBe('offline');
  });
});

describe('signing out', () => {
  test('empties every store before it returns, ends the session on the server, and forgets it here', async () => {
    const [one, other] = [await app.signUp(), await app.signUp()];
    const roomId = await app.befriend(one, other);
    const storage = memoryStorage();
    const client = open(app.url, storage);
    await client.auth.logIn(credentials(one));
    await eventually(() => client.rooms.store.get().loaded);
    const room = client.messages.room(roomId);
    await room.send('hello');
    await room.load();
    const { accessToken } = await stored(storage, app.url);
    const reasons: string[] = [];
    client.on('session-ended', ({ reason }) => reasons.push(reason));

    const done = client.auth.logOut();
    expect(client.auth.store.get()).toEqual({ status: 'signed-out', me: null });
    expect(client.status.get()).toBe('offline');
    expect(client.rooms.store.get()).toEqual({ loaded: false, rooms: [], hasMore: false, unread: 0 });
    expect(client.friends.store.get()).toMatchObject({ loaded: false, friends: [] });
    expect(client.users.store.get().size).toBe(0);
    expect(client.presence.store.get().size).toBe(0);
    expect(room.store.get()).toMatchObject({ status: 'idle', messages: [] });
    await done;
    expect(reasons).toEqual(['logout']);
    expect(await storage.get(keyOf(app.url))).toBeNull();
    expect((await app.request('GET', '/me', { token: accessToken })).status).toBe(401);
  });

  test('answers that come after it reach no store', async () => {
    const [one, other] = [await app.signUp(), await app.signUp()];
    const roomId = await app.befriend(one, other);
    await one.client.messages.room(roomId).send('secret');
    const client = open(app.url);
    await client.auth.logIn(credentials(one));
    await online(client);
    const room = client.messages.room(roomId);
    const calls = [
      room.load(),
      client.rooms.load(),
      client.friends.load(),
      client.users.search(other.nickname),
      client.rooms.members(roomId),
    ];
    const results = Promise.allSettled(calls);
    await client.auth.logOut();
    expect((await results).slice(1).map((result) => result.status)).toEqual(Array(4).fill('rejected'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(client.users.store.get().size).toBe(0);
    expect(client.rooms.store.get().rooms).toEqual([]);
    expect(client.friends.store.get().friends).toEqual([]);
    expect(room.store.get().messages).toEqual([]);
  });

  test('the next one to sign in sees nothing of the one before, not even through what is left in hands', async () => {
    const [one, other, next] = [await app.signUp(), await app.signUp(), await app.signUp()];
    const roomId = await app.befriend(one, other);
    const client = open(app.url);
    await client.auth.logIn(credentials(one));
    await eventually(() => client.rooms.store.get().loaded);
    const room = client.messages.room(roomId);
    await room.load();
    await client.auth.logIn(credentials(next));
    expect(client.auth.store.get().me?.id).toBe(next.id);
    await eventually(() => client.rooms.store.get().loaded);
    expect(client.rooms.store.get().rooms).toEqual([]);
    expect([...client.users.store.get().keys()]).toEqual([next.id]);
    await expect(room.send('as whom?')).rejects.toMatchObject({ code: 'closed' });
    await expect(room.load()).rejects.toMatchObject({ code: 'closed' });
    expect(client.messages.room(roomId)).not.toBe(room);
    await other.client.messages.room(roomId).load();
    expect(other.client.messages.room(roomId).store.get().messages).toEqual([]);
  });

  test('from another device: the first is told and signed out', async () => {
    const person = await app.signUp();
    const other = await app.logIn(person);
    const reasons: string[] = [];
    person.client.on('session-ended', ({ reason }) => reasons.push(reason));
    const sessions = await other.auth.sessions();
    const [theirs] = sessions.filter(({ current }) => !current);
    await other.auth.endSession(theirs?.id ?? '');
    await eventually(() => person.client.auth.store.get().status === 'signed-out');
    expect(reasons).toEqual(['revoked']);
    expect(other.auth.store.get().status).toBe('signed-in');
  });

  test('without network it is a sign-out all the same, and the failure is an event', async () => {
    const person = await brief.signUp();
    const client = open(proxy.url);
    await client.auth.logIn(credentials(person));
    const codes: string[] = [];
    client.on('error', ({ error }) => codes.push(error.code));
    proxy.refuse(true);
    proxy.cut();
    await client.auth.logOut();
    expect(client.auth.store.get().status).toBe('signed-out');
    expect(codes).toEqual(['network']);
  });
});

describe('nobody signed in', () => {
  test('calls are refused without asking the server', async () => {
    const client = open(proxy.url);
    const { length } = proxy.requests;
    await expect(client.users.search('mina')).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(client.messages.room('x').send('hello')).rejects.toMatchObject({ code: 'closed' });
    expect(proxy.requests).toHaveLength(length);
  });

  test('a wrong password, a taken name and a bad address say which', async () => {
    const person = await app.signUp('Somebody');
    const client = open(app.url);
    await expect(client.auth.logIn({ ...credentials(person), password: 'wrong password' })).rejects.toMatchObject({
      code: 'unauthenticated',
      status: 401,
    });
    const more = { email: 'new@example.com', password: person.password, nickname: 'Another' };
    await expect(client.auth.signUp({ ...more, nickname: 'Somebody' })).rejects.toMatchObject({
      code: 'nickname_taken',
    });
    await expect(client.auth.signUp({ ...more, email: 'nonsense' })).rejects.toMatchObject({ code: 'invalid_email' });
    expect(client.auth.store.get().status).toBe('signed-out');
  });

  test('the app’s configuration is public, and asked for once', async () => {
    const client = open(proxy.url);
    const [one, two] = await Promise.all([client.config(), client.config()]);
    expect(one).toBe(two);
    expect(one.signIn.accounts).toBe(true);
    const unknown = createClient({ server: app.url, app: 'nobody', storage: memoryStorage() });
    await expect(unknown.config()).rejects.toMatchObject({ code: 'app_unknown', status: 404 });
  });
});

test('an address that is none is refused at once', () => {
  for (const server of ['chat.example.com', '', 'ftp://chat.example.com']) {
    expect(() => createClient({ server, app: 'default' })).toThrow(/unable to create the client/);
  }
});

test('in Node, without a storage, the session is in memory', () => {
  const complain = vi.spyOn(process, 'emitWarning');
  const client = createClient({ server: app.url, app: 'default' });
  expect(client.auth.store.get().status).toBe('signed-out');
  client.close();
  expect(complain).not.toHaveBeenCalled();
});

test.each(['{"half', '[1,null,{}]', '\u0000', 'x'.repeat(5_000)])(
  'rubbish in every place of the storage keeps nobody out: %j',
  async (rubbish) => {
    const person = await app.signUp();
    const client = createClient({
      server: app.url,
      app: app.app,
      storage: { get: () => rubbish, set: () => undefined, remove: () => undefined },
    });
    expect((await client.auth.logIn(person)).id).toBe(person.id);
    client.close();
  },
);
