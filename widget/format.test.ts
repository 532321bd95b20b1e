import fc from 'fast-check';
import { html, render } from 'lit';
import { afterEach, describe, expect, test } from 'vitest';
import './components/message-list.ts';
import { parse, type Inline } from './format-tree.ts';
import { format } from './format.ts';
import { linkify } from './linkify.ts';
import { hasMarks } from './marks.ts';
import { clear, deep, ME, message, people, problems, show as stage, until } from './testing.ts';

afterEach(clear);

function show(text: string): HTMLElement {
  const box = document.createElement('div');
  render(format(text), box);
  return box;
}
const looks = (text: string) =>
  show(text)
    .innerHTML.replaceAll(/<!--.*?-->|\n {2,}/g, '')
    .replaceAll(/<span class="said">(.*?)<\/span>/gs, '$1');

const typed = (one: Inline): string => {
  if (typeof one === 'string') return one;
  if (one.kind === 'link') return one.text;
  if (one.kind === 'code') return `\`${one.text}\``;
  return one.mark + one.children.map(typed).join('') + one.mark;
};
/** The text from its tree. */
const back = (text: string) =>
  parse(text)
    .flatMap((block) =>
      block.kind === 'fence'
        ? [block.open, ...block.lines, block.close]
        : block.lines.map(({ prefix, children }) => prefix + children.map(typed).join('')),
    )
    .join('\n');

describe('a text with marks', () => {
  test.each([
    ['so **very** good', 'so <strong>very</strong> good'],
    ['*really* and _truly_', '<em>really</em> and <em>truly</em>'],
    ['~~no~~ yes', '<s>no</s> yes'],
    ['***both***', '<strong><em>both</em></strong>'],
    ['**bold with *more* in it**', '<strong>bold with <em>more</em> in it</strong>'],
    ['**굵게**는 된다', '<strong>굵게</strong>는 된다'],
    ['run `npm **start**`', 'run <code>npm **start**</code>'],
    ['> so\n> it goes\nyes', '<blockquote>so\nit goes</blockquote>yes'],
    ['- tea\n- **milk**', '<ul><li>tea</li><li><strong>milk</strong></li></ul>'],
    ['3. three\n4. four', '<ol start="3"><li>three</li><li>four</li></ol>'],
    ['```js\nlet a = `<b>`;\n```', '<pre><code>let a = `&lt;b&gt;`;</code></pre>'],
  ])('%j', (text, look) => {
    expect(looks(text)).toBe(look);
  });

  test.each([
    'snake_case_name and __init__',
    '2 * 3 * 4 = 24',
    '2*3*4',
    '** not bold **',
    '*open',
    '~~~ ~ ~~',
    '`open',
    '```\nnever closed',
    '-dash',
    '1.5 litres',
    'a ***** b',
    '¯\\_(ツ)_/¯',
  ])('that means nothing stays as it is: %j', (text) => {
    expect(show(text).textContent).toBe(text);
    expect(show(text).querySelector('strong, em, s, code, pre, ul, ol, blockquote')).toBeNull();
  });

  test('keeps its addresses whole, and links to nothing else', () => {
    const link = show('**see https://a.example/x_y_z*_** or javascript:alert(1)').querySelectorAll('a');
    expect([...link].map(({ href, textContent, rel }) => [href, textContent, rel])).toEqual([
      ['https://a.example/x_y_z', 'https://a.example/x_y_z', 'noopener noreferrer nofollow ugc'],
    ]);
  });

  test('is never HTML', () => {
    const text = '**<img src=x onerror=alert(1)>** `<script>` > <b>';
    expect(show(text).querySelector('img, script, b')).toBeNull();
  });
});

test.each([false, true])('it stands in its bubble, and what is deleted is gone (dark: %s)', async (dark) => {
  const texts = [
    'No marks at all',
    'A **bold** plan, *truly*: ~~coffee~~ `tea --hot`',
    'To buy:\n- tea\n- **oat** milk\n\n1. first this\n2. then that',
    '> who said so?\nI did\n```\nlet tea = 1;\n```',
  ];
  const messages = texts.map((text, place) => message(place + 1, { text, senderId: place % 2 === 0 ? 'u-1' : ME }));
  const deleted = message(5, { text: '', deletedAt: '2026-11-22T14:00:00.000Z' });
  const list = html`<co-talk-message-list
    .messages=${[...messages, deleted]}
    .me=${ME}
    .users=${people}
    .now=${new Date('2026-11-22T15:00:00.000Z')}
  ></co-talk-message-list>`;
  const shown = await stage(list, { dark });
  const { element } = shown;
  await until(() => deep(element, 'strong').length === 2, 'what the marks mean');
  expect(deep(element, '.text').map((text) => text.innerText.trim().replaceAll(/\s+/g, ' '))).toEqual([
    'No marks at all',
    'A bold plan, truly: coffee tea --hot',
    'To buy: tea oat milk first this then that',
    'who said so? I did let tea = 1;',
    'Message deleted',
  ]);
  expect(getComputedStyle(deep(element, 'strong')[0] ?? element).fontWeight).toBe('680');
  expect(deep(element, 'li').map((item) => getComputedStyle(item).listStyleType)).toEqual([
    ...['disc', 'disc', 'decimal', 'decimal'],
  ]);
  expect(await problems(shown.stage)).toEqual([]);
});

/** Whatever somebody may type, with marks more often than by chance. */
const anything = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '*',
        '**',
        '***',
        '_',
        '__',
        '~~',
        '`',
        '```',
        '\n',
        '\n> ',
        '\n- ',
        '\n1. ',
        ' ',
        'a',
        '한',
        'https://a.example/b_c*',
      ),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

test('nothing of a text is lost, and its words stand in their order', () => {
  fc.assert(
    fc.property(anything, (text) => {
      expect(back(text)).toBe(text);
    }),
    { numRuns: 500 },
  );
});

test('only addresses that are links without marks, too, are links', () => {
  const links = (one: Inline): string[] =>
    typeof one === 'string' || one.kind === 'code'
      ? []
      : one.kind === 'link'
        ? [one.href]
        : one.children.flatMap(links);
  fc.assert(
    fc.property(anything, (text) => {
      for (const block of parse(text)) {
        if (block.kind === 'fence') continue;
        for (const href of block.lines.flatMap(({ children }) => children.flatMap(links))) {
          expect(linkify(href)).toEqual([{ text: href, href }]);
        }
      }
    }),
  );
});

test('marks that mean something are seen before they are read', () => {
  fc.assert(
    fc.property(anything, (text) => {
      if (hasMarks(text)) return;
      expect(parse(text).every(({ kind }) => kind === 'text')).toBe(true);
    }),
  );
});

test.each(['*', '**a', '_a ', '`', '```\n', '> ', '- a\n', '*_~~', 'https://a.example/*_', '***a'])(
  'twice as much of %j is at most about twice the work',
  (part) => {
    const time = (times: number) => {
      const text = part.repeat(times);
      const started = performance.now();
      parse(text);
      return performance.now() - started;
    };
    time(500);
    // What is quadratic takes four hundred times as long here, and seconds.
    const [short, long] = [time(1_000), time(20_000)];
    expect(long).toBeLessThan(Math.max(400, short * 100));
  },
);
