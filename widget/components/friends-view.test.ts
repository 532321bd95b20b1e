import { html } from 'lit';
import type { Client } from '@co-talk/sdk';
import { commands, userEvent } from 'vitest/browser';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clear, deep, heard, one, problems, problemsOfFinding, search, settle, show, until } from '../testing.ts';
import { befriend, block, connect, goHome, newApp, openLine, request, signUp, type Person } from '../testing-people.ts';
import './friends-view.ts';
import type { FriendsView } from './friends-view.ts';

let app: string;
let mina: Person;
let client: Client;
const view = (finding = 0) =>
  html`<co-talk-friends-view
    .client=${client}
    .now=${new Date()}
    .closable=${true}
    .finding=${finding}
  ></co-talk-friends-view>`;
const text = (element: Element, selector: string) => deep(element, selector).map((found) => found.innerText.trim());
const named = (element: Element, label: string) => one(element, `[aria-label="${label}"]`);
const withName = (label: string) => label.replace(/\{(.*?)\}/, '\u2068$1\u2069');

beforeEach(async () => {
  app = await newApp();
  mina = await signUp(app, 'Mina');
});
afterEach(async () => {
  clear();
  await goHome();
});

describe('friends', () => {
  let circle: Awaited<ReturnType<typeof someCircle>>;

  beforeEach(async () => {
    circle = await someCircle();
    client = await connect(mina);
  });

  test('stand by who is there, with requests above and blocks below', async () => {
    const { element } = await show<FriendsView>(view());
    expect(text(element, '.section')).toEqual([
      'Requests',
      'Sent requests',
      'Online · 1',
      'Offline · 1',
      'Blocked · 1',
    ]);
    expect(text(element, '.what')).toContain('Last seen 2 hours ago');
    await connect(circle.ben);
    await until(() => text(element, '.section').includes('Online · 2'), 'that Ben is there');
  });

  test.each([
    ['Accept {Asa}', 'Requests', 'Offline · 2'],
    ['Decline {Asa}', 'Requests', 'Offline · 1'],
    ['Cancel the request to {Olu}', 'Sent requests', 'Offline · 1'],
    ['Unblock {Spam}', 'Blocked · 1', 'Offline · 1'],
  ])('%s', async (label, gone, stays) => {
    const { element } = await show<FriendsView>(view());
    named(element, withName(label)).click();
    await until(() => !text(element, '.section').includes(gone), 'the row to go');
    await until(() => text(element, '.section').includes(stays), 'the friends');
    // A device that comes later sees the same.
    client = await connect(mina);
    const later = await show<FriendsView>(view());
    expect(text(later.element, '.section')).not.toContain(gone);
    expect(text(later.element, '.section')).toContain(stays);
  });

  test('are removed and blocked only after a question', async () => {
    const { element } = await show<FriendsView>(view());
    const choose = async (name: string, item: string) => {
      one(named(element, withName(`More about {${name}}`)).getRootNode() as ShadowRoot, '.icon').click();
      await settle(2);
      deep(element, '[role=menuitem]')
        .find((entry) => entry.innerText.trim() === item)
        ?.click();
      await settle(2);
    };
    const isFriend = async () => {
      const rows = await commands.query('select from friends where user_id = $1', [circle.ben.id]);
      return rows.length === 1;
    };
    await choose('Ben Okafor', 'Remove friend');
    expect(one(element, '[role=alertdialog]').innerText).toContain('Your chat stays');
    await userEvent.keyboard('{Escape}');
    await settle(2);
    expect(await isFriend()).toBe(true);
    await choose('Ben Okafor', 'Block');
    expect(await isFriend()).toBe(true);
    deep(element, '[role=alertdialog] .btn:not(.ghost)')[0]?.click();
    await until(() => text(element, '.section').includes('Blocked · 2'), 'the block');
    expect(await isFriend()).toBe(false);
  });

  test('lead to their room', async () => {
    const { element } = await show<FriendsView>(view());
    const opened = heard(element, 'room-open');
    named(element, withName('Message {Minji Kim}')).click();
    expect(opened).toEqual([{ roomId: circle.room }]);
  });

  test('what fails is said', async () => {
    const { element } = await show<FriendsView>(view());
    // Taken back, and this device has not heard of it yet.
    await commands.query("update friend_requests set status = 'cancelled' where from_id = $1", [circle.asa.id]);
    const notices = heard(element, 'notice');
    named(element, withName('Accept {Asa}')).click();
    await until(() => notices.length > 0, 'the notice');
    expect(notices).toEqual([{ text: 'This has changed in the meantime. Try again.' }]);
  });
});

