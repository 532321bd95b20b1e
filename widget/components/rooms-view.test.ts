import { html } from 'lit';
import type { Client } from '@co-talk/sdk';
import { commands } from 'vitest/browser';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clear, deep, heard, one, problems, problemsOfFinding, search, show, until } from '../testing.ts';
import { connect, goHome, newApp, openLine, pair, signUp, write, type Person } from '../testing-people.ts';
import './rooms-view.ts';
import type { RoomsView } from './rooms-view.ts';

let app: string;
let mina: Person;
let client: Client;
const view = () =>
  html`<co-talk-rooms-view .client=${client} .now=${new Date()} .closable=${true}></co-talk-rooms-view>`;
const text = (element: Element, selector: string) => deep(element, selector).map((found) => found.innerText.trim());

beforeEach(async () => {
  app = await newApp();
  mina = await signUp(app, 'Mina');
});
afterEach(async () => {
  clear();
  await goHome();
});

describe('the chats', () => {
  test('without any say what to do, and lead there', async () => {
    client = await connect(mina);
    const { element } = await show<RoomsView>(view());
    expect(text(element, '.empty h2')).toEqual(['No chats yet']);
    const changes = heard(element, 'tab-change');
    one(element, '.empty .btn').click();
    expect(changes).toEqual([{ tab: 'friends', find: true }]);
  });

  test('are listed, and follow what happens', async () => {
    const { minji, room } = await chats();
    client = await connect(mina);
    const { element } = await show<RoomsView>(view());
    expect(text(element, '.name').sort()).toEqual(['Book club', 'Minji Kim']);
    const hers = await connect(minji);
    hers.presence.setTyping(room, true);
    await until(() => text(element, '.what').includes('typing…'), 'that somebody types');
    await write(minji, room, 'Are you there?');
    await until(() => text(element, '.what').includes('Are you there?'), 'what she wrote');
  });

  test('are found by name, with people below', async () => {
    await chats();
    await signUp(app, 'Bo Lee');
    client = await connect(mina);
    const { element } = await show<RoomsView>(view());
    await search(element, 'bo');
    expect(text(element, 'co-talk-room-list .name').concat(text(one(element, 'co-talk-room-list'), '.name'))).toContain(
      'Book club',
    );
    await until(() => deep(element, '[aria-label="Add Bo Lee as a friend"]').length === 1, 'the person found');
    await search(element, 'zzz');
    await until(() => text(element, 'h2').includes('Nothing found for “zzz”'), 'that nothing was found');
  });

  test('say that the connection is gone, in the next view at once, and that it is back', async () => {
    await chats();
    const line = await openLine();
    client = await connect(mina, line);
    const { element, stage } = await show<RoomsView>(view());
    await commands.setLine(line, { down: true });
    await until(() => deep(element, '.offline').length === 1, 'the banner');
    expect(text(element, '.offline')).toEqual(['Connecting… We’ll send after that.']);
    expect(await problems(stage)).toEqual([]);
    const { element: next } = await show<RoomsView>(view());
    expect(deep(next, '.offline').length).toBe(1);
    await commands.setLine(line, { down: false });
    await until(() => deep(next, '.offline').length === 0, 'the connection');
  });

  test('are pinned, muted and hidden from the list, until somebody writes', async () => {
    const { minji, room } = await chats();
    client = await connect(mina);
    const { element, stage } = await show<RoomsView>(view());
    const row = deep(element, '.row').find((at) => at.dataset['room'] === room);
    row?.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }));
    await until(() => deep(element, '.tool').length === 2, 'the buttons');
    const pick = async (item: string) => {
      deep(element, '.tool')
        .find((tool) => tool.dataset['tool'] === room)
        ?.click();
      await until(() => deep(element, '[role=menuitem]').length > 0, 'the menu');
      expect(await problems(stage)).toEqual([]);
      deep(element, '[role=menuitem]')
        .find((at) => at.innerText.trim() === item)
        ?.click();
    };
    await pick('Pin to top');
    await until(() => text(element, '.name')[0] === 'Minji Kim', 'the pinned one on top');
    await pick('Mute');
    await until(() => text(element, '.l1 .sr').includes('Muted'), 'that it is muted');
    await pick('Hide chat');
    await until(() => !text(element, '.name').includes('Minji Kim'), 'the others');
    await write(minji, room, 'Hello?');
    await until(() => text(element, '.name').includes('Minji Kim'), 'the chat');
  });

  test('show grey rows until they are there', async () => {
    client = await connect(mina);
    await client.auth.logOut();
    const { element } = await show<RoomsView>(view());
    expect(deep(element, '.bone').length).toBe(5);
    expect(text(element, '.sr[role=status]')).toEqual(['Loading…']);
  });
});

describe('accessibility', () => {
  test.each([
    ['light', {}],
    ['dark', { dark: true }],
    ['right to left', { dir: 'rtl' as const }],
  ])('%s', async (_, look) => {
    await chats();
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

/** A chat with Minji, and a book club with Ben. */
async function chats() {
  const [minji, ben] = [await signUp(app, 'Minji Kim'), await signUp(app, 'Ben Okafor')];
  const [room, club] = [await pair(mina, minji), await pair(mina, ben)];
  await commands.query("update chat_rooms set type = 'group', name = 'Book club', direct_key = null where id = $1", [
    club,
  ]);
  await write(minji, room, 'Hello');
  await write(ben, club, 'Chapter two');
  return { minji, room };
}
