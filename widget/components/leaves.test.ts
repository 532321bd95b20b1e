import { html, type TemplateResult } from 'lit';
import { userEvent } from 'vitest/browser';
import { afterEach, describe, expect, test } from 'vitest';
import { CoTalkError } from '@co-talk/sdk';
import { clear, deep, heard, one, problems, settle, show } from '../testing.ts';
import './confirm.ts';
import type { Confirm } from './confirm.ts';
import './menu.ts';
import type { Menu } from './menu.ts';
import './profile-form.ts';
import type { ProfileForm } from './profile-form.ts';
import './search-field.ts';
import type { SearchField } from './search-field.ts';
import './tab-bar.ts';
import type { TabBar } from './tab-bar.ts';

afterEach(clear);

const menu = () =>
  html`<co-talk-menu
    .label=${'More'}
    .items=${[
      { id: 'pin', label: 'Pin' },
      { id: 'mute', label: 'Mute' },
      { id: 'block', label: 'Block', danger: true },
    ]}
  ></co-talk-menu>`;
const search = (term = '') => html`<co-talk-search-field .label=${'Find people'} .term=${term}></co-talk-search-field>`;
const tabs = (tab = 'rooms', o: { unread?: number; requests?: number } = {}) =>
  html`<co-talk-tab-bar .tab=${tab} .unread=${o.unread ?? 0} .requests=${o.requests ?? 0}></co-talk-tab-bar>`;
const confirm = () => html`<co-talk-confirm .text=${'Block Minji?'} .action=${'Block'}></co-talk-confirm>`;
const form = () => html`<co-talk-profile-form .nickname=${'mina'} .about=${'Tea'}></co-talk-profile-form>`;

describe('a menu', () => {
  const focused = (element: Element) => deep(element, ':focus')[0]?.innerText.trim();

  test('opens at its first item, moves by arrows around its ends and picks', async () => {
    const { element } = await show<Menu>(menu());
    const picked = heard(element, 'pick');
    await userEvent.click(one(element, '.icon'));
    await settle(1);
    expect(one(element, '.icon').getAttribute('aria-expanded')).toBe('true');
    expect(focused(element)).toBe('Pin');
    await userEvent.keyboard('{ArrowUp}');
    expect(focused(element)).toBe('Block');
    await userEvent.keyboard('{ArrowDown}{ArrowDown}');
    expect(focused(element)).toBe('Mute');
    await userEvent.keyboard('{End}{Home}{ArrowDown}{Enter}');
    expect(picked).toEqual([{ id: 'mute' }]);
    expect(deep(element, '[role=menu]')).toEqual([]);
    expect(one(element, '.icon').matches(':focus')).toBe(true);
  });

  test('closes by Escape, which goes no further, and when the focus leaves', async () => {
    const { element, stage } = await show<Menu>(menu());
    const escapes: Event[] = [];
    stage.addEventListener('keydown', (event) => escapes.push(event));
    one(element, '.icon').focus();
    await userEvent.keyboard('{ArrowDown}');
    await settle(1);
    await userEvent.keyboard('{Escape}');
    await settle(1);
    expect(deep(element, '[role=menu]')).toEqual([]);
    expect(escapes.filter((event) => (event as KeyboardEvent).key === 'Escape')).toEqual([]);
    await userEvent.keyboard('{ArrowUp}');
    await settle(1);
    expect(focused(element)).toBe('Block');
    await userEvent.keyboard('{Tab}');
    await settle(1);
    expect(deep(element, '[role=menu]')).toEqual([]);
  });
});

