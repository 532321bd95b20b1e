import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../server/testing.ts';
import type { Client, ClientEvents, CoTalkError, Id } from './index.ts';
import { openShelf, openStage, settled, shownBy, somebody, type Stage } from './testing-people.ts';
import { startProxy, type Proxy } from './testing.ts';

let stage: Stage;
let proxy: Proxy;
let ada: ReturnType<typeof somebody>;
let bob: ReturnType<typeof somebody>;
const tokenOf = (user: typeof ada) => stage.site.token(user);

beforeAll(async () => {
  stage = await openStage();
  proxy = await startProxy(stage.app.url);
});
beforeEach(() => {
  [ada, bob] = [somebody('Ada'), somebody('Bob')];
});
afterEach(() => {
  proxy.refuse(false);
  proxy.hold(null);
  stage.hush();
  stage.closeClients();
});
afterAll(async () => {
  await proxy.close();
  await stage.close();
});

const exchanges = () => proxy.requests.filter((line) => line === 'POST /api/v1/auth/exchange').length;
const stateOf = (client: Client) => client.auth.store.get().status;
const until = (client: Client, status: string) => eventually(() => stateOf(client) === status);
const current = async (client: Client) => (await client.auth.sessions()).find((session) => session.current)?.id;

function heard<K extends keyof ClientEvents>(client: Client, event: K): ClientEvents[K][] {
  const all: ClientEvents[K][] = [];
  client.on(event, (one) => all.push(one));
  return all;
}

describe('a token of the user who is here', () => {
  test('goes on with their session, after a reload, too', async () => {
    const storage = openShelf();
    const first = stage.open({ server: proxy.url, storage });
    const me = await first.auth.signInWithToken(tokenOf(ada));
    expect(me).toMatchObject({ kind: 'host', nickname: 'Ada', email: ada.email });
    await settled(first, me.id);
    const session = await current(first);
    const before = exchanges();
    expect(await first.auth.signInWithToken(tokenOf(ada))).toMatchObject({ id: me.id });
    first.close();
    const again = stage.open({ server: proxy.url, storage, tokenProvider: () => tokenOf(ada) });
    await settled(again, me.id);
    expect([exchanges() - before, await current(again)]).toEqual([0, session]);
  });

  test('with another name tells the server; what is on the screen stays, and news come on', async () => {
    const client = stage.open();
    const { id } = await client.auth.signInWithToken(tokenOf(ada));
    const roomId = await stage.writer.writeTo(id, 'Ada');
    await settled(client, id);
    const room = client.messages.room(roomId);
    await room.load();
    const session = await current(client);
    const lengths: number[] = [];
    room.store.subscribe(({ messages }) => lengths.push(messages.length));
    await client.auth.signInWithToken(tokenOf({ ...ada, nickname: 'Ada Lovelace' }));
    expect(client.auth.store.get().me?.nickname).toBe('Ada Lovelace');
    expect(client.users.store.get().get(id)?.nickname).toBe('Ada Lovelace');
    const { length } = room.store.get().messages;
    await eventually(() => client.status.get() === 'online' && room.store.get().messages.length > length + 3);
    expect(Math.min(...lengths)).toBe(lengths[0]);
    const seqs = room.store.get().messages.map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
    await eventually(async () => (await client.auth.sessions()).length === 1);
    expect(await current(client)).not.toBe(session);
  });

  test('that the server no longer knows the session of is exchanged', async () => {
    const storage = openShelf();
    const first = stage.open({ storage });
    const { id } = await first.auth.signInWithToken(tokenOf(ada));
    first.close();
    const em = stage.app.db.orm.em.fork();
    const [session] = await em.execute<{ id: Id }[]>(`select id from sessions where user_id = ?`, [id]);
    await em.execute(`delete from refresh_tokens where session_id = ?`, [session?.id]);
    const stored = JSON.parse((await storage.get(`co-talk:${stage.app.url}:default:session`)) ?? '') as object;
    await storage.set(
      `co-talk:${stage.app.url}:default:session`,
      JSON.stringify({ ...stored, accessToken: 'x', renewAt: 0 }),
    );
    const again = stage.open({ storage, tokenProvider: null });
    await again.auth.signInWithToken(tokenOf(ada));
    await settled(again, id);
  });
});

