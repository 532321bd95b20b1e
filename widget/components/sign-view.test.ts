import { html } from 'lit';
import { createClient, memoryStorage, type Client } from '@co-talk/sdk';
import { commands } from 'vitest/browser';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clear, deep, one, problems, settle, show, until } from '../testing.ts';
import { goHome, keep, newApp, openLine, PASSWORD, SERVER, signUp } from '../testing-people.ts';
import { loadLocalizer } from '../localize.ts';
import './sign-view.ts';
import type { SignView } from './sign-view.ts';

let app: string;
let client: Client;
let element: SignView;
const input = (name: string) => one(element, `#${name}`, HTMLInputElement);
const button = (text: string) => {
  const found = deep(element, 'button').find((candidate) => candidate.innerText.trim() === text);
  if (!found) throw new Error(`unable to find the button ${text}`);
  return found;
};
const errorOf = (name: string) => {
  const id = input(name).getAttribute('aria-describedby') ?? '';
  return id.endsWith('problem') ? one(element, `#${id}`).innerText : '';
};
const view = (closable = false) =>
  html`<co-talk-sign-view .client=${client} .closable=${closable}></co-talk-sign-view>`;

/** What somebody sees who is not signed in. `server`: over a line that can be made to fail. */
async function open(server = SERVER): Promise<void> {
  client = keep(createClient({ server, app, storage: memoryStorage() }));
  ({ element } = await show<SignView>(view()));
}

async function fill(values: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    input(name).value = value;
    input(name).dispatchEvent(new InputEvent('input', { bubbles: true }));
  }
  await element.updateComplete;
}

async function submit(): Promise<void> {
  const form = one(element, 'form', HTMLFormElement);
  form.requestSubmit();
  await settle(1);
  await until(() => !element.busy, 'the answer');
  await settle(2);
}

const typed = { email: 'mina@example.com', nickname: 'mina', password: PASSWORD };

beforeEach(async () => {
  app = await newApp();
  await open();
});
afterEach(async () => {
  clear();
  await goHome();
});

