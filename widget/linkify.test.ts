import { describe, expect, test } from 'vitest';
import { linkify } from './linkify.ts';

const links = (text: string) => linkify(text).flatMap(({ text: words, href }) => (href ? [[words, href]] : []));

describe('links in a text', () => {
  test.each([
    ['Look at https://example.com now', 'https://example.com', 'https://example.com/'],
    ['http://example.com/a?b=c#d', 'http://example.com/a?b=c#d', 'http://example.com/a?b=c#d'],
    ['HTTPS://EXAMPLE.COM', 'HTTPS://EXAMPLE.COM', 'https://example.com/'],
    ['Write to mailto:minji@example.com.', 'mailto:minji@example.com', 'mailto:minji@example.com'],
    ['(see https://example.com/x)', 'https://example.com/x', 'https://example.com/x'],
    [
      'https://en.example.org/wiki/Tea_(drink)',
      'https://en.example.org/wiki/Tea_(drink)',
      'https://en.example.org/wiki/Tea_(drink)',
    ],
    ['Really? https://example.com!?', 'https://example.com', 'https://example.com/'],
    ['여기 https://example.com/한글。', 'https://example.com/한글', 'https://example.com/%ED%95%9C%EA%B8%80'],
  ])('%s', (text, words, href) => {
    expect(links(text)).toEqual([[words, href]]);
  });

  test.each([
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'xhttps://example.com',
    'https://',
    'mailto:nobody',
    'example.com',
    'blob:https:',
  ])('%s is not one', (text) => {
    expect(links(text)).toEqual([]);
  });

  test('stand among the words they were written in', () => {
    expect(linkify('a https://b.example, c http://d.example')).toEqual([
      { text: 'a ' },
      { text: 'https://b.example', href: 'https://b.example/' },
      { text: ', c ' },
      { text: 'http://d.example', href: 'http://d.example/' },
    ]);
  });

  test('never change the text', () => {
    for (const text of ['', ' ', 'https://a.example', 'x https://a.example/)))) y', '\n\nhttps://a.example\n']) {
      expect(
        linkify(text)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text);
    }
  });

  test('end where hidden direction marks begin', () => {
    expect(links('https://example.com/\u202egpj.exe')).toEqual([['https://example.com/', 'https://example.com/']]);
  });

  test('are found in long hostile texts without delay', () => {
    const started = performance.now();
    linkify('https://a.example/' + '('.repeat(4000) + ')'.repeat(4000));
    linkify('http://'.repeat(1200));
    expect(performance.now() - started).toBeLessThan(1_500);
  });
});
