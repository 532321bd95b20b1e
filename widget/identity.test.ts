import { commands, userEvent } from 'vitest/browser';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Id, SignedIn } from '@co-talk/sdk/protocol';
import { clear, deep, one, problems, settle, until } from './testing.ts';
import { ask, goHome, newApp, openLine, PASSWORD, SERVER, signUp, write, type Person } from './testing-people.ts';
import { drawn, openSite, traces, type Site, type SiteUser } from './testing-site.ts';
import './index.ts';
import type { CoTalk } from './co-talk.ts';

let site: Site;
let ada: SiteUser;
let bob: SiteUser;

const somebody = (nickname: string): SiteUser => {
  const sub = `${nickname.toLowerCase()}-${crypto.randomUUID()}`;
  return { sub, nickname, email: `${sub}@site.example` };
};

function make(more: Partial<CoTalk> = {}, server = SERVER): CoTalk {
  const element = Object.assign(document.createElement('co-talk'), { app: site.app, server, ...more });
  document.body.append(element);
  return element;
}

const me = (element: CoTalk) => element.client?.auth.store.get().me;
const here = (element: CoTalk, nickname: string) =>
  until(
    () =>
      me(element)?.nickname === nickname &&
      element.client?.status.get() === 'online' &&
      element.client.rooms.store.get().loaded,
    nickname,
  );
const gone = (element: CoTalk) =>
  until(() => element.client?.auth.store.get().status === 'signed-out', 'nobody to be here');
const button = (element: CoTalk, text: string) => {
  const found = deep(element, 'button').find((candidate) => candidate.innerText.trim() === text);
  if (!found) throw new Error(`unable to find the button ${text}`);
  return found;
};
const hasButton = (element: CoTalk, text: string) =>
  deep(element, 'button').some((candidate) => candidate.innerText.trim() === text);

beforeEach(async () => {
  site = await openSite({ guests: true });
  [ada, bob] = [somebody('Ada'), somebody('Bob')];
  localStorage.clear();
  document.documentElement.lang = 'en';
  document.title = 'Test';
});
afterEach(async () => {
  clear();
  await goHome();
});

describe('user-token', () => {
  test('signs in by itself: nobody sees a form', async () => {
    const element = make();
    const seen: (string | undefined)[] = [];
    element.addEventListener('co-talk-user', ({ detail }) => seen.push(detail.user?.nickname));
    element.setAttribute('user-token', await site.token(ada));
    element.open();
    const forms: number[] = [];
    const watching = setInterval(() => forms.push(deep(element, 'form').length), 5);
    await here(element, 'Ada');
    clearInterval(watching);
    expect(Math.max(...forms)).toBe(0);
    expect(one(element, 'h1').innerText).toBe('Chats');
    expect(seen).toEqual(['Ada']);
    expect(me(element)).toMatchObject({ kind: 'host', email: ada.email });
  });

  test('of the same person again and again, as frameworks give it, disturbs nobody', async () => {
    const element = make({ userToken: await site.token(ada), opened: true });
    await here(element, 'Ada');
    const view = one(element, 'co-talk-rooms-view');
    const [session] = (await element.client?.auth.sessions()) ?? [];
    const statuses: string[] = [];
    element.client?.auth.store.subscribe(({ status }) => statuses.push(status));
    for (const seconds of [200, 210, 220]) {
      element.userToken = await site.token(ada, seconds);
      await settle();
    }
    expect(one(element, 'co-talk-rooms-view')).toBe(view);
    expect(await element.client?.auth.sessions()).toMatchObject([{ id: session?.id }]);
    expect(new Set(statuses)).toEqual(new Set(['signed-in']));
  });

  test('in one element is for all elements of the app', async () => {
    const element = make({ userToken: await site.token(ada) });
    await here(element, 'Ada');
    const second = make();
    await settle();
    expect(me(second)?.nickname).toBe('Ada');
    expect(me(element)?.nickname).toBe('Ada');
  });

  test('is not needed again after a reload, and without it whoever was here is not shown', async () => {
    const token = await site.token(ada);
    const element = make({ userToken: token });
    await here(element, 'Ada');
    const { client } = element;
    const [session] = (await client?.auth.sessions()) ?? [];
    element.remove();
    // As long as a client waits for another element.
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    const anonymous = make({ opened: true });
    expect(anonymous.client).not.toBe(client);
    await gone(anonymous);
    await until(() => deep(anonymous, 'form').length === 1, 'the form');
    expect(drawn()).not.toContain('Ada');
    anonymous.userToken = await site.token(ada);
    await here(anonymous, 'Ada');
    expect(await anonymous.client?.auth.sessions()).toMatchObject([{ id: session?.id }]);
  });
});