describe('signing up', () => {
  test('makes an account of what was typed', async () => {
    await fill(typed);
    await submit();
    expect(client.auth.store.get().me).toMatchObject({ nickname: 'mina', email: 'mina@example.com' });
    await client.auth.logOut();
    const me = await client.auth.logIn({ email: typed.email, password: typed.password });
    expect(me.nickname).toBe('mina');
  });

  test.each([
    ['invalid_email', 'email', 'mina at home', 'This doesn’t look like an e-mail address.'],
    ['email_taken', 'email', 'ben@example.com', 'There is already an account with this e-mail address.'],
    ['invalid_nickname', 'nickname', 'm', 'Nicknames have 2 to 20 visible characters.'],
    ['nickname_taken', 'nickname', 'Ben', 'This nickname is taken. Try another one.'],
    ['weak_password', 'password', 'password1', 'Choose a password of at least 8 characters that is not a common one.'],
  ] as const)('%s stands beside its field, and what was typed stays', async (_, field, value, text) => {
    await signUp(app, 'Ben');
    const mistaken = { ...typed, [field]: value };
    await fill(mistaken);
    await submit();
    expect(errorOf(field)).toBe(text);
    expect(input(field).getAttribute('aria-invalid')).toBe('true');
    expect(input(field).matches(':focus')).toBe(true);
    for (const [name, value] of Object.entries(mistaken)) expect(input(name).value).toBe(value);
    await fill({ [field]: 'something else' });
    expect(errorOf(field)).toBe('');
  });

  test('a field that the server names without a code of its own is marked, too', async () => {
    await fill({ ...typed, nickname: 'Mina '.repeat(500) });
    await submit();
    expect(errorOf('nickname')).toBe('Nicknames have 2 to 20 visible characters.');
  });

  test('empty fields are named without asking the server', async () => {
    const line = await openLine();
    await open(line);
    await submit();
    expect([errorOf('email'), errorOf('nickname'), errorOf('password')]).toEqual([
      'Enter your e-mail address.',
      'Choose a nickname.',
      'Enter a password.',
    ]);
    expect((await commands.requestsOn(line)).filter((request) => request.startsWith('POST'))).toEqual([]);
    expect(input('email').matches(':focus')).toBe(true);
  });

  test('other failures are said in words', async () => {
    const line = await openLine();
    await open(line);
    await commands.setLine(line, { down: true });
    await fill(typed);
    await submit();
    expect(one(element, '.failure').innerText).toBe('No connection to the chat. Check your network and try again.');
    expect(input('password').value).toBe(typed.password);
    await commands.setLine(line, { down: false });
    await submit();
    expect(client.auth.store.get().me?.nickname).toBe('mina');
  });

  test('where addresses must be confirmed first, says so and waits to sign in', async () => {
    app = await newApp();
    await commands.query('update apps set settings = $2 where id = $1', [app, { requireVerifiedEmail: true }]);
    await open();
    await fill(typed);
    await submit();
    const said = 'Confirm your e-mail address first: follow the link we mailed you.';
    expect(one(element, '.failure').innerText).toBe(said);
    expect(deep(element, 'input').map(({ id }) => id)).toEqual(['email', 'password']);
    await submit();
    expect(one(element, '.failure').innerText).toBe(said);
    await commands.query('update users set email_verified = true where app_id = $1', [app]);
    await submit();
    expect(client.auth.store.get().me?.nickname).toBe('mina');
  });

  test('a failure speaks the new language when the language changes', async () => {
    await signUp(app, 'Mina');
    await fill(typed);
    await submit();
    element.l = await loadLocalizer('ko');
    await element.updateComplete;
    expect(errorOf('email')).toBe('이 이메일 주소로 만든 계정이 이미 있습니다.');
  });
});

describe('signing in', () => {
  beforeEach(async () => {
    await signUp(app, 'Mina');
    button('Sign in').click();
    await settle(2);
  });

  test('asks for e-mail and password only', async () => {
    expect(deep(element, 'input').map(({ id }) => id)).toEqual(['email', 'password']);
    await fill({ email: typed.email, password: typed.password });
    await submit();
    expect(client.auth.store.get()).toMatchObject({ status: 'signed-in', me: { nickname: 'Mina' } });
  });

  test('wrong credentials are said once, without telling which', async () => {
    for (const email of [typed.email, 'nobody@example.com']) {
      await fill({ email, password: 'wrong' });
      await submit();
      expect(one(element, '.failure').innerText).toBe('The e-mail address and password don’t match.');
      expect(input('password').value).toBe('wrong');
    }
  });

  test('what was typed comes along from one form to the other', async () => {
    await fill({ email: typed.email });
    button('Create account').click();
    await settle(2);
    expect(input('email').value).toBe(typed.email);
  });
});

test('a password can be looked at', async () => {
  await fill(typed);
  expect(input('password').type).toBe('password');
  one(element, '[aria-label="Show password"]').click();
  await element.updateComplete;
  expect(input('password').type).toBe('text');
  expect(input('password').value).toBe(typed.password);
});

test('an app the server does not know is said before anybody types', async () => {
  app = 'unknown';
  await open();
  await until(() => deep(element, '.failure').length > 0, 'the reason');
  expect(one(element, '.failure').innerText).toBe('This chat is not set up yet: the server does not know this app.');
  expect(deep(element, 'input')).toEqual([]);
});

test.each([
  ['light', {}],
  ['dark', { dark: true }],
  ['right to left', { dir: 'rtl' as const }],
])('accessibility: %s', async (_, look) => {
  const shown = await show<SignView>(view(true), look);
  element = shown.element;
  await submit();
  expect(await problems(shown.stage)).toEqual([]);
});
