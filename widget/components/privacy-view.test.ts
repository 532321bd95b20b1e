import { commands, userEvent } from 'vitest/browser';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { UserExport } from '@co-talk/sdk/protocol';
import { clear, deep, one, problems, settle, until } from '../testing.ts';
import {
  ask,
  goHome,
  openLine,
  pair,
  PASSWORD,
  remember,
  SERVER,
  signUp,
  write,
  type Person,
} from '../testing-people.ts';
import { openSite, type Site } from '../testing-site.ts';
import '../index.ts';
import type { CoTalk } from '../co-talk.ts';

let site: Site;
let element: CoTalk;

const me = () => element.client?.auth.store.get().me;
const labelOf = (candidate: HTMLElement) => (candidate.getAttribute('aria-label') ?? candidate.innerText).trim();
const button = (text: string) => {
  const found = deep(element, 'button').find((candidate) => labelOf(candidate) === text);
  if (!found) throw new Error(`unable to find the button ${text}`);
  return found;
};
const hasButton = (text: string) => deep(element, 'button').some((candidate) => labelOf(candidate) === text);
const view = () => one(element, 'co-talk-privacy-view');
const notice = () => one(element, '.notice').innerText;

/** The page with whoever is here, at their data. */
function open(more: Partial<CoTalk> = {}, server = SERVER): void {
  element = Object.assign(document.createElement('co-talk'), { app: site.app, server, opened: true, ...more });
  document.body.append(element);
}
async function goToData(): Promise<void> {
  await until(() => deep(element, '[data-tab=you]').length === 1, 'the tabs');
  one(element, '[data-tab=you]').click();
  await until(() => hasButton('Privacy and data'), 'the way to the data');
  button('Privacy and data').click();
  await until(() => deep(element, 'co-talk-privacy-view .head, .erase').length > 0, 'the view');
  await settle(2);
}

/** An account, and somebody whom they have written to. */
async function openAsMina(server = SERVER): Promise<{ mina: Person; ben: Person; room: string }> {
  const [mina, ben] = [await signUp(site.app, 'Mina'), await signUp(site.app, 'Ben Okafor')];
  const room = await pair(mina, ben);
  await write(mina, room, 'said by Mina');
  await remember(mina, server);
  open({}, server);
  await goToData();
  return { mina, ben, room };
}

beforeEach(async () => {
  site = await openSite({ guests: true });
  localStorage.clear();
  document.documentElement.lang = 'en';
});
afterEach(async () => {
  clear();
  await goHome();
});

describe('the way there and back', () => {
  test('is by keyboard, too, and the focus goes along', async () => {
    await openAsMina();
    expect(button('Back').matches(':focus')).toBe(true);
    await userEvent.keyboard('{Enter}');
    await until(() => deep(element, 'co-talk-privacy-view').length === 0, 'the profile');
    await settle(2);
    expect(button('Privacy and data').matches(':focus')).toBe(true);
    await userEvent.keyboard('{Enter}');
    await until(() => deep(element, 'co-talk-privacy-view').length === 1, 'the data');
  });
});

describe('being found by e-mail', () => {
  const finds = async ({ token }: Person, person: Person) => {
    const { items } = await ask<{ items: unknown[] }>('GET', `/users?q=${encodeURIComponent(person.email)}`, { token });
    return items.length > 0;
  };

  test('is a switch that others feel', async () => {
    const { mina, ben } = await openAsMina();
    const input = one(element, '[role=switch]', HTMLInputElement);
    expect([input.checked, await finds(ben, mina)]).toEqual([true, true]);
    input.focus();
    await userEvent.keyboard(' ');
    await until(() => me()?.settings.findableByEmail === false, 'the change');
    expect([input.checked, await finds(ben, mina)]).toEqual([false, false]);
    input.click();
    await until(() => me()?.settings.findableByEmail === true, 'the change back');
    expect(await finds(ben, mina)).toBe(true);
  });

  test('stays as it is where the change does not get through, with the reason', async () => {
    const line = await openLine();
    await openAsMina(line);
    await commands.setLine(line, { down: true });
    const input = one(element, '[role=switch]', HTMLInputElement);
    input.click();
    await until(() => notice() !== '', 'the reason');
    expect([input.checked, notice()]).toEqual([true, 'No connection to the chat. Check your network and try again.']);
  });
});

test('the own data comes as a file, with what one has written', async () => {
  const { mina } = await openAsMina();
  const files: { name: string; text: Promise<string> }[] = [];
  element.addEventListener('click', (event) => {
    const [link] = event.composedPath();
    if (!(link instanceof HTMLAnchorElement)) return;
    event.preventDefault();
    files.push({ name: link.download, text: fetch(link.href).then((answer) => answer.text()) });
  });
  const download = button('Download my data');
  download.focus();
  download.click();
  await until(() => files.length === 1, 'the file');
  expect(files[0]?.name).toMatch(/^co-talk-export-\d{4}-\d\d-\d\d\.json$/);
  const data = JSON.parse((await files[0]?.text) ?? '') as UserExport;
  expect(JSON.stringify(data)).toContain(mina.email);
  expect(JSON.stringify(data)).toContain('said by Mina');
  await until(() => notice() === 'Your data is in your downloads.', 'the word about it');
  await settle(2);
  expect(button('Download my data').matches(':focus')).toBe(true);
});

