import { html } from 'lit';
import type { Client } from '@co-talk/sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answer, refuse, resetWorld, signIn, world } from '../testing-server.ts';
import type { Prefs } from '../shared.ts';
import { clear, deep, heard, one, problems, settle, show, until } from '../testing.ts';
import './you-view.ts';
import type { YouView } from './you-view.ts';

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0 Safari/537.36';
const device = (id: string, current: boolean, userAgent: string | null = CHROME) => ({
  id,
  current,
  userAgent,
  createdAt: '2026-11-20T10:00:00.000Z',
  lastUsedAt: '2026-11-22T14:00:00.000Z',
  expiresAt: '2026-11-29T10:00:00.000Z',
});

let client: Client;
let element: YouView;
let stage: HTMLElement;
const view = (prefs: Prefs = {}) =>
  html`<co-talk-you-view
    .client=${client}
    .prefs=${prefs}
    .now=${new Date('2026-11-22T15:00:00.000Z')}
    .closable=${true}
  ></co-talk-you-view>`;
const button = (text: string) => {
  const found = deep(element, 'button').find((candidate) => candidate.innerText.trim() === text);
  if (!found) throw new Error(`unable to find the button ${text}`);
  return found;
};

beforeEach(async () => {
  resetWorld({ sessions: [device('s-1', true), device('s-2', false), device('s-3', false, null)] });
  client = await signIn();
  ({ element, stage } = await show<YouView>(view()));
  await until(() => deep(element, '[part=device]').length === 3, 'the devices');
});
afterEach(() => {
  clear();
  client.close();
});

describe('the profile', () => {
  test('is shown, changed and shown again', async () => {
    expect(one(element, '.who').innerText).toContain('mina@example.com');
    button('Edit').click();
    await settle(2);
    one(element, '#about', HTMLInputElement).value = 'Tea and books';
    button('Save').click();
    await until(() => one(element, '.who').innerText.includes('Tea and books'), 'the new profile');
    expect(world.asked.at(-1)).toEqual(['PATCH /me', { nickname: 'Mina', about: 'Tea and books' }]);
    expect(deep(element, 'form')).toEqual([]);
  });

  test('keeps what was typed when it is refused', async () => {
    answer('PATCH /me', () => refuse('nickname_taken', 409));
    button('Edit').click();
    await settle(2);
    one(element, '#nickname', HTMLInputElement).value = 'minji';
    button('Save').click();
    await until(() => deep(element, '.problem').length === 1, 'the reason');
    expect(one(element, '.problem').innerText).toBe('This nickname is taken. Try another one.');
    expect(one(element, '#nickname', HTMLInputElement).value).toBe('minji');
    button('Cancel').click();
    await settle(2);
    expect(one(element, 'strong').innerText).toBe('Mina');
    expect(button('Edit').matches(':focus')).toBe(true);
  });
});

describe('devices', () => {
  test('are named, this one first of all', () => {
    const rows = deep(element, '[part=device]').map((row) => row.innerText.replaceAll(/\s+/gu, ' ').trim());
    expect(rows).toEqual([
      'Chrome on Linux This device',
      'Chrome on Linux Last used 1 hour ago Sign out',
      'Unknown device Last used 1 hour ago Sign out',
    ]);
  });

  test('are signed out one by one', async () => {
    one(element, '[aria-label="Sign out Unknown device"]').click();
    await until(() => deep(element, '[part=device]').length === 2, 'the row to go');
    expect(world.asked.at(-1)?.[0]).toBe('DELETE /me/sessions/s-3');
  });

  test('that cannot be signed out stay, with the reason', async () => {
    answer('DELETE /me/sessions/s-2', () => refuse('internal', 500));
    const notices = heard(element, 'notice');
    one(element, '[aria-label="Sign out Chrome on Linux"]').click();
    await until(() => notices.length === 1, 'the notice');
    expect(deep(element, '[part=device]').length).toBe(3);
  });
});

describe('settings', () => {
  test('of theme and language are told', () => {
    const changes = heard(element, 'prefs-change');
    one(element, '[value=dark]').click();
    const select = one(element, 'select', HTMLSelectElement);
    expect(Array.from(select.options, ({ text }) => text)).toEqual(['As on this page', 'English', '한국어']);
    for (const value of ['ko', '']) {
      select.value = value;
      select.dispatchEvent(new Event('change'));
    }
    expect(changes).toEqual([{ theme: 'dark' }, { lang: 'ko' }, { lang: null }]);
  });

  test('are shown as they are', async () => {
    ({ element } = await show<YouView>(view({ theme: 'light', lang: 'ko' })));
    expect(one(element, ':checked', HTMLInputElement).value).toBe('light');
    expect(one(element, 'select', HTMLSelectElement).value).toBe('ko');
  });
});

test('signing out signs out', async () => {
  const last = deep(element, 'button').at(-1);
  expect(last?.innerText.trim()).toBe('Sign out');
  last?.click();
  await until(() => client.auth.store.get().status === 'signed-out', 'the end of the session');
  expect(deep(element, '.list')).toEqual([]);
});

test.each([
  ['light', {}],
  ['dark', { dark: true }],
  ['right to left', { dir: 'rtl' as const }],
])('accessibility: %s', async (_, look) => {
  ({ element, stage } = await show<YouView>(view(), look));
  await until(() => deep(element, '[part=device]').length === 3, 'the devices');
  button('Edit').click();
  await settle(2);
  expect(await problems(stage)).toEqual([]);
});
