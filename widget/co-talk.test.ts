import { userEvent } from 'vitest/browser';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Id } from '@co-talk/sdk';
import { clear, deep, one, problems, settle, until } from './testing.ts';
import { connect, goHome, newApp, pair, read, remember, SERVER, signUp, write, type Person } from './testing-people.ts';
import './index.ts';
import type { CoTalk } from './co-talk.ts';

let app = '';
let mina: Person;

function make(attributes: Record<string, string> = {}): CoTalk {
  const element = document.createElement('co-talk');
  for (const [name, value] of Object.entries({ app, server: SERVER, ...attributes })) element.setAttribute(name, value);
  document.body.append(element);
  return element;
}

/** An element of Mina, who is signed in already. */
async function signedIn(attributes: Record<string, string> = {}): Promise<CoTalk> {
  await remember(mina);
  const element = make(attributes);
  await until(() => element.client?.rooms.store.get().loaded === true, 'the lists');
  await settle();
  return element;
}

function events(element: CoTalk): string[] {
  const names: string[] = [];
  for (const name of ['ready', 'open', 'close', 'unread', 'message', 'sent', 'user'] as const) {
    element.addEventListener(`co-talk-${name}`, () => names.push(name));
  }
  return names;
}

const launcher = (element: CoTalk) => one(element, '.launcher');
const focused = () => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
};

/** Chats of Mina with Minji Kim, who has said something, and with Ben Okafor. */
async function chats(text = 'Hello'): Promise<{ minji: Person; withMinji: Id; withBen: Id }> {
  const [minji, ben] = [await signUp(app, 'Minji Kim'), await signUp(app, 'Ben Okafor')];
  const [withMinji, withBen] = [await pair(mina, minji), await pair(mina, ben)];
  await write(minji, withMinji, text);
  await read(mina, withMinji, 1);
  return { minji, withMinji, withBen };
}

beforeEach(async () => {
  // An app of its own for every test: elements of one app share a client for a while.
  app = await newApp();
  mina = await signUp(app, 'Mina');
  localStorage.clear();
  document.documentElement.lang = 'en';
  document.documentElement.dir = 'ltr';
  document.title = 'Test';
});
afterEach(async () => {
  clear();
  await goHome();
});

describe('the launcher', () => {
  test('opens and closes the panel, and the focus goes along', async () => {
    const element = make();
    const heard = events(element);
    await settle();
    expect(deep(element, '.panel')).toEqual([]);
    await userEvent.click(launcher(element));
    await settle();
    expect(element.hasAttribute('open')).toBe(true);
    expect(focused()).toBe(one(element, '.panel'));
    await userEvent.keyboard('{Escape}');
    await settle();
    expect(element.hasAttribute('open')).toBe(false);
    expect(focused()).toBe(launcher(element));
    expect(heard.filter((name) => name === 'open' || name === 'close')).toEqual(['open', 'close']);
  });

  test('follows methods, property and attribute alike', async () => {
    const element = make();
    element.open();
    await settle();
    expect([element.opened, element.hasAttribute('open')]).toEqual([true, true]);
    element.removeAttribute('open');
    await settle();
    expect([element.opened, deep(element, '.panel').length]).toEqual([false, 0]);
    element.opened = true;
    element.close();
    await settle();
    expect(element.hasAttribute('open')).toBe(false);
  });

  test('tells how much is unread', async () => {
    const { minji, withMinji } = await chats();
    await write(minji, withMinji, ...Array.from({ length: 7 }, (_, i) => `Hello ${i}`));
    const element = await signedIn();
    expect(one(element, '.count').innerText).toBe('7');
    expect(launcher(element).getAttribute('aria-label')).toBe('Open chat, 7 unread');
  });

  test('can be the page’s own', async () => {
    const element = make();
    const own = document.createElement('button');
    own.slot = 'launcher';
    own.textContent = 'Talk to us';
    element.append(own);
    await settle();
    own.click();
    await settle();
    expect(element.opened).toBe(true);
    element.close();
    await settle();
    expect(document.activeElement).toBe(own);
  });
});

