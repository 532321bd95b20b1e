import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Id, Me, Problem, UserExport } from '@co-talk/sdk/protocol';
import { startTestApp, type RawPerson, type TestApp } from '../testing.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const post = (from: RawPerson, path: string, body?: unknown) =>
  app.request('POST', path, { token: from.token, ...(body === undefined ? {} : { body }) });
const send = (from: RawPerson, roomId: Id, text: string) =>
  post(from, `/rooms/${roomId}/messages`, { clientId: randomUUID(), text });
const exportOf = (person: RawPerson) => app.request<UserExport & Problem>('GET', '/me/export', { token: person.token });

describe('an export', () => {
  test('has everything of the person, and nothing that is somebody else’s', async () => {
    const { one, other, roomId } = await app.pairRaw();
    const [asked, blocked, blocker] = await Promise.all([app.signUpRaw(), app.signUpRaw(), app.signUpRaw()]);
    await post(one, '/friends/requests', { userId: other.user.id });
    await post(other, '/friends/requests', { userId: one.user.id });
    await post(one, '/friends/requests', { userId: asked.user.id });
    await app.request('PUT', `/blocks/${blocked.user.id}`, { token: one.token });
    await app.request('PUT', `/blocks/${one.user.id}`, { token: blocker.token });
    await send(one, roomId, 'mine: 안녕 "quoted" \\ 🙂');
    await send(other, roomId, 'not mine');
    await post(one, `/rooms/${roomId}/read`, { seq: 2 });
    await fetch(`${app.url}/api/v1/me/avatar`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${one.token}`, 'content-type': 'image/png' },
      body: new Uint8Array(
        await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
          .png()
          .toBuffer(),
      ),
    });
    const me = (await app.request<Me>('GET', '/me', { token: one.token })).body;

    const { status, headers, body } = await exportOf(one);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="co-talk-export-\d{4}-\d\d-\d\d\.json"$/);
    expect(body).toMatchObject({ format: 'co-talk-export', version: 1, app: 'default', profile: me, externalId: null });
    expect(Buffer.from(body.avatar?.data ?? '', 'base64').toString('latin1', 8, 12)).toBe('WEBP');
    expect(body.sessions.map(({ id }) => id)).toEqual([one.sessionId]);
    const named = ({ user: { id, nickname } }: RawPerson) => ({ id, nickname });
    expect(body.friends.map(({ user }) => user)).toEqual([named(other)]);
    expect(body.requests.map(({ from, to, status }) => [from, to, status])).toEqual([
      [named(one), named(other), 'accepted'],
      [named(one), named(asked), 'pending'],
    ]);
    expect(body.blocks.map(({ user }) => user)).toEqual([named(blocked)]);
    expect(body.rooms).toMatchObject([{ id: roomId, type: 'direct', peer: named(other), readSeq: 2, leftAt: null }]);
    expect(body.messages).toMatchObject([{ roomId, seq: 1, text: 'mine: 안녕 "quoted" \\ 🙂', deletedAt: null }]);
    for (const foreign of ['not mine', blocker.user.nickname, other.user.email, asked.user.email]) {
      expect(JSON.stringify(body)).not.toContain(foreign);
    }
  });

  test('of somebody new is whole, with empty lists', async () => {
    const { body } = await exportOf(await app.signUpRaw());
    const { friends, requests, blocks, rooms, messages, avatar } = body;
    expect([friends, requests, blocks, rooms, messages, avatar]).toEqual([[], [], [], [], [], null]);
  });

  test('of many messages has each once, in order', async () => {
    const { one, roomId } = await app.pairRaw();
    await app.db.orm.em.fork().execute(
      `insert into messages (room_id, seq, app_id, id, rev, client_id, sender_id, text, created_at)
       select ?, n, 'default', gen_random_uuid(), n, n::text, ?, 'message ' || n, now() from generate_series(1, 2501) n`,
      [roomId, one.user.id],
    );
    const { body } = await exportOf(one);
    expect(body.messages.map(({ text }) => text)).toEqual(
      Array.from({ length: 2_501 }, (_, place) => `message ${String(place + 1)}`),
    );
  });

  test('of which too many are made at once is refused for a moment', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, () => app.signUpRaw()));
    const answers = await Promise.all(people.map(exportOf));
    const codes = new Set(answers.map(({ status, body }) => (status === 200 ? 'made' : body.code)));
    expect([...codes].sort()).toEqual(['made', 'overloaded']);
    expect((await exportOf(people[0] as RawPerson)).status).toBe(200);
  });

  test('that nobody reads to its end holds nothing up', async () => {
    const person = await app.signUpRaw();
    for (let times = 0; times < 5; times += 1) {
      const controller = new AbortController();
      await fetch(`${app.url}/api/v1/me/export`, {
        headers: { authorization: `Bearer ${person.token}` },
        signal: controller.signal,
      });
      controller.abort();
    }
    expect((await exportOf(person)).status).toBe(200);
  });
});
