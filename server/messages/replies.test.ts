import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Message, MessageEvent, MessagePage, Problem, SyncAnswer } from '@co-talk/sdk/protocol';
import { call, eventually, next, startTestApp, type RawPerson, type TestApp } from '../testing.ts';

// Messages that answer another one, and show it.

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const post = (from: RawPerson, roomId: string, body: object) =>
  app.request<Message & Problem>('POST', `/rooms/${roomId}/messages`, {
    token: from.token,
    body: { clientId: randomUUID(), ...body },
  });
const send = async (from: RawPerson, roomId: string, text: string) => (await post(from, roomId, { text })).body;
const answer = async (from: RawPerson, quoted: Message, text = 'an answer', more: object = {}) =>
  (await post(from, quoted.roomId, { text, replyToId: quoted.id, ...more })).body;
const page = async ({ token }: RawPerson, roomId: string, query = '') =>
  (await app.request<MessagePage>('GET', `/rooms/${roomId}/messages${query}`, { token })).body;
const execute = (sql: string, values: unknown[]) => app.db.orm.em.fork().execute(sql, values);
const remove = (message: Message) =>
  execute(
    `with r as (update chat_rooms set last_rev = last_rev + 1 where id = ? returning last_rev)
     update messages set text = '', extra = null, deleted_at = now(), changed = true, rev = r.last_rev from r where messages.id = ?`,
    [message.roomId, message.id],
  );

const quoteOf = ({ id, seq, rev, senderId, text }: Message) => ({ id, seq, rev, senderId, text, deleted: false });

describe('an answer', () => {
  test('shows what it answers: to whoever sends it, live, in the history and in what is caught up on', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const quoted = await send(one, roomId, 'A question 🙂');
    const theirs = await app.connect(one.token);
    const heard = next<MessageEvent>(theirs, 'message');
    const mine = await app.connect(other.token);
    const input = { roomId, clientId: randomUUID(), text: 'Yes', replyToId: quoted.id };
    const ack = await call<Message>(mine, 'message:send', input);
    if (!ack.ok) throw new Error(ack.error.detail);
    expect(ack.data.replyTo).toEqual(quoteOf(quoted));
    expect(await heard).toEqual({ roomId, rev: ack.data.rev, message: ack.data });
    expect((await page(one, roomId)).items).toEqual([quoted, ack.data]);
    const body = { epoch: (await sync(one, roomId, null)).epoch, rev: 0, rooms: [{ id: roomId, rev: quoted.rev }] };
    const caught = await app.request<SyncAnswer>('POST', '/sync', { token: one.token, body });
    expect(caught.body.rooms).toMatchObject([{ changes: { messages: [ack.data] } }]);
  });

  test('knows the one it answers as it is now, shortened, or that it is deleted', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const quoted = await send(one, roomId, '😀'.repeat(300));
    const first = await answer(other, quoted);
    expect(first.replyTo?.text).toBe('😀'.repeat(200));
    expect((await page(one, roomId)).items[1]).toEqual(first);
    await remove(quoted);
    const now = (await page(one, roomId)).items[1];
    expect(now?.replyTo).toMatchObject({ id: quoted.id, text: '', deleted: true });
    expect(now?.text).toBe('an answer');
  });

  test('names the person quoted, though nothing else of theirs is on the page', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const quoted = await send(one, roomId, 'long ago');
    await send(other, roomId, 'meanwhile');
    await answer(other, quoted);
    const { items, users } = await page(other, roomId, '?limit=1');
    expect(items).toHaveLength(1);
    expect(users.map((user) => user.id).sort()).toEqual([one.user.id, other.user.id].sort());
  });

  test('that is sent again is the stored one, though what it answers has been deleted meanwhile', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const quoted = await send(one, roomId, 'soon gone');
    const clientId = randomUUID();
    const first = await answer(other, quoted, 'an answer', { clientId });
    await remove(quoted);
    const again = await post(other, roomId, { clientId, text: 'an answer', replyToId: quoted.id });
    expect([again.status, again.body.id]).toEqual([200, first.id]);
    expect(again.body.replyTo).toMatchObject({ deleted: true, text: '' });
    expect((await page(one, roomId)).lastSeq).toBe(2);
  });

  test('comes before what is sent after it without waiting', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const quoted = await send(one, roomId, 'a question');
    const mine = await app.connect(other.token);
    const theirs = await app.connect(one.token);
    const heard: string[] = [];
    theirs.on('message', (event: MessageEvent) => heard.push(event.message.text));
    const texts = Array.from({ length: 60 }, (_, index) => String(index));
    await Promise.all(
      texts.map((text, index) => {
        const more = index % 7 === 0 ? { replyToId: quoted.id } : {};
        return call(mine, 'message:send', { roomId, clientId: text, text, ...more });
      }),
    );
    await eventually(() => heard.length === texts.length);
    expect(heard).toEqual(texts);
  });

  test('never shows a text that was deleted before it was stored', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const quoted = await send(one, roomId, 'a secret');
    const pool = app.db.ownPool;
    const holder = await pool.connect();
    try {
      await holder.query('begin');
      await holder.query('select 1 from chat_rooms where id = $1 for no key update', [roomId]);
      const sent = answer(other, quoted);
      await eventually(async () => {
        const { rows } = await pool.query<{ count: number }>(
          `select count(*)::int as count from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock' and query like '%send_messages%'`,
        );
        return rows[0]?.count;
      });
      const rev = quoted.rev + 1;
      await holder.query(
        `update messages set text = '', deleted_at = now(), changed = true, rev = $2 where room_id = $1 and seq = 1`,
        [roomId, rev],
      );
      await holder.query('update chat_rooms set last_rev = $2 where id = $1', [roomId, rev]);
      await holder.query('commit');
      expect((await sent).replyTo).toMatchObject({ text: '', deleted: true, rev });
    } finally {
      holder.release();
    }
  });
});

