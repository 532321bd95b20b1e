import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Message, MessageEvent, MessagePage, Problem } from '@co-talk/sdk/protocol';
import { call, eventually, next, startTestApp, type TestApp } from '../testing.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const send = (token: string, roomId: string, body: unknown) =>
  app.request<Message & Problem>('POST', `/rooms/${roomId}/messages`, { token, body });
const history = async (token: string, roomId: string, query = '') =>
  (await app.request<MessagePage>('GET', `/rooms/${roomId}/messages${query}`, { token })).body;

describe('sending', () => {
  test('the same message over the socket and over HTTP: the ack, the event and the history are equal', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const [mine, theirs, laptop] = await Promise.all([
      app.connect(one.token),
      app.connect(other.token),
      app.connect(one.token),
    ]);
    const own: unknown[] = [];
    mine.on('message', (event) => own.push(event));
    const heard = Promise.all([next<MessageEvent>(theirs, 'message'), next<MessageEvent>(laptop, 'message')]);
    const clientId = randomUUID();
    const ack = await call<Message>(mine, 'message:send', { roomId, clientId, text: '  Hello  ' });
    if (!ack.ok) throw new Error(ack.error.detail);
    expect(ack.data).toMatchObject({
      roomId,
      clientId,
      seq: 1,
      text: 'Hello',
      type: 'text',
      senderId: one.user.id,
      replyTo: null,
      editedAt: null,
    });
    for (const event of await heard) expect(event).toEqual({ roomId, rev: ack.data.rev, message: ack.data });
    expect(own).toEqual([]);

    const again = await send(one.token, roomId, { clientId, text: 'Hello' });
    expect(again.status).toBe(200);
    expect(again.body).toEqual(ack.data);
    const second = await send(other.token, roomId, { clientId: randomUUID(), text: 'Hi' });
    expect(second.status).toBe(201);
    const page = await history(one.token, roomId);
    expect(page.items).toEqual([ack.data, second.body]);
    expect(page.users.map((user) => user.id).sort()).toEqual([one.user.id, other.user.id].sort());
  });

  test('a repeated send is published again, for those who missed it', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const clientId = randomUUID();
    const first = await send(one.token, roomId, { clientId, text: 'once' });
    const theirs = await app.connect(other.token);
    const heard = next<MessageEvent>(theirs, 'message');
    await send(one.token, roomId, { clientId, text: 'once' });
    expect((await heard).message).toEqual(first.body);
  });

  test('other text under a known client id changes nothing', async () => {
    const { one, roomId } = await app.pairRaw();
    const clientId = randomUUID();
    await send(one.token, roomId, { clientId, text: 'first' });
    const other = await send(one.token, roomId, { clientId, text: 'second' });
    expect([other.status, other.body.text]).toEqual([200, 'first']);
    expect((await history(one.token, roomId)).items).toHaveLength(1);
  });

  test('fifty sends of one client id at once, over two sockets and HTTP, are one message', async () => {
    const { one, roomId } = await app.pairRaw();
    const sockets = await Promise.all([app.connect(one.token), app.connect(one.token)]);
    const clientId = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const socket = sockets[index % 3];
        if (!socket) return (await send(one.token, roomId, { clientId, text: 'one' })).body;
        const ack = await call<Message>(socket, 'message:send', { roomId, clientId, text: 'one' });
        return ack.ok ? ack.data : ack;
      }),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect((await history(one.token, roomId)).lastSeq).toBe(1);
  });

  test('what one sends without waiting arrives in the order of sending', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const [mine, theirs] = await Promise.all([app.connect(one.token), app.connect(other.token)]);
    const heard: string[] = [];
    theirs.on('message', (event: MessageEvent) => heard.push(event.message.text));
    const texts = Array.from({ length: 200 }, (_, index) => `message ${String(index)}`);
    await Promise.all(texts.map((text) => call(mine, 'message:send', { roomId, clientId: randomUUID(), text })));
    await eventually(() => heard.length === texts.length);
    expect(heard).toEqual(texts);
  });

  test('a length of 1000 is counted as people count', async () => {
    const { one, roomId } = await app.pairRaw();
    for (const text of ['가'.repeat(1000), '👍🏽'.repeat(1000), 'e\u0301'.repeat(1000), 'a'.repeat(1000)]) {
      const answer = await send(one.token, roomId, { clientId: randomUUID(), text });
      expect([answer.status, answer.body.text]).toEqual([201, text]);
    }
    for (const text of ['가'.repeat(1001), 'a'.repeat(1001), '👨‍👩‍👧‍👦'.repeat(400)]) {
      const answer = await send(one.token, roomId, { clientId: randomUUID(), text });
      expect([answer.status, answer.body.code, answer.body.errors?.[0]?.path]).toEqual([
        400,
        'invalid_request',
        'text',
      ]);
    }
  });

  const valid = { clientId: 'c', text: 't' };
  test.each<[string, unknown, string]>([
    ['nothing', undefined, ''],
    ['null', null, ''],
    ['a number', 7, ''],
    ['a list', [valid], ''],
    ['no text', { clientId: 'c' }, 'text'],
    ['no client id', { text: 't' }, 'clientId'],
    ['text of another type', { ...valid, text: 5 }, 'text'],
    ['a list of texts', { ...valid, text: ['t'] }, 'text'],
    ['a client id of another type', { ...valid, clientId: {} }, 'clientId'],
    ['an empty client id', { ...valid, clientId: '' }, 'clientId'],
    ['a long client id', { ...valid, clientId: 'c'.repeat(129) }, 'clientId'],
    ['a client id with NUL', { ...valid, clientId: 'a\0b' }, 'clientId'],
    ['empty text', { ...valid, text: '' }, 'text'],
    ['text that nobody sees', { ...valid, text: '\u200b\u3164\u2800\ufe0f\u{e0041}' }, 'text'],
    ['only spaces', { ...valid, text: ' \n\t\u3000' }, 'text'],
    ['only invisible characters', { ...valid, text: '\u200b\u2060' }, 'text'],
    ['NUL', { ...valid, text: 'a\0b' }, 'text'],
    ['half a surrogate pair', { ...valid, text: 'a\ud800b' }, 'text'],
    ['an unknown field', { ...valid, seq: 1 }, 'seq'],
    ['somebody else as sender', { ...valid, senderId: randomUUID() }, 'senderId'],
    ['a prototype', JSON.parse('{"clientId":"c","text":"t","__proto__":{"admin":true}}'), '__proto__'],
  ])('%s is refused on both ways in, and the process goes on', async (_name, body, path) => {
    const { one, roomId } = await app.pairRaw();
    const socket = await app.connect(one.token);
    const payload = typeof body === 'object' && body !== null && !Array.isArray(body) ? { roomId, ...body } : body;
    if (!('__proto__' in Object.getOwnPropertyDescriptors(body ?? {}))) {
      const ack = await call(socket, 'message:send', ...(body === undefined ? [] : [payload]));
      expect(ack).toMatchObject({ ok: false, error: { code: 'invalid_request', retryable: false } });
    }
    const answer = await send(one.token, roomId, body === undefined ? undefined : JSON.stringify(body));
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    if (path !== '') expect(answer.body.errors?.[0]?.path).toBe(path);
    expect((await history(one.token, roomId)).items).toEqual([]);
  });

  test('nobody else can send: strangers, other ids and no ids at all get one answer', async () => {
    const { one, roomId } = await app.pairRaw();
    const stranger = await app.signUpRaw();
    const body = { clientId: 'c', text: 't' };
    const socket = await app.connect(stranger.token);
    expect(await call(socket, 'message:send', { roomId, ...body })).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
    const answers = await Promise.all([
      send(stranger.token, roomId, body),
      send(one.token, randomUUID(), body),
      send(one.token, 'x', body),
    ]);
    expect(answers.map((answer) => [answer.status, answer.body.code])).toEqual(
      Array.from({ length: 3 }, () => [404, 'not_found']),
    );
  });
});

