import { html } from 'lit';
import { afterEach, describe, expect, test } from 'vitest';
import type { LocalMessage } from '@co-talk/sdk';
import {
  clear,
  conversation,
  deep,
  heard,
  ME,
  message,
  one,
  people,
  problems,
  settle,
  show,
  unsent,
  until,
} from '../testing.ts';
import './message-list.ts';
import type { MessageList } from './message-list.ts';

const NOW = new Date('2026-11-22T15:00:00.000Z');

interface Props {
  hasBefore?: boolean;
  hasAfter?: boolean;
  divider?: number | null;
  readSeq?: number;
  typing?: string[];
  unread?: number;
  names?: boolean;
}

const list = (messages: readonly LocalMessage[], o: Props = {}) =>
  html`<co-talk-message-list
    .messages=${messages}
    .me=${ME}
    .users=${people}
    .now=${NOW}
    .hasBefore=${o.hasBefore ?? false}
    .hasAfter=${o.hasAfter ?? false}
    .divider=${o.divider ?? null}
    .readSeq=${o.readSeq ?? 0}
    .typing=${o.typing ?? []}
    .unread=${o.unread ?? 0}
    .names=${o.names ?? false}
  ></co-talk-message-list>`;

const scroller = (element: Element) => one(element, '.scroller');
const bubbles = (element: Element) => deep(element, '.bubble').map((bubble) => bubble.innerText.trim());
const edges = (element: Element) => ({
  view: scroller(element).getBoundingClientRect(),
  content: one(element, '.sizer').getBoundingClientRect(),
});
const fromEnd = (element: Element) => edges(element).content.bottom - edges(element).view.bottom;
const fromTop = (element: Element) => edges(element).view.top - edges(element).content.top;

/** Scroll to a distance from the first row, or from the last, and let it come to rest. */
async function scrollTo(element: Element, at: { top: number } | { end: number }): Promise<void> {
  const by = 'top' in at ? at.top - fromTop(element) : fromEnd(element) - at.end;
  scroller(element).scrollTop += by;
  await settle(8);
}

/** Where a message's bubble stands on the screen. */
function topOf(element: Element, text: string): number {
  const bubble = deep(element, '.bubble').find((candidate) => candidate.innerText.trim() === text);
  if (!bubble) throw new Error(`unable to find the bubble of ${text}`);
  return bubble.getBoundingClientRect().top;
}

afterEach(clear);

