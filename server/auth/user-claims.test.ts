import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type RawPerson, type TestApp } from '../testing.ts';
import { createHostSite, forgeToken, type Forgery, type HostSite } from '../testing-host.ts';

let app: TestApp;
let site: HostSite;
let person: RawPerson;
beforeAll(async () => {
  app = await startTestApp();
  site = await createHostSite(app);
  person = await app.signUpRaw();
});
afterAll(() => app.close());

const forge = (change: Forgery) => forgeToken(site, change);

describe('a claim', () => {
  test.each<[string, Record<string, unknown>]>([
    ['sub', { sub: undefined }],
    ['sub', { sub: '' }],
    ['sub', { sub: 42 }],
    ['sub', { sub: 'x'.repeat(201) }],
    ['sub', { sub: ['a'] }],
    ['sub', { sub: { id: 'a' } }],
    ['sub', { sub: 'a\0b' }],
    ['sub', { sub: '\ud800' }],
    ['nickname', { nickname: undefined }],
    ['nickname', { nickname: '' }],
    ['nickname', { nickname: null }],
    ['nickname', { nickname: 42 }],
    ['nickname', { nickname: { toString: 'Ada' } }],
    ['nickname', { nickname: 'x'.repeat(65) }],
    ['nickname', { nickname: 'x'.repeat(1_001) }],
    ['nickname', { nickname: '\u200b\u202e\ufeff' }],
    ['nickname', { nickname: '...' }],
    ['nickname', { nickname: 'a\0b' }],
    ['avatarUrl', { avatarUrl: 'javascript:alert(1)' }],
    ['avatarUrl', { avatarUrl: ' JaVaScRiPt:alert(1)' }],
    ['avatarUrl', { avatarUrl: 'data:image/svg+xml,<svg onload=alert(1)>' }],
    ['avatarUrl', { avatarUrl: 'http://shop.example/ada.png' }],
    ['avatarUrl', { avatarUrl: '//shop.example/ada.png' }],
    ['avatarUrl', { avatarUrl: 'https://ada:secret@shop.example/ada.png' }],
    ['avatarUrl', { avatarUrl: `https://shop.example/${'x'.repeat(2_000)}` }],
    ['avatarUrl', { avatarUrl: 42 }],
    ['email', { email: 'nobody' }],
    ['email', { email: ['ada@example.com'] }],
    ['email', { email: `${'x'.repeat(250)}@example.com` }],
  ])('%s must be right: %o', async (claim, claims) => {
    const { status, body } = await site.exchange(forge({ claims }));
    expect([status, body.code, body.errors?.[0]?.path]).toEqual([400, 'invalid_request', `userToken.${claim}`]);
    expect(body.detail).toMatch(/^unable to .*; .*\b(sub|nickname|avatarUrl|email) /);
  });

  test.each<[string, string, string]>([
    ['turns the line around', '\u202eAda\u202c', 'Ada'],
    ['cannot be seen', 'A\u200bd\u00ada\ufeff', 'Ada'],
    ['breaks lines', 'Ada\n\tLovelace', 'Ada Lovelace'],
    ['stacks accents', `A${'\u0301'.repeat(30)}da`, 'A\u0301\u0301da'],
    ['has accents without a letter', '\u0301Ada', 'Ada'],
  ])('nickname loses what %s', async (_name, nickname, shown) => {
    const { body } = await site.exchange(forge({ claims: { nickname } }));
    expect(body.user.nickname).toBe(shown.normalize('NFC'));
  });

  test.each(['Ана Марија', '김철수', 'نیلوفر می\u200cخواهم', 'Zoë 👩🏽‍🚀', 'X'.repeat(64), 'O’Neil', '李'])(
    'nickname may be %s',
    async (nickname) => {
      const { body } = await site.exchange(forge({ claims: { nickname } }));
      expect(body.user.nickname).toBe(nickname.normalize('NFC'));
    },
  );

  test('sub is taken as it is: letter case, spaces and names of the prototype are different people', async () => {
    const subs = ['Ada', 'ada', ' ada', '__proto__', 'constructor', 'toString', "'; drop table users; --", 'ada%'];
    const ids = new Set<string>();
    for (const sub of subs) ids.add((await site.exchange(forge({ claims: { sub } }))).body.user.id);
    expect(ids.size).toBe(subs.length);
  });

  test('says nothing about what is not the site’s to say', async () => {
    const claims = { kind: 'account', role: 'owner', id: person.user.id, userId: person.user.id, rev: 99, about: 'x' };
    const { body } = await site.exchange(forge({ claims: { ...claims, ['__proto__']: { disabledAt: null } } }));
    expect(body.user).toMatchObject({ kind: 'host', rev: 0, about: null });
    expect(body.user.id).not.toBe(person.user.id);
  });
});
