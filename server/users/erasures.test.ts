import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ErasureReport, Id, Message, MessagePage } from '@co-talk/sdk/protocol';
import { createServerNode } from '../bench/faults/server-node.ts';
import { eventually, startTestApp, type RawPerson, type TestApp } from '../testing.ts';
import { findInDatabase } from '../testing-erase.ts';
import { continueErasure, eraseUser } from './erase.ts';

const OPERATOR = 'operator-key-of-a-test-that-is-long-enough';
const BY = { kind: 'operator', id: 'operator' } as const;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ OPERATOR_KEY: OPERATOR });
});
afterAll(() => app.close());

/** Somebody who has written much in many rooms. */
async function createWriter(rooms: number, messages: number): Promise<{ writer: RawPerson; roomIds: Id[] }> {
  const { one: writer, roomId } = await app.pairRaw();
  const roomIds = [roomId];
  while (roomIds.length < rooms) {
    const other = await app.signUpRaw();
    const body = { type: 'direct', userId: other.user.id };
    roomIds.push((await app.request<{ id: Id }>('POST', '/rooms', { token: writer.token, body })).body.id);
  }
  const em = app.db.orm.em.fork();
  for (const id of roomIds) {
    await em.execute(
      `insert into messages (room_id, seq, app_id, id, rev, client_id, sender_id, text, created_at)
       select ?, n, 'default', gen_random_uuid(), n + 1, n::text, ?, ?, now() from generate_series(1, ?::int) n`,
      [id, writer.user.id, `written by ${writer.user.id}`, messages],
    );
    await em.execute('update chat_rooms set last_seq = ?, last_rev = ? + 1 where id = ?', [messages, messages, id]);
  }
  return { writer, roomIds };
}

const reportOf = (userId: Id) =>
  app.request<ErasureReport>('DELETE', `/admin/apps/default/users/${userId}`, { token: OPERATOR });

async function expectGone({ user }: RawPerson, messages: number, rooms: number): Promise<void> {
  const { status, body } = await reportOf(user.id);
  expect([status, body.removed.messages, body.removed.rooms, body.finishedAt !== null]).toEqual([
    200,
    messages,
    rooms,
    true,
  ]);
  expect(await findInDatabase(app, [`written by ${user.id}`, user.email ?? ''])).toEqual([]);
}

