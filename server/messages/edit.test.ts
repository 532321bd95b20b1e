import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Id, Message, MessageEvent, MessagePage, Problem, Room } from '@co-talk/sdk/protocol';
import { findInDatabase } from '../testing-erase.ts';
import { call, eventually, startTestApp, type RawPerson, type TestApp } from '../testing.ts';

// Messages that are changed, or deleted for everybody, by people.

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const send = async (from: RawPerson, roomId: Id, text: string, more: object = {}) => {
  const body = { clientId: randomUUID(), text, ...more };
  return (await app.request<Message>('POST', `/rooms/${roomId}/messages`, { token: from.token, body })).body;
};
const path = ({ roomId, id }: Pick<Message, 'roomId' | 'id'>) => `/rooms/${roomId}/messages/${id}`;
const edit = (by: RawPerson, message: Pick<Message, 'roomId' | 'id'>, text: unknown) =>
  app.request<Message & Problem>('PATCH', path(message), { token: by.token, body: { text } });
const remove = (by: RawPerson, message: Pick<Message, 'roomId' | 'id'>) =>
  app.request<Message & Problem>('DELETE', path(message), { token: by.token });
const page = async ({ token }: RawPerson, roomId: Id) =>
  (await app.request<MessagePage>('GET', `/rooms/${roomId}/messages`, { token })).body.items;
const execute = (sql: string, values: unknown[] = []) => app.db.orm.em.fork().execute(sql, values);
const codes = (answers: { status: number; body: { code?: string } }[]) =>
  answers.map(({ status, body }) => (status < 300 ? String(status) : body.code));

/** A group: its owner, an admin, a member. */
async function group(): Promise<{ roomId: Id; owner: RawPerson; admin: RawPerson; member: RawPerson }> {
  const [owner, admin, member] = await Promise.all([app.signUpRaw(), app.signUpRaw(), app.signUpRaw()]);
  const memberIds = [admin.user.id, member.user.id];
  const { body } = await app.request<Room>('POST', '/rooms', {
    token: owner.token,
    body: { type: 'group', name: 'Tea', memberIds },
  });
  await execute("update chat_room_members set role = 'admin' where room_id = ? and user_id = ?", [
    body.id,
    admin.user.id,
  ]);
  return { roomId: body.id, owner, admin, member };
}

describe('editing', () => {
  test('over the socket and over HTTP: everybody hears of it, and it is what is read from then on', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const first = await send(one, roomId, 'teh tea');
    const sockets = await Promise.all([app.connect(one.token), app.connect(other.token)]);
    const heard: MessageEvent[][] = sockets.map((socket) => {
      const events: MessageEvent[] = [];
      socket.on('message', (event: MessageEvent) => events.push(event));
      return events;
    });
    const ack = await call<Message>(sockets[0], 'message:edit', {
      roomId,
      messageId: first.id,
      text: ' the tea ',
    });
    if (!ack.ok) throw new Error(ack.error.detail);
    expect(ack.data).toEqual({
      ...first,
      text: 'the tea',
      rev: first.rev + 1,
      editedAt: expect.stringMatching(/^20/) as string,
    });
    const again = await edit(one, first, 'the hot tea');
    expect(again.body).toMatchObject({ seq: 1, rev: first.rev + 2, text: 'the hot tea' });
    await eventually(() => heard.every((events) => events.length === 2));
    for (const events of heard) expect(events.map(({ message }) => message)).toEqual([ack.data, again.body]);
    expect(await page(other, roomId)).toEqual([again.body]);
  });

  test('with the same text changes nothing', async () => {
    const { one, roomId } = await app.pairRaw();
    const first = await send(one, roomId, 'the same');
    expect((await edit(one, first, '  the same ')).body).toEqual(first);
  });

  test('is for whoever has written it', async () => {
    const { owner, admin, member, roomId } = await group();
    const [message, stranger] = [await send(member, roomId, 'mine'), await app.signUpRaw()];
    const answers = [
      await edit(owner, message, 'x'),
      await edit(admin, message, 'x'),
      await edit(stranger, message, 'x'),
    ];
    expect(codes(answers)).toEqual(['forbidden', 'forbidden', 'not_found']);
    await app.request('POST', `/rooms/${roomId}/leave`, { token: member.token });
    expect(codes([await edit(member, message, 'x')])).toEqual(['not_found']);
    expect((await page(owner, roomId)).find(({ id }) => id === message.id)).toEqual(message);
  });

  test('is refused for what is deleted, nobody’s, elsewhere or nowhere', async () => {
    const [{ one, roomId }, elsewhere] = await Promise.all([app.pairRaw(), app.pairRaw()]);
    const [deleted, told] = [await send(one, roomId, 'gone'), await send(one, roomId, 'told')];
    await remove(one, deleted);
    await execute("update messages set type = 'system' where id = ?", [told.id]);
    const foreign = await send(elsewhere.one, elsewhere.roomId, 'a secret');
    const wrong = [deleted, told, foreign, { roomId, id: foreign.id }, { roomId, id: randomUUID() }];
    const answers = await Promise.all(wrong.map((message) => edit(one, message, 'x')));
    expect(codes(answers)).toEqual(['conflict', 'forbidden', 'not_found', 'not_found', 'not_found']);
  });

  test('takes the texts that sending takes', async () => {
    const { one, roomId } = await app.pairRaw();
    const message = await send(one, roomId, 'a text');
    for (const text of ['', '   ', 'a'.repeat(1001), 'a\0b', '\ud800', null, 7, ['x']]) {
      const { status, body } = await edit(one, message, text);
      expect([status, body.code, body.errors?.[0]?.path]).toEqual([400, 'invalid_request', 'text']);
    }
    expect(await page(one, roomId)).toEqual([message]);
  });

  test('is no way to write to somebody who has blocked one', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const message = await send(one, roomId, 'before');
    await app.request('PUT', `/blocks/${one.user.id}`, { token: other.token });
    expect(codes([await edit(one, message, 'a rude word'), await remove(one, message)])).toEqual(['blocked', '200']);
  });

  test('ends when the app says so', async () => {
    const { one, roomId } = await app.pairRaw();
    const message = await send(one, roomId, 'old');
    await execute("update messages set created_at = now() - interval '16 minutes' where id = ?", [message.id]);
    expect(codes([await edit(one, message, 'new'), await edit(one, message, 'old')])).toEqual(['conflict', '200']);
    await execute("update messages set created_at = now() - interval '14 minutes' where id = ?", [message.id]);
    expect(codes([await edit(one, message, 'new')])).toEqual(['200']);
  });

  test('and deleting at the same moment leave it deleted', async () => {
    const { one, other, roomId } = await app.pairRaw();
    for (let round = 0; round < 5; round += 1) {
      const message = await send(one, roomId, 'a secret');
      const answers = await Promise.all([edit(one, message, 'another secret'), remove(one, message)]);
      expect(['200', 'conflict']).toContain(codes(answers)[0]);
      expect(codes(answers)[1]).toBe('200');
      expect((await page(other, roomId)).at(-1)).toMatchObject({ text: '', editedAt: null });
    }
  });
});

