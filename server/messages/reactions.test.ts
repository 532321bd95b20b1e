import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Id, Message, MessageEvent, MessagePage, Problem, Room, UserExport } from '@co-talk/sdk/protocol';
import { call, eventually, startTestApp, type RawPerson, type TestApp } from '../testing.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const send = async (from: RawPerson, roomId: Id, text = 'hello') => {
  const body = { clientId: randomUUID(), text };
  return (await app.request<Message>('POST', `/rooms/${roomId}/messages`, { token: from.token, body })).body;
};
const path = ({ roomId, id }: Pick<Message, 'roomId' | 'id'>) => `/rooms/${roomId}/messages/${id}`;
const react = (by: RawPerson, message: Pick<Message, 'roomId' | 'id'>, emoji: string, on = true) =>
  app.request<Message & Problem>(on ? 'PUT' : 'DELETE', `${path(message)}/reactions/${encodeURIComponent(emoji)}`, {
    token: by.token,
  });
const page = async ({ token }: RawPerson, roomId: Id) =>
  (await app.request<MessagePage>('GET', `/rooms/${roomId}/messages`, { token })).body;
const execute = <T>(sql: string, values: unknown[] = []) => app.db.orm.em.fork().execute<T[]>(sql, values);
const rows = (message: Message) =>
  execute('select 1 from message_reactions where room_id = ? and seq = ?', [message.roomId, message.seq]);

async function listen(person: RawPerson): Promise<MessageEvent[]> {
  const events: MessageEvent[] = [];
  (await app.connect(person.token)).on('message', (event: MessageEvent) => events.push(event));
  return events;
}

async function group(size: number): Promise<{ roomId: Id; people: RawPerson[] }> {
  const people = await Promise.all(Array.from({ length: size }, () => app.signUpRaw()));
  const memberIds = people.slice(1).map(({ user }) => user.id);
  const body = { type: 'group', name: 'Tea', memberIds };
  const room = await app.request<Room>('POST', '/rooms', { token: people[0]?.token ?? '', body });
  return { roomId: room.body.id, people };
}

describe('reacting', () => {
  test('over the socket and over HTTP: everybody hears of it, and it is what is read from then on', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const message = await send(one, roomId);
    const heard = await listen(one);
    const socket = await app.connect(other.token);
    const thumb = { roomId, messageId: message.id, emoji: '👍', on: true };
    const ack = await call<Message>(socket, 'message:react', thumb);
    if (!ack.ok) throw new Error(ack.error.detail);
    expect(ack.data).toEqual({
      ...message,
      rev: message.rev + 1,
      reactions: [{ emoji: '👍', count: 1, userIds: [other.user.id] }],
    });
    const both = [
      { emoji: '👍', count: 2, userIds: [other.user.id, one.user.id] },
      { emoji: '👩🏽‍🚀', count: 1, userIds: [one.user.id] },
    ];
    await react(one, message, '👍');
    expect((await react(one, message, '👩🏽‍🚀')).body.reactions).toEqual(both);
    await eventually(() => heard.at(-1)?.rev === message.rev + 3);
    expect(heard.at(-1)?.message.reactions).toEqual(both);
    const read = await page(other, roomId);
    expect(read.items[0]?.reactions).toEqual(both);
    expect(read.rev).toBe(message.rev + 3);
    await call(socket, 'message:react', { ...thumb, on: false });
    expect((await react(one, message, '👍', false)).body.reactions).toEqual(both.slice(1));
    expect((await react(one, message, '👩🏽‍🚀', false)).body.reactions).toEqual([]);
    expect(await rows(message)).toEqual([]);
  });

  test('a second time, or taking back what is not there, changes nothing', async () => {
    const { one, roomId } = await app.pairRaw();
    const message = await send(one, roomId);
    expect((await react(one, message, '🎉', false)).body).toEqual(message);
    const { body } = await react(one, message, '🎉');
    expect((await react(one, message, '🎉')).body).toEqual(body);
  });

  test('names those of others on a page, too', async () => {
    const { roomId, people } = await group(3);
    const [one, other, third] = people as [RawPerson, RawPerson, RawPerson];
    await react(third, await send(one, roomId), '🍵');
    expect((await page(other, roomId)).users.map(({ id }) => id)).toContain(third.user.id);
  });

  test.each(['', 'a', '1', '👍👍', '👍 ', '❤', 'x'.repeat(1000), '\u{1f1f0}', '<b>'])(
    'takes no %j for an emoji',
    async (emoji) => {
      const { one, roomId } = await app.pairRaw();
      const message = await send(one, roomId);
      const socket = await app.connect(one.token);
      const ack = await call(socket, 'message:react', { roomId, messageId: message.id, emoji, on: true });
      expect(ack).toMatchObject({ ok: false, error: { code: 'invalid_request', errors: [{ path: 'emoji' }] } });
      if (emoji !== '' && !emoji.endsWith(' '))
        expect((await react(one, message, emoji)).body.code).toBe('invalid_request');
    },
  );

  test('takes every emoji that keyboards have: with skin, of several people, flags, keycaps', async () => {
    const { one, roomId } = await app.pairRaw();
    const message = await send(one, roomId);
    const all = ['❤️', '👩🏻‍❤️‍💋‍👨🏿', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🇰🇷', '#️⃣', '🫆'];
    for (const emoji of all) await react(one, message, emoji);
    expect((await page(one, roomId)).items[0]?.reactions.map(({ emoji }) => emoji)).toEqual(all);
  });

  test('is for 20 different emojis on a message, of any number of people', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const message = await send(one, roomId);
    const many = Array.from('😀😃😄😁😆😅🤣😂🙂🙃🫠😉😊😇🥰😍🤩😘😗😚😙');
    for (const emoji of many.slice(0, 20)) expect((await react(one, message, emoji)).status).toBe(200);
    const { body } = await react(other, message, many[20] ?? '');
    expect(body).toMatchObject({ code: 'conflict', detail: expect.stringContaining('20 different emojis') as string });
    expect((await react(other, message, many[0] ?? '')).status).toBe(200);
    await react(one, message, many[1] ?? '', false);
    expect((await react(other, message, many[20] ?? '')).body.reactions).toHaveLength(20);
  });

  test('is for members, and for messages that somebody has written and not deleted', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const [message, stranger] = [await send(one, roomId), await app.signUpRaw()];
    const codes: (string | undefined)[] = [];
    codes.push((await react(stranger, message, '👍')).body.code);
    codes.push((await react(one, { roomId, id: randomUUID() }, '👍')).body.code);
    await react(other, message, '👍');
    await app.request('DELETE', path(message), { token: one.token });
    codes.push((await react(one, message, '👍')).body.code);
    expect(await rows(message)).toEqual([]);
    expect((await page(one, roomId)).items[0]?.reactions).toEqual([]);
    const own = await group(2);
    const [owner] = own.people as [RawPerson];
    const [system] = (await page(owner, own.roomId)).items;
    codes.push(system && (await react(owner, system, '👍')).body.code);
    const last = await send(one, roomId);
    await app.request('PUT', `/blocks/${one.user.id}`, { token: other.token });
    codes.push((await react(one, last, '👍')).body.code);
    expect(codes).toEqual(['not_found', 'not_found', 'conflict', 'conflict', 'blocked']);
  });
});