describe('the history', () => {
  test('begins at its end', async () => {
    const { element } = await show<MessageList>(list(conversation(1, 200)));
    expect(bubbles(element)).toContain('Message 200');
    expect(fromEnd(element)).toBeLessThan(2);
  });

  test('draws few of many messages, wherever it is', async () => {
    const { element } = await show<MessageList>(list(conversation(1, 20_000)));
    expect(bubbles(element)).toContain('Message 20000');
    for (const end of [5000, 300_000, 1_000, 0]) {
      await scrollTo(element, { end });
      expect(deep(element, '.row').length).toBeLessThan(120);
      const { top, bottom } = edges(element).view;
      const drawn = deep(element, '.row').map((row) => row.getBoundingClientRect());
      expect(drawn[0]?.top).toBeLessThanOrEqual(top);
      expect(drawn.at(-1)?.bottom).toBeGreaterThanOrEqual(bottom - 8);
    }
  });

  test('stands at the bottom of the box while it is short', async () => {
    const { element } = await show<MessageList>(list(conversation(1, 2)));
    const bottom = scroller(element).getBoundingClientRect().bottom;
    expect(bottom - topOf(element, 'Message 2')).toBeLessThan(100);
  });

  test('keeps the message being read in place when older ones come in above', async () => {
    const { element, again } = await show<MessageList>(list(conversation(101, 200), { hasBefore: true }));
    await scrollTo(element, { top: 400 });
    const seen = bubbles(element)[12] ?? '';
    const before = topOf(element, seen);
    await again(list(conversation(51, 200), { hasBefore: true }));
    await settle(8);
    expect(Math.abs(topOf(element, seen) - before)).toBeLessThanOrEqual(1);
    await again(list(conversation(1, 200)));
    await settle(8);
    expect(Math.abs(topOf(element, seen) - before)).toBeLessThanOrEqual(1);
  });

  test('keeps the message being read in place when a page comes in below', async () => {
    const { element, again } = await show<MessageList>(list(conversation(1, 100), { hasAfter: true }));
    const before = topOf(element, 'Message 100');
    await again(list(conversation(1, 150), { hasAfter: true }));
    await settle(8);
    expect(Math.abs(topOf(element, 'Message 100') - before)).toBeLessThanOrEqual(1);
  });

  test('keeps the message being read in place when the box becomes narrow', async () => {
    const { element, stage } = await show<MessageList>(list(conversation(1, 300)));
    await scrollTo(element, { end: 3000 });
    const lowest = () => edges(element).view.bottom;
    const last = deep(element, '.bubble')
      .filter((bubble) => bubble.getBoundingClientRect().bottom <= lowest())
      .at(-1);
    const gap = lowest() - (last?.getBoundingClientRect().bottom ?? 0);
    one(stage, '.root').style.inlineSize = '240px';
    await settle(8);
    expect(Math.abs(lowest() - (last?.getBoundingClientRect().bottom ?? 0) - gap)).toBeLessThanOrEqual(40);
  });

  test('follows new messages while the end is in view', async () => {
    const { element, again } = await show<MessageList>(list(conversation(1, 60)));
    await again(list(conversation(1, 61)));
    await settle(8);
    expect(bubbles(element)).toContain('Message 61');
    expect(fromEnd(element)).toBeLessThan(2);
  });

  test('stays where it is when a new message comes while something older is read', async () => {
    const { element, again } = await show<MessageList>(list(conversation(1, 100)));
    await scrollTo(element, { end: 900 });
    const seen = bubbles(element)[10] ?? '';
    const before = topOf(element, seen);
    await again(list(conversation(1, 101), { unread: 1 }));
    await settle(8);
    expect(Math.abs(topOf(element, seen) - before)).toBeLessThanOrEqual(1);
    expect(one(element, '.jump').getAttribute('aria-label')).toBe('1 new message, jump to it');
  });

  test('goes to the end with a message of my own, wherever it was', async () => {
    const { element, again } = await show<MessageList>(list(conversation(1, 100)));
    await scrollTo(element, { end: 900 });
    await again(list([...conversation(1, 100), unsent('mine', { text: 'Here I am' })]));
    await settle(8);
    expect(bubbles(element)).toContain('Here I am');
    expect(fromEnd(element)).toBeLessThan(2);
  });

  test('keeps the end in view when the keyboard takes half of the box', async () => {
    const { element } = await show<MessageList>(list(conversation(1, 100)));
    const box = element.parentElement;
    if (box) box.style.blockSize = '300px';
    await settle(8);
    expect(fromEnd(element)).toBeLessThan(2);
  });

  test('keeps the last line in view when the box shrinks in the middle of the history', async () => {
    const { element } = await show<MessageList>(list(conversation(1, 100)));
    await scrollTo(element, { end: 1200 });
    const line = scroller(element).getBoundingClientRect().bottom;
    const last = deep(element, '.bubble')
      .filter((bubble) => bubble.getBoundingClientRect().bottom <= line)
      .at(-1);
    const gap = line - (last?.getBoundingClientRect().bottom ?? 0);
    if (element.parentElement) element.parentElement.style.blockSize = '400px';
    await settle(8);
    const now = scroller(element).getBoundingClientRect().bottom - (last?.getBoundingClientRect().bottom ?? 0);
    expect(Math.abs(now - gap)).toBeLessThanOrEqual(1);
  });

  test('asks for older messages near the top and for newer ones near the bottom', async () => {
    const { element } = await show<MessageList>(list(conversation(101, 300), { hasBefore: true, hasAfter: true }));
    const older = heard(element, 'load-before');
    const newer = heard(element, 'load-after');
    await scrollTo(element, { top: 3000 });
    const asked = newer.length;
    expect(older.length).toBe(0);
    await scrollTo(element, { top: 100 });
    expect(older.length).toBeGreaterThan(0);
    await scrollTo(element, { end: 0 });
    expect(newer.length).toBeGreaterThan(asked);
  });

  test('says whether its end is in view', async () => {
    const { element } = await show<MessageList>(list([]));
    const said = heard(element, 'at-end');
    element.messages = conversation(1, 100);
    await settle(8);
    await scrollTo(element, { end: 800 });
    await scrollTo(element, { end: 0 });
    expect(said.map(({ atEnd }) => atEnd)).toEqual([true, false, true]);
  });

  test('opens at the first unread message where they do not fit', async () => {
    const { element } = await show<MessageList>(list(conversation(1, 200), { divider: 150, unread: 50 }));
    await settle(8);
    const line = one(element, '.divider');
    expect(line.innerText.trim()).toBe('New messages');
    const top = scroller(element).getBoundingClientRect().top;
    expect(line.getBoundingClientRect().top - top).toBeLessThan(80);
    expect(line.getBoundingClientRect().top - top).toBeGreaterThanOrEqual(0);
  });
});

