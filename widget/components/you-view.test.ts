import { html } from 'lit';
import type { Client } from '@co-talk/sdk';
import { commands } from 'vitest/browser';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Prefs } from '../shared.ts';
import { clear, deep, heard, one, problems, settle, show, until } from '../testing.ts';
import { connect, goHome, newApp, openLine, pair, signUp, type Person } from '../testing-people.ts';
import './you-view.ts';
import type { YouView } from './you-view.ts';

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0 Safari/537.36';
const NOW = new Date('2026-11-22T15:00:00.000Z');

let mina: Person;
let client: Client;
let element: YouView;
let stage: HTMLElement;
const view = (prefs: Prefs = {}) =>
  html`<co-talk-you-view .client=${client} .prefs=${prefs} .now=${NOW} .closable=${true}></co-talk-you-view>`;
const button = (text: string) => {
  const found = deep(element, 'button').find((candidate) => candidate.innerText.trim() === text);
  if (!found) throw new Error(`unable to find the button ${text}`);
  return found;
};
const devices = () => deep(element, '[part=device]');

/** Mina on three devices, the other two an hour ago: a browser like this one, and one nobody knows. */
async function open(server?: string): Promise<void> {
  client = await connect(mina, server);
  const [current, ...others] = (await client.auth.sessions()).toSorted((a, b) => Number(b.current) - Number(a.current));
  const used = 'update sessions set user_agent = $2, last_used_at = $3 where id = $1';
  const [first, second] = others;
  await commands.query(used, [current?.id, CHROME, NOW]);
  await commands.query(used, [first?.id, CHROME, '2026-11-22T14:00:00.000Z']);
  await commands.query(used, [second?.id, null, '2026-11-22T13:59:59.000Z']);
  ({ element, stage } = await show<YouView>(view()));
  await until(() => devices().length === 3, 'the devices');
}

beforeEach(async () => {
  // Signing up is a session, too.
  mina = await signUp(await newApp(), 'Mina');
  (await connect(mina)).close();
});
afterEach(async () => {
  clear();
  await goHome();
});

describe('an address that is not confirmed', () => {
  const sent = async () =>
    (await commands.query("select distinct mail_id from mail_tokens where user_id = $1 and kind = 'verify'", [mina.id]))
      .length;

  test('is said to be so, and another link can be had', async () => {
    await open();
    expect(one(one(element, 'co-talk-verify-hint'), 'span').innerText).toBe('E-mail address not confirmed yet');
    await until(async () => (await sent()) === 1, 'the mail of the sign-up');
    const notices = heard(stage, 'notice');
    await until(() => deep(element, '.link').length === 1, 'the offer');
    button('Send the link again').click();
    await until(() => notices.length === 1, 'the word about it');
    expect(notices[0]?.text).toBe('We’ve mailed a link to \u2068mina@example.com\u2069.');
    await until(async () => (await sent()) === 2, 'the mail');
    expect(await problems(stage)).toEqual([]);
  });

  test('is not spoken of once it is', async () => {
    await commands.query('update users set email_verified = true where id = $1', [mina.id]);
    await open();
    expect(deep(element, 'co-talk-verify-hint')).toEqual([]);
  });
});

describe('the profile', () => {
  beforeEach(() => open());

  test('is shown, changed and shown again', async () => {
    expect(one(element, '.who').innerText).toContain('mina@example.com');
    button('Edit').click();
    await settle(2);
    one(element, '#about', HTMLInputElement).value = 'Tea and books';
    button('Save').click();
    await until(() => one(element, '.who').innerText.includes('Tea and books'), 'the new profile');
    const [stored] = await commands.query('select nickname, about from users where id = $1', [mina.id]);
    expect(stored).toEqual({ nickname: 'Mina', about: 'Tea and books' });
    await until(() => deep(element, 'form').length === 0, 'the form to go');
  });

  test('keeps what was typed when it is refused', async () => {
    await signUp(mina.app, 'minji');
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
  test('are named, this one first of all', async () => {
    await open();
    const rows = devices().map((row) => row.innerText.replaceAll(/\s+/gu, ' ').trim());
    expect(rows).toEqual([
      'Chrome on Linux This device',
      'Chrome on Linux Last used 1 hour ago Sign out',
      'Unknown device Last used 1 hour ago Sign out',
    ]);
  });

  test('are signed out one by one', async () => {
    await open();
    one(element, '[aria-label="Sign out Unknown device"]').click();
    await until(() => devices().length === 2, 'the row to go');
    const left = await client.auth.sessions();
    expect(left.map(({ userAgent }) => userAgent)).toEqual([CHROME, CHROME]);
  });

  test('that cannot be signed out stay, with the reason', async () => {
    const line = await openLine();
    await open(line);
    const notices = heard(element, 'notice');
    await commands.setLine(line, { down: true });
    one(element, '[aria-label="Sign out Chrome on Linux"]').click();
    await until(() => notices.length === 1, 'the notice');
    expect(notices).toEqual([{ text: 'No connection to the chat. Check your network and try again.' }]);
    expect(devices().length).toBe(3);
  });
});

describe('settings', () => {
  beforeEach(() => open());

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
  await open();
  expect(one(element, '.out').innerText.trim()).toBe('Sign out');
  one(element, '.out').click();
  await until(() => client.auth.store.get().status === 'signed-out', 'the end of the session');
  expect(deep(element, '.list')).toEqual([]);
});

test('signing out with messages that are not sent yet asks first', async () => {
  const line = await openLine();
  const roomId = await pair(mina, await signUp(mina.app, 'Minji Kim'));
  await open(line);
  await commands.setLine(line, { down: true });
  for (const text of ['one', 'two'])
    client.messages
      .room(roomId)
      .send(text)
      .catch(() => undefined);
  one(element, '.out').click();
  await until(() => deep(element, '[role=alertdialog]').length === 1, 'the question');
  expect(one(element, '#ask').innerText).toBe('Sign out? 2 messages are not sent yet and will be lost.');
  expect(await problems(stage)).toEqual([]);
  button('Cancel').click();
  await until(() => deep(element, '.out').length === 1, 'the button');
  await settle(2);
  expect(one(element, '.out').matches(':focus')).toBe(true);
  expect(client.auth.store.get().status).toBe('signed-in');

  one(element, '.out').click();
  await until(() => deep(element, '[role=alertdialog]').length === 1, 'the question');
  one(element, '[role=alertdialog] .btn:not(.ghost)').click();
  await until(() => client.auth.store.get().status === 'signed-out', 'the end of the session');
});

test.each([
  ['light', {}],
  ['dark', { dark: true }],
  ['right to left', { dir: 'rtl' as const }],
])('accessibility: %s', async (_, look) => {
  await open();
  ({ element, stage } = await show<YouView>(view(), look));
  await until(() => devices().length === 3, 'the devices');
  button('Edit').click();
  await settle(2);
  expect(await problems(stage)).toEqual([]);
});