describe('a page that names no app', () => {
  test('is told in the console once and in the panel, and nothing is thrown', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const element = document.createElement('co-talk');
    document.body.append(element);
    element.open();
    await settle();
    element.close();
    element.open();
    await settle();
    expect(error.mock.calls).toEqual([['unable to start the chat; <co-talk> names no app; add the attribute app="…"']]);
    expect(one(element, '[role=alert]').innerText).toContain('This chat is not set up yet');
    expect(element.client).toBeNull();
    element.setAttribute('server', SERVER);
    element.setAttribute('app', app);
    await settle();
    expect(element.client?.app).toBe(app);
    error.mockRestore();
  });

  test('or a server that is none', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const element = make({ server: 'not an address' });
    await settle();
    expect(element.client).toBeNull();
    expect(error).toHaveBeenCalledTimes(1);
    error.mockRestore();
  });
});

describe('elements', () => {
  test('of one app share a client, others do not', async () => {
    const [one, two, other] = [make(), make(), make({ app: `${app}b` })];
    await settle();
    expect(one.client).toBe(two.client);
    expect(other.client).not.toBe(one.client);
  });

  test('keep their client when they are moved', async () => {
    const element = make();
    const { client } = element;
    const elsewhere = document.createElement('main');
    document.body.append(elsewhere);
    elsewhere.append(element);
    await settle();
    expect(element.client).toBe(client);
    element.open();
    await settle();
    expect(deep(element, '.panel').length).toBe(1);
  });

  test('work again after they were away', async () => {
    const element = await signedIn();
    element.remove();
    expect(element.client).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 1200));
    document.body.append(element);
    await until(() => element.client?.rooms.store.get().loaded === true, 'the lists');
    element.open();
    await settle();
    expect(one(element, 'h1').innerText).toBe('Chats');
  });

  test('say that they are ready, who is there and what happens', async () => {
    const { minji, withMinji } = await chats();
    await remember(mina);
    const element = document.createElement('co-talk');
    const heard = events(element);
    const users: (string | undefined)[] = [];
    element.addEventListener('co-talk-user', ({ detail }) => users.push(detail.user?.nickname));
    element.app = app;
    element.server = SERVER;
    document.body.append(element);
    await until(
      () => element.client?.status.get() === 'online' && element.client.rooms.store.get().loaded,
      'the lists',
    );
    expect(heard).toEqual(['user', 'ready']);
    await write(minji, withMinji, 'Are you there?');
    await until(() => heard.includes('message') && heard.includes('unread'), 'the message');
    await element.signOut();
    expect(users).toEqual(['Mina', undefined]);
    expect(heard.filter((name) => name === 'ready').length).toBe(1);
  });
});

describe('a place to go to', () => {
  const title = (element: CoTalk) => deep(element, 'h1').map((heading) => heading.innerText.trim());

  test('openRoom opens the panel there', async () => {
    const { withBen } = await chats();
    const element = await signedIn();
    element.openRoom(withBen);
    await until(() => title(element).includes('Ben Okafor'), 'the room');
    one(element, '[aria-label=Back]').click();
    await settle();
    expect(focused()).toBe(one(element, `[data-room="${withBen}"]`));
  });

  test('openDirect waits for somebody to sign in', async () => {
    const minji = await signUp(app, 'Minji Kim');
    const element = make();
    await element.openDirect(minji.id);
    await until(() => deep(element, '#email').length === 1, 'the form');
    await element.client?.auth.logIn(mina);
    await until(() => title(element).includes('Minji Kim'), 'the room');
    expect(element.client?.rooms.store.get().rooms.map(({ peer }) => peer?.id)).toEqual([minji.id]);
  });

  test('a room of the page’s choice in a box is the room and nothing else', async () => {
    const { withMinji, withBen } = await chats();
    const element = await signedIn({ layout: 'inline', room: withMinji });
    await until(() => title(element).includes('Minji Kim'), 'the room');
    expect(deep(element, 'co-talk-tab-bar, [aria-label=Back], [aria-label=Close], .launcher')).toEqual([]);
    element.setAttribute('room', withBen);
    await until(() => title(element).includes('Ben Okafor'), 'the other room');
  });

  test('nothing of one person is in view for the next', async () => {
    const { withMinji } = await chats();
    const element = await signedIn();
    element.openRoom(withMinji);
    await until(() => title(element).includes('Minji Kim'), 'the room');
    await element.signOut();
    await until(() => deep(element, '#email').length === 1, 'the form');
    expect(one(element, '.panel').innerText).not.toContain('Minji');
    await element.client?.auth.logIn(await signUp(app, 'Other'));
    await until(() => title(element).includes('Chats'), 'the list');
    expect(one(element, '.panel').innerText).not.toContain('Minji');
    expect(Object.keys(localStorage).filter((key) => key.includes('draft'))).toEqual([]);
  });
});

