import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FoundUser, Me, Page, Problem, SignedIn } from '@co-talk/sdk/protocol';
import { eventually, startTestApp, type RawPerson, type TestApp } from '../testing.ts';

let app: TestApp;
let seeker: RawPerson;
const people = new Map<string, RawPerson>();

async function signUp(nickname: string, email: string): Promise<RawPerson> {
  const body = { app: 'default', email, password: 'correct horse battery staple', nickname };
  const answer = await app.request<SignedIn>('POST', '/auth/signup', { body });
  expect(answer.status).toBe(201);
  const { user, session } = answer.body;
  return { token: session.accessToken, refreshToken: session.refreshToken, sessionId: session.sessionId, user };
}

beforeAll(async () => {
  app = await startTestApp();
  seeker = await signUp('Seeker', 'seeker@example.com');
  for (const [nickname, email] of [
    ['Mina', 'first@example.com'],
    ['minari', 'second@example.com'],
    ['Carmina', 'third@example.com'],
    ['xX MINA Xx', 'fourth@example.com'],
    ['김민아', 'kim.mina.park@korea.example'],
    ['100% real', 'percent@example.com'],
    ['100 real', 'plain@example.com'],
    ['under_score', 'under@example.com'],
    ['underxscore', 'underx@example.com'],
    ['back\\slash', 'back@example.com'],
    ['ÉVA', 'hungary@example.com'],
    ['Мария', 'maria@example.com'],
    ["O'Neil -- 1=1", 'quote@example.com'],
  ] as const) {
    people.set(nickname, await signUp(nickname, email));
  }
});
afterAll(() => app.close());

const search = (query: string, person = seeker) =>
  app.request<Page<FoundUser> & Problem>('GET', `/users?${query}`, { token: person.token });
const find = async (q: string, person = seeker) =>
  (await search(new URLSearchParams({ q }).toString(), person)).body.items;
const names = async (q: string) => (await find(q)).map((user) => user.nickname);
const person = (nickname: string) => {
  const found = people.get(nickname);
  if (!found) throw new Error(`no ${nickname}`);
  return found;
};

describe('people are found', () => {
  test('by any part of the nickname: the whole first, then beginnings, then the rest, in order', async () => {
    expect(await names('mina')).toEqual(['Mina', 'minari', 'Carmina', 'xX MINA Xx', '김민아']);
    expect(await names('  MINA ')).toEqual(await names('mina'));
  });

  test.each([
    ['one syllable', '민', ['김민아']],
    ['decomposed Korean', '민아'.normalize('NFD'), ['김민아']],
    ['accents in another case', 'éva', ['ÉVA']],
    ['Cyrillic in another case', 'МАР', ['Мария']],
    ['a percent sign', '%', ['100% real']],
    ['an underscore', 'r_s', ['under_score']],
    ['a backslash', 'k\\s', ['back\\slash']],
    ['a quote', "'", ["O'Neil -- 1=1"]],
    ['a comment', '--', ["O'Neil -- 1=1"]],
    ['SQL', "' or 1=1 --", []],
    ['a pattern', '.*', []],
    ['a lone backslash', '\\', ['back\\slash']],
    ['letters without their accents', 'eva', []],
  ])('by %s', async (_name, q, found) => {
    expect(await names(q)).toEqual(found);
  });

  test('by a part of the address before the @, of three characters or more', async () => {
    expect(await names('KIM.MI')).toEqual(['김민아']);
    expect(await names('perc')).toEqual(['100% real']);
    expect(await names('pe')).toEqual([]);
  });

  test('by their whole address, but never by its domain', async () => {
    expect(await names('kim.mina.park@korea.example')).toEqual(['김민아']);
    for (const q of [
      'korea',
      'example',
      '@korea.example',
      'park@korea.example',
      'kim.mina.park@',
      'example.com',
      '@',
      '.com',
    ]) {
      expect([q, await names(q)]).toEqual([q, []]);
    }
  });

  test('never oneself, nor a disabled person', async () => {
    expect(await names('seeker')).toEqual([]);
    const gone = await signUp('Minamoto', 'gone@example.com');
    expect(await names('minamoto')).toEqual(['Minamoto']);
    await app.db.fork('default').execute('update users set disabled_at = now() where id = ?', [gone.user.id]);
    expect(await names('minamoto')).toEqual([]);
  });

  test('with how they relate to the one who asks', async () => {
    const relation = async (nickname: string) => (await find(nickname))[0]?.friendship;
    const request = (from: RawPerson, to: RawPerson) =>
      app.request('POST', '/friends/requests', { token: from.token, body: { userId: to.user.id } });
    const [mina, minari, carmina, maria] = [person('Mina'), person('minari'), person('Carmina'), person('Мария')];
    expect(await relation('mina')).toBe('none');
    await request(seeker, mina);
    await request(minari, seeker);
    expect(await relation('mina')).toBe('outgoing');
    expect(await relation('minari')).toBe('incoming');
    await request(mina, seeker);
    expect(await relation('mina')).toBe('friend');
    await app.request('PUT', `/blocks/${carmina.user.id}`, { token: seeker.token });
    expect(await relation('carmina')).toBe('blocked');
    await app.request('PUT', `/blocks/${seeker.user.id}`, { token: maria.token });
    expect(await find('Мария')).toEqual([]);
    expect(await find('Мария', mina)).toHaveLength(1);
  });

  test('as everybody may see them', async () => {
    const { email: _email, emailVerified: _verified, settings: _settings, ...visible } = person('under_score').user;
    expect(await find('under_score')).toEqual([{ ...visible, friendship: 'none' }]);
  });
});

