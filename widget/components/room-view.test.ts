import { html } from 'lit';
import type { Client, Message } from '@co-talk/sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answer, push, refuse, resetWorld, signIn, world } from '../testing-server.ts';
import { clear, deep, heard, ME, message, one, presence, problems, room, settle, show, until } from '../testing.ts';
import { Drafts } from '../drafts.ts';
import './room-view.ts';
import type { RoomView } from './room-view.ts';

const drafts = new Drafts('https://chat.test', 'default');
let client: Client;
let element: RoomView;
let stage: HTMLElement;

const view = (roomId = 'r-1') =>
  html`<co-talk-room-view
    .client=${client}
    .drafts=${drafts}
    .roomId=${roomId}
    .returnable=${true}
    .closable=${true}
  ></co-talk-room-view>`;
const recent = (seq: number, o: Partial<Message> = {}) => message(seq, { createdAt: new Date().toISOString(), ...o });
const me = (unread: number, readSeq: number) =>
  ({ role: 'member', readSeq, unread, muted: false, pinned: false, hidden: false, historyFrom: 1 }) as const;
const bubbles = () => deep(element, '.bubble').map((bubble) => bubble.innerText.trim());
const status = () => deep(element, 'small')[0]?.innerText;
const field = () => one(element, 'textarea', HTMLTextAreaElement);
const heardOf = (event: string) => world.heard.filter(([name]) => name === event).map(([, payload]) => payload);

