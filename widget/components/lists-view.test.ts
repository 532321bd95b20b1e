import { html } from 'lit';
import type { Client, Friend } from '@co-talk/sdk';
import { userEvent } from 'vitest/browser';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answer, push, refuse, resetWorld, signIn, world } from '../testing-server.ts';
import {
  clear,
  deep,
  heard,
  ME,
  message,
  one,
  people,
  presence,
  problems,
  room,
  settle,
  show,
  until,
  user,
} from '../testing.ts';
import './friends-view.ts';
import type { FriendsView } from './friends-view.ts';
import './rooms-view.ts';
import type { RoomsView } from './rooms-view.ts';

const NOW = new Date('2026-11-22T15:00:00.000Z');
const friend = (id: string, name: string, online = false): Friend => ({
  user: user(id, name),
  roomId: `r-${id}`,
  since: '2026-01-01T00:00:00.000Z',
  presence: presence(id, online, online ? null : '2026-11-22T13:00:00.000Z'),
});
const request = (id: string, from: string, to: string) => ({
  id,
  from: people.get(from) ?? user(from, from),
  to: people.get(to) ?? user(to, to),
  status: 'pending' as const,
  createdAt: '2026-11-22T10:00:00.000Z',
});

let client: Client;
const rooms = () => html`<co-talk-rooms-view .client=${client} .now=${NOW} .closable=${true}></co-talk-rooms-view>`;
const friends = (finding = 0) =>
  html`<co-talk-friends-view
    .client=${client}
    .now=${NOW}
    .closable=${true}
    .finding=${finding}
  ></co-talk-friends-view>`;
const text = (element: Element, selector: string) => deep(element, selector).map((found) => found.innerText.trim());
const named = (element: Element, label: string) => one(element, `[aria-label="${label}"]`);
const withName = (label: string) => label.replace(/\{(.*?)\}/, '\u2068$1\u2069');

async function search(element: Element, term: string): Promise<void> {
  const input = one(element, 'input[type=search]', HTMLInputElement);
  input.value = term;
  input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  await settle(2);
}

beforeEach(() => resetWorld());
afterEach(() => {
  clear();
  client.close();
});

describe('the chats', () => {
  test('without any say what to do, and lead there', async () => {
    client = await signIn();
    const { element } = await show<RoomsView>(rooms());
    expect(text(element, '.empty h2')).toEqual(['No chats yet']);
    const changes = heard(element, 'tab-change');
    one(element, '.empty .btn').click();
    expect(changes).toEqual([{ tab: 'friends', find: true }]);
  });

  test('are listed, and follow what happens', async () => {
    world.rooms = [
      room('r-1', { lastMessage: message(1, { text: 'Hello' }) }),
      room('r-2', { name: 'Book club', type: 'group', peer: undefined }),
    ];
    client = await signIn();
    const { element } = await show<RoomsView>(rooms());
    expect(text(element, '.name').sort()).toEqual(['Book club', 'Minji Kim']);
    push('typing', { roomId: 'r-1', userId: 'u-1', typing: true });
    await until(() => text(element, '.what').includes('typing…'), 'that somebody types');
  });

  test('are found by name, with people below', async () => {
    world.rooms = [room('r-1'), room('r-2', { name: 'Book club', type: 'group', peer: undefined })];
    world.found = [{ ...user('u-9', 'Bo Lee'), friendship: 'none' }];
    client = await signIn();
    const { element } = await show<RoomsView>(rooms());
    await search(element, 'bo');
    expect(text(element, 'co-talk-room-list .name').concat(text(one(element, 'co-talk-room-list'), '.name'))).toContain(
      'Book club',
    );
    await until(() => deep(element, '[aria-label="Add Bo Lee as a friend"]').length === 1, 'the person found');
    await search(element, 'zzz');
    await until(() => text(element, 'h2').includes('Nothing found for “zzz”'), 'that nothing was found');
  });

  test('show grey rows until they are there', async () => {
    client = await signIn();
    await client.auth.logOut();
    const { element } = await show<RoomsView>(rooms());
    expect(deep(element, '.bone').length).toBe(5);
    expect(text(element, '[role=status]')).toEqual(['Loading…']);
  });
});

