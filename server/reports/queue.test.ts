import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  AuditEntry,
  CreatedKey,
  Id,
  Message,
  MessageEvent,
  Page,
  Problem,
  ReportedMessage,
} from '@co-talk/sdk/protocol';
import { createGroup } from '../testing-erase.ts';
import { next, startTestApp, type RawPerson, type TestApp } from '../testing.ts';

// What those do who moderate.

const OPERATOR = 'the-key-of-whoever-runs-this-server';

let app: TestApp;
let key: string;
beforeAll(async () => {
  app = await startTestApp({ OPERATOR_KEY: OPERATOR });
  await app.request('POST', '/admin/apps', {
    token: OPERATOR,
    body: { id: 'other-site', name: 'Other', accounts: true, noOrigin: true },
  });
  key = await createKey('default');
});
afterAll(() => app.close());

async function createKey(appId: string): Promise<string> {
  const body = { kind: 'secret', name: 'site' };
  const made = await app.request<CreatedKey>('POST', `/admin/apps/${appId}/keys`, { token: OPERATOR, body });
  return made.body.secret ?? '';
}

async function send(from: RawPerson, roomId: Id, text: string): Promise<Message> {
  const body = { clientId: randomUUID(), text };
  return (await app.request<Message>('POST', `/rooms/${roomId}/messages`, { token: from.token, body })).body;
}

async function report(by: RawPerson, { roomId, id }: Message, reason = 'Spam'): Promise<void> {
  const path = `/rooms/${roomId}/messages/${id}/report`;
  const { status } = await app.request('POST', path, { token: by.token, body: { reason } });
  expect(status).toBe(204);
}

async function reported(text = 'something rude'): Promise<{ one: RawPerson; other: RawPerson; message: Message }> {
  const { one, other, roomId } = await app.pairRaw();
  const message = await send(one, roomId, text);
  await report(other, message);
  return { one, other, message };
}

const list = async (query = '', appId = 'default', token = key) =>
  (await app.request<Page<ReportedMessage> & Problem>('GET', `/admin/apps/${appId}/reports${query}`, { token })).body;
const find = async ({ id }: Message, state: 'open' | 'resolved' = 'open') =>
  (await list(`?state=${state}&limit=100`)).items.find(({ reports }) => reports[0]?.messageId === id);
const opened = async (message: Message) => {
  const item = await find(message);
  if (!item) throw new Error('it is not in the queue');
  return item;
};
const resolve = (id: Id, resolution: string, token = key) =>
  app.request<ReportedMessage & Problem>('POST', `/admin/apps/default/reports/${id}/resolve`, {
    token,
    body: { resolution },
  });
const audited = async (action: string) =>
  (await app.request<Page<AuditEntry>>('GET', `/admin/apps/default/audit?action=${action}`, { token: key })).body.items;
const history = async (person: RawPerson, roomId: Id) =>
  (await app.request<Page<Message>>('GET', `/rooms/${roomId}/messages`, { token: person.token })).body.items;

