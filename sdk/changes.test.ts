import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, startTestApp, type TestApp } from '../server/testing.ts';
import { startProxy, type Proxy } from './testing.ts';
import { createClient, type Client, type Message, type RoomMessages } from './index.ts';

// Messages that are edited, deleted, answered and forwarded, as the store shows it.

let app: TestApp;
let proxy: Proxy;
beforeAll(async () => {
  app = await startTestApp();
  proxy = await startProxy(app.url);
});
afterAll(async () => {
  await proxy.close();
  await app.close();
});

async function talk(): Promise<{ room: RoomMessages; message: Message; client: Client; theirs: RoomMessages }> {
  const [one, other] = [await app.signUp(), await app.signUp()];
  const roomId = await app.befriend(one, other);
  const client = createClient({ server: proxy.url, app: 'default', storage: 'memory' });
  await client.auth.logIn(one);
  const room = client.messages.room(roomId);
  await room.load();
  const theirs = other.client.messages.room(roomId);
  await theirs.load();
  const message = await room.send('before');
  // What is between has come, too.
  await eventually(() => client.rooms.store.get().rooms[0]?.lastSeq === 1);
  await eventually(() => theirs.store.get().messages.length === 1);
  return { room, message, client, theirs };
}
const texts = ({ store }: RoomMessages) => store.get().messages.map(({ text }) => text);

test('a change shows at once, and is as it was where the server says no', async () => {
  const { room, message, theirs, client } = await talk();
  const editing = room.edit(message.id, ' after ');
  const seen: string[] = [];
  const stop = room.store.subscribe(() => seen.push(texts(room).join()));
  expect(texts(room)).toEqual(['after']);
  expect((await editing).text).toBe('after');
  await eventually(() => texts(theirs)[0] === 'after');
  expect(seen).not.toContain('before');
  stop();
  await app.db.orm.em
    .fork()
    .execute("update messages set created_at = now() - interval '1 day' where id = ?", [message.id]);
  const late = room.edit(message.id, 'too late');
  expect(texts(room)).toEqual(['too late']);
  await expect(late).rejects.toMatchObject({ code: 'conflict' });
  expect(texts(room)).toEqual(['after']);
  expect(room.store.get().messages[0]).toMatchObject({ text: 'after', state: 'sent' });
  client.close();
});

test('a message is deleted for everybody, but not by anybody', async () => {
  const { room, message, theirs, client } = await talk();
  await expect(theirs.delete(message.id)).rejects.toMatchObject({ code: 'forbidden' });
  expect(texts(theirs)).toEqual(['before']);
  const deleting = room.delete(message.id);
  expect(room.store.get().messages[0]).toMatchObject({ text: '', deletedAt: expect.any(String) as string });
  await deleting;
  await eventually(() => theirs.store.get().messages[0]?.text === '');
  await expect(room.edit(message.id, 'back again')).rejects.toMatchObject({ code: 'conflict' });
  expect(texts(room)).toEqual(['']);
  client.close();
});

test('texts that cannot be sent are no changes, either', async () => {
  const { room, message, client } = await talk();
  for (const text of ['', '  ', 'a'.repeat(1001)]) {
    await expect(room.edit(message.id, text)).rejects.toMatchObject({ code: 'invalid_request' });
  }
  expect(texts(room)).toEqual(['before']);
  client.close();
});

test('without WebSocket, changes go over HTTP', async () => {
  const { room, message, theirs, client } = await talk();
  proxy.refuseUpgrades(true);
  proxy.cut();
  await eventually(() => client.status.get() !== 'online');
  await eventually(() => room.edit(message.id, 'by HTTP').then(Boolean, () => false));
  await eventually(() => texts(theirs)[0] === 'by HTTP');
  await room.delete(message.id);
  proxy.refuseUpgrades(false);
  await eventually(() => texts(theirs)[0] === '');
  client.close();
});

test('an answer that waits shows what it answers, as that is now', async () => {
  const { room, message, theirs, client } = await talk();
  proxy.refuse(true);
  proxy.cut();
  await eventually(() => client.status.get() !== 'online');
  const sending = room.send('an answer', { replyTo: message });
  const last = () => room.store.get().messages.at(-1);
  expect(last()).toMatchObject({ state: 'pending', replyTo: { id: message.id, text: 'before', deleted: false } });
  proxy.refuse(false);
  const answer = await sending;
  expect(answer.replyTo).toMatchObject({ id: message.id, text: 'before' });
  await room.edit(message.id, 'after');
  expect(last()).toMatchObject({ state: 'sent', replyTo: { text: 'after' } });
  await eventually(() => theirs.store.get().messages[1]?.replyTo?.text === 'after');
  client.close();
});

test('what is forwarded and not answered is not forwarded twice', async () => {
  const { room, message, client } = await talk();
  proxy.hold('/forward');
  const first = room.forward(message.id, [room.roomId]).catch(() => 'lost');
  await eventually(() => texts(room).length === 2);
  proxy.cut();
  proxy.hold(null);
  expect(await first).toBe('lost');
  const [item] = await room.forward(message.id, [room.roomId]);
  expect(item).toMatchObject({ message: { seq: 2, forwarded: true } });
  const again = await room.forward(message.id, [room.roomId]);
  expect(again).toMatchObject([{ message: { seq: 3 } }]);
  client.close();
});