describe('deleting', () => {
  test('takes the content away, everywhere, and leaves the place', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const secret = `secret-${randomUUID()}`;
    const message = await send(one, roomId, secret);
    await send(other, roomId, 'an answer', { replyToId: message.id });
    const ack = await call<Message>(await app.connect(one.token), 'message:delete', { roomId, messageId: message.id });
    if (!ack.ok) throw new Error(ack.error.detail);
    expect(ack.data).toMatchObject({ seq: 1, text: '', deletedAt: expect.stringMatching(/^20/) as string });
    const again = await remove(one, message);
    expect(again.body).toEqual(ack.data);
    const items = await page(other, roomId);
    expect(items.map(({ text }) => text)).toEqual(['', 'an answer']);
    expect(items[1]?.replyTo).toMatchObject({ deleted: true, text: '' });
    expect(await findInDatabase(app, [secret])).toEqual([]);
  });

  test('is for whoever has written it, and in a group for its owner and admins', async () => {
    const { owner, admin, member, roomId } = await group();
    const [first, second, theirs] = [
      await send(member, roomId, 'one'),
      await send(member, roomId, 'two'),
      await send(owner, roomId, 'three'),
    ];
    expect(codes([await remove(member, theirs), await remove(admin, first), await remove(owner, second)])).toEqual([
      ...['forbidden', '200', '200'],
    ]);
    expect(await execute("select by_id from audit_log where action = 'message.remove' order by id")).toMatchObject([
      { by_id: admin.user.id },
      { by_id: owner.user.id },
    ]);
    const { one, other, roomId: direct } = await app.pairRaw();
    expect(codes([await remove(other, await send(one, direct, 'one'))])).toEqual(['forbidden']);
  });

  test('is refused for what nobody has written, and to those who see nothing of it', async () => {
    const { owner, member, roomId } = await group();
    const [created] = await page(owner, roomId);
    if (!created) throw new Error('nothing was told');
    const message = await send(owner, roomId, 'before their time');
    await execute('update chat_room_members set history_from = 100 where room_id = ? and user_id = ?', [
      roomId,
      member.user.id,
    ]);
    const answers = [
      await remove(owner, created),
      await remove(member, message),
      await remove(await app.signUpRaw(), message),
    ];
    expect(codes(answers)).toEqual(['forbidden', 'not_found', 'not_found']);
  });
});
