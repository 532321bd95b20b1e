import { userEvent } from 'vitest/browser';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Id } from '@co-talk/sdk';
import { clear, deep, message, one, problems, search, settle, until } from '../testing.ts';
import { goHome, newApp, pair, remember, SERVER, signUp, write, type Person } from '../testing-people.ts';
import '../index.ts';
import type { CoTalk } from '../co-talk.ts';
import { excerpt } from './message-hit.ts';

let app: string;
let mina: Person;
let minji: Person;
let roomId: Id;
let element: CoTalk;

const textsIn = (root: Element, selector: string) =>
  deep(root, selector).map((found) => found.innerText.replace(/\s+/g, ' ').trim());
const texts = (selector: string) => textsIn(element, selector);
const textsFound = (selector: string) =>
  deep(element, 'co-talk-search-view').flatMap((view) => textsIn(view, selector));
const focused = () => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
};
const found = () => deep(element, '.hit');
const field = () => one(element, 'input[type=search]', HTMLInputElement);

async function open(): Promise<void> {
  await remember(mina);
  element = document.createElement('co-talk');
  element.setAttribute('app', app);
  element.setAttribute('server', SERVER);
  document.body.append(element);
  await until(() => element.client?.rooms.store.get().loaded === true, 'the lists');
  element.open();
  await settle();
}

/** What is said a moment ago is found a moment later. */
async function find(term: string, count: number): Promise<void> {
  await until(async () => {
    const page = await element.client?.search.messages(term);
    return page?.items.length === count;
  }, 'the index');
  await search(element, term);
  await until(() => found().length === count, 'the messages');
}

async function openSearch(): Promise<void> {
  // It takes the focus, which closes a menu.
  await until(() => focused() instanceof HTMLTextAreaElement, 'the room');
  const head = one(element, 'co-talk-room-head');
  await until(() => deep(head, '[aria-label=More]').length > 0, 'the menu');
  one(head, '[aria-label=More]').click();
  await settle(2);
  const item = deep(head, '[role=menuitem]').find((entry) => entry.innerText.trim() === 'Search messages');
  if (!item) throw new Error('unable to find the search in the menu');
  item.click();
  await until(
    () => deep(element, 'co-talk-search-page-view').some((page) => deep(page, 'input').length === 1),
    'the search',
  );
}

beforeEach(async () => {
  app = await newApp();
  [mina, minji] = [await signUp(app, 'Mina'), await signUp(app, 'Minji Kim')];
  roomId = await pair(mina, minji);
  localStorage.clear();
  document.documentElement.lang = 'en';
  document.documentElement.dir = 'ltr';
  document.title = 'Test';
});
afterEach(async () => {
  clear();
  await goHome();
});

describe('in all chats', () => {
  test('chats, people and messages are found in one box, with what matches marked', async () => {
    await write(minji, roomId, 'Shall we meet at Café Minji?', '점심 먹자');
    await signUp(app, 'Minjun');
    await open();
    await find('minj', 1);
    expect(textsIn(one(element, 'co-talk-room-list'), '.name')).toEqual(['Minji Kim']);
    await until(() => texts('[part=person-row] .name').includes('Minjun'), 'the person');
    expect(texts('.hit mark')).toEqual(['Minj']);
    expect(texts('.hit .where')).toEqual(['Minji Kim']);
    expect(textsFound('[role=status]')).toEqual(['1 message found']);
    await find('심', 1);
    expect(texts('.hit mark')).toEqual(['심']);
    await find('cafe', 1);
    expect(texts('.hit mark')).toEqual(['Café']);
  });

  test('a message opens in its place, marked; the way back leads to what was found', async () => {
    await write(minji, roomId, 'The kettle is in the kitchen');
    await write(mina, roomId, ...Array.from({ length: 120 }, (_, n) => `Line ${String(n)}`));
    await open();
    await find('kettle', 1);
    found()[0]?.click();
    await until(() => texts('.marked .bubble').length === 1, 'the message');
    expect(texts('.marked .bubble')).toEqual(['The kettle is in the kitchen']);
    const [marked, scroller] = [one(element, '.marked'), one(element, '.scroller')].map((e) =>
      e.getBoundingClientRect(),
    );
    expect(marked?.top).toBeGreaterThanOrEqual(scroller?.top ?? NaN);
    expect(marked?.bottom).toBeLessThanOrEqual(scroller?.bottom ?? NaN);
    one(element, '[aria-label=Back]').click();
    await until(() => found().length === 1, 'what was found');
    expect(field().value).toBe('kettle');
    await until(() => focused() === found()[0], 'the focus');
    await search(element, '');
    one(element, '[part=room-row]').click();
    await until(() => deep(element, 'co-talk-room-view').length === 1, 'the room');
    one(element, '[aria-label=Back]').click();
    await until(() => deep(element, 'co-talk-room-list').length === 1, 'the chats');
    expect(field().value).toBe('');
  });

  test('by keyboard alone', async () => {
    await write(minji, roomId, 'green tea', 'black tea');
    await open();
    await find('tea', 2);
    field().focus();
    await userEvent.keyboard('{ArrowDown}');
    expect(focused()).toBe(found()[0]);
    await userEvent.keyboard('{ArrowDown}');
    expect(focused()).toBe(found()[1]);
    await userEvent.keyboard('{ArrowUp}{ArrowUp}');
    expect(focused()).toBe(field());
    await userEvent.keyboard('{ArrowDown}{Enter}');
    await until(() => texts('.marked .bubble')[0] === 'black tea', 'the message');
  });

  test('what nobody has said, and what is too short, is said so; a letter fewer takes it away', async () => {
    await write(minji, roomId, 'Hello');
    await open();
    await search(element, 'zzz');
    await until(() => textsFound('.empty').length === 1, 'the word');
    expect(textsFound('.empty')).toEqual(['No messages with “zzz”']);
    await search(element, 'z');
    await until(() => textsFound('.section').includes('Type two letters or more.'), 'the hint');
    await search(element, '');
    await until(() => deep(element, 'co-talk-search-view').length === 0, 'the list');
  });

  test('more are fetched when asked for', async () => {
    await write(minji, roomId, ...Array.from({ length: 25 }, (_, n) => `tea ${String(n)}`));
    await open();
    await until(async () => (await element.client?.search.messages('tea'))?.items.length === 25, 'the index');
    await search(element, 'tea');
    await until(() => found().length === 20, 'the first page');
    expect(textsFound('[role=status]')).toEqual(['More than 20 messages found']);
    one(one(element, 'co-talk-search-view'), '.wide').click();
    await until(() => found().length === 25, 'the rest');
    expect(new Set(texts('.said')).size).toBe(25);
  });
});

