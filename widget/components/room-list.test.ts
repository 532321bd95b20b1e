import { html } from 'lit';
import { afterEach, describe, expect, test } from 'vitest';
import type { Room } from '@co-talk/sdk';
import { clear, deep, heard, ME, message, one, people, presence, problems, room, show, user } from '../testing.ts';
import { initials } from './avatar.ts';
import './room-list.ts';
import { preview, type RoomList } from './room-list.ts';

const NOW = new Date('2026-11-22T15:00:00.000Z');

const list = (rooms: Room[], o: { typing?: string[]; online?: boolean; selected?: string } = {}) =>
  html`<co-talk-room-list
    .rooms=${rooms}
    .me=${ME}
    .users=${people}
    .now=${NOW}
    .selected=${o.selected ?? null}
    .presence=${new Map([['u-1', presence('u-1', o.online ?? false)]])}
    .typing=${new Map((o.typing ?? []).map((id) => [id, ['u-1']]))}
  ></co-talk-room-list>`;

const unread = (count: number, muted = false) => ({
  me: { role: 'member', readSeq: 0, unread: count, muted, pinned: false, hidden: false, historyFrom: 1 } as const,
});
const text = (element: Element, selector: string) => deep(element, selector).map((found) => found.innerText.trim());

afterEach(clear);

describe('a room in the list', () => {
  test('has the other’s name, the last words and how many are unread', async () => {
    const last = message(5, { text: 'See you\n\nat six', roomId: 'r-1' });
    const { element } = await show<RoomList>(list([room('r-1', { lastMessage: last, ...unread(2) })]));
    expect(text(element, '.name')).toEqual(['Minji Kim']);
    expect(text(element, '.what')).toEqual(['See you at six']);
    expect(text(element, '.badge')).toEqual(['2']);
    expect(one(element, '.row').innerText).toContain('2 unread messages');
  });

  test('counts to 99+', async () => {
    const { element } = await show<RoomList>(list([room('r-1', unread(100))]));
    expect(text(element, '.badge')).toEqual(['99+']);
  });

  test('says whose words they are when they are mine, or in a group', async () => {
    const rooms = [
      room('r-1', { lastMessage: message(1, { senderId: ME, text: 'on my way' }) }),
      room('r-2', {
        type: 'group',
        name: 'Book club',
        peer: undefined,
        lastMessage: message(1, { senderId: 'u-2', text: 'chapter nine' }),
      }),
    ];
    const { element } = await show<RoomList>(list(rooms));
    expect(text(element, '.name')).toEqual(['Minji Kim', 'Book club']);
    expect(text(element, '.what')).toEqual(['You: on my way', 'Ben Okafor: chapter nine']);
  });

  test('shows that somebody types instead of the last words', async () => {
    const { element } = await show<RoomList>(list([room('r-1')], { typing: ['r-1'] }));
    expect(text(element, '.what')).toEqual(['typing…']);
  });

  test('shows who is online', async () => {
    const { element, again } = await show<RoomList>(list([room('r-1')]));
    expect(deep(element, '.dot').length).toBe(0);
    await again(list([room('r-1')], { online: true }));
    expect(deep(element, '.dot').length).toBe(1);
  });

  test('that is muted does not stand out', async () => {
    const { element } = await show<RoomList>(list([room('r-1', unread(3, true))]));
    expect(one(element, '.row').classList.contains('new')).toBe(false);
    expect(one(element, '.row').innerText).toContain('Muted');
  });

  test('is empty in words, and a deleted message leaves none', async () => {
    const rooms = [
      room('r-1', { lastMessage: null }),
      room('r-2', { lastMessage: message(1, { text: '', deletedAt: '2026-11-22T14:00:00.000Z' }) }),
    ];
    const { element } = await show<RoomList>(list(rooms));
    expect(text(element, '.what')).toEqual(['No messages yet', 'Message deleted']);
  });

  test('opens by a click and takes the focus back', async () => {
    const { element } = await show<RoomList>(list([room('r-1'), room('r-2')], { selected: 'r-2' }));
    const opened = heard(element, 'room-open');
    deep(element, '.row')[1]?.click();
    expect(opened).toEqual([{ roomId: 'r-2' }]);
    expect(deep(element, '[aria-current=true]').length).toBe(1);
    expect(element.focusRoom('r-1')).toBe(true);
    expect(one(element, '[data-room=r-1]').matches(':focus')).toBe(true);
    expect(element.focusRoom('gone')).toBe(false);
  });

  test('shows a name as text, whatever is in it', async () => {
    const { element } = await show<RoomList>(list([room('r-1', { peer: user('x', '<b>x</b>') })]));
    expect(text(element, '.name')).toEqual(['<b>x</b>']);
  });
});

describe('a preview', () => {
  test.each([
    ['short', 'short'],
    ['  two\n\nlines ', 'two lines'],
    ['x'.repeat(50), 'x'.repeat(50)],
    ['x'.repeat(51), `${'x'.repeat(50)}…`],
    ['👩‍👩‍👧‍👦'.repeat(51), `${'👩‍👩‍👧‍👦'.repeat(50)}…`],
  ])('of "%s"', (whole, shown) => {
    expect(preview(whole)).toBe(shown);
  });
});

test.each([
  ['Minji Kim', 'MK'],
  ['minji', 'MI'],
  ['Anna Maria van Dyck', 'AD'],
  ['준호', '준'],
  ['عمر', 'ع'],
  ['é', 'É'],
  ['', '?'],
])('the picture of "%s" says %s', (name, letters) => {
  expect(initials(name)).toBe(letters);
});

test.each([
  ['light', {}],
  ['dark', { dark: true }],
  ['right to left', { dir: 'rtl' as const }],
])('accessibility: %s', async (_, look) => {
  const { stage } = await show(
    list([room('r-1', unread(2)), room('r-2', unread(3, true)), room('r-3')], {
      typing: ['r-3'],
      online: true,
      selected: 'r-2',
    }),
    look,
  );
  expect(await problems(stage)).toEqual([]);
});
