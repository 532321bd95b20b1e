import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, startTestApp, type Person, type TestApp } from '../server/testing.ts';
import type { Client } from './index.ts';
import type { ImportedUser, Page, ReportedMessage, SignedIn } from './protocol/index.ts';

const OPERATOR = 'the-key-of-whoever-runs-this-server';
/** A red pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ OPERATOR_KEY: OPERATOR });
});
afterAll(() => app.close());

/** What a client shows, without presence: a device that looks is a device that is online. */
async function shown(client: Client, roomId: string): Promise<unknown> {
  const room = client.messages.room(roomId);
  await room.load();
  const { messages, readMarkers, deliveredMarkers } = room.store.get();
  const me = client.auth.store.get().me?.id;
  // What is read is delivered, and of one's own devices nobody asks.
  const isNews = ([userId, seq]: [string, number]) => userId !== me && seq > (readMarkers.get(userId) ?? 0);
  const state = {
    me: client.auth.store.get().me,
    friends: client.friends.store.get(),
    rooms: client.rooms.store.get(),
    messages,
    readMarkers: [...readMarkers].filter(([, seq]) => seq > 0).sort(),
    deliveredMarkers: [...deliveredMarkers].filter(isNews).sort(),
  };
  return JSON.parse(
    // A person's own revision moves with what they do elsewhere; it is told with their next change.
    JSON.stringify(state, (key, value: unknown) => (key === 'presence' || key === 'rev' ? undefined : value)),
  );
}

interface Pair {
  one: Person;
  other: Person;
  roomId: string;
}

const requestId = async ({ client }: Person, list: 'incoming' | 'outgoing') =>
  (await eventually(() => client.friends.store.get()[list][0])).id;

const unfriend = ({ one, other }: Pair) => one.client.friends.remove(other.id);
const ask = async (pair: Pair) => {
  await unfriend(pair);
  await pair.one.client.friends.request(pair.other.id);
};

/** As a page does where WebSocket is blocked. */
async function byHttp({ email, password }: Person, method: string, path: string, body: unknown): Promise<void> {
  const login = { app: 'default', email, password };
  const { body: signedIn } = await app.request<SignedIn>('POST', '/auth/login', { body: login });
  const { status } = await app.request(method, path, { token: signedIn.session.accessToken, body });
  expect(status).toBeLessThan(300);
}

/** As the site's own server does. */
async function manage<T>(method: string, path: string, body?: unknown): Promise<T> {
  const url = `/admin/apps/default${path}`;
  const answer = await app.request<T>(method, url, { token: OPERATOR, ...(body === undefined ? {} : { body }) });
  expect(answer.status).toBeLessThan(300);
  return answer.body;
}

async function bring(externalId: string, nickname: string, kind = 'host'): Promise<string> {
  const { items } = await manage<{ items: ImportedUser[] }>('POST', '/users', {
    users: [{ externalId, nickname, kind }],
  });
  return items[0]?.user?.id ?? '';
}

/** One more friend of somebody, with something said. */
async function befriended(person: Person): Promise<Person> {
  const third = await app.signUp();
  const roomId = await app.befriend(person, third);
  await third.client.messages.room(roomId).send('you will forget me');
  await person.client.messages.room(roomId).load();
  return third;
}