describe('history', () => {
  test('any position of a long room is one request away', async () => {
    const { one, roomId } = await app.pairRaw();
    const socket = await app.connect(one.token);
    await Promise.all(
      Array.from({ length: 130 }, (_, index) =>
        call(socket, 'message:send', { roomId, clientId: String(index), text: String(index) }),
      ),
    );
    const seqs = async (query: string) => (await history(one.token, roomId, query)).items.map((message) => message.seq);
    const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
    expect(await seqs('')).toEqual(range(81, 130));
    expect(await seqs('?before=81')).toEqual(range(31, 80));
    expect(await seqs('?before=31')).toEqual(range(1, 30));
    expect(await seqs('?before=1')).toEqual([]);
    expect(await seqs('?after=120')).toEqual(range(121, 130));
    expect(await seqs('?after=0&limit=3')).toEqual([1, 2, 3]);
    expect(await seqs('?after=130')).toEqual([]);
    expect(await seqs('?around=60&limit=10')).toEqual(range(56, 65));
    expect(await seqs('?around=1&limit=10')).toEqual(range(1, 10));
    expect(await seqs('?around=130&limit=10')).toEqual(range(121, 130));
    expect(await seqs('?around=99999&limit=2')).toEqual([129, 130]);
    expect(await history(one.token, roomId)).toMatchObject({ firstSeq: 1, lastSeq: 130, rev: 131 });
  });

  test.each([
    'before=-1',
    'before=1.5',
    'before=x',
    'after=99999999999',
    'before=1&after=2',
    'limit=0',
    'limit=101',
    'before=1&before=2',
    'page=2',
  ])('the query %s is refused', async (query) => {
    const { one, roomId } = await app.pairRaw();
    const answer = await app.request<Problem>('GET', `/rooms/${roomId}/messages?${query}`, { token: one.token });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
  });

  test('a third person cannot read along', async () => {
    const { one, roomId } = await app.pairRaw();
    const stranger = await app.signUpRaw();
    const socket = await app.connect(stranger.token);
    const heard: unknown[] = [];
    socket.onAny((event) => heard.push(event));
    await send(one.token, roomId, { clientId: 'c', text: 'between us' });
    const answer = await app.request<Problem>('GET', `/rooms/${roomId}/messages`, { token: stranger.token });
    expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
    expect(await call(socket, 'sync', { epoch: null, rev: 0, rooms: [{ id: roomId, rev: 0 }] })).toMatchObject({
      ok: true,
      data: { rooms: [{ id: roomId, gone: true }], users: [] },
    });
    expect(heard).toEqual([]);
  });
});
