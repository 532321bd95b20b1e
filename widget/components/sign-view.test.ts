import { html } from 'lit';
import { createClient, memoryStorage } from '@co-talk/sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answer, refuse, resetWorld, SERVER, world } from '../testing-server.ts';
import { clear, deep, one, problems, settle, show, until } from '../testing.ts';
import { loadLocalizer } from '../localize.ts';
import './sign-view.ts';
import type { SignView } from './sign-view.ts';

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
const client = createClient({ server: SERVER, app: 'default', storage: memoryStorage() });
const view = (closable = false) =>
  html`<co-talk-sign-view .client=${client} .closable=${closable}></co-talk-sign-view>`;

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

const typed = { email: 'mina@example.com', nickname: 'mina', password: 'correct horse battery' };

beforeEach(async () => {
  resetWorld();
  ({ element } = await show<SignView>(view()));
});
afterEach(async () => {
  clear();
  await client.auth.logOut();
});

describe('signing up', () => {
  test('makes an account of what was typed', async () => {
    await fill(typed);
    await submit();
    expect(world.asked[0]).toEqual(['POST /auth/signup', { app: 'default', ...typed }]);
    expect(client.auth.store.get().me?.nickname).toBe('Mina');
  });

  test.each([
    ['invalid_email', 400, 'email', 'This doesn’t look like an e-mail address.'],
    ['email_taken', 409, 'email', 'There is already an account with this e-mail address.'],
    ['invalid_nickname', 400, 'nickname', 'Nicknames have 2 to 20 visible characters.'],
    ['nickname_taken', 409, 'nickname', 'This nickname is taken. Try another one.'],
    ['weak_password', 400, 'password', 'Choose a password of at least 8 characters that is not a common one.'],
  ] as const)('%s stands beside its field, and what was typed stays', async (code, status, field, text) => {
    answer('POST /auth/signup', () => refuse(code, status));
    await fill(typed);
    await submit();
    expect(errorOf(field)).toBe(text);
    expect(input(field).getAttribute('aria-invalid')).toBe('true');
    expect(input(field).matches(':focus')).toBe(true);
    for (const [name, value] of Object.entries(typed)) expect(input(name).value).toBe(value);
    await fill({ [field]: 'something else' });
    expect(errorOf(field)).toBe('');
  });

  test('a field that the server names without a code of its own is marked, too', async () => {
    answer('POST /auth/signup', () =>
      refuse('invalid_request', 400, { errors: [{ path: 'nickname', message: 'too odd' }] }),
    );
    await fill(typed);
    await submit();
    expect(errorOf('nickname')).toBe('Nicknames have 2 to 20 visible characters.');
  });

  test('empty fields are named without asking the server', async () => {
    await submit();
    expect([errorOf('email'), errorOf('nickname'), errorOf('password')]).toEqual([
      'Enter your e-mail address.',
      'Choose a nickname.',
      'Enter a password.',
    ]);
    expect(world.asked).toEqual([]);
    expect(input('email').matches(':focus')).toBe(true);
  });

  test('other failures are said in words', async () => {
    answer('POST /auth/signup', () => refuse('rate_limited', 429, { retryable: true }));
    await fill(typed);
    await submit();
    expect(one(element, '.failure').innerText).toBe('That was a lot at once. Wait a moment and try again.');
    expect(input('password').value).toBe(typed.password);
  });

  test('a failure speaks the new language when the language changes', async () => {
    answer('POST /auth/signup', () => refuse('email_taken', 409));
    await fill(typed);
    await submit();
    element.l = await loadLocalizer('ko');
    await element.updateComplete;
    expect(errorOf('email')).toBe('이 이메일 주소로 만든 계정이 이미 있습니다.');
  });
});

describe('signing in', () => {
  beforeEach(async () => {
    button('Sign in').click();
    await settle(2);
  });

  test('asks for e-mail and password only', async () => {
    expect(deep(element, 'input').map(({ id }) => id)).toEqual(['email', 'password']);
    await fill({ email: typed.email, password: typed.password });
    await submit();
    expect(world.asked[0]?.[0]).toBe('POST /auth/login');
    expect(client.auth.store.get().status).toBe('signed-in');
  });

  test('wrong credentials are said once, without telling which', async () => {
    answer('POST /auth/login', () => refuse('unauthenticated', 401));
    await fill({ email: typed.email, password: 'wrong' });
    await submit();
    expect(one(element, '.failure').innerText).toBe('The e-mail address and password don’t match.');
    expect(input('password').value).toBe('wrong');
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
  answer('GET /apps/unknown/config', () => refuse('app_unknown', 404));
  const other = createClient({ server: SERVER, app: 'unknown', storage: memoryStorage() });
  ({ element } = await show<SignView>(html`<co-talk-sign-view .client=${other}></co-talk-sign-view>`));
  await until(() => deep(element, '.failure').length > 0, 'the reason');
  expect(one(element, '.failure').innerText).toBe('This chat is not set up yet: the server does not know this app.');
  expect(deep(element, 'input')).toEqual([]);
  other.close();
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