describe('a search field', () => {
  test('tells of every keystroke, and empties by its button and by Escape', async () => {
    const { element, again } = await show<SearchField>(search());
    const terms = heard(element, 'term-change');
    element.focus();
    await userEvent.keyboard('mi');
    expect(terms.map(({ term }) => term)).toEqual(['m', 'mi']);
    await again(search('mi'));
    await userEvent.click(one(element, '[aria-label="Clear search"]'));
    await userEvent.keyboard('{Escape}');
    expect(terms.slice(2)).toEqual([{ term: '' }, { term: '' }]);
  });

  test('leaves Escape to the panel while it is empty', async () => {
    const { element, stage } = await show<SearchField>(search());
    const keys: string[] = [];
    stage.addEventListener('keydown', (event) => keys.push(event.key));
    element.focus();
    await userEvent.keyboard('{Escape}');
    expect(keys).toEqual(['Escape']);
  });
});

describe('the tab bar', () => {
  test('says where one is and goes elsewhere', async () => {
    const { element } = await show<TabBar>(tabs('friends'));
    const changes = heard(element, 'tab-change');
    expect(deep(element, '[aria-current=page]').map((tab) => tab.innerText.trim())).toEqual(['Friends']);
    one(element, '[data-tab=you]').click();
    expect(changes).toEqual([{ tab: 'you' }]);
  });

  test('tells what is new elsewhere', async () => {
    const { element } = await show<TabBar>(tabs('you', { unread: 120, requests: 1 }));
    expect(deep(element, 'button').map((tab) => tab.getAttribute('aria-label'))).toEqual([
      'Chats, 99+ unread',
      'Friends, 1 requests waiting',
      null,
    ]);
    expect(deep(element, 'i').length).toBe(2);
  });
});

describe('a question', () => {
  test('begins at the harmless answer', async () => {
    const { element } = await show<Confirm>(confirm());
    const answers = heard(element, 'act');
    expect(deep(element, ':focus')[0]?.innerText.trim()).toBe('Cancel');
    await userEvent.keyboard('{Escape}');
    deep(element, 'button')[1]?.click();
    expect(answers.map(({ action }) => action)).toEqual(['no', 'yes']);
  });
});

describe('the profile form', () => {
  const field = (element: Element, id: string) => one(element, `#${id}`, HTMLInputElement);

  test('saves what was typed; an empty text about oneself is none', async () => {
    const { element } = await show<ProfileForm>(form());
    const saved = heard(element, 'profile-save');
    field(element, 'nickname').value = ' mina park ';
    field(element, 'about').value = '  ';
    one(element, 'form', HTMLFormElement).requestSubmit();
    expect(saved).toEqual([{ nickname: 'mina park', about: null }]);
  });

  test('says why it was refused, and keeps what was typed', async () => {
    const { element } = await show<ProfileForm>(form());
    field(element, 'nickname').value = 'minji';
    one(element, 'form', HTMLFormElement).requestSubmit();
    element.refuse(new CoTalkError('nickname_taken', 'taken', { status: 409 }));
    await settle(2);
    expect(one(element, '.problem').innerText).toBe('This nickname is taken. Try another one.');
    expect(field(element, 'nickname').value).toBe('minji');
    expect(field(element, 'nickname').matches(':focus')).toBe(true);
  });

  test('takes no more than a hundred characters about oneself', async () => {
    const { element } = await show<ProfileForm>(form());
    const about = field(element, 'about');
    about.value = '🙂'.repeat(103);
    about.dispatchEvent(new InputEvent('input'));
    expect(about.value).toBe('🙂'.repeat(100));
  });
});

const leaves: [string, () => TemplateResult][] = [
  ['a menu', menu],
  ['a search field', () => search('mi')],
  ['the tab bar', () => tabs('rooms', { unread: 3, requests: 2 })],
  ['a question', confirm],
  ['the profile form', form],
];
const looks: [string, Parameters<typeof show>[1]][] = [
  ['light', {}],
  ['dark', { dark: true }],
  ['right to left', { dir: 'rtl' }],
];

test.each(leaves.flatMap(([leaf, content]) => looks.map(([look, o]) => [leaf, look, content, o] as const)))(
  'accessibility: %s, %s',
  async (_, __, content, look) => {
    const { stage, element } = await show(content(), look);
    deep(element, '[aria-haspopup]')[0]?.click();
    await settle(2);
    expect(await problems(stage)).toEqual([]);
  },
);