describe('in one chat', () => {
  test('what was said here is found, with what stands around it, and the way back leads there', async () => {
    const ben = await signUp(app, 'Ben');
    await write(ben, await pair(mina, ben), 'tea elsewhere');
    await write(minji, roomId, 'before', 'tea at five', 'after');
    await open();
    element.openRoom(roomId);
    await openSearch();
    await until(() => focused() === field(), 'the focus');
    await until(async () => (await element.client?.search.messages('tea'))?.items.length === 2, 'the index');
    await search(element, 'tea');
    await until(() => found().length === 1, 'the message');
    expect(texts('.said')).toEqual(['tea at five']);
    expect(texts('.beside')).toEqual(['\u2068Minji Kim\u2069: before', '\u2068Minji Kim\u2069: after']);
    found()[0]?.click();
    await until(() => texts('.marked .bubble').length === 1, 'the message in its place');
    one(element, '[aria-label=Back]').click();
    await until(() => found().length === 1, 'what was found');
    await until(() => focused() === found()[0], 'the focus');
    await userEvent.keyboard('{Escape}');
    await until(() => deep(element, 'co-talk-message-list').length === 1, 'the room');
    one(element, '[aria-label=Back]').click();
    await until(() => deep(element, 'co-talk-room-list').length === 1, 'the chats');
  });
});

test('whoever comes next finds nothing of it', async () => {
  await write(minji, roomId, 'our secret');
  await open();
  await find('secret', 1);
  await element.signOut();
  await until(() => deep(element, 'co-talk-sign-view').length === 1, 'the way in');
  await element.client?.auth.logIn({ email: minji.email, password: minji.password });
  await until(() => deep(element, 'co-talk-rooms-view').some((view) => deep(view, 'input').length === 1), 'her chats');
  expect(field().value).toBe('');
  expect(found()).toEqual([]);
});

test.each(['ltr', 'rtl'])('accessibility: %s', async (dir) => {
  await write(minji, roomId, 'one tea', 'two teas', 'and cake');
  await open();
  document.documentElement.dir = dir;
  for (const theme of ['light', 'dark'] as const) {
    element.theme = theme;
    await find('tea', 2);
    expect(await problems(element)).toEqual([]);
  }
  element.openRoom(roomId);
  await openSearch();
  expect(await problems(element)).toEqual([]);
  await search(element, 'tea');
  await until(() => found().length === 2, 'the messages');
  expect(await problems(element)).toEqual([]);
});

describe('what is shown of a long message', () => {
  const at = (text: string, ...matches: { from: number; to: number }[]) =>
    excerpt({ message: message(1, { text }), matches })
      .map((piece) => (piece.hit ? `[${piece.text}]` : piece.text))
      .join('');

  test.each<[string, string, { from: number; to: number }[], string]>([
    ['all of a short one', 'a tea please', [{ from: 2, to: 5 }], 'a [tea] please'],
    [
      'several matches',
      'tea, tea',
      [
        { from: 0, to: 3 },
        { from: 5, to: 8 },
      ],
      '[tea], [tea]',
    ],
    [
      'what is around the first',
      `${'x'.repeat(100)}tea${'y'.repeat(300)}`,
      [{ from: 100, to: 103 }],
      `…${'x'.repeat(40)}[tea]${'y'.repeat(177)}…`,
    ],
    ['no half of a character', `${'🎉'.repeat(30)}!tea`, [{ from: 61, to: 64 }], `…${'🎉'.repeat(20)}![tea]`],
    ['markup as it is written', '<b>tea</b>', [{ from: 3, to: 6 }], '<b>[tea]</b>'],
  ])('%s', (_, text, matches, shown) => {
    expect(at(text, ...matches)).toBe(shown);
  });
});
