import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fold, foldInPlace } from './fold.ts';
import { gramsOf, termsOf } from './grams.ts';
import { isIn, matchesIn, readQuery } from './query.ts';

const marked = (q: string, text: string): string[] =>
  matchesIn(readQuery(q), text).map(([from, to]) => text.slice(from, to));

test.each([
  ['case', 'STRASSE', 'Straße', ['Straße']],
  ['accents that are there', 'resume', 'My Résumé.', ['Résumé']],
  ['accents that are not there', 'résumé', 'my resume', ['resume']],
  ['accents written apart', 'cafe', 'un Café noir', ['Café']],
  ['Greek in capitals', 'ΟΔΟΣ', 'η οδός', ['οδός']],
  ['Turkish', 'istanbul', 'İstanbul', ['İstanbul']],
  ['Vietnamese', 'duong', 'Đường phố', ['Đường']],
  ['full width', 'ok go', 'ＯＫ　ＧＯ', ['ＯＫ', 'ＧＯ']],
  ['half-width kana', 'ガス', 'ｶﾞｽ代', ['ｶﾞｽ']],
  ['Korean written apart', '물감', '물감 샀어', ['물감'.normalize('NFD')]],
  ['parts of words', 'ello', 'hello, fellow', ['ello', 'ello']],
  ['two letters where words begin', 'ok', 'look, ok? Okay', ['ok', 'Ok']],
  ['several words in any order', 'world hello', 'Hello, big world', ['Hello', 'world']],
  ['words that overlap', 'abcd cdef', 'abcdef', ['abcdef']],
  ['words in quotation marks', '“big world”', 'world big, big  world', ['big  world']],
  ['a mark that stands alone', '"hello', 'hello', ['hello']],
  ['signs', '50% c:\\d', 'c:\\data is 50% full', ['c:\\d', '50%']],
  ['a picture', '🎉', 'done 🎉', ['🎉']],
  ['a picture of several', '👩‍👧', 'hi 👩‍👧', ['👩‍👧']],
  ['a soft hyphen', 'rückgabe', 'Rück\u00adgabe', ['Rück\u00adgabe']],
])('is found without regard to %s', (_, q, text, found) => {
  const written = text === '물감 샀어' ? text.normalize('NFD') : text;
  expect(isIn(readQuery(q), written)).toBe(true);
  expect(marked(q, written)).toEqual(found);
});

test.each([
  ['another kana', 'かき', 'かぎ'],
  ['another syllable', '물', '무릎'],
  ['words apart that should stand together', '"big world"', 'world big'],
  ['one word of two', 'hello moon', 'hello world'],
  ['two letters in the middle of a word', 'ok', 'look'],
])('is not found: %s', (_, q, text) => {
  expect(isIn(readQuery(q), text)).toBe(false);
});

test.each(['a', ' . ', '%', '"', '""', 'a b c', '\u0301', '\u00ad\u00ad'])('is too short to be looked for: %j', (q) => {
  expect(() => readQuery(q)).toThrow('two characters or more');
});

/** Texts of all kinds of characters. */
const anyText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
const words = fc
  .array(fc.constantFrom('hello', 'ok', 'é', '안녕', '물', 'ガス', '漢字', '🎉', 'C++', '50%', 'ab가cd', "O'Neil"), {
    minLength: 1,
    maxLength: 6,
  })
  .map((some) => some.join(' '));

test('the index proposes every text that has it: whatever is cut out of a text finds it', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, words), fc.nat(40), fc.integer({ min: 1, max: 12 }), (text, from, length) => {
      const chars = Array.from(fold(text));
      const part = chars.slice(from % chars.length, (from % chars.length) + length).join('');
      let query;
      try {
        query = readQuery(part);
      } catch {
        return;
      }
      fc.pre(isIn(query, text));
      const known = gramsOf(fold(text));
      expect(query.grams.filter((gram) => !known.has(gram))).toEqual([]);
      expect(matchesIn(query, text).length).toBeGreaterThan(0);
    }),
    { numRuns: 2_000 },
  );
});

test('what is folded piece by piece is what is folded as a whole', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, words, fc.string({ unit: 'binary', maxLength: 20 })), (text) => {
      fc.pre(text.isWellFormed());
      const { text: folded, starts, ends } = foldInPlace(text);
      expect(folded).toBe(fold(text));
      expect([starts.length, ends.length]).toEqual([folded.length, folded.length]);
    }),
    { numRuns: 2_000 },
  );
});

test('terms belong to one part of one room', () => {
  const [one, other] = ['019aab34-9f8e-7d6c-8b5a-493827160504', '019aab34-9f8e-7d6c-8b5a-493827160505'];
  expect(termsOf(one, 0, ['hel', 'ell'])).toBe(termsOf(one, 0, ['ell', 'hel', 'ell']));
  expect(new Set([termsOf(one, 0, ['hel']), termsOf(one, 1, ['hel']), termsOf(other, 0, ['hel'])]).size).toBe(3);
});

test('crafted text takes no time', () => {
  const started = performance.now();
  for (const piece of ['a', '가', 'é', '"', '\u0301', ' ', '🎉', 'a"']) {
    const text = piece.repeat(8_000 / piece.length);
    gramsOf(fold(text));
    matchesIn(readQuery(`aa ${piece.repeat(40)}`), text);
  }
  expect(performance.now() - started).toBeLessThan(5_000);
});
