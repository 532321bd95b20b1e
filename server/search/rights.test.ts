import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Id } from '@co-talk/sdk/protocol';
import { removeMessage } from '../messages/remove.ts';
import { startTestApp, type RawPerson, type TestApp } from '../testing.ts';
import { eraseUser } from '../users/erase.ts';
import { talkIn, type Talk } from '../testing-search.ts';

// Who finds what: the index may be late, what it proposes is looked up as it is now.

let app: TestApp;
let talk: Talk;
let one: RawPerson;
let other: RawPerson;
let roomId: Id;
beforeAll(async () => {
  app = await startTestApp();
  talk = talkIn(app);
});
afterAll(() => app.close());
beforeEach(async () => {
  ({ one, other, roomId } = await app.pairRaw());
});

const BY = { kind: 'system', id: 'test' } as const;
const query = (sql: string, values: unknown[] = [roomId]) => app.db.ownPool.query(sql, values);
const remove = async (id: Id) => {
  const ctx = app.context();
  await removeMessage(ctx, BY, roomId, id);
  ctx.flush();
};
const terms = async () => {
  const { rows } = await app.db.ownPool.query<{ seq: number }>(
    'select seq from message_terms where room_id = $1 order by seq',
    [roomId],
  );
  return rows;
};

test('nobody else finds it, in their rooms or in this one', async () => {
  await talk.say(one, roomId, 'our secret');
  await talk.indexed();
  const stranger = await app.signUpRaw();
  expect(await talk.find(stranger, 'secret')).toEqual([]);
  expect((await talk.ask(stranger, 'secret', { roomId })).body.code).toBe('not_found');
  expect(await talk.find(other, 'secret')).toEqual(['our secret']);
});

test('nor does anybody of another app, whatever its rows say', async () => {
  await talk.say(one, roomId, 'our secret');
  await talk.indexed();
  await query(`insert into apps (id, name, origins, no_origin) values ('elsewhere', 'Elsewhere', '{}', true)`, []);
  const foreign = await app.signUpRaw(undefined, 'elsewhere');
  expect(await talk.find(foreign, 'secret')).toEqual([]);
  expect((await talk.ask(foreign, 'secret', { roomId })).body.code).toBe('not_found');
  await query(
    `insert into chat_room_members (room_id, user_id, app_id, role, rev, joined_at) values ($1, $2, 'elsewhere', 'member', 1, now())`,
    [roomId, foreign.user.id],
  );
  expect(await talk.find(foreign, 'secret')).toEqual([]);
});

test('who has left finds nothing there any more', async () => {
  await talk.say(one, roomId, 'our secret');
  await talk.indexed();
  await query('update chat_room_members set left_at = now() where room_id = $1 and user_id = $2', [
    roomId,
    other.user.id,
  ]);
  expect(await talk.find(other, 'secret')).toEqual([]);
  expect((await talk.ask(other, 'secret', { roomId })).body.code).toBe('not_found');
  expect(await talk.find(one, 'secret')).toEqual(['our secret']);
});

test('who came later finds, and sees around it, what was said since', async () => {
  for (const text of ['tea before', 'tea at the time', 'tea after']) await talk.say(one, roomId, text);
  await talk.indexed();
  await query('update chat_room_members set history_from = 2 where room_id = $1 and user_id = $2', [
    roomId,
    other.user.id,
  ]);
  const { body } = await talk.ask(other, 'tea');
  expect(body.items.map(({ message }) => message.text)).toEqual(['tea after', 'tea at the time']);
  expect(body.items[1]?.context.before).toBeNull();
  expect(await talk.find(one, 'tea')).toHaveLength(3);
  await query('update chat_rooms set first_seq = 3 where id = $1');
  expect(await talk.find(one, 'tea')).toEqual(['tea after']);
});

test('who has blocked somebody still finds what was said, as they still read it', async () => {
  await talk.say(one, roomId, 'we were friends');
  await talk.indexed();
  await app.request('PUT', `/blocks/${one.user.id}`, { token: other.token });
  expect(await talk.find(other, 'friends')).toEqual(['we were friends']);
  expect(await talk.find(one, 'friends')).toEqual(['we were friends']);
});

describe('what is gone', () => {
  test('is found no more, at once, and the index has nothing of it', async () => {
    await talk.say(one, roomId, 'stays here');
    const { id } = await talk.say(one, roomId, 'goes from here');
    await talk.indexed();
    expect(await terms()).toEqual([{ seq: 1 }, { seq: 2 }]);
    await remove(id);
    expect(await talk.find(one, 'here')).toEqual(['stays here']);
    expect(await terms()).toEqual([{ seq: 1 }]);
    const { body } = await talk.ask(one, 'stays');
    expect(body.items[0]?.context.after).toBeNull();
  });

  test('is not found where the index still has it', async () => {
    const { id } = await talk.say(one, roomId, 'goes from here');
    await talk.indexed();
    const { rows } = await query('select * from message_terms where room_id = $1');
    await remove(id);
    await talk.indexed();
    const [row] = rows as { room_id: Id; seq: number; app_id: string; created_at: Date; terms: number[] }[];
    await query('insert into message_terms values ($1, $2, $3, $4, $5)', Object.values(row ?? {}));
    expect(await talk.find(one, 'from here')).toEqual([]);
  });

  test('of somebody who is erased, nothing is left', async () => {
    await talk.say(one, roomId, 'said by one');
    await talk.say(other, roomId, 'said by the other');
    await talk.indexed();
    await eraseUser(app.context(), one.user.id, BY);
    expect(await talk.find(other, 'said')).toEqual(['said by the other']);
    expect(await terms()).toEqual([{ seq: 2 }]);
  });

  test('whatever takes the text away, or the message', async () => {
    for (const text of ['first', 'second']) await talk.say(one, roomId, text);
    await talk.indexed();
    await query(`update messages set text = 'changed' where room_id = $1 and seq = 1`);
    await query('delete from messages where room_id = $1 and seq = 2');
    expect(await terms()).toEqual([]);
  });
});

test('what is changed is found by what it says now, before the index has it by nothing', async () => {
  await talk.say(one, roomId, 'green tea');
  await talk.indexed();
  await query(
    `update messages set text = 'black coffee', rev = rev + 1, changed = true, edited_at = now() where room_id = $1`,
  );
  expect(await talk.find(one, 'green')).toEqual([]);
  await query('update chat_rooms set last_rev = last_rev + 1 where id = $1');
  await talk.say(one, roomId, 'and so on');
  await talk.indexed();
  expect(await talk.find(one, 'coffee')).toEqual(['black coffee']);
  expect(await talk.find(one, 'tea')).toEqual([]);
});
