import { html } from 'lit';
import type { Client, Room } from '@co-talk/sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Page } from '../events.ts';
import { clear, deep, heard, one, problems, search, settle, show, until } from '../testing.ts';
import { ask, befriend, connect, goHome, newApp, signUp, write, type Person } from '../testing-people.ts';
import './group-page.ts';
import type { GroupPage } from './group-page.ts';
import './room-view.ts';
import type { RoomView } from './room-view.ts';

let mina: Person;
let minji: Person;
let bo: Person;
let client: Client;
beforeEach(async () => {
  const app = await newApp();
  [mina, minji, bo] = await Promise.all([signUp(app, 'Mina'), signUp(app, 'Minji Kim'), signUp(app, 'Bo Lee')]);
  await befriend(mina, minji);
  client = await connect(mina);
});
afterEach(async () => {
  clear();
  await goHome();
});

const view = (page: Page) =>
  html`<co-talk-group-page
    .client=${client}
    .page=${page}
    .now=${new Date()}
    @page-open=${({ currentTarget, detail }: CustomEvent<{ page: Page | null }>) => {
      if (detail.page) (currentTarget as GroupPage).page = detail.page;
    }}
  ></co-talk-group-page>`;
const open = (page: Page, o = {}) => show<GroupPage>(view(page), o);
const text = (element: Element, selector: string) => deep(element, selector).map((found) => found.innerText.trim());
const button = (element: Element, name: string) => {
  const found = deep(element, 'button').find(
    (at) =>
      at.innerText.split('\n').some((line) => line.trim().startsWith(name)) ||
      at.ariaLabel?.replaceAll(/[\u2068\u2069]/g, '') === name,
  );
  if (!found) throw new Error(`there is no button ${name}, but ${text(element, 'button').join(' | ')}`);
  return found;
};
const fill = (element: Element, value: string) => {
  const input = one(element, '#name', HTMLInputElement);
  input.value = value;
  input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
};
const group = (of: Person, others: Person[], name = 'Tea'): Promise<Room> =>
  ask('POST', '/rooms', { token: of.token, body: { type: 'group', name, memberIds: others.map(({ id }) => id) } });
const names = (element: Element) => text(element, '[part=person-row] .name');
/** What the keyboard is on. */
function focused(): Element | null {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
}

/** Picks from the menu of a member. */
async function pick(element: Element, name: string, item: string): Promise<void> {
  await until(() => deep(element, '[aria-haspopup=menu]').length > 0, 'the menus');
  button(element, `More about ${name}`).click();
  await settle();
  button(element, item).click();
  await settle();
}

describe('a new group', () => {
  test('is made of friends and people found, from where chats begin', async () => {
    const { element, stage } = await open({ kind: 'start' });
    expect(text(element, '.deed .name')).toEqual(['New group', 'New channel', 'Channels']);
    expect(await problems(stage)).toEqual([]);
    button(element, 'New group').click();
    await until(() => deep(element, '.bar').length === 1 && names(element).includes('Minji Kim'), 'the friends');
    expect(one(element, '.bar .btn', HTMLButtonElement).disabled).toBe(true);
    fill(element, '  Tea club ');
    button(element, 'Minji Kim').click();
    await search(element, 'bo');
    await until(() => names(element).includes('Bo Lee'), 'who was found');
    button(element, 'Bo Lee').click();
    await settle();
    expect(text(element, '.chip')).toHaveLength(2);
    expect(await problems(stage)).toEqual([]);
    const rooms = heard(element, 'room-open');
    button(element, 'Create group').click();
    await until(() => rooms.length === 1, 'the room');
    const { items } = await ask<{ items: Room[] }>('GET', '/rooms', { token: bo.token });
    expect(items).toMatchObject([{ id: rooms[0]?.roomId, name: 'Tea club', memberCount: 3 }]);
  });

  test('has a name that fits', async () => {
    const { element, stage } = await open({ kind: 'new-group', type: 'group' });
    fill(element, 'a'.repeat(81));
    await settle();
    expect(text(element, '.problem')).toEqual(['Too long by 1. Shorten it to send.']);
    expect(one(element, '.bar .btn', HTMLButtonElement).disabled).toBe(true);
    expect(await problems(stage)).toEqual([]);
  });
});