describe('pages', () => {
  test('follow each other without a gap or a repeat', async () => {
    for (let index = 0; index < 7; index += 1)
      await signUp(`Pager ${'abcdefg'[index] ?? ''}`, `p${String(index)}@pages.example`);
    const whole = await names('pager');
    expect(whole).toHaveLength(7);
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const { body }: { body: Page<FoundUser> } = await search(`q=pager&limit=2${next && `&cursor=${next}`}`);
      expect(body.items.length).toBeGreaterThan(0);
      seen.push(...body.items.map((user) => user.nickname));
      next = body.next;
    }
    expect(seen).toEqual(whole);
  });

  const forged = (position: unknown) => Buffer.from(JSON.stringify(position)).toString('base64url');
  test.each([
    ['no term', 'limit=2'],
    ['an empty term', 'q='],
    ['only spaces', 'q=%20%20'],
    ['101 characters', `q=${'x'.repeat(101)}`],
    ['NUL', 'q=a%00b'],
    ['two terms', 'q=a&q=b'],
    ['a nested term', 'q[$ne]=a'],
    ['an unknown field', 'q=a&orderBy=email'],
    ['a limit of 0', 'q=a&limit=0'],
    ['a limit of 101', 'q=a&limit=101'],
    ['a negative limit', 'q=a&limit=-1'],
    ['half a limit', 'q=a&limit=1.5'],
    ['a word for a limit', 'q=a&limit=all'],
    ['an empty cursor', 'q=a&cursor='],
    ['a made-up cursor', 'q=a&cursor=abc'],
    ['a cursor that is no position', `q=a&cursor=${forged({ rank: 0 })}`],
    ['a cursor with another rank', `q=a&cursor=${forged([7, 'a', '01a20293-3334-74bf-9c9e-dafc39827274'])}`],
    ['a cursor with SQL for an id', `q=a&cursor=${forged([0, 'a', "'; drop table users;--"])}`],
    ['a cursor with NUL', `q=a&cursor=${forged([0, 'a\0', '01a20293-3334-74bf-9c9e-dafc39827274'])}`],
    ['an endless cursor', `q=a&cursor=${'a'.repeat(5000)}`],
  ])('%s is refused', async (_name, query) => {
    const answer = await search(query);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
  });

  test('a broken percent code is a term like another', async () => {
    expect((await search('q=%E0%A4%A')).status).toBe(200);
  });
});

describe('by e-mail address', () => {
  const settle = async (emailSearch: string) => {
    await app.db.orm.em
      .fork()
      .execute("update apps set settings = jsonb_build_object('emailSearch', ?::text)", [emailSearch]);
  };
  const finds = async (...qs: string[]) => (await Promise.all(qs.map(names))).map((found) => found.length);

  test('nobody who does not want it is found, whole address or part, and it is to be seen in the profile', async () => {
    const hidden = await signUp('Hedgehog', 'wanted.poster@example.com');
    const change = (findableByEmail: boolean) =>
      app.request<Me>('PATCH', '/me', { token: hidden.token, body: { settings: { findableByEmail } } });
    expect(hidden.user.settings).toEqual({ findableByEmail: true });
    expect(await finds('wanted.poster@example.com', 'poster')).toEqual([1, 1]);
    const { body } = await change(false);
    expect([body.settings, body.rev]).toEqual([{ findableByEmail: false }, hidden.user.rev + 1]);
    expect(await finds('wanted.poster@example.com', 'poster', 'hedgehog')).toEqual([0, 0, 1]);
    await change(true);
    expect(await finds('wanted.poster@example.com')).toEqual([1]);
    const wrong = { token: hidden.token, body: { settings: { emailVerified: true } } };
    expect((await app.request<Problem>('PATCH', '/me', wrong)).body.code).toBe('invalid_request');
  });

  test('the app says how: parts, whole addresses, or not at all', async () => {
    await settle('exact');
    await eventually(async () => (await names('kim.mina.park')).length === 0);
    expect(
      await finds('kim.mina.park@korea.example', 'KIM.mina.park@korea.example', 'mina.park@korea.example'),
    ).toEqual([1, 1, 0]);
    await settle('off');
    await eventually(async () => (await names('kim.mina.park@korea.example')).length === 0);
    expect(await finds('민아')).toEqual([1]);
    await settle('partial');
    await eventually(async () => (await names('kim.mina.park')).length === 1);
  });
});
