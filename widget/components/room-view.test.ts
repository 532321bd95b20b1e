import { html } from 'lit';
import type { Client, Id } from '@co-talk/sdk';
import { commands } from 'vitest/browser';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clear, deep, heard, one, problems, settle, show, until } from '../testing.ts';
import {
  ask,
  block,
  connect,
  goHome,
  newApp,
  openLine,
  pair,
  read,
  SERVER,
  signUp,
  unblock,
  write,
  type Person,
} from '../testing-people.ts';
import { Drafts } from '../drafts.ts';
import './room-view.ts';
import type { RoomView } from './room-view.ts';

const drafts = new Drafts(SERVER, 'default');
let mina: Person;
let minji: Person;
/** Their room. */
let roomId: Id;
let client: Client;
let element: RoomView;
let stage: HTMLElement;

const view = (id = roomId) =>
  html`<co-talk-room-view
    .client=${client}
    .drafts=${drafts}
    .roomId=${id}
    .returnable=${true}
    .closable=${true}
  ></co-talk-room-view>`;
const bubbles = () => deep(element, '.bubble').map((bubble) => bubble.innerText.trim());
const status = () => deep(element, 'small')[0]?.innerText;
const field = () => one(element, 'textarea', HTMLTextAreaElement);
const mine = async () => {
  const where = 'where room_id = $1 and user_id = $2';
  const [row] = await commands.query(`select * from chat_room_members ${where}`, [roomId, mina.id]);
  return row ?? {};
};

/** What the server has of the room. */
const stored = async () => {
  const rows = await commands.query('select text from messages where room_id = $1 order by seq', [roomId]);
  return rows.map(({ text }) => text);
};

/** Mina opens her room with Minji, who has written `count` messages; the first `known` of them she has read. */
async function open(
  o: { count?: number; known?: number; server?: string } = {},
  look: Parameters<typeof show>[1] = {},
): Promise<void> {
  const { count = 3, known = count } = o;
  await write(minji, roomId, ...Array.from({ length: count }, (_, i) => `Message ${i + 1}`));
  if (known > 0) await read(mina, roomId, known);
  client = await connect(mina, o.server);
  ({ element, stage } = await show<RoomView>(view(), { ...look, as: undefined }));
  await until(() => deep(element, 'co-talk-composer').length === 1, 'the room');
  await settle();
}

async function send(text: string): Promise<void> {
  field().value = text;
  field().dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  await settle(1);
  one(element, '.send').click();
  await settle(2);
}

beforeEach(async () => {
  localStorage.clear();
  const app = await newApp();
  [mina, minji] = [await signUp(app, 'Mina'), await signUp(app, 'Minji Kim')];
  roomId = await pair(mina, minji);
});
afterEach(async () => {
  clear();
  await goHome();
});

describe('a room', () => {
  test('shows whom it is with, how they are, and what was said', async () => {
    await open();
    expect(one(element, 'h1').innerText.trim()).toBe('Minji Kim');
    expect(status()).toBe('Offline');
    expect(bubbles()).toEqual(['Message 1', 'Message 2', 'Message 3']);
    const hers = await connect(minji);
    await until(() => status() === 'Online', 'that Minji is there');
    hers.presence.setTyping(roomId, true);
    await until(() => status() === 'typing…' && deep(element, '.dots').length === 1, 'that Minji types');
  });

  test('without a word yet invites to say hello', async () => {
    await open({ count: 0 });
    expect(one(element, '.empty h2').innerText).toContain('Say hello to');
  });

  test('that is gone says so', async () => {
    client = await connect(mina);
    const elsewhere = await pair(minji, await signUp(mina.app, 'Ben Okafor'));
    ({ element } = await show<RoomView>(view(elsewhere)));
    await until(() => deep(element, '[role=alert]').length === 1, 'the reason');
    expect(one(element, '[role=alert]').innerText.trim()).toBe('This chat is no longer available.');
    expect(deep(element, 'textarea')).toEqual([]);
  });

  test('that cannot be fetched can be tried again', async () => {
    await write(minji, roomId, 'Hello');
    const line = await openLine();
    client = await connect(mina, line);
    await commands.setLine(line, { down: true });
    ({ element } = await show<RoomView>(view()));
    await until(() => deep(element, '[role=alert] .btn').length === 1, 'the reason');
    await commands.setLine(line, { down: false });
    one(element, '[role=alert] .btn').click();
    await until(() => bubbles().length === 1, 'the messages');
  });

  test('fetches older messages as they are needed', async () => {
    await open({ count: 120 });
    const scroller = one(element, '.scroller');
    await until(() => {
      scroller.scrollTop = -1e6;
      return bubbles().includes('Message 1');
    }, 'the first message');
  });
});

