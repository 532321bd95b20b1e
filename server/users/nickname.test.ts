import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanNickname, nicknameKey, nicknameProblem } from './nickname.ts';

const FAMILY = '👨‍👩‍👧‍👦';

describe('what may be a nickname', () => {
  test.each([
    'Al',
    '김철',
    'ㅋㅋ',
    'Anna-Lena O’Hara',
    '  spaced   out  ',
    'x'.repeat(20),
    '가'.repeat(20),
    '가'.repeat(20).normalize('NFD'),
    FAMILY.repeat(20),
    '🇰🇷🏴󠁧󠁢󠁥󠁮󠁧󠁿',
    '1️⃣ ❤️ 👍🏽',
    'Nguyễn Huệ'.normalize('NFD'),
    'Zoë',
    'мария',
    'محمد علی',
    'نازنین\u200cزهرا',
    'ශ්\u200dරී ලංකා',
    'กี่น้ำ',
    'שָׁלוֹם',
    '山田 太郎',
    '42',
    '<b>x</b>',
    "'); drop table --",
  ])('%j', (nickname) => {
    expect(nicknameProblem(nickname)).toBeUndefined();
  });

  test.each<[string, string]>([
    ['nothing', ''],
    ['one character', 'x'],
    ['one emoji of many parts', FAMILY],
    ['only spaces', '     '],
    ['21 characters', 'x'.repeat(21)],
    ['21 syllables', '가'.repeat(21)],
    ['a line break', 'an\nna'],
    ['a tab', 'an\tna'],
    ['NUL', 'an\0na'],
    ['an escape', 'an\u001b[31mna'],
    ['a zero-width space', 'an\u200bna'],
    ['a zero-width joiner between letters', 'an\u200dna'],
    ['a zero-width non-joiner between Latin letters', 'an\u200cna'],
    ['a word joiner', 'an\u2060na'],
    ['a byte order mark', 'an\ufeffna'],
    ['a soft hyphen', 'an\u00adna'],
    ['a right-to-left override', 'an\u202ena'],
    ['a direction isolate', 'an\u2066na'],
    ['a line separator', 'an\u2028na'],
    ['a private character', 'an\ue000na'],
    ['an unassigned one', 'an\u0378na'],
    ['a lone surrogate', 'an\ud800na'],
    ['a variation selector', 'an\ufe0fna'],
    ['a tag', 'an\u{e0061}na'],
    ['a grapheme joiner', 'an\u034fna'],
    ['a Hangul filler', '\u3164\u3164'],
    ['Hangul filler in a name', 'an\u3164na'],
    ['a half-width Hangul filler', 'an\uffa0na'],
    ['Hangul choseong and jungseong fillers', 'an\u115f\u1160na'],
    ['blank Braille', '\u2800\u2800'],
    ['only combining marks', '\u0301\u0302\u0303'],
    ['a mark first', '\u0301anna'],
    ['a mark after a space', 'an \u0301na'],
    ['stacked marks', `a${'\u0301'.repeat(3)}nna`],
    ['marks stacked on a composed letter', `ế\u0323\u0301nna`],
    ['a tower of marks', `Z${'\u0334\u0353\u0346'.repeat(40)}algo`],
    ['only punctuation', '...'],
    ['clusters of hundreds of characters', 'क्'.repeat(300)],
  ])('not %s', (_name, nickname) => {
    expect(nicknameProblem(nickname)).toEqual(expect.any(String));
  });

  test('it is kept composed, with single spaces', () => {
    expect(cleanNickname('  Zoe\u0308 \u3000 김 '.normalize('NFD'))).toBe('Zoë 김');
  });
});

describe('whom a nickname could be taken for', () => {
  test.each([
    ['letter case', 'Anna', 'aNNA'],
    ['case beyond Latin', 'МАРИЯ', 'мария'],
    ['sharp s', 'Strauß', 'STRAUSS'],
    ['final sigma', 'Νίκος', 'ΝΊΚΟΣ'],
    ['composition', 'Zoë', 'Zoë'.normalize('NFD')],
    ['Korean composition', '김철수', '김철수'.normalize('NFD')],
    ['Cyrillic a', 'anna', 'аnnа'],
    ['all Cyrillic', 'cope', 'соре'],
    ['Greek', 'Nova', 'Νοvα'],
    ['Greek in lower case', 'vova', 'νοva'],
    ['Cyrillic capitals', 'Tom', 'Тоm'],
    ['all in Cyrillic capitals', 'TOM', 'ТОМ'],
    ['case of Cyrillic with look-alikes', 'Тамара', 'ТАМАРА'],
    ['full width', 'anna', 'ａｎｎａ'],
    ['mathematical letters', 'anna', '𝐚𝐧𝐧𝐚'],
    ['zero and o', 'bob', 'b0b'],
    ['capital i, small L, one', 'Illia', '1lI1a'],
    ['capital i and small L across case', 'Ivan', 'lvan'],
    ['a bar', 'lola', '|ola'],
    ['dotless i', 'ivan', 'ıvan'],
    ['Ukrainian i', 'ivan', 'іvаn'],
    ['rn and m', 'marta', 'rnarta'],
    ['spaces', 'anna lee', 'anna   lee'],
    ['another space', 'anna lee', 'anna\u3000lee'],
    ['compatibility jamo', 'ㅋㅋㅋ', '\u110f\u110f\u110f'],
    ['an invisible joiner', 'نازنین\u200cزهرا', 'نازنینزهرا'],
  ])('%s: %j and %j', (_name, one, other) => {
    expect(nicknameKey(one)).toBe(nicknameKey(other));
  });

  test.each([
    ['accents', 'René', 'Rene'],
    ['other letters', 'anna', 'anne'],
    ['a space', 'annalee', 'anna lee'],
    ['tense consonants', '국기', '구끼'],
    ['syllables', '강민준', '강민중'],
    ['scripts that share nothing', 'мария', 'maria'],
    ['emoji', 'an 😀', 'an 😁'],
    ['digits', 'room 2', 'room 3'],
  ])('not with other %s', (_name, one, other) => {
    expect(nicknameKey(one)).not.toBe(nicknameKey(other));
  });

  test('the key fits its column, is never empty, and letter case never counts in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 2, maxLength: 60 }), (nickname) => {
        const key = nicknameKey(nickname);
        expect(key.length).toBeLessThanOrEqual(256);
        if (nicknameProblem(nickname) === undefined) expect(key.length).toBeGreaterThan(0);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 20 }), (nickname) => {
        expect(nicknameKey(nickname.toUpperCase())).toBe(nicknameKey(nickname.toLowerCase()));
      }),
    );
    expect(nicknameKey('ﷺ'.repeat(20)).length).toBeLessThanOrEqual(256);
  });

  test('1,000 crafted characters are judged at once', () => {
    const before = process.cpuUsage();
    for (const unit of ['\u0301', 'a\u0301', FAMILY, '\u200d', 'क्', 'ﷺ', ' ']) {
      const crafted = unit.repeat(1000 / unit.length);
      nicknameProblem(crafted);
      nicknameKey(crafted);
    }
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(500);
  });
});
