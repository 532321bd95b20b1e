import { html } from 'lit';
import type { Client, Id } from '@co-talk/sdk';
import { commands } from 'vitest/browser';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadLocalizer, type Localizer } from '../localize.ts';
import { clear, deep, heard, one, problems, settle, show, until } from '../testing.ts';
import { connect, goHome, newApp, openLine, pair, SERVER, signUp, write, type Person } from '../testing-people.ts';
import { Drafts } from '../drafts.ts';
import './room-view.ts';
import type { RoomView } from './room-view.ts';

const drafts = new Drafts(SERVER, 'default');
let mina: Person;
let minji: Person;
let roomId: Id;
let client: Client;
let element: RoomView;
let stage: HTMLElement;

/** Mina looks at the room in which Minji has written, and she has too. */
async function open(
  o: { theirs?: string[]; lang?: string; server?: string } = {},
  look: Parameters<typeof show>[1] = {},
): Promise<void> {
  await write(mina, roomId, 'My own');
  await write(minji, roomId, ...(o.theirs ?? ['Buy my kettles', 'Really, buy them']));
  const l: Localizer = await loadLocalizer(o.lang ?? 'en');
  client = await connect(mina, o.server);
  const view = html`<co-talk-room-view
    .client=${client}
    .drafts=${drafts}
    .roomId=${roomId}
    .l=${l}
  ></co-talk-room-view>`;
  ({ element, stage } = await show<RoomView>(view, { ...look, as: undefined }));
  await until(() => tools().length > 0, 'what can be done with messages');
  await settle();
}

const tools = () => deep(element, '.tool');
const toolOf = (text: string) => {
  const row = deep(element, '.row').find((one) => one.innerText.includes(text));
  return row?.querySelector<HTMLElement>('.tool') ?? null;
};
const items = () => deep(element, '[role=menuitem]:not(.glyph)').map((item) => item.innerText.trim());
const item = (label: string) => deep(element, '[role=menuitem]').find((one) => one.innerText.trim() === label);
const focused = () => {
  let at: Element | null = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
};
const press = async (key: string) => {
  focused()?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }));
  await settle(2);
};
const dialog = () => deep(element, '[role=dialog]')[0];
const reports = () =>
  commands.query('select reason, reporter_id from reports where room_id = $1 order by id', [roomId]);

async function openMenu(text: string): Promise<void> {
  toolOf(text)?.click();
  await until(() => items().length > 0, 'the menu');
  await settle(2);
}

async function askToReport(text: string): Promise<void> {
  await openMenu(text);
  (item('Report') ?? item('신고'))?.click();
  await until(() => dialog() !== undefined, 'the question');
  await settle(2);
}

const choose = async (value: string) => {
  one(element, `[value=${value}]`).click();
  await settle(2);
};
const submit = async () => {
  one(element, '[type=submit]').click();
  await settle(2);
};
const say = async (text: string) => {
  const field = one(element, '#words', HTMLTextAreaElement);
  field.value = text;
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  await settle(1);
};

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

describe('the menu of a message', () => {
  test('has what can be done: one’s own is not reported', async () => {
    await open();
    await openMenu('Buy my kettles');
    expect(items()).toEqual(['Reply', 'Copy', 'Forward', 'Report']);
    expect(toolOf('Buy my kettles')?.ariaExpanded).toBe('true');
    expect(await problems(stage)).toEqual([]);
    await press('Escape');
    expect([items(), focused()]).toEqual([[], toolOf('Buy my kettles')]);
    expect(toolOf('Buy my kettles')?.ariaExpanded).toBe('false');
    await openMenu('My own');
    expect(items()).toEqual(['Reply', 'Copy', 'Edit', 'Forward', 'Details', 'Delete']);
  });

  test('is not there for what is deleted or on its way', async () => {
    await open();
    const [row] = await commands.query('select id from messages where room_id = $1 and seq = 2', [roomId]);
    await commands.query("update messages set deleted_at = now(), text = '' where id = $1", [row?.['id']]);
    clear();
    const line = await openLine();
    await open({ theirs: [], server: line });
    expect(toolOf('Message deleted')).toBeNull();
    await commands.setLine(line, { down: true });
    client.messages
      .room(roomId)
      .send('on its way')
      .catch(() => undefined);
    await until(() => deep(element, '.bubble').some((one) => one.innerText.includes('on its way')), 'the message');
    expect(toolOf('on its way')).toBeNull();
  });

  test('stays inside of the room, wherever the message is', async () => {
    await open({
      theirs: ['Hi', 'A text that is so long that its bubble is as wide as bubbles ever are in this room'],
    });
    for (const text of ['Hi', 'A text that', 'My own']) {
      await openMenu(text);
      const [box, room] = [one(element, '[role=menu]').getBoundingClientRect(), element.getBoundingClientRect()];
      expect([text, box.left >= room.left, box.right <= room.right, box.bottom <= room.bottom]).toEqual([
        text,
        ...[true, true, true],
      ]);
      await press('Escape');
    }
  });

  test('is reached by keyboard: Tab to the lowest message, arrows from one to the next', async () => {
    await open();
    const scroller = one(element, '.scroller');
    scroller.focus();
    expect(tools().map(({ tabIndex }) => tabIndex)).toEqual([-1, -1, 0]);
    tools()[2]?.focus();
    await press('ArrowUp');
    expect(focused()).toBe(toolOf('Buy my kettles'));
    expect(tools().map(({ tabIndex }) => tabIndex)).toEqual([-1, 0, -1]);
    expect(getComputedStyle(tools()[1] as Element).opacity).toBe('1');
    await press('ArrowDown');
    expect(focused()).toBe(toolOf('Really, buy them'));
    await press('ArrowDown');
    expect(focused()).toBe(toolOf('Really, buy them'));
    await press('Escape');
    expect(focused()).toBe(scroller);
  });

  test('opens where a finger rests, and not where it passes', async () => {
    await open();
    const [bubble] = deep(element, '.bubble').filter((one) => one.innerText.includes('Buy my kettles'));
    const touch = (type: string, x: number) =>
      bubble?.dispatchEvent(
        new PointerEvent(type, {
          ...{ pointerType: 'touch', isPrimary: true, bubbles: true, composed: true, cancelable: true },
          ...{ clientX: x, clientY: 10 },
        }),
      );
    touch('pointerdown', 10);
    touch('pointermove', 60);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(items()).toEqual([]);
    touch('pointerdown', 10);
    touch('pointermove', 13);
    await until(() => items().length > 0, 'the menu');
    const native = new PointerEvent('contextmenu', { bubbles: true, cancelable: true });
    bubble?.dispatchEvent(native);
    expect(native.defaultPrevented).toBe(true);
    touch('pointerup', 13);
    expect(items()).toEqual(['Reply', 'Copy', 'Forward', 'Report']);
  });

  test('closes when the history moves', async () => {
    await open({ theirs: Array.from({ length: 40 }, (_, n) => `Line ${n}`) });
    await openMenu('Line 3');
    one(element, '.scroller').scrollTop += 60;
    await until(() => items().length === 0, 'that it is closed');
  });

  test('copies the text', async () => {
    await open();
    const copied: string[] = [];
    const { clipboard } = navigator;
    Object.defineProperty(navigator, 'clipboard', {
      configurable: true,
      value: { writeText: (text: string) => Promise.resolve(copied.push(text)) },
    });
    const notices = heard(element, 'notice');
    await openMenu('Buy my kettles');
    item('Copy')?.click();
    await until(() => notices.length > 0, 'a word');
    expect([copied, notices]).toEqual([['Buy my kettles'], [{ text: 'Copied.' }]]);
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard });
  });
});

