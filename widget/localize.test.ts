import { describe, expect, test } from 'vitest';
import { badge, isolate, languageNames, loadLocalizer, matchLanguage } from './localize.ts';

type Tree = { [key: string]: unknown };

/** Every sentence with its path; those with gaps are filled. */
function sentences(strings: Tree, path = ''): [string, string][] {
  return Object.entries(strings).flatMap(([key, value]) => {
    const at = path + key;
    if (typeof value === 'object') return sentences(value as Tree, `${at}.`);
    const text: unknown = typeof value === 'function' ? (value as (...gaps: unknown[]) => unknown)('GAP', 1) : value;
    return [[at, String(text)] as [string, string]];
  });
}

describe('languages', () => {
  const others = languageNames.map(([tag]) => tag).filter((tag) => tag !== 'en');

  test.each(others)('%s has every sentence of English, in words of its own', async (tag) => {
    const english = sentences((await loadLocalizer('en')).s);
    const other = sentences((await loadLocalizer(tag)).s);
    expect(other.map(([key]) => key).sort()).toEqual(english.map(([key]) => key).sort());
    expect(other.filter(([, text]) => !text.trim())).toEqual([]);
    const same = other.filter(([key, text]) =>
      english.some(([k, t]) => k === key && t === text && /[a-z]{3}/.test(t.replace('GAP', ''))),
    );
    expect(same).toEqual([]);
  });

  test.each(others)('%s puts names and counts where English does', async (tag) => {
    const english = sentences((await loadLocalizer('en')).s).filter(([, text]) => text.includes('GAP'));
    const other = new Map(sentences((await loadLocalizer(tag)).s));
    for (const [key] of english) expect([key, other.get(key)?.includes('GAP')]).toEqual([key, true]);
  });

  test.each([
    ['ko', 'ko'],
    ['ko-KR', 'ko'],
    ['KO', 'ko'],
    ['en-GB', 'en'],
    ['xx', 'en'],
    ['', 'en'],
    ['constructor', 'en'],
  ])('for a page in "%s" it is %s', (tag, lang) => {
    expect(matchLanguage(tag)).toBe(lang);
  });

  test('keep the region for times, and never throw on a tag that is none', async () => {
    expect(await loadLocalizer('en-GB')).toMatchObject({ lang: 'en', locale: 'en-GB' });
    expect(await loadLocalizer('ko_KR!!')).toMatchObject({ locale: 'en' });
    expect(await loadLocalizer('fr-FR')).toMatchObject({ lang: 'en', locale: 'en' });
  });
});

test('counts stop at 99+', () => {
  expect([1, 99, 100, 5000].map(badge)).toEqual(['1', '99', '99+', '99+']);
});

test('names cannot turn a sentence around', () => {
  expect(isolate('عمر')).toBe('\u2068عمر\u2069');
});