describe('an erasure', () => {
  test('of which the server was killed on the way is finished by another one', async () => {
    const { writer } = await createWriter(30, 600);
    const exits: string[] = [];
    const node = await createServerNode({
      name: 'doomed',
      env: {
        NODE_ENV: 'test',
        SECRET: app.config.secret,
        DATABASE_URL: app.config.databaseUrl ?? '',
        OPERATOR_KEY: OPERATOR,
        LOG_LEVEL: 'error',
      },
      onExit: (detail) => exits.push(detail),
    });
    await node.start();
    const asked = fetch(`http://127.0.0.1:${String(node.port)}/api/v1/admin/apps/default/users/${writer.user.id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${OPERATOR}` },
    }).catch(() => 'no answer');
    const em = app.db.orm.em.fork();
    const blanked = async () =>
      (await em.execute<{ messages: number }[]>('select messages from erasures where user_id = ?', [writer.user.id]))[0]
        ?.messages ?? 0;
    await eventually(async () => (await blanked()) > 1_000);
    await node.kill();
    expect(await asked).toBe('no answer');
    const left = 18_000 - (await blanked());
    expect(left).toBeGreaterThan(0);
    // As if the time for which it is taken to be alive were over.
    await em.execute('update erasures set lease_until = now() where user_id = ?', [writer.user.id]);
    await eventually(async () => (await blanked()) === 18_000, 30_000);
    await eventually(async () => (await reportOf(writer.user.id)).body.finishedAt !== null, 15_000);
    await expectGone(writer, 18_000, 30);
    expect(exits).toEqual([]);
  }, 90_000);

  test('that takes longer than anybody waits goes on by itself', async () => {
    const { writer } = await createWriter(2, 500);
    const ctx = app.context();
    const first = await eraseUser(ctx, writer.user.id, BY, () => true);
    expect([first.finishedAt, first.removed.sessions, first.removed.messages]).toEqual([null, 1, 0]);
    await eventually(async () => (await reportOf(writer.user.id)).body.finishedAt !== null, 15_000);
    await expectGone(writer, 1_000, 2);
  });

  test('that fails on the way tells nobody what has not happened', async () => {
    const { one: gone, other, roomId } = await app.pairRaw();
    const heard: unknown[] = [];
    (await app.connect(other.token)).on('member', (event) => heard.push(event));
    await app.db.ownPool.query(
      `create or replace function fail_once() returns trigger language plpgsql as $$ begin
         if new.rooms > old.rooms then raise exception 'not now'; end if; return new; end $$`,
    );
    await app.db.ownPool.query(
      'create trigger fail_once before update on erasures for each row execute function fail_once()',
    );
    try {
      expect((await reportOf(gone.user.id)).status).toBe(202);
    } finally {
      await app.db.ownPool.query('drop trigger fail_once on erasures');
    }
    await continueErasure(app.context(), gone.user.id);
    await eventually(() => heard.length > 0);
    const { rows } = await app.db.ownPool.query<{ rev: number }>(
      'select rev from chat_room_members where room_id = $1 and user_id = $2',
      [roomId, gone.user.id],
    );
    expect(heard).toEqual([{ roomId, rev: rows[0]?.rev, userId: gone.user.id, member: null }]);
  });

  test('changes nothing without a revision, not even of a message that was removed before', async () => {
    const { one: gone, other, roomId } = await app.pairRaw();
    const body = { clientId: 'chosen by the one who is gone', text: 'removed' };
    const { id } = (await app.request<Message>('POST', `/rooms/${roomId}/messages`, { token: gone.token, body })).body;
    const heard = new Map<number, Message>();
    (await app.connect(other.token)).on('message', ({ message }: { message: Message }) =>
      heard.set(message.seq, message),
    );
    await app.request('DELETE', `/admin/apps/default/rooms/${roomId}/messages/${id}`, { token: OPERATOR });
    const removed = await eventually(() => heard.get(1));
    expect((await reportOf(gone.user.id)).body.removed.messages).toBe(0);
    const page = await app.request<MessagePage>('GET', `/rooms/${roomId}/messages`, { token: other.token });
    await eventually(() => heard.get(1) !== removed);
    expect(page.body.items).toEqual([...heard.values()]);
    expect(heard.get(1)?.deletedAt).toBe(removed.deletedAt);
  });

  test('that several are at is done once', async () => {
    const { writer } = await createWriter(5, 900);
    await eraseUser(app.context(), writer.user.id, BY, () => true);
    await Promise.all(Array.from({ length: 4 }, () => continueErasure(app.context(), writer.user.id)));
    await expectGone(writer, 4_500, 5);
  });

  test('leaves revisions dense in every room', async () => {
    const { writer, roomIds } = await createWriter(2, 700);
    await eraseUser(app.context(), writer.user.id, BY);
    for (const id of roomIds) {
      const [room] = await app.db.orm.em.fork().execute<{ head: number; revs: number; distinct: number }[]>(
        `select r.last_rev as head, count(m.*)::int as revs, count(distinct m.rev)::int as distinct
         from chat_rooms r join messages m on m.room_id = r.id where r.id = ? group by r.last_rev`,
        [id],
      );
      // One for the room, 700 for the messages; then two for leaving, and 700 again.
      expect(room).toEqual({ head: 701 + 2 + 700, revs: 700, distinct: 700 });
    }
  });

  test('is of somebody of this app, or of nobody', async () => {
    const { writer } = await createWriter(1, 1);
    await expect(eraseUser(app.context('another'), writer.user.id, BY)).rejects.toMatchObject({ code: 'not_found' });
    expect((await app.request('GET', '/me', { token: writer.token })).status).toBe(200);
  });
});

test('every table that names a user is known to the erasure', async () => {
  const rows = await app.db.orm.em.fork().execute<{ column: string }[]>(
    `select table_name || '.' || column_name as column from information_schema.columns
     where table_schema = 'public' and data_type = 'uuid' and column_name ~ '(^|_)(user|from|to|sender|friend|blocked|owner|actor|author|reporter)_id$|_by$'
     order by 1`,
  );
  // With a table of this kind, say in `erase.ts` what becomes of its rows, and plant something in `erase.test.ts`.
  expect(rows.map(({ column }) => column)).toEqual([
    'attachments.sender_id',
    'avatars.user_id',
    'blocks.blocked_id',
    'blocks.user_id',
    'chat_room_members.user_id',
    'erasures.user_id',
    'files.user_id',
    'friend_requests.from_id',
    'friend_requests.to_id',
    'friends.friend_id',
    'friends.user_id',
    'mail_tokens.user_id',
    'mails.user_id',
    'message_reactions.user_id',
    'messages.sender_id',
    'reports.author_id',
    'reports.reporter_id',
    'revocations.user_id',
    // A link is the room's: those who manage it revoke it.
    'room_invites.created_by',
    'sessions.user_id',
  ]);
});
