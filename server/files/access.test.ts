import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ForwardAnswer, Id, MessageEvent, MessagePage, Problem } from '@co-talk/sdk/protocol';
import { next, startTestApp, type RawPerson, type TestApp } from '../testing.ts';
import { drawn, read, sendFiles, upload, urlOf } from '../testing-files.ts';

const OPERATOR = 'the-key-of-whoever-runs-this-server';
const dataDir = mkdtempSync(join(tmpdir(), 'co-talk-files-'));
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ DATA_DIR: dataDir, OPERATOR_KEY: OPERATOR });
});
afterAll(async () => {
  await app.close();
  rmSync(dataDir, { recursive: true });
});

const idOf = async (from: RawPerson, content = 'tea', name = 'tea.txt'): Promise<Id> =>
  (await upload(app, from.token, content, { name })).body.id;

describe('a message with files', () => {
  test('has them in their order for everybody, live and in the history, with a type that says what they are', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const picture = await drawn(40, 30).png().toBuffer();
    const image = (await upload(app, one.token, picture, { name: 'a.png' })).body;
    const notes = (await upload(app, one.token, 'notes', { name: 'b.txt' })).body;
    const socket = await app.connect(other.token);
    const heard = next<MessageEvent>(socket, 'message');
    const sent = await sendFiles(app, one.token, roomId, [notes.id, image.id], 'look');
    expect([sent.status, sent.body]).toMatchObject([201, { type: 'file', text: 'look', attachments: [notes, image] }]);
    expect((await heard).message).toEqual(sent.body);
    const alone = await sendFiles(app, one.token, roomId, [await again(one, picture)]);
    expect([alone.status, alone.body]).toMatchObject([201, { type: 'image', text: '' }]);
    const history = await app.request<MessagePage>('GET', `/rooms/${roomId}/messages`, { token: other.token });
    expect(history.body.items).toEqual([sent.body, alone.body]);
  });

  const again = async (from: RawPerson, picture: Buffer) =>
    (await upload(app, from.token, picture, { name: 'c.png' })).body.id;

  test('is one message however often it is sent, also when its files are gone', async () => {
    const { one, roomId } = await app.pairRaw();
    const [file, clientId] = [await idOf(one), randomUUID()];
    const first = await sendFiles(app, one.token, roomId, [file], '', clientId);
    const second = await sendFiles(app, one.token, roomId, [file], '', clientId);
    expect([first.status, second.status, second.body]).toEqual([201, 200, first.body]);
    const path = `/admin/apps/default/rooms/${roomId}/messages/${first.body.id}`;
    expect((await app.request('DELETE', path, { token: OPERATOR })).status).toBe(200);
    const third = await sendFiles(app, one.token, roomId, [file], '', clientId);
    expect([third.status, third.body]).toMatchObject([200, { id: first.body.id, attachments: [] }]);
  });

  test.each<[string, (ids: { mine: Id; theirs: Id; used: Id }) => unknown, string]>([
    ['a file of somebody else', ({ theirs }) => [theirs], 'not_found'],
    ['a file of another message', ({ used }) => [used], 'not_found'],
    ['one that is not there', ({ mine }) => [mine, randomUUID()], 'not_found'],
    ['one twice', ({ mine }) => [mine, mine], 'invalid_request'],
    ['none, and no text', () => [], 'invalid_request'],
    ['too many', () => Array.from({ length: 11 }, () => randomUUID()), 'invalid_request'],
    ['something else than ids', () => [7], 'invalid_request'],
    ['no list', () => 'x', 'invalid_request'],
  ])('is refused with %s', async (_what, pick, code) => {
    const { one, other, roomId } = await app.pairRaw();
    const [mine, theirs, used] = [await idOf(one), await idOf(other), await idOf(one)];
    await sendFiles(app, one.token, roomId, [used]);
    const { body } = await app.request<Problem>('POST', `/rooms/${roomId}/messages`, {
      token: one.token,
      body: { clientId: randomUUID(), text: '', attachmentIds: pick({ mine, theirs, used }) },
    });
    expect(body.code).toBe(code);
  });
});

describe('a message that is passed on', () => {
  test('takes its files along, which are then those’ who see it there', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const third = await app.signUpRaw();
    const body = { type: 'direct', userId: third.user.id };
    const { body: elsewhere } = await app.request<{ id: Id }>('POST', '/rooms', { token: other.token, body });
    const id = await idOf(one, 'shared tea');
    const sent = (await sendFiles(app, one.token, roomId, [id], 'look')).body;
    const path = `/rooms/${roomId}/messages/${sent.id}/forward`;
    const targets = [{ roomId: elsewhere.id, clientId: randomUUID() }];
    const answer = await app.request<ForwardAnswer>('POST', path, { token: other.token, body: { targets } });
    expect(answer.body.items).toMatchObject([
      { message: { type: 'file', text: 'look', forwarded: true, attachments: sent.attachments } },
    ]);
    expect(String(await read(app, (await urlOf(app, third.token, id))?.url ?? ''))).toBe('shared tea');
    // The first one is deleted: it is still there for those who have it from the other.
    await app.request('DELETE', `/admin/apps/default/rooms/${roomId}/messages/${sent.id}`, { token: OPERATOR });
    expect(String(await read(app, (await urlOf(app, third.token, id))?.url ?? ''))).toBe('shared tea');
    expect(await urlOf(app, one.token, id)).toBeUndefined();
  });
});

