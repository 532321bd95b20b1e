import { html } from 'lit';
import type { Client, Id, Message } from '@co-talk/sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Drafts } from '../drafts.ts';
import { loadLocalizer } from '../localize.ts';
import { ask, connect, goHome, newApp, pair, SERVER, signUp, write, type Person } from '../testing-people.ts';
import { clear, deep, one, problems, settle, show, until } from '../testing.ts';
import type { Composer } from './composer.ts';
import './menus.ts';
import './room-view.ts';
import type { RoomView } from './room-view.ts';

// What people do with messages that are there: answer, edit, delete, forward, and ask whom they have reached.

const drafts = new Drafts(SERVER, 'default');
let mina: Person;
let minji: Person;
let roomId: Id;
let client: Client;
let element: RoomView;
let stage: HTMLElement;

beforeEach(async () => {
  localStorage.clear();
  const app = await newApp();
  [mina, minji] = [await signUp(app, 'Mina'), await signUp(app, 'Minji Kim')];
  roomId = await pair(mina, minji);
  await write(minji, roomId, 'Where do we meet?');
  await write(mina, roomId, 'At the statoin');
});
afterEach(async () => {
  clear();
  await goHome();
});

async function open(lang = 'en'): Promise<void> {
  client = await connect(mina);
  const l = await loadLocalizer(lang);
  const view = html`<co-talk-room-view
    .client=${client}
    .drafts=${drafts}
    .roomId=${roomId}
    .l=${l}
  ></co-talk-room-view>`;
  ({ element, stage } = await show<RoomView>(view, { as: undefined }));
  await until(() => deep(element, '.tool').length > 1, 'what can be done with messages');
  await settle();
}

const rowOf = (text: string) => deep(element, '.row').find((row) => row.innerText.includes(text));
const item = (label: string) => deep(element, '[role=menuitem]').find((one) => one.innerText.trim() === label);
const composer = () => one<Composer>(element, 'co-talk-composer');
const bar = () => deep(element, 'co-talk-composer-context')[0];
const dialog = () => deep(element, '.sheet')[0];
const button = (label: string) => deep(element, '.sheet button').find((one) => one.innerText.trim() === label);
const messages = () => client.messages.room(roomId).store.get().messages;
const field = () => one(element, 'textarea', HTMLTextAreaElement);

async function pick(text: string, label: string): Promise<void> {
  rowOf(text)?.querySelector<HTMLElement>('.tool')?.click();
  await until(() => item(label) !== undefined, label);
  item(label)?.click();
  await settle();
}

async function type(text: string): Promise<void> {
  field().value = text;
  field().dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  await settle(2);
}

async function press(key: string): Promise<void> {
  field().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }));
  await settle();
}

describe('an answer', () => {
  test('begins in the menu, shows what it answers, and leads there', async () => {
    await open();
    await pick('Where do we meet?', 'Reply');
    expect(bar()?.shadowRoot?.textContent).toContain('Where do we meet?');
    expect(element.shadowRoot?.activeElement).toBe(composer());
    expect(await problems(stage)).toEqual([]);
    await type('At noon');
    await press('Enter');
    await until(() => messages().at(-1)?.state === 'sent', 'the answer');
    expect(messages().at(-1)).toMatchObject({ text: 'At noon', replyTo: { text: 'Where do we meet?' } });
    expect(bar()).toBeUndefined();
    const quote = rowOf('At noon')?.querySelector<HTMLElement>('.quote');
    expect(quote?.innerText).toContain('Minji Kim');
    quote?.click();
    await until(() => deep(element, '.marked').length === 1, 'the mark');
    expect(deep(element, '.marked')[0]?.innerText).toContain('Where do we meet?');
    expect(await problems(stage)).toEqual([]);
    // What comes next answers nothing.
    await type('And you?');
    await press('Enter');
    await until(() => messages().at(-1)?.text === 'And you?');
    expect(messages().at(-1)?.replyTo).toBeNull();
  });

  test('is given up with Escape, and what is typed stays', async () => {
    await open();
    await pick('Where do we meet?', 'Reply');
    await type('Hm');
    await press('Escape');
    expect([bar(), composer().value]).toEqual([undefined, 'Hm']);
  });

  test('says of what is deleted that it is', async () => {
    await open();
    await pick('At the statoin', 'Reply');
    await type('I mean station');
    await press('Enter');
    await until(() => messages().at(-1)?.state === 'sent');
    await client.messages.room(roomId).delete(messages()[1]?.id ?? '');
    await until(
      () => rowOf('I mean station')?.querySelector('.quote')?.textContent.includes('Message deleted') === true,
    );
    expect(element.shadowRoot?.textContent).not.toContain('At the statoin');
  });

  test('ends when what it answers is deleted meanwhile', async () => {
    await open();
    await pick('Where do we meet?', 'Reply');
    const [first] = messages();
    await ask('DELETE', `/rooms/${roomId}/messages/${first?.id ?? ''}`, { token: minji.token });
    await until(() => bar() === undefined, 'the end of the answer');
  });

  test('is what pulling a message aside begins', async () => {
    await open();
    const line = rowOf('Where do we meet?')?.querySelector('.line');
    const finger = (name: string, x: number) =>
      line?.dispatchEvent(
        new PointerEvent(name, {
          ...{ pointerType: 'touch', isPrimary: true, bubbles: true, composed: true, clientX: x, clientY: 10 },
        }),
      );
    finger('pointerdown', 10);
    finger('pointermove', 40);
    finger('pointerup', 40);
    await settle();
    expect(bar()).toBeUndefined();
    finger('pointerdown', 10);
    finger('pointermove', 90);
    finger('pointerup', 90);
    await settle();
    expect(bar()?.shadowRoot?.textContent).toContain('Where do we meet?');
  });
});