/** What is done, and which routes and events that goes through. */
const mutations: [string, (pair: Pair) => Promise<unknown>, ...string[]][] = [
  ['sending', ({ one, roomId }) => one.client.messages.room(roomId).send('hello'), 'message:send'],
  [
    'sending both ways',
    ({ one, other, roomId }) =>
      Promise.all(
        [1, 2, 3].flatMap((n) => [one, other].map(({ client }) => client.messages.room(roomId).send(String(n)))),
      ),
    'message:send',
  ],
  [
    'reading',
    async ({ one, other, roomId }) => {
      await one.client.messages.room(roomId).send('read me');
      const room = other.client.messages.room(roomId);
      await eventually(() => room.store.get().messages.at(-1)?.text === 'read me');
      room.markRead();
      await eventually(() => other.client.rooms.store.get().unread === 0);
    },
    'room:read',
    'message:send',
  ],
  [
    'sending by HTTP, and the same once more',
    async ({ one, roomId }) => {
      for (const _ of [1, 2]) {
        await byHttp(one, 'POST', `/rooms/${roomId}/messages`, { clientId: 'by-http', text: 'hello' });
      }
    },
    'POST /rooms/:id/messages',
  ],
  [
    'reading by HTTP',
    async ({ one, other, roomId }) => {
      const { seq } = await one.client.messages.room(roomId).send('read me');
      await byHttp(other, 'POST', `/rooms/${roomId}/read`, { seq });
    },
    'POST /rooms/:id/read',
  ],
  [
    'receiving',
    async ({ one, other, roomId }) => {
      const { seq } = await one.client.messages.room(roomId).send('have it');
      const { deliveredMarkers } = one.client.messages.room(roomId).store.get();
      expect(deliveredMarkers.get(other.id) ?? 0).toBeLessThan(seq);
      await eventually(() => one.client.messages.room(roomId).store.get().deliveredMarkers.get(other.id) === seq);
    },
    'room:delivered',
  ],
  ['muting', ({ one, roomId }) => one.client.rooms.updateMe(roomId, { muted: true }), 'PATCH /rooms/:id/me'],
  ['pinning', ({ one, roomId }) => one.client.rooms.updateMe(roomId, { pinned: true }), 'PATCH /rooms/:id/me'],
  ['hiding', ({ one, roomId }) => one.client.rooms.updateMe(roomId, { hidden: true }), 'PATCH /rooms/:id/me'],
  [
    'hiding, until somebody writes',
    async ({ one, other, roomId }) => {
      await one.client.rooms.updateMe(roomId, { hidden: true });
      await eventually(() => one.client.rooms.store.get().rooms.length === 0);
      await other.client.messages.room(roomId).send('are you there?');
      await eventually(() => one.client.rooms.store.get().rooms.length === 1);
    },
    'PATCH /rooms/:id/me',
  ],
  ['removing a friend', unfriend, 'DELETE /friends/:userId'],
  ['asking', ask, 'POST /friends/requests'],
  [
    'cancelling',
    async (pair) => {
      await ask(pair);
      await pair.one.client.friends.cancel(await requestId(pair.one, 'outgoing'));
    },
    'DELETE /friends/requests/:id',
  ],
  [
    'rejecting',
    async (pair) => {
      await ask(pair);
      await pair.other.client.friends.reject(await requestId(pair.other, 'incoming'));
    },
    'POST /friends/requests/:id/reject',
  ],
  [
    'accepting',
    async (pair) => {
      await ask(pair);
      const friend = await pair.other.client.friends.accept(await requestId(pair.other, 'incoming'));
      expect(friend.roomId).toBe(pair.roomId);
    },
    'POST /friends/requests/:id/accept',
  ],
  [
    'asking both ways',
    async (pair) => {
      await unfriend(pair);
      const { one, other } = pair;
      await Promise.all([one.client.friends.request(other.id), other.client.friends.request(one.id)]);
    },
    'POST /friends/requests',
  ],
  ['blocking', ({ one, other }) => one.client.friends.block(other.id), 'PUT /blocks/:userId'],
  [
    'unblocking',
    async ({ one, other }) => {
      await one.client.friends.block(other.id);
      await one.client.friends.unblock(other.id);
    },
    'DELETE /blocks/:userId',
  ],
  [
    'opening a room that is there',
    async ({ one, other, roomId }) => {
      expect((await one.client.rooms.openDirect(other.id)).id).toBe(roomId);
    },
    'POST /rooms',
  ],
  [
    'opening a room with somebody new',
    async ({ one }) => {
      const third = await app.signUp();
      const room = await one.client.rooms.openDirect(third.id);
      await one.client.messages.room(room.id).send('hello, stranger');
    },
    'POST /rooms',
  ],
  [
    'changing one’s profile',
    async ({ one }) => {
      const nickname = `new ${one.nickname}`;
      expect(await one.client.auth.updateMe({ nickname, about: 'here' })).toMatchObject({ nickname, about: 'here' });
    },
    'PATCH /me',
  ],
  [
    'showing a picture, and another',
    async ({ one, other }) => {
      const picture = new Blob([Buffer.from(PIXEL, 'base64')], { type: 'image/png' });
      for (const { client } of [one, other]) expect((await client.auth.setAvatar(picture)).avatarUrl).not.toBeNull();
      await one.client.auth.setAvatar(null);
    },
    'PUT /me/avatar',
    'DELETE /me/avatar',
  ],
  [
    'erasing oneself',
    async ({ one }) => {
      const third = await befriended(one);
      await third.client.auth.eraseMe({ password: third.password });
    },
    'DELETE /me',
  ],
  [
    'being erased',
    async ({ one }) => {
      await manage('DELETE', `/users/${(await befriended(one)).id}`);
    },
    'DELETE /admin/apps/:appId/users/:userId',
  ],
  [
    'a guest who becomes an account',
    async ({ one }) => {
      const guest = await app.request<SignedIn>('POST', '/auth/guest', { body: { app: 'default' } });
      const token = guest.body.session.accessToken;
      await app.request('POST', '/rooms', { token, body: { type: 'direct', userId: one.id } });
      const body = {
        email: `${guest.body.user.id}@example.com`,
        password: one.password,
        nickname: guest.body.user.id.slice(-18),
      };
      expect((await app.request('POST', '/me/upgrade', { token, body })).status).toBe(200);
    },
    'POST /me/upgrade',
  ],
  [
    'what the site does: a user with another name, a group, a word of a bot',
    async ({ one, other }) => {
      const known = await bring(one.id, 'As the site knows them');
      await manage('POST', '/rooms', { type: 'direct', userIds: [known, one.id] });
      await bring(one.id, 'As they are called now');
      const bot = await bring(one.id, 'Bot', 'bot');
      const room = await manage<{ id: string }>('POST', '/rooms', {
        ...{ type: 'group', name: 'Order 4711', memberIds: [one.id, other.id, bot] },
      });
      await manage('POST', `/rooms/${room.id}/messages`, { userId: bot, clientId: 'c', text: 'It is on its way' });
    },
    'POST /admin/apps/:appId/users',
    'POST /admin/apps/:appId/rooms',
    'POST /admin/apps/:appId/rooms/:roomId/messages',
  ],
  [
    'a message that is removed',
    async ({ one, roomId }) => {
      const room = one.client.messages.room(roomId);
      const { id } = await room.send('something rude');
      await room.send('something else');
      await manage('DELETE', `/rooms/${roomId}/messages/${id}`);
    },
    'DELETE /admin/apps/:appId/rooms/:roomId/messages/:messageId',
  ],
  [
    'editing, what is answered too',
    async ({ one, other, roomId }) => {
      const room = one.client.messages.room(roomId);
      const [first, last] = [await room.send('a question'), await room.send('the last word')];
      await other.client.messages.room(roomId).send('an answer', { replyTo: first });
      await room.edit(first.id, 'another question');
      await room.edit(last.id, 'not the last word');
      await byHttp(one, 'PATCH', `/rooms/${roomId}/messages/${first.id}`, { text: 'yet another question' });
    },
    'message:edit',
    'message:send',
    'PATCH /rooms/:id/messages/:messageId',
  ],
  [
    'deleting, what is answered and the newest too',
    async ({ one, other, roomId }) => {
      const room = one.client.messages.room(roomId);
      const first = await room.send('a question');
      const answer = await other.client.messages.room(roomId).send('an answer', { replyTo: first });
      const last = await room.send('unread, and gone');
      await room.delete(first.id);
      await room.delete(last.id);
      await other.client.messages.room(roomId).edit(answer.id, 'an answer to nothing');
      await byHttp(other, 'DELETE', `/rooms/${roomId}/messages/${answer.id}`, undefined);
    },
    'message:delete',
    'message:edit',
    'message:send',
    'DELETE /rooms/:id/messages/:messageId',
  ],
  [
    'reacting, and taking it back',
    async ({ one, other, roomId }) => {
      const room = one.client.messages.room(roomId);
      const [first, last] = [await room.send('a question'), await room.send('the last word')];
      const theirs = other.client.messages.room(roomId);
      await Promise.all(['👍', '🎉', '❤️'].map((emoji) => room.react(first.id, emoji, true)));
      await theirs.react(first.id, '👍', true);
      await theirs.react(last.id, '🍵', true);
      await room.react(first.id, '🎉', false);
      const path = `/rooms/${roomId}/messages/${first.id}/reactions/${encodeURIComponent('👍')}`;
      await byHttp(one, 'DELETE', path, undefined);
      await byHttp(one, 'PUT', path, undefined);
    },
    'message:react',
    'PUT /rooms/:id/messages/:messageId/reactions/:emoji',
    'DELETE /rooms/:id/messages/:messageId/reactions/:emoji',
    'message:send',
  ],
  [
    'forwarding',
    async ({ one, other, roomId }) => {
      const { id } = await other.client.messages.room(roomId).send('pass it on');
      const third = await app.signUp();
      const another = await one.client.rooms.openDirect(third.id);
      const items = await one.client.messages.room(roomId).forward(id, [another.id, roomId]);
      expect(items).toMatchObject([{ message: { forwarded: true } }, { message: { forwarded: true } }]);
    },
    'POST /rooms/:id/messages/:messageId/forward',
  ],
  [
    'answering, and what is answered removed',
    async ({ one, other, roomId }) => {
      const question = await one.client.messages.room(roomId).send('a question');
      const room = other.client.messages.room(roomId);
      await room.send('an answer', { replyTo: question });
      await room.send('another one', { replyTo: question });
      await manage('DELETE', `/rooms/${roomId}/messages/${question.id}`);
    },
    'message:send',
  ],
  [
    'a message that is reported, and removed for it',
    async ({ one, other, roomId }) => {
      const { id } = await one.client.messages.room(roomId).send('something rude');
      await other.client.messages.room(roomId).report(id, 'Rude');
      const { items } = await manage<Page<ReportedMessage>>('GET', '/reports?limit=100');
      const reported = items.find(({ message }) => message?.id === id);
      await manage('POST', `/reports/${reported?.id ?? ''}/resolve`, { resolution: 'removed' });
      await eventually(() =>
        other.client.messages
          .room(roomId)
          .store.get()
          .messages.some((one) => one.text === ''),
      );
    },
    'POST /rooms/:id/messages/:messageId/report',
    'POST /admin/apps/:appId/reports/:reportId/resolve',
  ],
  [
    'a group: made, renamed, with another picture, and somebody more, who is an admin, owns it, and is none any more',
    async ({ one, other }) => {
      const third = await app.signUp();
      const { rooms } = one.client;
      const { id } = await rooms.create({ type: 'group', name: 'Tea', memberIds: [other.id] });
      await rooms.update(id, { name: 'Tea club' });
      const picture = new Blob([Buffer.from(PIXEL, 'base64')], { type: 'image/png' });
      await rooms.setPicture(id, picture);
      await rooms.setPicture(id, null);
      await rooms.addMembers(id, [third.id]);
      await rooms.setRole(id, third.id, 'admin');
      await rooms.setRole(id, other.id, 'owner');
      await other.client.rooms.setRole(id, third.id, 'member');
      await other.client.rooms.removeMember(id, third.id);
    },
    'POST /rooms',
    'PATCH /rooms/:id',
    'PUT /rooms/:id/picture',
    'DELETE /rooms/:id/picture',
    'POST /rooms/:id/members',
    'PATCH /rooms/:id/members/:userId',
    'DELETE /rooms/:id/members/:userId',
  ],
  [
    'a channel that one joins, and a group that one is led into by a link',
    async ({ one, other }) => {
      const channel = await other.client.rooms.create({ type: 'channel', name: 'News' });
      await other.client.messages.room(channel.id).send('hear, hear');
      await one.client.rooms.join(channel.id);
      const group = await other.client.rooms.create({ type: 'group', name: 'Tea' });
      const { id, token } = await other.client.rooms.createInvite(group.id);
      await one.client.rooms.joinByInvite(token);
      await other.client.rooms.revokeInvite(group.id, id);
    },
    'POST /rooms/:id/join',
    'POST /rooms/:id/invites',
    'DELETE /rooms/:id/invites/:inviteId',
    'POST /invites/join',
  ],
  [
    'a group that one leaves and the other closes',
    async ({ one, other }) => {
      for (const leaves of [one, other]) {
        const third = await app.signUp();
        const { id } = await one.client.rooms.create({ type: 'group', name: 'Tea', memberIds: [other.id, third.id] });
        await one.client.messages.room(id).send('hello');
        await eventually(() => other.client.rooms.store.get().rooms.some((room) => room.id === id));
        await leaves.client.rooms.leave(id);
      }
      const { id } = await one.client.rooms.create({ type: 'group', name: 'Short', memberIds: [other.id] });
      await one.client.rooms.close(id);
    },
    'POST /rooms/:id/leave',
    'DELETE /rooms/:id',
  ],
];

