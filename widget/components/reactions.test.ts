import { html } from 'lit';
import type { Client, Id, Message } from '@co-talk/sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Drafts } from '../drafts.ts';
import { loadLocalizer } from '../localize.ts';
import { clear, deep, one, problems, search, settle, show, until } from '../testing.ts';
import { ask, connect, goHome, newApp, pair, SERVER, signUp, write, type Person } from '../testing-people.ts';
import './menus.ts';
import './room-view.ts';
import type { RoomView } from './room-view.ts';

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
  await write(minji, roomId, 'Tea?', 'Or coffee?');
});
afterEach(async () => {
  clear();
  await goHome();
});

/** Mina looks at the room in which Minji has written. */
async function open(o: { lang?: string; dark?: boolean; dir?: 'ltr' | 'rtl' } = {}): Promise<void> {
  client = await connect(mina);
  const l = await loadLocalizer(o.lang ?? 'en');
  const view = html`<co-talk-room-view
    .client=${client}
    .drafts=${drafts}
    .roomId=${roomId}
    .l=${l}
  ></co-talk-room-view>`;
  ({ element, stage } = await show<RoomView>(view, { ...o, as: undefined }));
  await until(() => deep(element, '.tool').length === 2, 'the messages');
  await settle();
}

async function react(who: Person, emoji: string, on = true, at = 0): Promise<void> {
  const { items } = await ask<{ items: Message[] }>('GET', `/rooms/${roomId}/messages`, { token: who.token });
  const path = `/rooms/${roomId}/messages/${items[at]?.id ?? ''}/reactions/${encodeURIComponent(emoji)}`;
  await ask(on ? 'PUT' : 'DELETE', path, { token: who.token });
}

const chips = () => deep(element, '.chip');
const labels = () => chips().map((chip) => [chip.ariaLabel, chip.ariaPressed]);
const glyphs = () => deep(element, '.glyph');
const focused = () => {
  let at: Element | null = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
};
const press = async (key: string) => {
  focused()?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }));
  await settle(2);
};
async function openMenu(): Promise<void> {
  deep(element, '.tool')[0]?.click();
  await until(() => glyphs().length > 0, 'the row of emojis');
  await settle(2);
}
async function openPicker(): Promise<void> {
  await openMenu();
  glyphs().at(-1)?.click();
  await until(() => deep(element, '.one').length > 1000, 'all emojis');
  await settle();
}

describe('reactions', () => {
  test('stand below the message: how many, whose, and whether one’s own is among them', async () => {
    await react(minji, '👍');
    await react(mina, '👍');
    await react(minji, '🍵');
    await open();
    expect(labels()).toEqual([
      ['👍 2: You and \u2068Minji Kim\u2069', 'true'],
      ['🍵 1: \u2068Minji Kim\u2069', 'false'],
    ]);
    expect(chips().map((chip) => chip.querySelector('span')?.textContent)).toEqual(['2', '1']);
    expect(await problems(stage)).toEqual([]);
    await react(minji, '🍵', false);
    await until(() => chips().length === 1, 'the one less');
  });

  test('are joined and taken back by pressing them, and show at once', async () => {
    await react(minji, '👍');
    await open();
    chips()[0]?.click();
    await settle(2);
    expect(labels()).toEqual([['👍 2: You and \u2068Minji Kim\u2069', 'true']]);
    await until(async () => (await stored())[0] === 2, 'the reaction');
    chips()[0]?.click();
    await settle(2);
    expect(labels()).toEqual([['👍 1: \u2068Minji Kim\u2069', 'false']]);
    await until(async () => (await stored())[0] === 1, 'the reaction taken back');
  });

  test('come from the menu, which shows what one has chosen', async () => {
    await open();
    await openMenu();
    expect(glyphs().map((glyph) => glyph.ariaLabel)).toEqual([
      ...['👍', '❤️', '😂', '😮', '😢', '🙏'].map((emoji) => `React with ${emoji}`),
      'More emojis',
    ]);
    expect(focused()).toBe(glyphs()[0]);
    await press('ArrowRight');
    expect(focused()).toBe(glyphs()[1]);
    await press('ArrowDown');
    expect(focused()?.textContent.trim()).toBe('Reply');
    await press('Home');
    expect(await problems(stage)).toEqual([]);
    glyphs()[1]?.click();
    await until(() => chips().length === 1, 'the reaction');
    await openMenu();
    expect(
      glyphs()
        .map((glyph) => glyph.ariaChecked)
        .slice(0, 2),
    ).toEqual(['false', 'true']);
  });

  test('are reached by keyboard from the button of the message', async () => {
    await react(minji, '👍');
    await react(minji, '🍵');
    await open();
    deep(element, '.tool')[0]?.focus();
    for (const at of [0, 1]) {
      await press('ArrowRight');
      expect(focused()).toBe(chips()[at]);
    }
    await press('Escape');
    expect(focused()).toBe(deep(element, '.tool')[0]);
  });
});

async function stored(): Promise<number[]> {
  const { items } = await ask<{ items: Message[] }>('GET', `/rooms/${roomId}/messages`, { token: mina.token });
  return items[0]?.reactions.map(({ count }) => count) ?? [];
}

describe('the picker', () => {
  test('finds emojis by name, and remembers those that were used', async () => {
    await open();
    await openPicker();
    expect(focused()).toBe(one(element, 'input[type=search]'));
    expect(await problems(stage)).toEqual([]);
    await search(element, 'teacup');
    const found = deep(element, '.one');
    expect(found[0]?.dataset['emoji']).toBe('🍵');
    found[0]?.click();
    await until(() => labels()[0]?.[0] === '🍵 1: You', 'the reaction');
    expect(deep(element, 'co-talk-emoji-picker')).toEqual([]);
    expect(focused()).toBe(deep(element, '.tool')[0]);
    await openPicker();
    expect([deep(element, 'h3')[0]?.textContent, deep(element, '.one')[0]?.dataset['emoji']]).toEqual([
      'Used last',
      '🍵',
    ]);
    await search(element, 'nothing at all is called that');
    expect(one(element, 'p[role=status]').innerText).toBe('No emoji is called that.');
  });

  test('is walked with the arrow keys, and left with Escape', async () => {
    await open();
    await openPicker();
    await press('ArrowDown');
    expect((focused() as HTMLElement).dataset['emoji']).toBe('😀');
    await press('ArrowRight');
    await press('ArrowDown');
    await press('ArrowUp');
    expect(focused()).toBe(deep(element, '.one')[1]);
    await press('Escape');
    expect([deep(element, 'co-talk-emoji-picker'), focused()]).toEqual([[], deep(element, '.tool')[0]]);
  });

  test('speaks Korean', async () => {
    await open({ lang: 'ko', dark: true });
    await openPicker();
    await search(element, '하트');
    expect(deep(element, '.one').map((one) => one.dataset['emoji'])).toContain('❤️');
    expect(one(element, 'co-talk-emoji-picker').shadowRoot?.querySelector('[role=dialog]')?.ariaLabel).toBe(
      '이모지 선택',
    );
    expect(await problems(stage)).toEqual([]);
  });
});
