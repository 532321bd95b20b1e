import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Id, Message, Problem, Report } from '@co-talk/sdk/protocol';
import { findInDatabase } from '../testing-erase.ts';
import { isGenuine, managing, startReceiver, stopReceivers } from '../testing-receiver.ts';
import { eventually, startTestApp, type RawPerson, type TestApp } from '../testing.ts';

// What people do who find a message wrong.

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({}, { webhooks: { everyMs: 20 } });
});
afterAll(() => app.close());

async function send(from: RawPerson, roomId: Id, text = 'something rude'): Promise<Message> {
  const body = { clientId: randomUUID(), text };
  return (await app.request<Message>('POST', `/rooms/${roomId}/messages`, { token: from.token, body })).body;
}

async function report(by: RawPerson, { roomId, id }: Message, body: unknown = { reason: 'Spam' }): Promise<string> {
  const path = `/rooms/${roomId}/messages/${id}/report`;
  const answer = await app.request<Problem | undefined>('POST', path, { token: by.token, body });
  return answer.body === undefined ? String(answer.status) : answer.body.code;
}

const execute = <T extends object = object>(sql: string, values: unknown[] = []) =>
  app.db.orm.em.fork().execute<T[]>(sql, values);
const reasons = async ({ id }: Message) =>
  (await execute<{ reason: string }>('select reason from reports where message_id = ? order by id', [id])).map(
    ({ reason }) => reason,
  );
const resolve = ({ id }: Message) =>
  execute("update reports set resolved_at = now(), resolution = 'dismissed' where message_id = ?", [id]);

describe('a message', () => {
  test('is reported once by each person, who may find other words', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const message = await send(one, roomId);
    expect(await report(other, message, { reason: '  Spam ' })).toBe('204');
    expect(await report(other, message, { reason: '욕설이에요 🤬' })).toBe('204');
    expect(await reasons(message)).toEqual(['욕설이에요 🤬']);
  });

  test('that is reported twice at the same moment is reported once', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const message = await send(one, roomId);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, place) => report(other, message, { reason: String(place) })),
    );
    expect(new Set(answers)).toEqual(new Set(['204']));
    expect(await reasons(message)).toHaveLength(1);
  });

  test('is reported to nobody in the room', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const message = await send(one, roomId);
    const socket = await app.connect(one.token);
    const heard: string[] = [];
    socket.onAny((event: string) => heard.push(event));
    await report(other, message);
    await send(other, roomId, 'the next thing');
    await eventually(() => heard.includes('message'));
    expect(heard.filter((event) => event !== 'message')).toEqual([]);
    const { body } = await app.request<{ rev: number }>('GET', `/rooms/${roomId}`, { token: one.token });
    expect(body.rev).toBe(message.rev + 1);
  });

  test('of one’s own, of nobody, deleted or unknown, cannot be', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const [own, gone, told] = [await send(one, roomId), await send(other, roomId), await send(other, roomId)];
    expect(await report(one, own)).toBe('forbidden');
    await execute("update messages set deleted_at = now(), text = '' where id = ?", [gone.id]);
    expect(await report(one, gone)).toBe('conflict');
    await execute("update messages set type = 'system' where id = ?", [told.id]);
    expect(await report(one, told)).toBe('forbidden');
    expect(await report(one, { ...told, id: randomUUID() })).toBe('not_found');
    expect(await report(one, { ...told, id: 'x' })).toBe('not_found');
    const elsewhere = await app.pairRaw();
    expect(await report(one, { ...(await send(elsewhere.one, elsewhere.roomId)), roomId })).toBe('not_found');
    expect(await execute('select from reports where room_id = ?', [roomId])).toEqual([]);
  });

  test('cannot be by whoever may not see it: who has left, who came later, who never was there', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const message = await send(one, roomId);
    const member = 'where room_id = ? and user_id = ?';
    await execute(`update chat_room_members set history_from = 2 ${member}`, [roomId, other.user.id]);
    expect(await report(other, message)).toBe('not_found');
    await execute(`update chat_room_members set history_from = 1, left_at = now() ${member}`, [roomId, other.user.id]);
    expect(await report(other, message)).toBe('not_found');
    expect(await report(await app.signUpRaw(), message)).toBe('not_found');
    expect(await reasons(message)).toEqual([]);
  });

  test.each([
    ['nothing', {}],
    ['null', null],
    ['an empty reason', { reason: '' }],
    ['white space', { reason: ' \n\t ' }],
    ['501 characters', { reason: 'x'.repeat(501) }],
    ['too many bytes', { reason: '👩‍👩‍👧‍👦'.repeat(200) }],
    ['half a character', { reason: '\ud800' }],
    ['a NUL', { reason: 'a\0b' }],
    ['a number', { reason: 5 }],
    ['a list', { reason: ['Spam'] }],
    ['a field that is the server’s', { reason: 'Spam', resolution: 'removed' }],
  ])('is not reported with %s', async (_what, body) => {
    const { one, other, roomId } = await app.pairRaw();
    const message = await send(one, roomId);
    expect(await report(other, message, body)).toBe('invalid_request');
    expect(await reasons(message)).toEqual([]);
  });

  test('may be reported with 500 characters as people count them', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const message = await send(one, roomId);
    const reason = '한'.repeat(499) + '👍🏽';
    expect(await report(other, message, { reason: ` ${reason} ` })).toBe('204');
    expect(await reasons(message)).toEqual([reason]);
  });

  test('that was looked at stays so, until it is edited', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const message = await send(one, roomId);
    await report(other, message, { reason: 'first' });
    await resolve(message);
    expect(await report(other, message, { reason: 'again' })).toBe('204');
    expect(await reasons(message)).toEqual(['first']);
    await execute("update messages set edited_at = now() + interval '1 second' where id = ?", [message.id]);
    await report(other, message, { reason: 'it is worse now' });
    await report(other, message, { reason: 'it is much worse now' });
    expect(await reasons(message)).toEqual(['first', 'it is much worse now']);
  });
});