describe('many at once', () => {
  test('are all there, told in a row of revisions, and seldom', async () => {
    const { roomId, people } = await group(30);
    const [one] = people as [RawPerson];
    const message = await send(one, roomId);
    const heard = await listen(one);
    const emojis = ['👍', '🎉', '❤️'];
    const storm = people.flatMap((person) => emojis.map((emoji) => react(person, message, emoji)));
    const between = send(one, roomId, 'meanwhile');
    const answers = await Promise.all(storm);
    await between;
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const { items, rev } = await page(one, roomId);
    // The last of it may be told before what was told late.
    const toldUpTo = () =>
      heard
        .toSorted((a, b) => a.rev - b.rev)
        .reduce((at, event) => ((event.from ?? event.rev) === at + 1 ? event.rev : at), message.rev);
    await eventually(() => toldUpTo() === rev);
    const now = items.find(({ id }) => id === message.id)?.reactions ?? [];
    expect(now.map(({ count, userIds }) => [count, userIds.length])).toEqual([30, 30, 30].map((n) => [n, 20]));
    const told = heard.toSorted((a, b) => a.rev - b.rev);
    let at = message.rev;
    for (const { from, rev: to } of told) {
      expect(from ?? to).toBe(at + 1);
      at = to;
    }
    expect(at).toBe(rev);
    expect(told.findLast((event) => event.message.id === message.id)?.message.reactions).toEqual(now);
    expect(told.length).toBeLessThan(storm.length / 2);
  });
});

describe('what somebody has reacted with', () => {
  test('is in their export', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const message = await send(other, roomId);
    await react(one, message, '🍵');
    await react(one, message, '👍');
    await react(other, message, '🎉');
    const { body } = await app.request<UserExport>('GET', '/me/export', { token: one.token });
    expect(body.reactions).toMatchObject([{ roomId, messageId: message.id, emojis: ['🍵', '👍'] }]);
  });

  test('goes with them, and those who are there hear of it', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const message = await send(one, roomId);
    await react(other, message, '👍');
    const last = await react(one, message, '👍');
    const heard = await listen(one);
    await app.request('DELETE', '/me', { token: other.token, body: { password: 'correct horse battery staple' } });
    const alone = [{ emoji: '👍', count: 1, userIds: [one.user.id] }];
    const event = await eventually(() => heard.find((one) => one.message.id === message.id && one.rev > last.body.rev));
    expect(event.message.reactions).toEqual(alone);
    const read = await page(one, roomId);
    expect(read.items[0]).toMatchObject({ reactions: alone, rev: event.rev });
    expect(await execute('select 1 from message_reactions where user_id = ?', [other.user.id])).toEqual([]);
  });
});