describe('whoever comes next', () => {
  let writer: Person;
  let stop: () => void = () => undefined;

  /** Everybody who is known is written to all the time. */
  async function flood(rooms: Record<string, Id>): Promise<void> {
    const controller = new AbortController();
    let count = 0;
    stop = () => controller.abort();
    const next = async (): Promise<void> => {
      count += 1;
      for (const [word, room] of Object.entries(rooms)) await write(writer, room, `to ${word} ${count}`);
      if (!controller.signal.aborted) setTimeout(() => void next(), 20);
    };
    await next();
  }

  async function roomOf(user: SiteUser): Promise<{ id: Id; room: Id }> {
    const body = { app: site.app, userToken: await site.token(user) };
    const { user: known } = await ask<SignedIn>('POST', '/auth/exchange', { body });
    const room = await ask<{ id: Id }>('POST', '/rooms', {
      token: writer.token,
      body: { type: 'direct', userId: known.id },
    });
    return { id: known.id, room: room.id };
  }

  afterEach(() => stop());

  const ways: [how: string, act: (element: CoTalk) => unknown, next: string | null][] = [
    ['another user-token', async (element) => (element.userToken = await site.token(bob)), 'Bob'],
    ['no user-token any more', (element) => element.removeAttribute('user-token'), null],
    ['signOut()', (element) => element.signOut(), null],
    ['the button', (element) => element.client?.auth.logOut(), null],
    ['a guest', (element) => element.client?.auth.signInAsGuest({ nickname: 'Gus' }), 'Gus'],
    ['an account', async (element) => element.client?.auth.logIn(await signUp(site.app, 'Mina')), 'Mina'],
  ];

  test.each(ways)('by %s finds no trace of the one before', async (_, act, next) => {
    writer = await signUp(site.app, 'Writer');
    const [with_, other] = [await roomOf(ada), await roomOf(bob)];
    await flood({ Ada: with_.room, Bob: other.room });
    const element = make({ opened: true });
    element.setAttribute('user-token', await site.token(ada));
    await here(element, 'Ada');
    await until(() => deep(element, 'input[type=search]').length === 1, 'the search');
    const search = one(element, 'input[type=search]', HTMLInputElement);
    search.value = 'looked for by Ada';
    search.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    await settle();
    element.openRoom(with_.room);
    await until(() => deep(element, 'textarea').length === 1, 'the room');
    await until(() => deep(element, '[part~=bubble]').length > 3, 'messages');
    await userEvent.type(one(element, 'textarea'), 'half a thought of Ada');
    await element.client?.messages.room(with_.room).send('said by Ada');
    const words = [ada.sub, ada.email ?? '', 'Ada', with_.id, with_.room];
    const before = await traces();
    expect(words.filter((word) => !before.includes(word))).toEqual([]);
    expect(before).toContain('half a thought of Ada');
    await act(element);
    await (next === null ? gone(element) : here(element, next));
    if (next === 'Bob') {
      element.openRoom(other.room);
      await until(() => deep(element, '[part~=bubble]').length > 3, 'news');
    }
    await settle(8);
    // What the page itself says is the page's.
    if (next !== 'Bob') element.userToken = null;
    await element.updateComplete;
    const after = await traces();
    expect(words.filter((word) => after.includes(word))).toEqual([]);
  });

  test('by another tokenProvider, too; one that says nobody signs out, and one that fails shows nobody', async () => {
    writer = await signUp(site.app, 'Writer');
    const { id } = await roomOf(ada);
    const element = make({ tokenProvider: () => site.token(ada), opened: true });
    await here(element, 'Ada');
    element.tokenProvider = () => site.token(bob);
    await here(element, 'Bob');
    expect(await traces()).not.toContain(id);
    element.tokenProvider = () => {
      throw new Error('the site is down');
    };
    await until(() => deep(element, '.stage[role=alert]').length === 1, 'the reason');
    expect(one(element, '.stage').innerText).toContain('The site could not tell who you are. Try again.');
    expect(drawn()).not.toContain('Bob');
    expect(await problems(element)).toEqual([]);
    one(element, '.stage [aria-label=Close]').click();
    await element.updateComplete;
    expect(element.opened).toBe(false);
    let answer: string | null = null;
    element.tokenProvider = () => answer;
    await gone(element);
    answer = await site.token(ada);
    expect(await element.identify()).toMatchObject({ nickname: 'Ada' });
  });
});

