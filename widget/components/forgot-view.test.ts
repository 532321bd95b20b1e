import { html } from 'lit';
import { createClient, memoryStorage, type Client } from '@co-talk/sdk';
import { commands } from 'vitest/browser';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clear, deep, one, problems, settle, show, until } from '../testing.ts';
import { goHome, keep, newApp, openLine, SERVER, signUp, type Person } from '../testing-people.ts';
import { loadLocalizer } from '../localize.ts';
import './sign-view.ts';
import type { SignView } from './sign-view.ts';

let mina: Person;
let client: Client;
let element: SignView;
let stage: HTMLElement;
const input = () => one(element, '#email', HTMLInputElement);
const texts = () => deep(element, 'h1, .lead, .problem, .failure').map(({ innerText }) => innerText);
const buttons = () => deep(element, 'button').map(({ innerText }) => innerText.trim());
const press = (text: string) => {
  const found = deep(element, 'button').find((candidate) => candidate.innerText.trim() === text);
  if (!found) throw new Error(`unable to find the button ${text}`);
  found.click();
};

/** Where somebody is who has pressed "Forgot password?". */
async function open(server = SERVER, look: { dark?: boolean; dir?: 'rtl' } = {}): Promise<void> {
  client = keep(createClient({ server, app: mina.app, storage: memoryStorage() }));
  const view = html`<co-talk-sign-view .client=${client} .closable=${true}></co-talk-sign-view>`;
  ({ element, stage } = await show<SignView>(view, look));
  press('Sign in');
  await until(() => buttons().includes('Forgot password?'), 'the offer');
  type('mina@example.com');
  press('Forgot password?');
  await until(() => texts()[0] === 'Forgot your password?', 'the form');
  await settle(2);
}

function type(text: string): void {
  input().value = text;
  input().dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
}

beforeEach(async () => {
  mina = await signUp(await newApp(), 'Mina');
});
afterEach(async () => {
  clear();
  await goHome();
});

test('has a link mailed, and says so alike to everybody', async () => {
  await open();
  expect(input().value).toBe('mina@example.com');
  expect(input().matches(':focus')).toBe(true);
  press('Send the link');
  await until(() => texts()[0] === 'Look into your mail', 'the answer');
  expect(texts()[1]).toContain('If there is an account for \u2068mina@example.com\u2069, a link is on its way.');
  expect(one(element, 'h1').matches(':focus')).toBe(true);
  const mailed = async () =>
    (await commands.query("select from mail_tokens where user_id = $1 and kind = 'forgot'", [mina.id])).length === 1;
  await until(mailed, 'the mail');
  press('Back to sign in');
  await settle(2);
  expect(buttons()).toContain('Create account');

  press('Forgot password?');
  await settle(2);
  type('nobody@example.com');
  press('Send the link');
  await until(() => texts()[0] === 'Look into your mail', 'the same answer');
});

test('says what is wrong, and keeps what was typed', async () => {
  const line = await openLine();
  await open(line);
  for (const [typed, said] of [
    ['', 'Enter your e-mail address.'],
    ['mina', 'This doesn’t look like an e-mail address.'],
  ] as const) {
    type(typed);
    press('Send the link');
    await until(() => texts().includes(said), said);
    expect(input().getAttribute('aria-invalid')).toBe('true');
    expect(input().matches(':focus')).toBe(true);
  }
  await commands.setLine(line, { down: true });
  type('mina@example.com');
  press('Send the link');
  await until(() => texts().includes('No connection to the chat. Check your network and try again.'), 'the reason');
  expect(input().value).toBe('mina@example.com');
});

test('speaks the language of the reader, also when it changes', async () => {
  await open();
  element.l = await loadLocalizer('ko');
  await until(() => texts()[0] === '비밀번호를 잊으셨나요?', 'Korean');
  expect(input().value).toBe('mina@example.com');
  press('링크 보내기');
  await until(() => texts()[0] === '메일을 확인하세요', 'the answer');
});

test('is not offered where the server sends no mail', async () => {
  client = keep(createClient({ server: SERVER, app: mina.app, storage: memoryStorage() }));
  const config = await client.config();
  config.signIn.passwordReset = false;
  const view = html`<co-talk-sign-view .client=${client}></co-talk-sign-view>`;
  ({ element } = await show<SignView>(view));
  press('Sign in');
  await settle(5);
  expect(buttons()).not.toContain('Forgot password?');
});

test.each([
  ['light', {}],
  ['dark', { dark: true }],
  ['right to left', { dir: 'rtl' as const }],
])('accessibility: %s', async (_, look) => {
  await open(SERVER, look);
  type('');
  press('Send the link');
  await settle(2);
  expect(await problems(stage)).toEqual([]);
});