describe('the details of a group', () => {
  test('say who is in it, and follow what others do', async () => {
    const { id } = await group(minji, [mina]);
    await until(() => client.rooms.store.get().rooms.some((room) => room.id === id), 'the room');
    const { element, stage } = await open({ kind: 'details', roomId: id });
    await until(() => names(element).length === 2, 'the members');
    expect(names(element)).toEqual(['Minji Kim', 'Mina']);
    expect(text(element, '.role')).toEqual(['Owner']);
    expect(deep(element, 'co-talk-picture-field')).toEqual([]);
    await ask('POST', `/rooms/${id}/members`, { token: minji.token, body: { userIds: [bo.id] } });
    await until(() => names(element).includes('Bo Lee'), 'who was added');
    await ask('PATCH', `/rooms/${id}/members/${mina.id}`, { token: minji.token, body: { role: 'admin' } });
    await until(() => text(element, '.role').includes('Admin'), 'the role');
    await until(() => text(element, '.card p').join() === '3 members · You are an admin', 'one’s own role');
    await ask('PATCH', `/rooms/${id}`, { token: minji.token, body: { name: 'Coffee' } });
    await until(() => text(element, '.card h2 bdi').includes('Coffee'), 'the name');
    expect(await problems(stage)).toEqual([]);
  });

  test('are changed by its owner: the name, roles, who is in it', async () => {
    const { id } = await group(mina, [minji]);
    await until(() => client.rooms.store.get().rooms.some((room) => room.id === id), 'the room');
    const { element, stage } = await open({ kind: 'details', roomId: id });
    await until(() => names(element).length === 2, 'the members');
    button(element, 'Rename').click();
    await settle();
    fill(element, 'Tea club');
    expect(await problems(stage)).toEqual([]);
    one(element, 'form', HTMLFormElement).requestSubmit();
    await until(() => text(element, '.card h2 bdi').includes('Tea club'), 'the name');
    await pick(element, 'Minji Kim', 'Make admin');
    await until(() => text(element, '.role').includes('Admin'), 'the role');
    button(element, 'Add people').click();
    await settle();
    await search(element, 'bo');
    await until(() => names(element).includes('Bo Lee'), 'who was found');
    button(element, 'Bo Lee').click();
    await settle();
    button(element, 'Add 1').click();
    await until(() => names(element).length === 3, 'the members');
    await pick(element, 'Bo Lee', 'Remove from group');
    expect(await problems(stage)).toEqual([]);
    one(one(element, 'co-talk-confirm'), '.btn:not(.ghost)').click();
    await until(() => names(element).length === 2, 'the members');
    await pick(element, 'Minji Kim', 'Make owner');
    one(one(element, 'co-talk-confirm'), '.btn:not(.ghost)').click();
    await until(() => text(element, '.role').join() === 'Owner,Admin', 'the new owner');
    await until(() => names(element)[0] === 'Minji Kim', 'the owner on top');
  });

  test.each([
    ['dark', { dark: true }],
    ['right to left', { dir: 'rtl' as const }],
  ])('can be read by everybody, %s', async (_name, look) => {
    const { id } = await group(mina, [minji, bo]);
    await until(() => client.rooms.store.get().rooms.some((room) => room.id === id), 'the room');
    for (const page of [
      { kind: 'details', roomId: id },
      { kind: 'start' },
      { kind: 'new-group', type: 'channel' },
    ] as const) {
      const { element, stage } = await open(page, look);
      await until(() => deep(element, '.row .name').length > 0, 'the page');
      expect(await problems(stage)).toEqual([]);
    }
  });

  test('lead out of it, after a question', async () => {
    const { id } = await group(minji, [mina]);
    await until(() => client.rooms.store.get().rooms.some((room) => room.id === id), 'the room');
    const { element } = await open({ kind: 'details', roomId: id });
    await until(() => names(element).length === 2, 'the members');
    button(element, 'Leave group').click();
    await settle();
    one(one(element, 'co-talk-confirm'), '.btn:not(.ghost)').click();
    await until(() => client.rooms.store.get().rooms.every((room) => room.id !== id), 'the end');
  });
});