describe('guest', () => {
  test('lets visitors chat at once, under a name of their choice or a made-up one', async () => {
    const element = make({ guest: true, opened: true });
    await until(() => deep(element, '#name').length === 1, 'the form');
    await settle(16);
    expect(await problems(element)).toEqual([]);
    one(element, '#name', HTMLInputElement).value = 'x';
    button(element, 'Start chatting').click();
    await until(() => deep(element, '#problem').length === 1, 'the reason');
    expect(one(element, '#problem').innerText).toBe('Nicknames have 2 to 20 visible characters.');
    one(element, '#name', HTMLInputElement).value = 'Gus';
    button(element, 'Start chatting').click();
    await here(element, 'Gus');
    expect(me(element)?.kind).toBe('guest');
    await element.signOut();
    await until(() => deep(element, '#name').length === 1, 'the form');
    button(element, 'Start chatting').click();
    await until(() => me(element)?.kind === 'guest', 'a guest');
    expect(me(element)?.nickname.length).toBeGreaterThan(1);
  });

  test('can sign in with an account instead, and change their mind', async () => {
    const mina = await signUp(site.app, 'Mina');
    const element = make({ guest: true, opened: true });
    await until(() => hasButton(element, 'Sign in'), 'the way to accounts');
    button(element, 'Sign in').click();
    await until(() => hasButton(element, 'Chat as a guest'), 'the way back');
    button(element, 'Chat as a guest').click();
    await until(() => hasButton(element, 'Start chatting'), 'the form of guests');
    await element.client?.auth.logIn(mina);
    await here(element, 'Mina');
  });

  test('saves their account where they see themselves, and goes on as the same person', async () => {
    const element = make({ guest: true, opened: true });
    await settle();
    const guest = await element.client?.auth.signInAsGuest({ nickname: 'Gus' });
    await here(element, 'Gus');
    one(element, '[data-tab=you]').click();
    await until(() => hasButton(element, 'Save your account'), 'the offer');
    await settle(16);
    expect(await problems(element)).toEqual([]);
    button(element, 'Save your account').click();
    await until(() => hasButton(element, 'Save account'), 'the form');
    await settle(16);
    expect(await problems(element)).toEqual([]);
    expect(one(element, '#nickname', HTMLInputElement).value).toBe('Gus');
    one(element, '#email', HTMLInputElement).value = 'gus@example.com';
    one(element, '#password', HTMLInputElement).value = 'short';
    button(element, 'Save account').click();
    await until(() => deep(element, '#password-problem').length === 1, 'the reason');
    one(element, '#password', HTMLInputElement).value = PASSWORD;
    button(element, 'Save account').click();
    await until(() => me(element)?.kind === 'account', 'the account');
    await until(() => !hasButton(element, 'Save account'), 'the form to go');
    expect(me(element)).toMatchObject({ id: guest?.id, email: 'gus@example.com' });
    expect(one(element, '.notice').innerText).toBe('Saved');
  });

  test('is told that signing out is for good', async () => {
    const element = make({ guest: true, opened: true });
    await settle();
    await element.client?.auth.signInAsGuest();
    await until(() => deep(element, '[data-tab=you]').length === 1, 'the tabs');
    one(element, '[data-tab=you]').click();
    await until(() => hasButton(element, 'Sign out'), 'the button');
    button(element, 'Sign out').click();
    await until(() => deep(element, 'co-talk-confirm').length === 1, 'the question');
    await until(
      () => one(element, 'co-talk-confirm').shadowRoot?.textContent.includes('Nobody can come back') === true,
    );
    expect(me(element)?.kind).toBe('guest');
  });
});