describe('writing', () => {
  test('shows the message at once and says when it is stored and read', async () => {
    await open();
    await send('Hello');
    expect(bubbles().at(-1)).toBe('Hello');
    await until(() => deep(element, '.state[title=Sent]').length === 1, 'the tick');
    await read(minji, roomId, 4);
    await until(() => deep(element, '.state[title=Read]').length === 1, 'both ticks');
    expect(field().value).toBe('');
  });

  test('that is refused can be tried again and loses nothing', async () => {
    await open();
    await block(minji, mina);
    await send('Listen');
    await until(() => deep(element, 'span.failed').length === 1, 'the failure');
    expect(bubbles()).toContain('Listen');
    expect(one(element, '.reason').innerText).toBe('You can’t write to this person.');
    await unblock(minji, mina);
    deep(element, '.failed button')[0]?.click();
    await until(() => deep(element, 'span.failed').length === 0, 'the message to go');
    expect(bubbles().filter((text) => text === 'Listen').length).toBe(1);
  });

  test('cannot be written to somebody who is gone: their messages stay empty, and it says why', async () => {
    await open();
    await ask('DELETE', '/me', { token: minji.token, body: { password: minji.password } });
    await until(() => deep(element, '.closed').length === 1, 'the reason');
    expect(one(element, '.closed').innerText.trim()).toBe('You can’t write to this person.');
    expect(status(), 'nobody is there to be offline').toBeUndefined();
    expect([deep(element, 'textarea'), await problems(stage)]).toEqual([[], []]);
  });

  test('goes on without a connection, and arrives once, in order, when there is one again', async () => {
    const line = await openLine();
    await open({ server: line });
    await commands.setLine(line, { down: true });
    await until(() => deep(element, '.offline').length === 1, 'that the connection is gone');
    await send('First');
    await send('Second');
    expect(bubbles().slice(-2)).toEqual(['First', 'Second']);
    expect(deep(element, '.state[title=Sent]')).toEqual([]);
    await write(minji, roomId, 'Still there?');
    await commands.setLine(line, { down: false });
    await until(async () => (await stored()).length === 6, 'that all is stored');
    expect((await stored()).slice(-3)).toEqual(['Still there?', 'First', 'Second']);
    await until(() => deep(element, '.state[title=Sent]').length > 0, 'the tick');
    await until(() => bubbles().length === 6, 'what was missed');
    expect(bubbles()).toEqual(await stored());
    await until(() => deep(element, '.offline').length === 0, 'the connection');
  });

  test('says when a device of the other has it, and when they have read it', async () => {
    await open();
    await send('Hello');
    await until(() => deep(element, '.state[title=Sent]').length === 1, 'one tick');
    const hers = await connect(minji);
    await until(() => deep(element, '.state[title=Delivered]').length === 1, 'two ticks');
    expect(one(element, '.state').innerText.trim()).toBe('Delivered');
    await hers.messages.room(roomId).load();
    hers.messages.room(roomId).markRead();
    await until(() => deep(element, '.state[title=Read]').length === 1, 'both ticks in colour');
  });

  test('given up says why; it can be tried again or deleted', async () => {
    await open();
    await block(minji, mina);
    await send('First');
    await send('Second');
    await until(() => deep(element, 'span.failed').length === 2, 'both');
    expect(one(element, '.reason').innerText).toBe('You can’t write to this person.');
    expect(await problems(stage)).toEqual([]);
    await unblock(minji, mina);
    one(element, '[data-act=retry]').click();
    await until(() => deep(element, 'span.failed').length === 1, 'that the first is on its way');
    one(element, '[data-act=discard]').click();
    await until(() => deep(element, 'span.failed').length === 0, 'that the second is gone');
    await until(async () => (await stored()).length === 4, 'that it is stored');
    expect((await stored()).at(-1)).toBe('First');
    await until(() => bubbles().length === 4, 'no more than the server has');
  });

  test('and reading on through a lost connection: nothing is shown twice, and nothing moves', async () => {
    const line = await openLine();
    await open({ count: 60, server: line });
    const scroller = one(element, '.scroller');
    scroller.scrollTop = -600;
    await settle(6);
    const inView = () => {
      const { top, bottom } = scroller.getBoundingClientRect();
      const rows = deep(element, '.bubble').map((row) => ({ text: row.innerText, at: row.getBoundingClientRect() }));
      return rows
        .filter(({ at }) => at.bottom > top + 60 && at.bottom < bottom)
        .map(({ text, at }) => `${text} ${String(Math.round(bottom - at.bottom))}`);
    };
    const before = inView();
    expect(before.length).toBeGreaterThan(3);
    await commands.setLine(line, { down: true });
    await until(() => deep(element, '.offline').length === 1, 'the banner');
    await settle(6);
    expect(inView().slice(-3)).toEqual(before.slice(-3));
    await write(minji, roomId, 'Missed 1', 'Missed 2');
    await commands.setLine(line, { down: false });
    await until(() => deep(element, '.offline').length === 0, 'the connection');
    await until(() => deep(element, '.jump .badge').length === 1, 'the count');
    await settle(6);
    expect(inView().slice(-3)).toEqual(before.slice(-3));
    one(element, '.jump').click();
    await until(() => bubbles().at(-1) === 'Missed 2', 'the newest');
    await settle(8);
    expect(bubbles().filter((text) => text.startsWith('Missed'))).toEqual(['Missed 1', 'Missed 2']);
  });

  test('tells the others while it goes on', async () => {
    await open();
    const hers = await connect(minji);
    field().value = 'a';
    field().dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    await until(() => hers.presence.typing.get().get(roomId)?.includes(mina.id) === true, 'the word');
    await send('ab');
    await until(() => !hers.presence.typing.get().has(roomId), 'that it is over');
  });

  test('leaves a draft in the room', async () => {
    await open();
    field().value = 'half a';
    field().dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    ({ element } = await show<RoomView>(view()));
    await until(() => deep(element, 'textarea').length === 1, 'the room');
    expect(field().value).toBe('half a');
  });
});