describe('what a client that was there shows is what one that comes now fetches', () => {
  test.each(mutations)('%s', async (_name, mutate) => {
    const [one, other] = [await app.signUp(), await app.signUp()];
    const pair: Pair = { one, other, roomId: await app.befriend(one, other) };
    for (const { client } of [one, other]) await client.messages.room(pair.roomId).load();
    await mutate(pair);
    for (const person of [one, other]) {
      const fresh = await app.logIn(person);
      await eventually(async () => {
        expect(await shown(person.client, pair.roomId)).toEqual(await shown(fresh, pair.roomId));
        return true;
      });
      fresh.close();
    }
  });
});

/** Changes nothing that a page shows of rooms and people, or nothing that lasts. */
const ELSEWHERE = [
  /^GET |^POST \/auth\/|^POST \/invites\/preview$|^DELETE \/me\/sessions\/|^POST \/me\/email\/|^POST \/sync$|^sync$|^heads$|^typing$|^auth:renew$/,
  // What nobody sees before a message has it.
  /^POST \/files(\/urls)?$/,
  // What is managed, and not seen by people.
  /^\w+ \/admin\/(session|apps)$|^\w+ \/admin\/apps\/:appId(\/(keys|webhooks).*)?$|^PATCH \/admin\/apps\/:appId\/users\/:userId$/,
];

test('whatever changes something is among them', () => {
  const covered = mutations.flatMap(([, , ...routes]) => routes);
  expect(app.bound.filter((route) => !ELSEWHERE.some((pattern) => pattern.test(route))).sort()).toEqual(
    [...new Set(covered)].sort(),
  );
});