describe('what nobody can do is not offered', () => {
  const { accounts, host, guests } = {
    accounts: 'Create account',
    host: 'Sign in on this site to chat.',
    guests: 'Start chatting',
  };
  test.each([
    [{ accounts: true, guests: false, host: false }, false, accounts],
    [{ accounts: true, guests: true, host: true }, false, accounts],
    [{ accounts: true, guests: true, host: true }, true, guests],
    [{ accounts: true, guests: false, host: true }, true, accounts],
    [{ accounts: false, guests: true, host: true }, true, guests],
    [{ accounts: false, guests: false, host: true }, true, host],
    [{ accounts: false, guests: false, host: true }, false, host],
    [{ accounts: false, guests: false, host: false }, false, 'Accounts are not open on this site.'],
  ])('where the app has %o, with the attribute: %s', async (ways, guest, text) => {
    site = await openSite(ways);
    const element = make({ guest, opened: true });
    await until(() => deep(element, 'form').length === 1, 'the form');
    await until(() => one(element, 'form').innerText.includes(text), text);
    await settle(8);
    const others = [accounts, guests].filter((other) => other !== text);
    expect(others.filter((other) => hasButton(element, other))).toEqual([]);
  });

  test('and who runs the page is told of the attribute that is missing', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    site = await openSite({ accounts: false, guests: true, host: false });
    make({ opened: true });
    await until(() => error.mock.calls.length > 0, 'a word in the console');
    expect(error.mock.calls[0]?.[0]).toContain('add the attribute guest to the co-talk tag');
    error.mockRestore();
  });

  test('but not where the site says that nobody is here: then people are told where to sign in, and see no form before', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    site = await openSite({ accounts: false, guests: true, host: true });
    const element = make({ opened: true, tokenProvider: () => null });
    let fields = 0;
    const watching = setInterval(() => (fields += deep(element, 'input').length), 5);
    await until(() => deep(element, '.lead').some(({ innerText }) => innerText === host), host);
    await settle(16);
    clearInterval(watching);
    expect([fields, deep(element, '.failure'), deep(element, '[lang=en][dir=ltr]')]).toEqual([0, [], []]);
    expect(await problems(element)).toEqual([]);
    expect(error.mock.calls).toEqual([]);
    error.mockRestore();
  });
});

describe('the tag of a site on a page of another', () => {
  test.each([false, true])('tells its developer what to allow, and how (with a user token: %s)', async (signed) => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    site = { ...site, app: await newApp() };
    await commands.query('update apps set loopback = false, origins = $2 where id = $1', [
      site.app,
      ['https://shop.example'],
    ]);
    const element = make({ opened: true, userToken: signed ? await site.token(ada) : null });
    await settle();
    const command = `npx co-talk app update ${site.app} --add-origin ${location.origin}`;
    await until(() => deep(element, '[dir=ltr][lang=en]').length > 0, 'advice');
    const shown = deep(element, '[dir=ltr][lang=en]').map(({ innerText }) => innerText);
    expect(shown.join()).toContain(command);
    expect(drawn()).toContain('This site is not allowed to use this chat.');
    expect(error.mock.calls.flat().join()).toContain(command);
    error.mockRestore();
  });
});

test('a session that was ended goes on where the site still says who is here', async () => {
  const line = await openLine();
  const element = make({ tokenProvider: () => site.token(ada), opened: true }, line);
  await here(element, 'Ada');
  const [session] = (await element.client?.auth.sessions()) ?? [];
  // The answer finds nobody who has asked.
  await element.client?.auth.endSession(session?.id ?? '').catch(() => undefined);
  await until(async () => {
    const [next] = (await element.client?.auth.sessions().catch(() => [])) ?? [];
    return next !== undefined && next.id !== session?.id;
  }, 'another session');
  await here(element, 'Ada');
  expect(one(element, '.notice').innerText).toBe('');
});