describe('a file is', () => {
  test('its uploader’s alone until a message has it, and then the members’', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const stranger = await app.signUpRaw();
    const id = await idOf(one);
    const seenBy = async () =>
      Promise.all([one, other, stranger].map(async ({ token }) => (await urlOf(app, token, id)) !== undefined));
    expect(await seenBy()).toEqual([true, false, false]);
    await sendFiles(app, one.token, roomId, [id]);
    expect(await seenBy()).toEqual([true, true, false]);
  });

  test('gone for everybody, at an address they hold too, when its message is deleted', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const id = await idOf(one, 'secret tea');
    const { body } = await sendFiles(app, one.token, roomId, [id]);
    const held = await Promise.all([one, other].map(async ({ token }) => (await urlOf(app, token, id))?.url ?? ''));
    expect(String(await read(app, held[1] ?? ''))).toBe('secret tea');
    await app.request('DELETE', `/admin/apps/default/rooms/${roomId}/messages/${body.id}`, { token: OPERATOR });
    expect(await Promise.all(held.map((url) => read(app, url)))).toEqual(['not_found', 'not_found']);
    expect(await urlOf(app, one.token, id)).toBeUndefined();
  });

  test('not there before the history that somebody may see begins, nor for those who have left', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const id = await idOf(one);
    await sendFiles(app, one.token, roomId, [id]);
    const held = (await urlOf(app, other.token, id))?.url ?? '';
    const em = app.db.orm.em.fork();
    const member = (change: string) =>
      em.execute(`update chat_room_members set ${change} where room_id = ? and user_id = ?`, [roomId, other.user.id]);
    await member('history_from = 2');
    expect(await read(app, held)).toBe('not_found');
    await member('history_from = 1');
    expect(String(await read(app, held))).toBe('tea');
    await member('left_at = now()');
    expect(await read(app, held)).toBe('not_found');
  });

  test('of its app alone', async () => {
    const em = app.db.orm.em.fork();
    await em.execute("insert into apps (id, name, origins, no_origin) values ('another', 'Another', '{}', true)");
    const id = await idOf(await app.signUpRaw());
    const foreigner = await app.signUpRaw('Foreigner', 'another');
    expect(await urlOf(app, foreigner.token, id)).toBeUndefined();
  });
});

describe('an address', () => {
  test('holds for its session, its file and its time alone', async () => {
    const one = await app.signUpRaw();
    const [id, other] = [await idOf(one), await idOf(one)];
    const { url = '', expiresIn = 0 } = (await urlOf(app, one.token, id)) ?? {};
    expect([expiresIn > 0, expiresIn <= 600]).toEqual([true, true]);
    expect(String(await read(app, url))).toBe('tea');
    const changed = (name: string, value: string) => {
      const query = new URLSearchParams(url.split('?')[1]);
      query.set(name, value);
      return `${url.split('?')[0] ?? ''}?${query.toString()}`;
    };
    const forged = [
      url.replace(id, other),
      changed('session', randomUUID()),
      changed('expires', '9999999999'),
      changed('signature', 'a.b'),
    ];
    expect(await Promise.all(forged.map((address) => read(app, address)))).toEqual(forged.map(() => 'not_found'));
    await app.request('POST', '/auth/logout', { token: one.token });
    expect(await read(app, url)).toBe('not_found');
  });

  test('shows pictures, and has everything else saved, as nothing that runs', async () => {
    const one = await app.signUpRaw();
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    const picture = await drawn(4, 4).png().toBuffer();
    for (const [content, name, type, how] of [
      [
        svg,
        'evil "x".svg',
        'application/octet-stream',
        /^attachment; filename="evil _x_.svg"; filename\*=UTF-8''evil%20%22x%22\.svg$/,
      ],
      ['<script>alert(1)</script>', 'page.html', 'application/octet-stream', /^attachment/],
      [picture, '차.png', 'image/png', /^inline; filename="_.png"; filename\*=UTF-8''%EC%B0%A8\.png$/],
    ] as const) {
      const { body } = await upload(app, one.token, content, { name, type: 'image/svg+xml' });
      const { url = '' } = (await urlOf(app, one.token, body.id)) ?? {};
      const { headers } = await fetch(`${app.url}${url}`);
      expect(headers.get('content-type')).toBe(type);
      expect(headers.get('content-disposition')).toMatch(how);
      expect([headers.get('x-content-type-options'), headers.get('content-security-policy')]).toEqual([
        ...['nosniff', "default-src 'none'; sandbox"],
      ]);
      expect(headers.get('cache-control')).toMatch(/^private/);
      expect((await fetch(`${app.url}${url}&download=1`)).headers.get('content-disposition')).toMatch(/^attachment/);
    }
  });

  test('gives parts, and nothing to those who have it already', async () => {
    const one = await app.signUpRaw();
    const { url = '' } = (await urlOf(app, one.token, await idOf(one, '0123456789'))) ?? {};
    const whole = await fetch(`${app.url}${url}`);
    const etag = whole.headers.get('etag') ?? '';
    expect([whole.headers.get('accept-ranges'), whole.headers.get('content-length')]).toEqual(['bytes', '10']);
    const ask = async (headers: Record<string, string>) => {
      const answer = await fetch(`${app.url}${url}`, { headers });
      return [answer.status, await answer.text(), answer.headers.get('content-range')];
    };
    expect(await ask({ range: 'bytes=2-4' })).toEqual([206, '234', 'bytes 2-4/10']);
    expect(await ask({ range: 'bytes=-3' })).toEqual([206, '789', 'bytes 7-9/10']);
    expect(await ask({ range: 'bytes=8-99' })).toEqual([206, '89', 'bytes 8-9/10']);
    expect(await ask({ range: 'bytes=10-' })).toEqual([416, '', 'bytes */10']);
    expect(await ask({ range: 'bytes=0-1,4-5' })).toEqual([200, '0123456789', null]);
    expect(await ask({ range: 'bytes=2-4', 'if-range': '"another"' })).toEqual([200, '0123456789', null]);
    expect(await ask({ 'if-none-match': etag })).toEqual([304, '', null]);
  });
});