describe('the queue', () => {
  test('has each message once, with who wrote it, who has reported it and why, and where', async () => {
    const [author, first, second] = await Promise.all([app.signUpRaw(), app.signUpRaw(), app.signUpRaw()]);
    const group = await createGroup(app, 'Tea', [author.user.id, first.user.id, second.user.id]);
    const message = await send(author, group, 'buy my kettles');
    await report(first, message, 'Spam');
    await report(second, message, '광고예요');
    const item = await opened(message);
    expect(item).toMatchObject({ room: { id: group, name: 'Tea', memberCount: 3 }, message, count: 2 });
    expect(item.reports.map(({ reporterId, reason }) => [reporterId, reason])).toEqual([
      [second.user.id, '광고예요'],
      [first.user.id, 'Spam'],
    ]);
    expect(item.id).toBe(item.reports[1]?.id);
    expect(item.users.map(({ id }) => id).sort()).toEqual([author, first, second].map(({ user }) => user.id).sort());
    expect(item.users.find(({ id }) => id === author.user.id)).toMatchObject({ nickname: author.user.nickname });
  });

  test('goes page by page, what has waited longest first; what was decided, the last first', async () => {
    const messages: Message[] = [];
    for (const text of ['a', 'b', 'c']) messages.push((await reported(text)).message);
    const pages = async (state: string) => {
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const page: Page<ReportedMessage> = await list(`?state=${state}&limit=1${after}`);
        expect(page.items.length).toBeLessThanOrEqual(1);
        seen.push(...page.items.map(({ message }) => message?.id ?? ''));
        cursor = page.next;
      }
      return seen.filter((id) => messages.some((message) => message.id === id));
    };
    const ids = messages.map(({ id }) => id);
    expect(await pages('open')).toEqual(ids);
    for (const message of messages) await resolve((await opened(message)).id, 'dismissed');
    expect(await pages('open')).toEqual([]);
    expect(await pages('resolved')).toEqual(ids.toReversed());
  });

  test('shows a message as it is now', async () => {
    const { message } = await reported();
    const em = app.db.orm.em.fork();
    await em.execute("update messages set text = 'something nice', edited_at = now() where id = ?", [message.id]);
    expect((await opened(message)).message).toMatchObject({
      text: 'something nice',
      editedAt: expect.any(String) as string,
    });
    await em.execute("update messages set text = '', deleted_at = now() where id = ?", [message.id]);
    expect((await opened(message)).message).toMatchObject({ text: '', deletedAt: expect.any(String) as string });
    await em.execute('delete from messages where id = ?', [message.id]);
    expect((await opened(message)).message).toBeNull();
    expect((await resolve((await opened(message)).id, 'removed')).status).toBe(200);
  });

  test('tells of many reports how many there are, and the newest twenty', async () => {
    const { message, one } = await reported();
    await app.db.orm.em.fork().execute(
      `insert into reports (id, app_id, room_id, message_id, seq, author_id, reporter_id, reason, created_at)
       select overlay(r.id::text placing to_char(n, 'FM000') from 34)::uuid, r.app_id, r.room_id, r.message_id, r.seq, r.author_id,
         gen_random_uuid(), 'reason ' || n, now() from reports r, generate_series(1, 40) n where r.message_id = ?`,
      [message.id],
    );
    const item = await opened(message);
    expect([item.count, item.reports.length]).toEqual([41, 20]);
    expect(item.users.map(({ id }) => id)).toContain(one.user.id);
  });

  test('is of this app alone', async () => {
    const { message } = await reported();
    const { id } = await opened(message);
    const foreign = await createKey('other-site');
    expect(await list('', 'other-site', foreign)).toEqual({ items: [], next: null });
    expect((await list('', 'default', foreign)).code).toBe('not_found');
    const asked = await app.request<Problem>('POST', `/admin/apps/other-site/reports/${id}/resolve`, {
      token: foreign,
      body: { resolution: 'dismissed' },
    });
    expect(asked.body.code).toBe('not_found');
    expect(await find(message)).toBeDefined();
  });

  test('refuses what it does not know', async () => {
    for (const query of ['?state=all', '?cursor=x', '?limit=0', '?limit=101', '?roomId=1']) {
      expect((await list(query)).code).toBe('invalid_request');
    }
    const { next: cursor } = await list('?limit=1');
    expect((await list(`?state=resolved&cursor=${cursor ?? ''}`)).code).toBe('invalid_request');
    const { id } = await opened((await reported()).message);
    for (const resolution of ['', 'banned', 5, null]) {
      expect((await resolve(id, resolution as string)).body.code).toBe('invalid_request');
    }
    expect((await resolve(randomUUID(), 'dismissed')).body.code).toBe('not_found');
    expect((await resolve('x', 'dismissed')).body.code).toBe('not_found');
  });

  test('that somebody has looked is in the audit log, without a word of it', async () => {
    const { message } = await reported('a secret between two');
    await list('?limit=100');
    const [entry] = await audited('report.read');
    expect(entry).toMatchObject({ by: { kind: 'key' }, details: { state: 'open' } });
    expect(Number(entry?.details['messages'])).toBeGreaterThan(0);
    await resolve((await opened(message)).id, 'removed');
    expect(JSON.stringify(await audited('report'))).not.toMatch(/secret|Spam/);
  });
});

