import { html } from 'lit';
import { userEvent } from 'vitest/browser';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clear, deep, heard, one, problems, show } from '../testing.ts';
import './composer.ts';
import type { Composer } from './composer.ts';

let element: Composer;
let sent: { text: string }[];
let drafts: { text: string }[];
const field = () => one(element, 'textarea', HTMLTextAreaElement);
const button = () => one(element, '.send', HTMLButtonElement);
const note = () => deep(element, '.note')[0]?.innerText ?? '';

const composer = (draft = '') => html`<co-talk-composer .name=${'Minji'} .draft=${draft}></co-talk-composer>`;

async function type(text: string): Promise<void> {
  field().value = text;
  field().dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  await element.updateComplete;
}

async function press(init: KeyboardEventInit): Promise<KeyboardEvent> {
  const event = new KeyboardEvent('keydown', {
    key: 'Enter',
    bubbles: true,
    composed: true,
    cancelable: true,
    ...init,
  });
  field().dispatchEvent(event);
  await element.updateComplete;
  return event;
}

beforeEach(async () => {
  ({ element } = await show<Composer>(composer()));
  sent = heard(element, 'send-text');
  drafts = heard(element, 'draft-change');
});
afterEach(clear);

describe('sending', () => {
  test('Enter sends what was typed and empties the field', async () => {
    element.focus();
    await userEvent.keyboard('Hello there{Enter}');
    expect(sent).toEqual([{ text: 'Hello there' }]);
    expect(field().value).toBe('');
  });

  test('Shift+Enter begins a new line', async () => {
    element.focus();
    await userEvent.keyboard('one{Shift>}{Enter}{/Shift}two');
    expect(sent).toEqual([]);
    expect(field().value).toBe('one\ntwo');
  });

  test('an Enter that ends a composition does not send', async () => {
    await type('안녕');
    const event = await press({ isComposing: true });
    expect(sent).toEqual([]);
    expect(event.defaultPrevented).toBe(false);
    await press(Object.assign({}, { keyCode: 229 }));
    expect(sent).toEqual([]);
    expect(field().value).toBe('안녕');
    await press({});
    expect(sent).toEqual([{ text: '안녕' }]);
  });

  test('the button sends, and the field keeps the focus', async () => {
    element.focus();
    await userEvent.keyboard('Hi');
    await userEvent.click(button());
    expect(sent).toEqual([{ text: 'Hi' }]);
    expect(element.matches(':focus-within')).toBe(true);
  });

  test('nothing but spaces is nothing to send', async () => {
    await type('  \n ');
    expect(button().disabled).toBe(true);
    await press({});
    expect(sent).toEqual([]);
  });

  test('spaces around the words stay behind', async () => {
    await type('  hello \n');
    await press({});
    expect(sent).toEqual([{ text: 'hello' }]);
  });
});

describe('the limit', () => {
  test('counts down over the last hundred', async () => {
    await type('x'.repeat(900));
    expect(note()).toBe('');
    await type('x'.repeat(901));
    expect(note()).toBe('99 characters left');
    await type('x'.repeat(1000));
    expect(note()).toBe('0 characters left');
    expect(button().disabled).toBe(false);
  });

  test('refuses what is too long, says so, and keeps the text', async () => {
    const text = 'x'.repeat(1003);
    await type(text);
    expect(note()).toBe('Too long by 3. Shorten it to send.');
    expect(one(element, '.note').getAttribute('role')).toBe('alert');
    await press({});
    expect(sent).toEqual([]);
    expect(field().value).toBe(text);
  });

  test('counts what people see as characters', async () => {
    await type('👩‍👩‍👧‍👦'.repeat(1000));
    expect(note()).toBe('0 characters left');
    await press({});
    expect(sent.length).toBe(1);
  });
});

describe('the field', () => {
  test('grows with its lines, up to about five', async () => {
    const heights: number[] = [];
    for (const lines of [1, 3, 5, 12]) {
      await type(Array.from({ length: lines }, () => 'line').join('\n'));
      heights.push(field().offsetHeight);
    }
    const [first = 0, third = 0, fifth = 0, twelfth = 0] = heights;
    expect(first).toBe(40);
    expect(third).toBe(80);
    expect(fifth).toBe(120);
    expect(twelfth).toBe(120);
    await type('');
    expect(field().offsetHeight).toBe(40);
  });

  test('begins with the draft and tells of every change', async () => {
    const shown = await show<Composer>(composer('as I was saying'));
    element = shown.element;
    drafts = heard(element, 'draft-change');
    expect(field().value).toBe('as I was saying');
    await type('as I was saying,');
    await press({});
    expect(drafts).toEqual([{ text: 'as I was saying,' }, { text: '' }]);
  });

  test('says whether somebody types', async () => {
    const typing = heard(element, 'typing-change');
    await type('a');
    await type('');
    expect(typing).toEqual([{ typing: true }, { typing: false }]);
  });
});

test.each([
  ['light', {}],
  ['dark', { dark: true }],
  ['right to left', { dir: 'rtl' as const }],
])('accessibility: %s', async (_, look) => {
  const { stage, element: shown } = await show<Composer>(composer('x'.repeat(1003)), look);
  await shown.updateComplete;
  expect(await problems(stage)).toEqual([]);
});
