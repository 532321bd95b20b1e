import { userEvent } from 'vitest/browser';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { push, resetWorld, SERVER, signedIn, world } from './testing-server.ts';
import { clear, deep, message, one, problems, room, settle, until, user } from './testing.ts';
import './index.ts';
import type { CoTalk } from './co-talk.ts';

let apps = 0;
let app = '';

function make(attributes: Record<string, string> = {}): CoTalk {
  const element = document.createElement('co-talk');
  for (const [name, value] of Object.entries({ app, server: SERVER, ...attributes })) element.setAttribute(name, value);
  document.body.append(element);
  return element;
}

/** An element of somebody who is signed in already. */
async function signedInAs(attributes: Record<string, string> = {}): Promise<CoTalk> {
  const { user: me, session } = signedIn();
  const stored = { me, ...session, renewAt: Date.now() + 600_000 };
  localStorage.setItem(`co-talk:${SERVER}:${app}:session`, JSON.stringify(stored));
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

beforeEach(() => {
  // An app of its own for every test: elements of one app share a client for a while.
  app = `app${String(++apps)}`;
  localStorage.clear();
  resetWorld();
  document.documentElement.lang = 'en';
  document.documentElement.dir = 'ltr';
  document.title = 'Test';
});
afterEach(clear);

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
    world.rooms = [
      room('r-1', {
        me: { role: 'member', readSeq: 0, unread: 7, muted: false, pinned: false, hidden: false, historyFrom: 1 },
      }),
    ];
    const element = await signedInAs();
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
    const element = await signedInAs();
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
    world.rooms = [room('r-1')];
    const { user: me, session } = signedIn();
    localStorage.setItem(
      `co-talk:${SERVER}:${app}:session`,
      JSON.stringify({ me, ...session, renewAt: Date.now() + 600_000 }),
    );
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
    const stranger = message(2, { roomId: 'r-1' });
    push('message', { roomId: 'r-1', rev: 2, message: stranger });
    await until(() => heard.includes('message') && heard.includes('unread'), 'the message');
    await element.signOut();
    expect(users).toEqual(['Mina', undefined]);
    expect(heard.filter((name) => name === 'ready').length).toBe(1);
  });
});

describe('a place to go to', () => {
  const world1 = () => ({
    rooms: [room('r-1'), room('r-2', { peer: user('u-2', 'Ben Okafor') })],
    messages: [message(1, { roomId: 'r-1' })],
  });
  const title = (element: CoTalk) => deep(element, 'h1').map((heading) => heading.innerText.trim());

  test('openRoom opens the panel there', async () => {
    resetWorld(world1());
    const element = await signedInAs();
    element.openRoom('r-2');
    await until(() => title(element).includes('Ben Okafor'), 'the room');
    one(element, '[aria-label=Back]').click();
    await settle();
    expect(focused()).toBe(one(element, '[data-room=r-2]'));
  });

  test('openDirect waits for somebody to sign in', async () => {
    resetWorld(world1());
    const element = make();
    await element.openDirect('u-1');
    await until(() => deep(element, '#email').length === 1, 'the form');
    await element.client?.auth.logIn({ email: 'mina@example.com', password: 'correct horse' });
    await until(() => title(element).includes('Minji Kim'), 'the room');
    expect(world.asked.some(([route, body]) => route === 'POST /rooms' && JSON.stringify(body).includes('u-1'))).toBe(
      true,
    );
  });

  test('a room of the page’s choice in a box is the room and nothing else', async () => {
    resetWorld(world1());
    const element = await signedInAs({ layout: 'inline', room: 'r-1' });
    await until(() => title(element).includes('Minji Kim'), 'the room');
    expect(deep(element, 'co-talk-tab-bar, [aria-label=Back], [aria-label=Close], .launcher')).toEqual([]);
    element.setAttribute('room', 'r-2');
    await until(() => title(element).includes('Ben Okafor'), 'the other room');
  });

  test('nothing of one person is in view for the next', async () => {
    resetWorld(world1());
    const element = await signedInAs();
    element.openRoom('r-1');
    await until(() => title(element).includes('Minji Kim'), 'the room');
    await element.signOut();
    await until(() => deep(element, '#email').length === 1, 'the form');
    expect(one(element, '.panel').innerText).not.toContain('Minji');
    resetWorld({ me: { ...world.me, id: 'u-other', nickname: 'Other' } });
    await element.client?.auth.logIn({ email: 'other@example.com', password: 'correct horse' });
    await until(() => title(element).includes('Chats'), 'the list');
    expect(one(element, '.panel').innerText).not.toContain('Minji');
    expect(Object.keys(localStorage).filter((key) => key.includes('draft'))).toEqual([]);
  });
});

describe('a wide box', () => {
  test('shows list and room side by side', async () => {
    resetWorld({ rooms: [room('r-1')], messages: [message(1, { roomId: 'r-1' })] });
    const element = await signedInAs({ layout: 'inline' });
    element.style.inlineSize = '900px';
    await until(() => deep(element, '.pane.wide').length === 1, 'two panes');
    one(element, '[data-room=r-1]').click();
    await until(() => deep(element, 'textarea').length === 1, 'the room');
    expect(deep(element, '[data-room=r-1][aria-current=true]').length).toBe(1);
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
    const [element, second] = [await signedInAs({ theme: 'light' }), make({ theme: 'light' })];
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
    resetWorld({ rooms: [room('r-1')], messages: [message(1, { roomId: 'r-1', text: 'https://example.com/x' })] });
    const element = await signedInAs({ layout: 'inline', room: 'r-1' });
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
  resetWorld({ rooms: [room('r-1')] });
  const main = document.createElement('main');
  main.append(Object.assign(document.createElement('h1'), { textContent: 'A page' }));
  document.body.append(main);
  const element = await signedInAs({ theme });
  expect(await problems(element)).toEqual([]);
  element.open();
  await settle(16);
  expect(await problems(element)).toEqual([]);
});