describe('cannot be answered', () => {
  test('what is deleted, or what nobody has written', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const quoted = await send(one, roomId, 'gone');
    await remove(quoted);
    expect(await answer(other, quoted)).toMatchObject({ status: 409, code: 'conflict' });
    const told = await send(one, roomId, 'told');
    await execute("update messages set type = 'system' where id = ?", [told.id]);
    expect(await answer(other, told)).toMatchObject({ status: 409, code: 'conflict' });
    expect((await page(one, roomId)).lastSeq).toBe(2);
  });

  test('what is in another room, before one’s own time, or nowhere', async () => {
    const [{ one, other, roomId }, elsewhere] = await Promise.all([app.pairRaw(), app.pairRaw()]);
    const quoted = await send(one, roomId, 'before');
    const foreign = await send(elsewhere.one, elsewhere.roomId, 'a secret');
    await execute('update chat_room_members set history_from = 2 where room_id = ? and user_id = ?', [
      roomId,
      other.user.id,
    ]);
    for (const id of [quoted.id, foreign.id, randomUUID()]) {
      const { status, body } = await post(other, roomId, { text: 'an answer', replyToId: id });
      expect([status, body.code]).toEqual([404, 'not_found']);
      expect(JSON.stringify(body)).not.toContain('secret');
    }
    // Nor by one who is not in its room.
    expect(await answer(other, foreign)).toMatchObject({ status: 404, code: 'not_found' });
    expect((await answer(one, quoted)).replyTo).toEqual(quoteOf(quoted));
  });

  test('what is not said by its id', async () => {
    const { one, roomId } = await app.pairRaw();
    for (const replyToId of [null, 7, '', 'x', ['a'], `${randomUUID()}0`]) {
      const { status, body } = await post(one, roomId, { text: 'an answer', replyToId });
      expect([status, body.code, body.errors?.[0]?.path]).toEqual([400, 'invalid_request', 'replyToId']);
    }
  });
});

async function sync({ token }: RawPerson, roomId: string, epoch: string | null): Promise<SyncAnswer> {
  return (
    await app.request<SyncAnswer>('POST', '/sync', { token, body: { epoch, rev: 0, rooms: [{ id: roomId, rev: 0 }] } })
  ).body;
}