describe('people', () => {
  let minho: Person;

  beforeEach(async () => {
    const minji = await signUp(app, 'Minji Kim');
    minho = await signUp(app, 'Minho');
    await befriend(mina, minji);
    await request(mina, await signUp(app, 'Mingyu'));
  });

  test('are found with how they stand, and asked to be friends', async () => {
    client = await connect(mina);
    const { element } = await show<FriendsView>(view());
    await search(element, 'min');
    await until(() => text(element, '.mark').length === 2, 'the people');
    expect(text(element, '.mark')).toEqual(['Request sent', 'Friend']);
    const opened = heard(element, 'direct-open');
    named(element, 'Message Minji Kim').click();
    const [minji] = client.friends.store.get().friends;
    expect(opened).toEqual([{ userId: minji?.user.id }]);
    named(element, 'Add Minho as a friend').click();
    await until(() => text(element, '.mark').length === 3, 'the request');
    const hers = await connect(minho);
    expect(hers.friends.store.get().incoming.map(({ from }) => from.nickname)).toEqual(['Mina']);
  });

  test('are asked for once typing rests, and old answers are dropped', async () => {
    await signUp(app, 'Milo');
    // The browser notes what was answered, as long as there is room.
    performance.clearResourceTimings();
    const line = await openLine();
    client = await connect(mina, line);
    const { element } = await show<FriendsView>(view());
    const asked = async () => (await commands.requestsOn(line)).filter((one) => one === 'GET /api/v1/users').length;
    await commands.setLine(line, { hold: 'GET /api/v1/users?q=mi ' });
    for (const term of ['m', 'mi']) await search(element, term);
    await until(async () => (await asked()) === 1, 'the first question');
    await search(element, 'min');
    await until(async () => (await asked()) === 2, 'the second question');
    await until(() => text(element, '.name').length === 3, 'the second answer');
    await commands.setLine(line, { hold: null });
    const answered = () => performance.getEntriesByType('resource').map(({ name }) => name.split('?')[1]);
    await until(() => answered().includes('q=mi'), 'the first answer');
    await settle(8);
    expect(await asked()).toBe(2);
    expect(text(element, '.name')).toEqual(['Mingyu', 'Minho', 'Minji Kim']);
  });

  test('the search takes the focus when somebody wants to find people', async () => {
    client = await connect(mina);
    const { element } = await show<FriendsView>(view(1));
    await settle(2);
    expect(one(element, 'input[type=search]').matches(':focus')).toBe(true);
  });

  test('a search that fails can be repeated', async () => {
    client = await connect(mina);
    const { element } = await show<FriendsView>(view());
    // A row that the server cannot put into words.
    const joined = 'update users set created_at = $2 where id = $1';
    await commands.query(joined, [minho.id, 'infinity']);
    await search(element, 'min');
    await until(() => deep(element, '[role=alert]').length > 0, 'the reason');
    expect(one(element, '[role=alert]').innerText).toContain('Something went wrong on our side');
    await commands.query(joined, [minho.id, new Date()]);
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
    await someCircle();
    await signUp(app, 'Minho');
    client = await connect(mina);
    const { stage, element } = await show(view(), look);
    expect(await problems(stage)).toEqual([]);
    expect(await problemsOfFinding(stage, element, 'min')).toEqual([]);
  });

  test('empty', async () => {
    client = await connect(mina);
    const { stage } = await show(view());
    expect(await problems(stage)).toEqual([]);
  });
});

/** Two friends, one of them online and one seen two hours ago; a request from Asa, one to Olu; Spam is blocked. */
async function someCircle() {
  const [minji, ben] = [await signUp(app, 'Minji Kim'), await signUp(app, 'Ben Okafor')];
  const [asa, olu, spam] = [await signUp(app, 'Asa'), await signUp(app, 'Olu'), await signUp(app, 'Spam')];
  const room = await befriend(mina, minji);
  await befriend(mina, ben);
  await commands.query("update users set last_seen_at = now() - interval '2 hours' where id = $1", [ben.id]);
  await request(asa, mina);
  await request(mina, olu);
  await block(mina, spam);
  await connect(minji);
  return { minji, ben, asa, room };
}
