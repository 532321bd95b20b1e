import { expect, test } from 'vitest';
import { languages, loadLocalizer, matchLanguage } from './localize.ts';

/** Every sentence with its path; those with gaps are filled. */
function sentences(strings: object, path = ''): [string, string][] {
  return Object.entries(strings).flatMap(([key, value]: [string, unknown]) => {
    const at = path + key;
    if (typeof value === 'object' && value !== null) return sentences(value, `${at}.`);
    const text = typeof value === 'function' ? (value as (...gaps: string[]) => string)('GAP', 'GAP', 'GAP') : value;
    return [[at, String(text)] as [string, string]];
  });
}

test.each(Object.keys(languages).filter((tag) => tag !== 'en'))(
  '%s says everything, in words of its own',
  async (tag) => {
    const english = new Map(sentences((await loadLocalizer('en')).s));
    const other = sentences((await loadLocalizer(tag)).s);
    expect(other.map(([key]) => key).sort()).toEqual([...english.keys()].sort());
    expect(other.filter(([key, text]) => text.trim() === '' || english.get(key) === text)).toEqual([]);
    const gaps = (text: string) => text.split('GAP').length;
    expect(other.filter(([key, text]) => gaps(text) !== gaps(english.get(key) ?? ''))).toEqual([]);
  },
);

test.each([
  [['ko-KR', 'en'], 'ko'],
  [['', 'fr', 'ko'], 'ko'],
  [['fr', 'constructor'], 'en'],
  [[], 'en'],
])('for somebody who reads %j it is %s', (wishes, lang) => {
  expect(matchLanguage(wishes)).toBe(lang);
});