describe('deleting the account', () => {
  const kinds = async (id: string) => (await commands.query('select kind from users where id = $1', [id]))[0]?.['kind'];

  test('says what will happen, asks for the password, and ends where people sign in', async () => {
    const { mina, ben, room } = await openAsMina();
    button('Delete my account').click();
    await until(() => deep(element, '[role=alertdialog]').length === 1, 'the question');
    const said = one(element, '[role=alertdialog]').innerText;
    expect(said).toContain('Your messages stay in their place without text, as those of “Deleted user”.');
    expect(said).toContain('This can’t be undone.');
    const input = one(element, '#password', HTMLInputElement);
    expect(input.matches(':focus')).toBe(true);
    await userEvent.keyboard('{Enter}');
    await until(() => deep(element, '#problem').length === 1, 'the reason');
    expect(one(element, '#problem').innerText).toBe('Enter a password.');
    await userEvent.type(input, 'not it{Enter}');
    const wrong = 'This is not your password.';
    await until(() => deep(element, '#problem').some(({ innerText }) => innerText === wrong), wrong);
    await settle(2);
    expect(input.matches(':focus')).toBe(true);
    expect(await problems(element)).toEqual([]);
    expect(await kinds(mina.id)).toBe('account');

    await userEvent.clear(input);
    await userEvent.type(input, `${PASSWORD}{Enter}`);
    await until(() => hasButton('Create account'), 'the form of those who come');
    expect(await kinds(mina.id)).toBe('deleted');
    await until(() => notice() === 'Your account is deleted.', 'the word about it');
    const history = await ask<{ items: { senderId: string; text: string }[] }>('GET', `/rooms/${room}/messages`, {
      token: ben.token,
    });
    expect(history.items.map(({ senderId, text }) => [senderId, text])).toEqual([[mina.id, '']]);
  });

  test('can be left by Escape, and the panel stays', async () => {
    const { mina } = await openAsMina();
    button('Delete my account').click();
    await until(() => deep(element, '[role=alertdialog]').length === 1, 'the question');
    await settle(2);
    await userEvent.keyboard('{Escape}');
    await until(() => hasButton('Delete my account'), 'the button');
    await settle(2);
    expect([button('Delete my account').matches(':focus'), element.opened]).toEqual([true, true]);
    expect(await kinds(mina.id)).toBe('account');
  });

  test('of a guest is a plain question', async () => {
    open({ guest: true });
    await until(() => hasButton('Start chatting'), 'the form');
    button('Start chatting').click();
    await goToData();
    const id = me()?.id ?? '';
    expect(deep(element, '[role=switch]')).toEqual([]);
    button('Delete my account').click();
    await until(() => deep(element, '[role=alertdialog]').length === 1, 'the question');
    await settle(2);
    expect([deep(element, 'input').length, button('Cancel').matches(':focus')]).toEqual([0, true]);
    button('Delete for good').click();
    await until(() => hasButton('Start chatting'), 'the form');
    expect(await kinds(id)).toBe('deleted');
  });

  test('of a user of the site leaves nobody in the chat, though the site knows them', async () => {
    const ada = { sub: `ada-${crypto.randomUUID()}`, nickname: 'Ada' };
    open({ tokenProvider: () => site.token(ada) });
    await goToData();
    const id = me()?.id ?? '';
    button('Delete my account').click();
    await until(() => deep(element, '[role=alertdialog]').length === 1, 'the question');
    expect(one(element, '[role=alertdialog]').innerText).toContain('Your account on this site stays.');
    button('Delete for good').click();
    await until(() => element.client?.auth.store.get().status === 'signed-out', 'the end');
    await settle(30);
    expect([await kinds(id), me()]).toEqual(['deleted', null]);
    const left = await commands.query("select id from users where app_id = $1 and kind = 'host'", [site.app]);
    expect(left).toEqual([]);
  });
});

test.each([
  ['light', {}],
  ['dark', { theme: 'dark' as const }],
  ['right to left', { dir: 'rtl' }],
])('accessibility: %s', async (_, look) => {
  await openAsMina();
  Object.assign(element, look);
  await settle(16);
  expect(await problems(view())).toEqual([]);
  button('Delete my account').click();
  await until(() => deep(element, '[role=alertdialog]').length === 1, 'the question');
  await settle(2);
  expect(await problems(view())).toEqual([]);
});

test('in Korean', async () => {
  await openAsMina();
  element.lang = 'ko';
  await until(() => hasButton('내 데이터 내려받기'), 'the words');
  expect(view().shadowRoot?.textContent).toContain('내 이메일 주소로 나를 찾을 수 있게 하기');
});