test('an answer that comes when somebody else is here already is dropped, and its session ended', async () => {
  const client = stage.open({ server: proxy.url });
  const { id } = (await stage.site.signIn(ada)).user;
  proxy.hold('/auth/exchange');
  const late = client.auth.signInWithToken(tokenOf(ada)).catch((error: unknown) => error as CoTalkError);
  await eventually(() => exchanges() > 0);
  const carol = await client.auth.signInAsGuest({ nickname: 'Carol' });
  proxy.hold(null);
  expect(await late).toMatchObject({ code: 'closed' });
  expect(client.auth.store.get().me?.id).toBe(carol.id);
  const em = stage.app.db.orm.em.fork();
  await eventually(async () => {
    const open = await em.execute(`select id from sessions where user_id = ? and ended_at is null`, [id]);
    // The one of the test itself.
    return open.length === 1;
  });
});

describe('a site that says who is here', () => {
  test('late: somebody else is not shown for longer than a second, and not at all once it has failed', async () => {
    let answer: () => Promise<string | null> = () => Promise.resolve(tokenOf(ada));
    const client = stage.open({ tokenProvider: () => answer() });
    await until(client, 'signed-in');
    const users = heard(client, 'user').map(({ user }) => user?.nickname);
    answer = () => new Promise(() => undefined);
    const asked = performance.now();
    client.auth.identify().catch(() => undefined);
    await until(client, 'restoring');
    expect(performance.now() - asked).toBeLessThan(1_500);
    expect(shownBy(client)).not.toContain('Ada');
    expect(client.status.get()).toBe('offline');
    answer = () => Promise.resolve(tokenOf(bob));
    await client.auth.identify();
    expect(client.auth.store.get().me?.nickname).toBe('Bob');
    expect(users).toEqual([]);
  });

  test('not at once: it is asked again by itself, and who was there is there again with all they had', async () => {
    let answer: () => string = () => tokenOf(ada);
    const client = stage.open({ tokenProvider: () => answer() });
    await until(client, 'signed-in');
    const id = client.auth.store.get().me?.id ?? '';
    const session = await current(client);
    const errors = heard(client, 'error');
    let times = 0;
    answer = () => {
      times += 1;
      if (times < 2) throw new Error('the site is down');
      return tokenOf(ada);
    };
    await expect(client.auth.identify()).rejects.toMatchObject({ code: 'provider_failed', retryable: true });
    expect(stateOf(client)).toBe('failed');
    expect(errors.map(({ error }) => error.message)).toEqual([
      'unable to learn who is here; the token provider failed: the site is down',
    ]);
    await settled(client, id);
    expect([times, await current(client)]).toEqual([2, session]);
  });

  test('is not asked any more once somebody has signed out, or in by themself', async () => {
    let times = 0;
    const client = stage.open({
      tokenProvider: () => {
        times += 1;
        throw new Error('the site is down');
      },
    });
    await until(client, 'failed');
    await client.auth.logOut();
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect([times, stateOf(client)]).toEqual([1, 'signed-out']);
  });

  test.each([
    ['a token that it has not signed', () => tokenOf(ada).slice(0, -4) + 'AAAA', 'unauthenticated'],
    ['something that is no token', () => 'nonsense', 'unauthenticated'],
  ])('by %s: nobody is here, and the error says why', async (_, token, code) => {
    const client = stage.open({ tokenProvider: token });
    const [{ error } = { error: null }] = await eventually(() => {
      const errors = heard(client, 'error');
      return client.auth.identify().then(
        () => null,
        () => errors,
      );
    });
    expect(error).toMatchObject({ code });
    expect(stateOf(client)).toBe('failed');
    const direct = stage.open();
    await expect(direct.auth.signInWithToken(token())).rejects.toMatchObject({ code });
    expect(stateOf(direct)).toBe('signed-out');
  });

  test('calls wait for it', async () => {
    const client = stage.open({
      tokenProvider: () => new Promise((resolve) => setTimeout(() => resolve(tokenOf(ada)), 100)),
    });
    expect(stateOf(client)).toBe('restoring');
    expect(await client.auth.sessions()).toHaveLength(1);
  });
});

describe('a page that may learn later who is here', () => {
  test('shows no stored user of the site before it has', async () => {
    const storage = openShelf();
    const first = stage.open({ storage });
    const { id } = await first.auth.signInWithToken(tokenOf(ada));
    const session = await current(first);
    first.close();
    const second = stage.open({ storage, tokenProvider: null });
    await until(second, 'signed-out');
    expect(shownBy(second)).not.toContain(id);
    await second.auth.signInWithToken(tokenOf(ada));
    expect(await current(second)).toBe(session);
    second.close();
    const third = stage.open({ storage, tokenProvider: null });
    await third.auth.signInWithToken(tokenOf(bob));
    expect(storage.text()).not.toContain(id);
    const em = stage.app.db.orm.em.fork();
    const open = () => em.execute(`select id from sessions where user_id = ? and ended_at is null`, [id]);
    await eventually(async () => (await open()).length === 0);
  });

  test('shows people of their own account at once', async () => {
    const storage = openShelf();
    const first = stage.open({ storage });
    const guest = await first.auth.signInAsGuest();
    first.close();
    expect(stage.open({ storage, tokenProvider: null }).auth.store.get().me?.id).toBe(guest.id);
  });
});

