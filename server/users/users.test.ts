import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Me, MeEvent, Problem, User } from '@co-talk/sdk/protocol';
import { next, startTestApp, type RawPerson, type TestApp } from '../testing.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const getMe = async (person: RawPerson) => (await app.request<Me>('GET', '/me', { token: person.token })).body;
const change = (person: RawPerson, body: unknown) =>
  app.request<Me & Problem>('PATCH', '/me', { token: person.token, body });
const getUser = (person: RawPerson, id: string) =>
  app.request<User & Problem>('GET', `/users/${id}`, { token: person.token });

describe('the own profile', () => {
  test('changes what is named and nothing else', async () => {
    const person = await app.signUpRaw();
    const nickname = `  Grace ${randomUUID().slice(0, 6)}`;
    const { status, body } = await change(person, { nickname });
    expect([status, body]).toEqual([200, { ...person.user, nickname: nickname.trim(), rev: 1 }]);
    const about = (await change(person, { about: ' Admiral.\n⚓️ ' })).body;
    expect(about).toEqual({ ...body, about: 'Admiral.\n⚓️', rev: 2 });
    expect(await getMe(person)).toEqual(about);
    expect((await change(person, { about: null })).body.about).toBeNull();
  });

  test('what changes nothing takes no revision', async () => {
    const person = await app.signUpRaw();
    for (const body of [{}, { nickname: person.user.nickname }, { about: null }, { about: '  ' }]) {
      expect((await change(person, body)).body).toEqual(person.user);
    }
  });

  test('a nickname can change its letter case, and be given up for others', async () => {
    const [person, other] = await Promise.all([app.signUpRaw(), app.signUpRaw()]);
    const name = `anna ${randomUUID().slice(0, 6)}`;
    await change(person, { nickname: name });
    expect((await change(person, { nickname: name.toUpperCase() })).body.nickname).toBe(name.toUpperCase());
    const taken = await change(other, { nickname: name.replace('a', 'а') });
    expect([taken.status, taken.body.code, taken.body.errors?.[0]?.path]).toEqual([409, 'nickname_taken', 'nickname']);
    await change(person, { nickname: person.user.nickname });
    expect((await change(other, { nickname: name })).status).toBe(200);
  });

  test('many who want one nickname at the same moment: one gets it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const people = await Promise.all([app.signUpRaw(), app.signUpRaw(), app.signUpRaw()]);
      const nickname = randomUUID().slice(0, 18);
      const answers = await Promise.all(people.map((person) => change(person, { nickname })));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    }
  });

  test.each<[string, unknown, string, string | undefined]>([
    ['a nickname of one character', { nickname: 'x' }, 'invalid_nickname', 'nickname'],
    ['a nickname that cannot be seen', { nickname: '\u3164\u3164' }, 'invalid_nickname', 'nickname'],
    ['101 characters about oneself', { about: '가'.repeat(101) }, 'invalid_request', 'about'],
    ['control characters about oneself', { about: 'a\u0007b' }, 'invalid_request', 'about'],
    ['NUL', { about: 'a\0b' }, 'invalid_request', 'about'],
    ['no nickname at all', { nickname: null }, 'invalid_request', 'nickname'],
    ['an e-mail address', { email: 'a@example.com' }, 'invalid_request', 'email'],
    ['a revision', { rev: 99 }, 'invalid_request', 'rev'],
    ['a role', { kind: 'bot' }, 'invalid_request', 'kind'],
    ['an array', [], 'invalid_request', ''],
    ['nothing', undefined, 'invalid_request', ''],
  ])('%s is refused', async (_name, body, code, path) => {
    const person = await app.signUpRaw();
    const answer = await change(person, body);
    expect([answer.status, answer.body.code, answer.body.errors?.[0]?.path]).toEqual([400, code, path]);
    expect(await getMe(person)).toEqual(person.user);
  });

  test('100 family emoji about oneself are 100 characters', async () => {
    const person = await app.signUpRaw();
    expect((await change(person, { about: '👨‍👩‍👧'.repeat(100) })).status).toBe(200);
  });

  test('a change reaches the own devices, friends and direct rooms, and nobody else', async () => {
    const { one, other: peer } = await app.pairRaw();
    const [friend, stranger] = await Promise.all([app.signUpRaw(), app.signUpRaw()]);
    await app.request('POST', '/friends/requests', { token: one.token, body: { userId: friend.user.id } });
    await app.request('POST', '/friends/requests', { token: friend.token, body: { userId: one.user.id } });
    const sockets = await Promise.all([one, peer, friend, stranger].map((person) => app.connect(person.token)));
    const [own, peerSocket, friendSocket, strangerSocket] = sockets;
    if (!own || !peerSocket || !friendSocket || !strangerSocket) throw new Error('no sockets');
    const strangerHeard: unknown[] = [];
    strangerSocket.onAny((...args) => strangerHeard.push(args));
    const heard = Promise.all([
      next<MeEvent>(own, 'me'),
      next<{ user: User }>(peerSocket, 'user'),
      next<{ user: User }>(friendSocket, 'user'),
    ]);
    const me = (await change(one, { about: 'new here' })).body;
    const [mine, ...theirs] = await heard;
    expect(mine).toEqual({ rev: me.rev, change: 'profile', item: me });
    const { body: seen } = await getUser(peer, one.user.id);
    expect(theirs).toEqual([{ user: seen }, { user: seen }]);
    expect(seen).not.toHaveProperty('email');
    await getUser(stranger, one.user.id);
    expect(strangerHeard).toEqual([]);
  });
});

describe('a person by id', () => {
  test('has no address, no password and no settings', async () => {
    const [one, other] = await Promise.all([app.signUpRaw(), app.signUpRaw()]);
    const { email: _email, emailVerified: _verified, settings: _settings, ...visible } = other.user;
    expect((await getUser(one, other.user.id)).body).toEqual(visible);
    expect((await getUser(one, other.user.id.toUpperCase())).body).toEqual(visible);
  });

  test('is not found when unknown, malformed, or the one who has blocked', async () => {
    const [one, other] = await Promise.all([app.signUpRaw(), app.signUpRaw()]);
    await app.request('PUT', `/blocks/${one.user.id}`, { token: other.token });
    const answers = await Promise.all([randomUUID(), other.user.id].map((id) => getUser(one, id)));
    for (const answer of answers) expect([answer.status, answer.body]).toEqual([404, answers[0]?.body]);
    expect((await getUser(one, 'x')).body.code).toBe('not_found');
    expect((await getUser(other, one.user.id)).status).toBe(200);
  });
});