test('a channel is found, looked into and joined', async () => {
  const { id } = await ask<Room>('POST', '/rooms', { token: bo.token, body: { type: 'channel', name: 'Gardening' } });
  await write(bo, id, 'Roses first');
  const { element, stage } = await open({ kind: 'channels' });
  await until(() => text(element, '.row .name').includes('Gardening'), 'the channel');
  expect(await problems(stage)).toEqual([]);
  await search(element, 'zzz');
  await until(() => text(element, '.empty h2').length === 1, 'that there is none');
  await search(element, 'garden');
  await until(() => text(element, '.row .name').includes('Gardening'), 'the channel');
  button(element, 'Gardening').click();
  await until(() => text(element, '.bubble').includes('Roses first'), 'what is written there');
  expect(await problems(stage)).toEqual([]);
  const rooms = heard(element, 'room-open');
  button(element, 'Join').click();
  await until(() => rooms.length === 1, 'the room');
  expect(client.rooms.store.get().rooms.find((room) => room.id === id)).toMatchObject({ memberCount: 2 });
  const { element: list } = await open({ kind: 'channels' });
  await until(() => text(list, '.role').includes('Joined'), 'that one is in it');
});

describe('an invite link', () => {
  test('is made, listed and revoked by the owner', async () => {
    const { id } = await group(mina, []);
    await until(() => client.rooms.store.get().rooms.some((room) => room.id === id), 'the room');
    const { element, stage } = await open({ kind: 'details', roomId: id });
    await until(() => text(element, '.deed .name').includes('Invite links'), 'the way there');
    button(element, 'Invite links').click();
    await until(() => focused()?.ariaLabel === 'Back', 'the focus on the way back');
    await until(() => text(element, '.none').includes('No links at the moment.'), 'that there are none');
    expect(await problems(stage)).toEqual([]);
    one(element, '#uses', HTMLSelectElement).value = '10';
    one(element, 'form', HTMLFormElement).requestSubmit();
    await until(() => deep(element, '.new input').length === 1, 'the link');
    const link = new URL(one(element, '.new input', HTMLInputElement).value);
    expect([link.origin, link.pathname]).toEqual([location.origin, location.pathname]);
    await until(() => text(element, '.what').includes('Used 0 of 10 times'), 'the list');
    expect(await problems(stage)).toEqual([]);
    const token = link.hash.replace('#co-talk-invite=', '');
    await ask('POST', '/invites/join', { token: bo.token, body: { token } });
    button(element, 'Revoke').click();
    await until(() => text(element, '.none').includes('No links at the moment.'), 'that it is gone');
    await expect(ask('POST', '/invites/join', { token: minji.token, body: { token } })).rejects.toThrow('not_found');
  });

  test('leads into the room, after saying which; and says where it does not', async () => {
    const { id } = await group(minji, [bo], 'Tea club');
    const { token } = await ask<{ token: string }>('POST', `/rooms/${id}/invites`, { token: minji.token, body: {} });
    const { element, stage } = await open({ kind: 'invite', token });
    await until(() => text(element, '.empty h2').includes('Tea club'), 'where it leads');
    expect(text(element, '.empty p')).toEqual(['2 members']);
    expect(await problems(stage)).toEqual([]);
    const rooms = heard(element, 'room-open');
    button(element, 'Join').click();
    await until(() => rooms.length === 1, 'the room');
    const { element: other, stage: beside } = await open({ kind: 'invite', token: 'guessed' });
    await until(() => text(other, '.empty p').join().startsWith('This link is not valid'), 'that it leads nowhere');
    expect(await problems(beside)).toEqual([]);
  });
});

test('what has happened stands in the room, in words', async () => {
  const { id } = await group(minji, [mina]);
  await until(() => client.rooms.store.get().rooms.some((room) => room.id === id), 'the room');
  const drafts = { get: () => '', set: () => undefined };
  const { element, stage } = await show<RoomView>(
    html`<co-talk-room-view .client=${client} .drafts=${drafts} .roomId=${id} .now=${new Date()}></co-talk-room-view>`,
  );
  const said = () => text(element, '.happening').map((words) => words.replaceAll(/[\u2068\u2069]/g, ''));
  await until(() => said()[0] === 'Minji Kim created “Tea”', 'how it began');
  await write(minji, id, 'Hello');
  await ask('POST', `/rooms/${id}/members`, { token: minji.token, body: { userIds: [bo.id] } });
  await ask('PATCH', `/rooms/${id}/members/${mina.id}`, { token: minji.token, body: { role: 'admin' } });
  await until(() => said().length === 3, 'what was done');
  expect(said().slice(1)).toEqual(['Minji Kim added Bo Lee', 'Minji Kim made you an admin']);
  expect(text(element, 'small')).toEqual(['3 members']);
  expect(await problems(stage)).toEqual([]);
  const pages = heard(element, 'page-open');
  one(element, '.who button').click();
  expect(pages).toEqual([{ page: { kind: 'details', roomId: id } }]);
});