describe('reading', () => {
  test('is told when the newest message is in view', async () => {
    const hers = await connect(minji);
    await hers.messages.room(roomId).load();
    await open({ known: 1 });
    const seen = () => hers.messages.room(roomId).store.get().readMarkers.get(mina.id);
    await until(() => seen() === 3, 'the mark');
    expect(one(element, '.divider').innerText.trim()).toBe('New messages');
    expect(bubbles().length).toBe(3);
  });

  test('is not told of what is out of view', async () => {
    await open({ count: 60 });
    const scroller = one(element, '.scroller');
    scroller.scrollTop = -900;
    await settle(6);
    await write(minji, roomId, 'Did you see?');
    await until(() => deep(element, '.jump .badge').length === 1, 'the count');
    await settle(8);
    expect(await mine()).toMatchObject({ read_seq: 60 });
    one(element, '.jump').click();
    await until(async () => (await mine())['read_seq'] === 61, 'the mark');
  });
});

describe('what can be done', () => {
  const choose = async (label: string) => {
    one(element, '[aria-label=More]').click();
    await settle(2);
    const item = deep(element, '[role=menuitem]').find((entry) => entry.innerText.trim() === label);
    if (!item) throw new Error(`unable to find ${label} in the menu`);
    item.click();
    await settle(2);
  };

  test.each([
    ['Pin to top', { pinned: true }],
    ['Mute', { muted: true }],
    ['Hide chat', { hidden: true }],
  ])('%s', async (label, body) => {
    await open();
    const left = heard(element, 'room-close');
    await choose(label);
    await until(async () => Object.values(await mine()).includes(true), 'the change');
    expect(await mine()).toMatchObject({ pinned: false, muted: false, hidden: false, ...body });
    await until(() => label !== 'Hide chat' || left.length > 0, 'the way back');
    await settle();
    expect(left.length).toBe(label === 'Hide chat' ? 1 : 0);
  });

  test('blocking asks first; blocked, nobody can write', async () => {
    await open();
    await choose('Block');
    one(element, '[role=alertdialog] .btn:not(.ghost)').click();
    await until(() => deep(element, '.closed').length === 1, 'the end');
    expect(deep(element, 'textarea')).toEqual([]);
    await expect(write(minji, roomId, 'Hello?')).rejects.toThrow('blocked');
    one(element, '.closed .btn').click();
    await until(() => deep(element, 'textarea').length === 1, 'the end of the block');
    await write(minji, roomId, 'Hello!');
    await until(() => bubbles().at(-1) === 'Hello!', 'what she wrote');
  });
});

test.each([
  ['light', {}],
  ['dark', { dark: true }],
  ['right to left', { dir: 'rtl' as const }],
])('accessibility: %s', async (_, look) => {
  await open({ known: 1 }, look);
  await send('Hello');
  expect(await problems(stage)).toEqual([]);
});
