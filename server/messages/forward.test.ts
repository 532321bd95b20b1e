import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ForwardAnswer, Id, Message, MessageEvent, MessagePage, Problem } from '@co-talk/sdk/protocol';
import { next, startTestApp, type RawPerson, type TestApp } from '../testing.ts';

// What somebody says, sent on to other rooms.

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const send = async (from: RawPerson, roomId: Id, text: string) => {
  const body = { clientId: randomUUID(), text };
  return (await app.request<Message>('POST', `/rooms/${roomId}/messages`, { token: from.token, body })).body;
};
const forward = (by: RawPerson, { roomId, id }: Pick<Message, 'roomId' | 'id'>, targets: unknown) =>
  app.request<ForwardAnswer & Problem>('POST', `/rooms/${roomId}/messages/${id}/forward`, {
    token: by.token,
    body: { targets },
  });
const page = async ({ token }: RawPerson, roomId: Id) =>
  (await app.request<MessagePage>('GET', `/rooms/${roomId}/messages`, { token })).body.items;
const to = (roomId: Id, clientId: string = randomUUID()) => ({ roomId, clientId });

/** Somebody who talks with two others. */
async function between(): Promise<{ one: RawPerson; from: Id; to: Id; third: RawPerson; other: RawPerson }> {
  const { one, other, roomId } = await app.pairRaw();
  const third = await app.signUpRaw();
  const { body } = await app.request<{ id: Id }>('POST', '/rooms', {
    token: third.token,
    body: { type: 'direct', userId: one.user.id },
  });
  return { one, other, third, from: roomId, to: body.id };
}

test('a message is sent on as one’s own, and says so', async () => {
  const { one, other, third, ...rooms } = await between();
  const message = await send(other, rooms.from, 'Tea at four');
  const heard = next<MessageEvent>(await app.connect(third.token), 'message');
  const { status, body } = await forward(one, message, [to(rooms.to, 'f')]);
  const [item] = body.items;
  if (!item || !('message' in item)) throw new Error('nothing was forwarded');
  expect([status, item.roomId]).toEqual([200, rooms.to]);
  expect(item.message).toMatchObject({
    ...{ roomId: rooms.to, clientId: 'f', senderId: one.user.id, text: 'Tea at four', forwarded: true, replyTo: null },
  });
  expect((await heard).message).toEqual(item.message);
  expect(await page(third, rooms.to)).toEqual([item.message]);
  expect(message).not.toHaveProperty('forwarded');
  // Once more under the same client id is the same message.
  expect((await forward(one, message, [to(rooms.to, 'f')])).body.items).toEqual([item]);
  expect(await page(third, rooms.to)).toHaveLength(1);
});

test('each room answers for itself', async () => {
  const { one, other, third, ...rooms } = await between();
  const elsewhere = await app.pairRaw();
  const message = await send(other, rooms.from, 'Tea at four');
  await app.request('PUT', `/blocks/${one.user.id}`, { token: third.token });
  const { body } = await forward(one, message, [to(rooms.to), to(elsewhere.roomId), to(rooms.from), to(randomUUID())]);
  expect(body.items).toMatchObject([
    { roomId: rooms.to, error: { code: 'blocked' } },
    { roomId: elsewhere.roomId, error: { code: 'not_found' } },
    { roomId: rooms.from, message: { text: 'Tea at four' } },
    { error: { code: 'not_found' } },
  ]);
  expect(await page(elsewhere.one, elsewhere.roomId)).toEqual([]);
});

test('only what one can see, and what is there', async () => {
  const { one, other, third, ...rooms } = await between();
  const message = await send(other, rooms.from, 'a secret');
  expect((await forward(third, message, [to(rooms.to)])).body.code).toBe('not_found');
  expect((await forward(third, { roomId: rooms.to, id: message.id }, [to(rooms.to)])).body.code).toBe('not_found');
  const em = app.db.orm.em.fork();
  await em.execute('update chat_room_members set history_from = 9 where room_id = ? and user_id = ?', [
    rooms.from,
    one.user.id,
  ]);
  expect((await forward(one, message, [to(rooms.to)])).body.code).toBe('not_found');
  await em.execute('update chat_room_members set history_from = 1 where room_id = ?', [rooms.from]);
  await app.request('DELETE', `/rooms/${rooms.from}/messages/${message.id}`, { token: other.token });
  expect((await forward(one, message, [to(rooms.to)])).body.code).toBe('conflict');
  expect(await page(third, rooms.to)).toEqual([]);
});

test('as what nobody sends it is refused', async () => {
  const { one, other, ...rooms } = await between();
  const message = await send(other, rooms.from, 'Tea at four');
  const target = to(rooms.to);
  const wrong = [undefined, null, [], [target, target], [{ ...target, text: 'x' }], [{ roomId: rooms.to }], [to('x')]];
  const many = Array.from({ length: 21 }, () => to(randomUUID()));
  for (const targets of [...wrong, many]) {
    const { status, body } = await forward(one, message, targets);
    expect([status, body.code]).toEqual([400, 'invalid_request']);
  }
});