describe('a webhook', () => {
  test('hears once of a report, with what is there when it is sent', async () => {
    const site = await startReceiver();
    const { secret } = await managing(app).add(site.url, 'report.*');
    const { one, other, roomId } = await app.pairRaw();
    const message = await send(one, roomId, 'buy this');
    await report(other, message, { reason: 'Spam' });
    await report(other, message, { reason: 'Spam, really' });
    const received = await eventually(() => site.of('report.created')[0]);
    expect(isGenuine(secret, received)).toBe(true);
    const { data } = received.event as { data: { reportId: string; report: Report } };
    expect(data).toMatchObject({
      ...{ reportId: data.report.id, roomId, seq: 1, message, author: { id: one.user.id, externalId: null } },
      reporter: { id: other.user.id },
      report: { messageId: message.id, authorId: one.user.id, reporterId: other.user.id, resolvedAt: null },
    });
    expect(data.report.reason).toMatch(/^Spam/);
    const [kept] = await execute<{ data: object }>("select data from webhook_deliveries where type = 'report.created'");
    expect(kept?.data).toEqual({ reportId: data.reportId, roomId, seq: 1 });
    const later = await send(one, roomId, 'and this');
    await report(other, later);
    await eventually(() => site.of('report.created').length > 1);
    expect(site.of('report.created')).toHaveLength(2);
    await stopReceivers();
  });
});

describe('somebody who is erased', () => {
  const PASSWORD = 'correct horse battery staple';
  const erase = async (person: RawPerson) =>
    (
      await app.request<{ removed: { reports: number } }>('DELETE', '/me', {
        token: person.token,
        body: { password: PASSWORD },
      })
    ).body.removed.reports;

  test('takes their words along, not what they have pointed at', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const message = await send(one, roomId);
    const reason = `why ${other.user.id}`;
    await report(other, message, { reason });
    expect(await erase(other)).toBe(1);
    expect(await findInDatabase(app, [reason])).toEqual([]);
    expect(await reasons(message)).toEqual(['']);
  });

  test('takes along what others have said about them', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const reason = `why ${one.user.id}`;
    for (let n = 0; n < 3; n += 1) await report(other, await send(one, roomId), { reason });
    expect(await erase(one)).toBe(3);
    expect(await findInDatabase(app, [reason])).toEqual([]);
  });

  test('leaves none either of those that come in at that moment', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const reason = `why ${one.user.id}`;
    const messages = await Promise.all(Array.from({ length: 30 }, () => send(one, roomId)));
    const answers = messages.map((message) => report(other, message, { reason }));
    await erase(one);
    const codes = new Set(await Promise.all(answers));
    expect([...codes].filter((code) => !['204', 'not_found', 'conflict'].includes(code))).toEqual([]);
    expect(await findInDatabase(app, [reason])).toEqual([]);
  });
});

test('an export has what the person has reported, and not what was said of them', async () => {
  const { one, other, roomId } = await app.pairRaw();
  const [mine, theirs] = [await send(one, roomId), await send(other, roomId)];
  await report(other, mine, { reason: 'about one' });
  await report(one, theirs, { reason: 'about the other' });
  const { body } = await app.request<{ reports: unknown[] }>('GET', '/me/export', { token: one.token });
  expect(body.reports).toEqual([
    {
      ...{ id: expect.any(String) as string, roomId, messageId: theirs.id, reason: 'about the other' },
      createdAt: expect.stringMatching(/Z$/) as string,
    },
  ]);
  expect(JSON.stringify(body)).not.toContain('about one');
});

test('somebody who reports everything has to wait', async () => {
  const strict = await startTestApp({ RATE_LIMIT_FACTOR: '0.1' });
  const { one, other, roomId } = await strict.pairRaw();
  const codes: string[] = [];
  for (let n = 0; n < 8; n += 1) {
    const said = { token: one.token, body: { clientId: String(n), text: 'hello' } };
    const { id } = (await strict.request<Message>('POST', `/rooms/${roomId}/messages`, said)).body;
    const reason = { token: other.token, body: { reason: 'Spam' } };
    const answer = await strict.request<Problem | undefined>('POST', `/rooms/${roomId}/messages/${id}/report`, reason);
    codes.push(answer.body?.code ?? String(answer.status));
  }
  expect(codes).toEqual([...Array.from({ length: 6 }, () => '204'), 'rate_limited', 'rate_limited']);
  await strict.close();
});