test('a session that was ended on another device is over here, and the person is told', async () => {
  const { withMinji } = await chats();
  const element = await signedIn();
  element.openRoom(withMinji);
  await until(() => deep(element, 'textarea').length === 1, 'the room');
  const other = await connect(mina);
  const here = element.client;
  const [session] = (await here?.auth.sessions())?.filter(({ current }) => current) ?? [];
  await other.auth.endSession(session?.id ?? '');
  await until(() => deep(element, '#email').length === 1, 'the form');
  expect(one(element, '.notice').innerText).toBe('You were signed out. Sign in to carry on.');
  expect(one(element, '.panel').innerText).not.toContain('Minji');
});

describe('a wide box', () => {
  test('shows list and room side by side', async () => {
    const { withMinji } = await chats();
    const element = await signedIn({ layout: 'inline' });
    element.style.inlineSize = '900px';
    await until(() => deep(element, '.pane.wide').length === 1, 'two panes');
    one(element, `[data-room="${withMinji}"]`).click();
    await until(() => deep(element, 'textarea').length === 1, 'the room');
    expect(deep(element, `[data-room="${withMinji}"][aria-current=true]`).length).toBe(1);
    element.style.inlineSize = '400px';
    await until(() => deep(element, '.pane.wide').length === 0, 'one pane');
    expect(deep(element, '[aria-label=Back]').length).toBe(1);
  });
});

describe('language, theme and style', () => {
  test('follow the page, unless the element says otherwise', async () => {
    const element = make();
    await settle();
    document.documentElement.lang = 'ko';
    await until(() => launcher(element).getAttribute('aria-label') === '채팅 열기', 'Korean');
    element.lang = 'en';
    await until(() => launcher(element).getAttribute('aria-label') === 'Open chat', 'English');
  });

  test('follow the person’s choice most of all, in every element of the app', async () => {
    const [element, second] = [await signedIn({ theme: 'light' }), make({ theme: 'light' })];
    element.open();
    await settle();
    one(element, '[data-tab=you]').click();
    await until(() => deep(element, '[value=dark]').length === 1, 'the settings');
    one(element, '[value=dark]').click();
    await settle();
    expect([element, second].map((at) => one(at, '.root').classList.contains('dark'))).toEqual([true, true]);
  });

  test('are not the page’s, but for its font', async () => {
    const sheet = document.createElement('style');
    sheet.textContent =
      'body * { color: red !important; letter-spacing: 9px !important; transform: rotate(9deg) } button { background: lime !important; border: 9px solid !important } body { font-family: monospace }';
    document.head.append(sheet);
    const element = make();
    element.open();
    await settle();
    const styles = getComputedStyle(one(element, '.panel'));
    expect([styles.color, styles.letterSpacing]).toEqual(['rgb(21, 24, 32)', 'normal']);
    expect(styles.fontFamily).toBe('monospace');
    element.close();
    await settle();
    expect(getComputedStyle(launcher(element)).borderTopWidth).toBe('0px');
    const corner = launcher(element).getBoundingClientRect();
    expect(innerWidth - corner.right).toBe(20);
    expect(innerHeight - corner.bottom).toBe(20);
    sheet.remove();
  });

  test('take the page’s custom properties', async () => {
    const element = make();
    element.style.setProperty('--co-talk-accent', 'rgb(200, 0, 0)');
    await settle();
    expect(getComputedStyle(launcher(element)).backgroundColor).toBe('rgb(200, 0, 0)');
  });
});

describe('a link in a message', () => {
  test('asks the page first', async () => {
    const { withMinji } = await chats('https://example.com/x');
    const element = await signedIn({ layout: 'inline', room: withMinji });
    await until(() => deep(element, 'a').length === 1, 'the link');
    const hrefs: string[] = [];
    element.addEventListener('co-talk-link', (event) => {
      hrefs.push(event.detail.href);
      event.preventDefault();
    });
    const click = new MouseEvent('click', { bubbles: true, composed: true, cancelable: true });
    one(element, 'a').dispatchEvent(click);
    expect(hrefs).toEqual(['https://example.com/x']);
    expect(click.defaultPrevented).toBe(true);
  });
});

test.each(['light', 'dark'])('accessibility: %s', async (theme) => {
  await chats();
  const main = document.createElement('main');
  main.append(Object.assign(document.createElement('h1'), { textContent: 'A page' }));
  document.body.append(main);
  const element = await signedIn({ theme });
  expect(await problems(element)).toEqual([]);
  element.open();
  await settle(16);
  expect(await problems(element)).toEqual([]);
});