async function open(o: Parameters<typeof resetWorld>[0] = {}, look: Parameters<typeof show>[1] = {}): Promise<void> {
  resetWorld({ rooms: [room('r-1', { lastSeq: 3, rev: 3 })], messages: [1, 2, 3].map((seq) => recent(seq)), ...o });
  client = await signIn();
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

beforeEach(() => localStorage.clear());
afterEach(() => {
  clear();
  client.close();
});

describe('a room', () => {
  test('shows whom it is with, how they are, and what was said', async () => {
    await open();
    expect(one(element, 'h1').innerText.trim()).toBe('Minji Kim');
    expect(status()).toBe('Offline');
    expect(bubbles()).toEqual(['Message 1', 'Message 2', 'Message 3']);
    push('presence', presence('u-1', true));
    await until(() => status() === 'Online', 'that Minji is there');
    push('typing', { roomId: 'r-1', userId: 'u-1', typing: true });
    await until(() => status() === 'typing…' && deep(element, '.dots').length === 1, 'that Minji types');
  });

  test('without a word yet invites to say hello', async () => {
    await open({ messages: [], rooms: [room('r-1', { lastSeq: 0, rev: 0, lastMessage: null })] });
    expect(one(element, '.empty h2').innerText).toContain('Say hello to');
  });

  test('that is gone says so', async () => {
    resetWorld();
    client = await signIn();
    ({ element } = await show<RoomView>(view('elsewhere')));
    await until(() => deep(element, '[role=alert]').length === 1, 'the reason');
    expect(one(element, '[role=alert]').innerText.trim()).toBe('This chat is no longer available.');
    expect(deep(element, 'textarea')).toEqual([]);
  });

  test('that cannot be fetched can be tried again', async () => {
    resetWorld({ rooms: [room('r-1')], messages: [recent(1)] });
    answer('GET /rooms/r-1/messages', () => refuse('internal', 500));
    client = await signIn();
    ({ element } = await show<RoomView>(view()));
    await until(() => deep(element, '[role=alert] .btn').length === 1, 'the reason');
    resetWorld({ rooms: [room('r-1')], messages: [recent(1)] });
    one(element, '[role=alert] .btn').click();
    await until(() => bubbles().length === 1, 'the messages');
  });

  test('fetches older messages as they are needed', async () => {
    await open({
      messages: Array.from({ length: 120 }, (_, i) => recent(i + 1)),
      rooms: [room('r-1', { lastSeq: 120, rev: 120 })],
    });
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
    push('read', { roomId: 'r-1', userId: 'u-1', seq: 4 });
    await until(() => deep(element, '.state[title=Read]').length === 1, 'both ticks');
    expect(field().value).toBe('');
  });

  test('that is refused can be tried again and loses nothing', async () => {
    await open();
    answer('message:send', () => refuse('blocked', 403));
    await send('Listen');
    await until(() => deep(element, 'span.failed').length === 1, 'the failure');
    expect(bubbles()).toContain('Listen');
    expect(one(element, '.reason').innerText).toBe('You can’t write to this person.');
    answer('message:send', () => recent(4, { senderId: ME, text: 'Listen', clientId: lastClientId() }));
    deep(element, '.failed button')[0]?.click();
    await until(() => deep(element, 'span.failed').length === 0, 'the message to go');
    expect(bubbles().filter((text) => text === 'Listen').length).toBe(1);
  });

  test('tells the others while it goes on', async () => {
    await open();
    field().value = 'a';
    field().dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    await until(() => heardOf('typing').length === 1, 'the word');
    expect(heardOf('typing')[0]).toEqual({ roomId: 'r-1', typing: true });
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
    await open({ rooms: [room('r-1', { lastSeq: 3, rev: 3, me: me(2, 1) })] });
    await until(() => heardOf('room:read').length > 0, 'the mark');
    expect(heardOf('room:read')).toEqual([{ roomId: 'r-1', seq: 3 }]);
    expect(one(element, '.divider').innerText.trim()).toBe('New messages');
    expect(bubbles().length).toBe(3);
  });

  test('is not told of what is out of view', async () => {
    const messages = Array.from({ length: 60 }, (_, i) => recent(i + 1));
    await open({ messages, rooms: [room('r-1', { lastSeq: 60, rev: 60, me: me(0, 60) })] });
    const scroller = one(element, '.scroller');
    scroller.scrollTop = -900;
    await settle(6);
    world.heard.length = 0;
    push('message', { roomId: 'r-1', rev: 61, message: recent(61, { text: 'Did you see?' }) });
    await until(() => deep(element, '.jump .badge').length === 1, 'the count');
    expect(heardOf('room:read')).toEqual([]);
    one(element, '.jump').click();
    await until(() => heardOf('room:read').length > 0, 'the mark');
    expect(heardOf('room:read')).toEqual([{ roomId: 'r-1', seq: 61 }]);
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
    await until(() => world.asked.some(([route]) => route === 'PATCH /rooms/r-1/me'), 'the change');
    expect(world.asked.at(-1)?.[1]).toEqual(body);
    await settle();
    expect(left.length).toBe(label === 'Hide chat' ? 1 : 0);
  });

  test('blocking asks first; blocked, nobody can write', async () => {
    await open();
    await choose('Block');
    one(element, '[role=alertdialog] .btn:not(.ghost)').click();
    await until(() => world.asked.some(([route]) => route === 'PUT /blocks/u-1'), 'the block');
    const peer = world.rooms[0]?.peer;
    if (peer)
      push('me', {
        rev: 2,
        change: 'blocks',
        item: { userId: 'u-1', block: { user: peer, createdAt: '2026-11-22T15:00:00.000Z' } },
      });
    await until(() => deep(element, '.closed').length === 1, 'the end');
    expect(deep(element, 'textarea')).toEqual([]);
    one(element, '.closed .btn').click();
    await until(() => world.asked.some(([route]) => route === 'DELETE /blocks/u-1'), 'the end of the block');
  });
});

test.each([
  ['light', {}],
  ['dark', { dark: true }],
  ['right to left', { dir: 'rtl' as const }],
])('accessibility: %s', async (_, look) => {
  await open({ rooms: [room('r-1', { lastSeq: 3, rev: 3, me: me(2, 1) })] }, look);
  await send('Hello');
  expect(await problems(stage)).toEqual([]);
});

function lastClientId(): string {
  const [, payload] = world.heard.findLast(([event]) => event === 'message:send') ?? [];
  return (payload as { clientId: string }).clientId;
}