describe('editing', () => {
  test('the last message begins with the arrow key, and a draft waits for its end', async () => {
    await open();
    await press('ArrowUp');
    await until(() => bar() !== undefined, 'the edit');
    expect(composer().value).toBe('At the statoin');
    expect(await problems(stage)).toEqual([]);
    await type('At the station');
    expect(drafts.get(mina.id, roomId)).toBe('');
    await press('Enter');
    await until(() => rowOf('At the station')?.innerText.includes('edited') === true, 'the change');
    expect([bar(), composer().value, messages().length]).toEqual([undefined, '', 2]);
    const { items } = await ask<{ items: Message[] }>('GET', `/rooms/${roomId}/messages`, { token: minji.token });
    expect(items[1]?.text).toBe('At the station');
  });

  test('is given up with Escape: the draft is back, and the message as it was', async () => {
    await open();
    await type('half a sentence');
    await pick('At the statoin', 'Edit');
    expect(composer().value).toBe('At the statoin');
    await type('something else');
    await press('Escape');
    expect([bar(), composer().value]).toEqual([undefined, 'half a sentence']);
    expect(messages()[1]?.text).toBe('At the statoin');
  });

  test('is not offered for what others have written', async () => {
    await open();
    rowOf('Where do we meet?')?.querySelector<HTMLElement>('.tool')?.click();
    await until(() => item('Reply') !== undefined);
    expect(['Edit', 'Delete', 'Details'].map(item)).toEqual([undefined, undefined, undefined]);
  });
});

test('deleting is asked about first, and takes the text away', async () => {
  await open();
  await pick('At the statoin', 'Delete');
  await until(() => dialog() !== undefined, 'the question');
  await settle();
  expect(await problems(stage)).toEqual([]);
  expect(messages()[1]?.text).toBe('At the statoin');
  button('Delete for everybody')?.click();
  await until(() => dialog() === undefined && rowOf('Message deleted') !== undefined, 'the end of it');
  expect(messages()[1]).toMatchObject({ text: '', state: 'sent' });
});

test('a message is forwarded to the chats that are chosen', async () => {
  const bo = await signUp(mina.app, 'Bo');
  const other = await pair(mina, bo);
  await open();
  await until(() => client.rooms.store.get().rooms.length === 2);
  await pick('Where do we meet?', 'Forward');
  await until(() => dialog() !== undefined, 'the chats');
  await settle();
  expect(await problems(stage)).toEqual([]);
  expect(deep(element, '.target .name').map((name) => name.innerText)).toEqual(['Bo']);
  one(element, '.target input').click();
  await settle();
  button('Forward (1)')?.click();
  await until(() => dialog() === undefined, 'the end of it');
  const { items } = await ask<{ items: Message[] }>('GET', `/rooms/${other}/messages`, { token: bo.token });
  expect(items).toMatchObject([{ text: 'Where do we meet?', forwarded: true, senderId: mina.id }]);
});

test('the details say whom a message has reached', async () => {
  await open();
  await pick('At the statoin', 'Details');
  await until(() => dialog() !== undefined, 'the details');
  await settle();
  expect(dialog()?.innerText).toContain('Nobody yet');
  expect(await problems(stage)).toEqual([]);
  await ask('POST', `/rooms/${roomId}/read`, { token: minji.token, body: { seq: 2 } });
  button('Done')?.click();
  await until(() => dialog() === undefined);
  await until(() => client.messages.room(roomId).store.get().readMarkers.get(minji.id) === 2);
  await pick('At the statoin', 'Details');
  await until(() => dialog()?.innerText.includes('Minji Kim') === true, 'who has read it');
});