describe('a report', () => {
  test('that is dismissed leaves the message, and all reports of it are settled', async () => {
    const { one, message } = await reported();
    const item = await opened(message);
    const { status, body } = await resolve(item.id, 'dismissed');
    expect([status, body.id, body.message]).toEqual([200, item.id, message]);
    expect(body.reports).toMatchObject([{ resolution: 'dismissed', resolvedBy: { kind: 'key' } }]);
    expect(await find(message)).toBeUndefined();
    expect(await find(message, 'resolved')).toEqual(body);
    expect(await history(one, message.roomId)).toEqual([message]);
    expect((await audited('report.resolve'))[0]).toMatchObject({
      target: { kind: 'message', id: message.id },
      details: { resolution: 'dismissed', reports: 1 },
    });
  });

  test('takes the message away from everybody, once, with all others of it', async () => {
    const [author, first, second] = await Promise.all([app.signUpRaw(), app.signUpRaw(), app.signUpRaw()]);
    const group = await createGroup(app, 'Tea', [author.user.id, first.user.id, second.user.id]);
    const message = await send(author, group, 'buy my kettles');
    for (const person of [first, second]) await report(person, message);
    const socket = await app.connect(first.token);
    const heard = next<MessageEvent>(socket, 'message');
    const { reports } = await opened(message);
    // By any of them.
    const { status, body } = await resolve(reports[0]?.id ?? '', 'removed', OPERATOR);
    expect([status, body.count, body.message?.text]).toEqual([200, 2, '']);
    expect(body.reports.map(({ resolution, resolvedBy }) => [resolution, resolvedBy?.kind])).toEqual([
      ['removed', 'operator'],
      ['removed', 'operator'],
    ]);
    expect((await heard).message).toMatchObject({ id: message.id, text: '', rev: message.rev + 1 });
    expect((await history(second, group)).map(({ text, deletedAt }) => [text, deletedAt !== null])).toEqual([
      ['', true],
    ]);
    expect((await audited('message.remove')).filter(({ target }) => target?.id === message.id)).toHaveLength(1);
    expect((await audited('report.resolve'))[0]?.details).toEqual({ resolution: 'removed', reports: 2 });
  });

  test('is resolved by one of two, whatever they want', async () => {
    for (const pair of [
      ['removed', 'removed'],
      ['removed', 'dismissed'],
      ['dismissed', 'dismissed'],
    ]) {
      const { one, message } = await reported();
      const { id } = await opened(message);
      const answers = await Promise.all(pair.map((resolution) => resolve(id, resolution)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      expect(answers.find(({ status }) => status === 409)?.body.code).toBe('conflict');
      const won = answers.find(({ status }) => status === 200)?.body.reports[0]?.resolution;
      const [now] = await history(one, message.roomId);
      expect([now?.deletedAt !== null, now?.rev]).toEqual([
        won === 'removed',
        message.rev + (won === 'removed' ? 1 : 0),
      ]);
      expect((await audited('report.resolve')).filter(({ target }) => target?.id === message.id)).toHaveLength(1);
      expect((await resolve(id, 'dismissed')).body.code).toBe('conflict');
    }
  });

  test('that comes while the message is removed is settled with it, or refused', async () => {
    for (let n = 0; n < 10; n += 1) {
      const { one, message } = await reported();
      const group = await Promise.all([app.signUpRaw(), app.signUpRaw(), app.signUpRaw()]);
      for (const { user } of group) {
        await app.db.orm.em
          .fork()
          .execute(
            "insert into chat_room_members (room_id, user_id, app_id, role, rev, joined_at) values (?, ?, 'default', 'member', 1, now())",
            [message.roomId, user.id],
          );
      }
      const { id } = await opened(message);
      const path = `/rooms/${message.roomId}/messages/${message.id}/report`;
      const late = group.map(({ token }) => app.request('POST', path, { token, body: { reason: 'late' } }));
      expect((await resolve(id, 'removed')).status).toBe(200);
      for (const { status } of await Promise.all(late)) expect([204, 409]).toContain(status);
      expect(await find(message)).toBeUndefined();
      expect((await history(one, message.roomId))[0]?.text).toBe('');
    }
  });

  test('of a message that is gone by another way is resolved, and the message not removed twice', async () => {
    const { one, message } = await reported();
    const path = `/admin/apps/default/rooms/${message.roomId}/messages/${message.id}`;
    expect((await app.request('DELETE', path, { token: key })).status).toBe(200);
    expect((await resolve((await opened(message)).id, 'removed')).status).toBe(200);
    expect((await history(one, message.roomId))[0]?.rev).toBe(message.rev + 1);
    expect((await audited('message.remove')).filter(({ target }) => target?.id === message.id)).toHaveLength(1);
  });
});