describe('a message', () => {
  test('is grouped with those of the same sender and minute', async () => {
    const at = (minute: number) => ({ createdAt: `2026-11-22T14:0${minute}:10.000Z` });
    const { element } = await show<MessageList>(
      list([message(1, at(1)), message(2, at(1)), message(3, at(2)), message(4, { ...at(2), senderId: ME })]),
    );
    expect(deep(element, '.avatar').length).toBe(2);
    expect(deep(element, '.foot').length).toBe(3);
  });

  test('of another day stands under its date', async () => {
    const messages = [
      message(1, { createdAt: '2026-11-20T14:00:00.000Z' }),
      message(2, { createdAt: '2026-11-22T14:00:00.000Z' }),
    ];
    const { element, again } = await show<MessageList>(list(messages));
    expect(deep(element, '.day').map((day) => day.innerText)).toEqual(['Friday, November 20', 'Today']);
    await again(list(messages, { hasBefore: true }));
    expect(deep(element, '.day').map((day) => day.innerText)).toEqual(['Today']);
  });

  test('shows its text as text', async () => {
    const { element } = await show<MessageList>(
      list([message(1, { text: '<img src=x onerror=alert(1)> & <b>bold</b>' })]),
    );
    expect(bubbles(element)).toEqual(['<img src=x onerror=alert(1)> & <b>bold</b>']);
    expect(deep(element, '.bubble img, .bubble b')).toEqual([]);
  });

  test('makes links of web addresses only, opening them safely', async () => {
    const { element } = await show<MessageList>(
      list([message(1, { text: 'See https://example.com/a_(b). javascript:alert(1)' })]),
    );
    await until(() => deep(element, '.bubble a').length > 0, 'what reads marks');
    const links = deep(element, '.bubble a') as HTMLAnchorElement[];
    expect(links.map(({ href }) => href)).toEqual(['https://example.com/a_(b)']);
    expect(links[0]?.rel).toBe('noopener noreferrer nofollow ugc');
    expect(links[0]?.target).toBe('_blank');
  });

  test('of mine says how far it has come', async () => {
    const mine = (seq: number) => message(seq, { senderId: ME, createdAt: `2026-11-22T14:0${seq}:00.000Z` });
    const { element } = await show<MessageList>(list([mine(1), mine(2), unsent('p')], { readSeq: 1 }));
    expect(deep(element, '.state').map((state) => state.title)).toEqual(['Read', 'Sent']);
    expect(one(element, '.waiting').innerText).toContain('Waiting to send');
  });

  test('that failed can be tried again or deleted', async () => {
    const { element } = await show<MessageList>(list([unsent('lost', { state: 'failed', text: 'Keep me' })]));
    const retried = heard(element, 'retry');
    const discarded = heard(element, 'discard');
    expect(bubbles(element)).toEqual(['Keep me']);
    const [again, discard] = deep(element, '.failed button');
    expect(again?.innerText).toBe('Try again');
    again?.click();
    discard?.click();
    expect(retried).toEqual([{ clientId: 'lost' }]);
    expect(discarded).toEqual([{ clientId: 'lost' }]);
  });

  test('keeps its row from pending to stored', async () => {
    const { element, again } = await show<MessageList>(list([unsent('same')]));
    const row = one(element, '.row');
    await again(list([message(9, { clientId: 'same', senderId: ME, text: 'On its way' })]));
    expect(one(element, '.row')).toBe(row);
  });
});

describe('a screen reader', () => {
  const log = (element: Element) => one(element, '[role=log]').innerText.trim();

  test('hears new messages, and never history', async () => {
    const { element, again } = await show<MessageList>(list(conversation(51, 100), { hasBefore: true }));
    expect(log(element)).toBe('');
    await again(list(conversation(1, 100)));
    expect(log(element)).toBe('');
    await again(list([...conversation(1, 100), message(101, { text: 'Are you there?' })]));
    expect(log(element)).toContain('Minji Kim');
    expect(log(element)).toContain('Are you there?');
  });

  test('hears how many came when many came', async () => {
    const { element, again } = await show<MessageList>(list(conversation(1, 20)));
    await again(list([...conversation(1, 20), ...[21, 22, 23, 24, 25].map((seq) => message(seq))]));
    expect(log(element)).toBe('5 new messages');
  });

  test('does not hear one’s own words', async () => {
    const { element, again } = await show<MessageList>(list(conversation(1, 20)));
    await again(list([...conversation(1, 20), message(21, { senderId: ME })]));
    expect(log(element)).toBe('');
  });
});

describe('somebody typing', () => {
  test('is shown below the last message, in view', async () => {
    const { element, again } = await show<MessageList>(list(conversation(1, 60)));
    await again(list(conversation(1, 60), { typing: ['u-1'] }));
    await settle(8);
    const dots = one(element, '.typing').getBoundingClientRect();
    expect(dots.bottom).toBeLessThanOrEqual(scroller(element).getBoundingClientRect().bottom + 1);
    expect(dots.top).toBeGreaterThan(deep(element, '.row').at(-1)?.getBoundingClientRect().bottom ?? 0);
    expect(one(element, '.typing .sr').innerText).toBe('Minji Kim is typing…');
  });
});

describe('accessibility', () => {
  const content = () =>
    list(
      [
        ...conversation(1, 8),
        message(9, { text: 'A link: https://example.com' }),
        unsent('p'),
        unsent('f', { state: 'failed' }),
      ],
      {
        divider: 7,
        readSeq: 3,
        typing: ['u-1'],
        names: true,
      },
    );

  test.each([
    ['light', {}],
    ['dark', { dark: true }],
    ['right to left', { dir: 'rtl' as const }],
  ])('%s', async (_, look) => {
    const { stage } = await show(content(), look);
    expect(await problems(stage)).toEqual([]);
  });
});