describe('friends', () => {
  beforeEach(async () => {
    world.friends = [friend('u-1', 'Minji Kim', true), friend('u-2', 'Ben Okafor')];
    world.requests = [request('q-1', 'u-3', ME), request('q-2', ME, 'u-4')];
    world.blocks = [{ user: user('u-5', 'Spam'), createdAt: '2026-01-01T00:00:00.000Z' }];
    client = await signIn();
  });

  test('stand by who is there, with requests above and blocks below', async () => {
    const { element } = await show<FriendsView>(friends());
    expect(text(element, '.section')).toEqual([
      'Requests',
      'Sent requests',
      'Online · 1',
      'Offline · 1',
      'Blocked · 1',
    ]);
    expect(text(element, '.what')).toContain('Last seen 2 hours ago');
    push('presence', presence('u-2', true));
    await until(() => text(element, '.section').includes('Online · 2'), 'that Ben is there');
  });

  test.each([
    ['Accept {u-3}', 'POST /friends/requests/q-1/accept'],
    ['Decline {u-3}', 'POST /friends/requests/q-1/reject'],
    ['Cancel the request to {u-4}', 'DELETE /friends/requests/q-2'],
    ['Unblock {Spam}', 'DELETE /blocks/u-5'],
  ])('%s', async (label, route) => {
    answer('POST /friends/requests/q-1/accept', () => ({ friend: friend('u-3', 'u-3') }));
    const { element } = await show<FriendsView>(friends());
    named(element, withName(label)).click();
    await until(() => world.asked.some(([asked]) => asked === route), route);
  });

  test('are removed and blocked only after a question', async () => {
    const { element } = await show<FriendsView>(friends());
    const choose = async (name: string, item: string) => {
      one(named(element, withName(`More about {${name}}`)).getRootNode() as ShadowRoot, '.icon').click();
      await settle(2);
      deep(element, '[role=menuitem]')
        .find((entry) => entry.innerText.trim() === item)
        ?.click();
      await settle(2);
    };
    await choose('Ben Okafor', 'Remove friend');
    expect(one(element, '[role=alertdialog]').innerText).toContain('Your chat stays');
    await userEvent.keyboard('{Escape}');
    await settle(2);
    expect(world.asked).toEqual([
      ['POST /auth/login', { app: 'default', email: 'mina@example.com', password: 'correct horse' }],
    ]);
    await choose('Ben Okafor', 'Block');
    deep(element, '[role=alertdialog] .btn:not(.ghost)')[0]?.click();
    await until(() => world.asked.some(([asked]) => asked === 'PUT /blocks/u-2'), 'the block');
  });

  test('lead to their room', async () => {
    const { element } = await show<FriendsView>(friends());
    const opened = heard(element, 'room-open');
    named(element, withName('Message {Minji Kim}')).click();
    expect(opened).toEqual([{ roomId: 'r-u-1' }]);
  });

  test('what fails is said', async () => {
    answer('POST /friends/requests/q-1/accept', () => refuse('conflict', 409));
    const { element } = await show<FriendsView>(friends());
    const notices = heard(element, 'notice');
    named(element, withName('Accept {u-3}')).click();
    await until(() => notices.length > 0, 'the notice');
    expect(notices).toEqual([{ text: 'This has changed in the meantime. Try again.' }]);
  });
});

describe('people', () => {
  beforeEach(async () => {
    world.friends = [friend('u-1', 'Minji Kim')];
    world.found = [
      { ...user('u-1', 'Minji Kim'), friendship: 'friend' },
      { ...user('u-6', 'Minho'), friendship: 'none' },
      { ...user('u-7', 'Mingyu'), friendship: 'none' },
    ];
    world.requests = [request('q-7', ME, 'u-7')];
    client = await signIn();
  });

  test('are found with how they stand, and asked to be friends', async () => {
    const { element } = await show<FriendsView>(friends());
    await search(element, 'min');
    await until(() => text(element, '.mark').length === 2, 'the people');
    expect(text(element, '.mark')).toEqual(['Friend', 'Request sent']);
    const opened = heard(element, 'direct-open');
    named(element, 'Message Minji Kim').click();
    expect(opened).toEqual([{ userId: 'u-1' }]);
    named(element, 'Add Minho as a friend').click();
    await until(
      () =>
        world.asked.some(
          ([asked, body]) => asked === 'POST /friends/requests' && JSON.stringify(body) === '{"userId":"u-6"}',
        ),
      'the request',
    );
  });

  test('are asked for once typing rests, and old answers are dropped', async () => {
    const asked: string[] = [];
    answer('GET /users', async ({ query }) => {
      const q = query.get('q') ?? '';
      asked.push(q);
      await new Promise((resolve) => setTimeout(resolve, q === 'mi' ? 300 : 10));
      return { items: [{ ...user(`u-${q}`, `Found by ${q}`), friendship: 'none' }], next: null };
    });
    const { element } = await show<FriendsView>(friends());
    for (const term of ['m', 'mi']) await search(element, term);
    await until(() => asked.length === 1, 'the first question');
    await search(element, 'min');
    await until(() => asked.length === 2, 'the second question');
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(asked).toEqual(['mi', 'min']);
    expect(text(element, '.name')).toEqual(['Found by min']);
  });

  test('the search takes the focus when somebody wants to find people', async () => {
    const { element } = await show<FriendsView>(friends(1));
    await settle(2);
    expect(one(element, 'input[type=search]').matches(':focus')).toBe(true);
  });

  test('a search that fails can be repeated', async () => {
    answer('GET /users', () => refuse('internal', 500));
    const { element } = await show<FriendsView>(friends());
    await search(element, 'min');
    await until(() => deep(element, '[role=alert]').length > 0, 'the reason');
    expect(one(element, '[role=alert]').innerText).toContain('Something went wrong on our side');
    answer('GET /users', () => ({ items: world.found, next: null }));
    one(element, '[role=alert] .btn').click();
    await until(() => text(element, '.name').includes('Minho'), 'the people');
  });
});

describe('accessibility', () => {
  test.each([
    ['light', {}],
    ['dark', { dark: true }],
    ['right to left', { dir: 'rtl' as const }],
  ])('%s', async (_, look) => {
    world.friends = [friend('u-1', 'Minji Kim', true), friend('u-2', 'Ben Okafor')];
    world.requests = [request('q-1', 'u-3', ME), request('q-2', ME, 'u-4')];
    world.blocks = [{ user: user('u-5', 'Spam'), createdAt: '2026-01-01T00:00:00.000Z' }];
    world.rooms = [room('r-1')];
    world.found = [{ ...user('u-6', 'Minho'), friendship: 'none' }];
    client = await signIn();
    for (const content of [friends(), rooms()]) {
      const { stage, element } = await show(content, look);
      expect(await problems(stage)).toEqual([]);
      await search(element, 'min');
      await until(() => deep(element, '[part=person-row]').length > 0, 'people');
      expect(await problems(stage)).toEqual([]);
    }
  });

  test('empty', async () => {
    client = await signIn();
    for (const content of [friends(), rooms()]) {
      const { stage } = await show(content);
      expect(await problems(stage)).toEqual([]);
    }
  });
});