test('what somebody has not sent is gone when somebody else comes, though nobody was shown between', async () => {
  const storage = openShelf();
  let answer: () => string = () => tokenOf(ada);
  const client = stage.open({ server: proxy.url, storage, tokenProvider: () => answer() });
  await until(client, 'signed-in');
  const { id } = client.auth.store.get().me ?? { id: '' };
  const roomId = await stage.writer.writeTo(id, 'Ada');
  await settled(client, id);
  proxy.refuse(true);
  proxy.cut();
  const room = client.messages.room(roomId);
  room.send('never sent').catch(() => undefined);
  await eventually(() => storage.text().includes('never sent'));
  answer = () => {
    throw new Error('the site is down');
  };
  await client.auth.identify().catch(() => undefined);
  expect(storage.text()).toContain('never sent');
  proxy.refuse(false);
  answer = () => tokenOf(bob);
  await client.auth.identify();
  await eventually(() => !storage.text().includes('never sent'));
  expect(storage.text()).not.toContain(id);
});

test('the event comes when nothing of the one before is left, and no connection of theirs', async () => {
  const client = stage.open();
  const { id } = await client.auth.signInWithToken(tokenOf(ada));
  const room = await stage.writer.writeTo(id, 'Ada');
  await settled(client, id);
  const seen: unknown[] = [];
  client.on('user', ({ user, previous }) => {
    seen.push([previous?.nickname, user?.nickname, client.status.get()]);
    for (const word of [id, room, ada.email]) expect(shownBy(client)).not.toContain(word);
  });
  await client.auth.signInWithToken(tokenOf(bob));
  await client.auth.logIn(stage.writer);
  await client.auth.logOut();
  expect(seen).toEqual([
    ['Ada', undefined, 'offline'],
    [undefined, 'Bob', 'connecting'],
    ['Bob', 'Writer', 'connecting'],
    ['Writer', undefined, 'offline'],
  ]);
});

describe('a guest', () => {
  test('has a name of their own choice or a friendly one, and signs out for good', async () => {
    const client = stage.open();
    expect(await client.auth.signInAsGuest({ nickname: 'Passer-by' })).toMatchObject({
      kind: 'guest',
      nickname: 'Passer-by',
      email: null,
    });
    const other = await client.auth.signInAsGuest();
    expect(other.nickname.length).toBeGreaterThan(1);
    await expect(client.auth.signInAsGuest({ nickname: 'x' })).rejects.toMatchObject({ code: 'invalid_nickname' });
    expect(client.auth.store.get().me?.id).toBe(other.id);
  });

  test('becomes an account in place: same person, same rooms, without a break', async () => {
    const client = stage.open();
    const guest = await client.auth.signInAsGuest();
    const roomId = await stage.writer.writeTo(guest.id, 'guest');
    await settled(client, guest.id);
    const room = client.messages.room(roomId);
    await room.load();
    const users = heard(client, 'user');
    const ended = heard(client, 'session-ended');
    const account = {
      email: `${guest.id}@example.com`,
      password: 'correct horse battery',
      nickname: guest.id.slice(-12),
    };
    await expect(client.auth.upgrade({ ...account, password: 'short' })).rejects.toMatchObject({
      code: 'weak_password',
    });
    const me = await client.auth.upgrade(account);
    expect(me).toMatchObject({ id: guest.id, kind: 'account', email: account.email });
    expect(client.auth.store.get().me).toMatchObject({ kind: 'account', nickname: account.nickname });
    const { length } = room.store.get().messages;
    await eventually(() => client.status.get() === 'online' && room.store.get().messages.length > length + 3);
    expect([users, ended]).toEqual([[], []]);
    await expect(client.auth.upgrade(account)).rejects.toMatchObject({ code: 'conflict' });
    const elsewhere = stage.open();
    expect((await elsewhere.auth.logIn(account)).id).toBe(guest.id);
    // The session goes on with its new tokens.
    expect(await client.auth.sessions()).toHaveLength(2);
  });
});