describe('reporting a message', () => {
  test('takes a reason, and says thank you', async () => {
    await open();
    await askToReport('Buy my kettles');
    expect(dialog()?.innerText).toContain('Minji Kim');
    expect(dialog()?.innerText).toContain('Buy my kettles');
    expect(focused()).toBe(one(element, '[value=spam]'));
    expect(await problems(stage)).toEqual([]);
    await choose('spam');
    await submit();
    await until(() => dialog()?.innerText.includes('Thank you') === true, 'thanks');
    expect(await problems(stage)).toEqual([]);
    expect(await reports()).toEqual([{ reason: 'spam', reporter_id: mina.id }]);
    focused()?.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true }));
    await settle();
    expect([dialog(), focused()]).toEqual([undefined, toolOf('Buy my kettles')]);
  });

  test('takes words beside the reason, or alone', async () => {
    await open();
    await askToReport('Buy my kettles');
    await choose('harassment');
    await say('  every day  ');
    await submit();
    await until(() => dialog()?.innerText.includes('Thank you') === true, 'thanks');
    one(element, '.btn').click();
    await settle();
    await askToReport('Really, buy them');
    await choose('other');
    await say('그냥 싫어요');
    await submit();
    await until(() => dialog()?.innerText.includes('Thank you') === true, 'thanks');
    expect((await reports()).map(({ reason }) => reason)).toEqual(['harassment: every day', '그냥 싫어요']);
  });

  test('asks for what is missing', async () => {
    await open();
    await askToReport('Buy my kettles');
    await submit();
    expect(one(element, '[role=alert]').innerText.trim()).toBe('Choose what is wrong with it.');
    expect(await problems(stage)).toEqual([]);
    await choose('other');
    expect(deep(element, '[role=alert]')).toEqual([]);
    await say('   ');
    await submit();
    expect(one(element, '[role=alert]').innerText.trim()).toBe('Say in a few words what is wrong.');
    expect(focused()).toBe(one(element, '#words'));
    expect(await reports()).toEqual([]);
  });

  test('covers the room, and is left by Escape', async () => {
    await open();
    await askToReport('Buy my kettles');
    expect(one(element, 'co-talk-composer').inert).toBe(true);
    await press('Escape');
    expect([dialog(), focused()]).toEqual([undefined, toolOf('Buy my kettles')]);
    expect(one(element, 'co-talk-composer').inert).toBe(false);
    expect(await reports()).toEqual([]);
  });

  test('that fails says why, and can be tried again', async () => {
    const line = await openLine();
    await open({ server: line });
    await askToReport('Buy my kettles');
    await choose('harm');
    await commands.setLine(line, { down: true });
    await submit();
    await until(() => deep(element, '[role=alert]').length > 0, 'why');
    expect(one(element, '[role=alert]').innerText).toContain('No connection');
    expect(one(element, '[value=harm]', HTMLInputElement).checked).toBe(true);
    await commands.setLine(line, { down: false });
    await submit();
    await until(() => dialog()?.innerText.includes('Thank you') === true, 'thanks');
  });

  test('that was deleted meanwhile says so', async () => {
    await open();
    await askToReport('Buy my kettles');
    await choose('spam');
    await commands.query("update messages set deleted_at = now(), text = '' where room_id = $1 and seq = 2", [roomId]);
    await submit();
    await until(() => deep(element, '[role=alert]').length > 0, 'why');
    expect(one(element, '[role=alert]').innerText.trim()).toBe('This message has been deleted already.');
  });

  test.each([{ dark: true }, { dir: 'rtl' as const }])('looks right: %o', async (look) => {
    await open({ lang: 'ko' }, look);
    await askToReport('Buy my kettles');
    expect(dialog()?.innerText).toContain('메시지 신고');
    await choose('other');
    expect(await problems(stage)).toEqual([]);
  });
});
