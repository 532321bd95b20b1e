import type { Id } from '@co-talk/sdk/protocol';
import { fold } from './fold.ts';

/**
 * Of writing whose characters are syllables or words, or that puts no space between words: there one character may be a word, two
 * very often are. Everything else is narrow.
 */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Extended_Pictographic}\p{Regional_Indicator}ー]/u;
const LETTER = /[\p{L}\p{N}\p{M}]/u;

/** The first character that can be wide, but for two signs. */
const WIDE_FROM = 0x0e00;

const isWide = (char: string): boolean => (char.codePointAt(0) ?? 0) >= WIDE_FROM && WIDE.test(char);
export const isLetter = (char: string): boolean => LETTER.test(char);

/** Messages of a room whose positions differ in the lower bits alone are indexed together, so that new ones are found first. */
export const SEGMENT_BITS = 12;

/**
 * What a text is found by: each wide character, each two of which one is wide, each three narrow ones, and the first two of a word.
 * @param text folded
 */
export function gramsOf(text: string): Set<string> {
  const grams = new Set<string>();
  for (const run of text.split(' ')) {
    const chars = Array.from(run);
    const wide = chars.map(isWide);
    for (const [at, char] of chars.entries()) {
      const second = chars[at + 1];
      const third = chars[at + 2];
      if (wide[at]) grams.add(char);
      if (second === undefined) continue;
      if (wide[at] || wide[at + 1] || startsWord(chars, at)) grams.add(char + second);
      if (third !== undefined && !wide[at] && !wide[at + 1] && !wide[at + 2]) grams.add(char + second + third);
    }
  }
  return grams;
}

/** Whether something begins at `at` that is not the middle of a word. */
export function startsWord(chars: readonly string[], at: number): boolean {
  const before = chars[at - 1];
  return before === undefined || !isLetter(before) || isWide(before) || !isLetter(chars[at] ?? '');
}

/**
 * What every text has that has this in it: some of its {@link gramsOf}. None: it is too short.
 * @param text folded; a part of a word, or words
 */
export function gramsWithin(text: string): string[] {
  return text.split(' ').flatMap((run) => {
    const chars = Array.from(run);
    const wide = chars.map(isWide);
    if (chars.length === 1) return wide[0] ? chars : [];
    if (isShort(chars)) return [run];
    return chars.flatMap((char, at) => {
      const second = chars[at + 1];
      const third = chars[at + 2];
      if (second === undefined) return [];
      if (wide[at] || wide[at + 1]) return [char + second];
      return third === undefined || wide[at + 2] ? [] : [char + second + third];
    });
  });
}

/** One or two narrow characters: found where words begin, since in the middle of words they are everywhere. */
export const isShort = (chars: readonly string[]): boolean => chars.length <= 2 && !chars.some(isWide);

/** FNV-1a with a final mix, 16 bits of it. */
function hash16(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) & 0xffff;
}

/**
 * Grams of one part of one room as the index holds them: so a search costs what there is in the rooms it looks in, however many other
 * rooms there are. Two may be the same by chance: what is found is compared with the real text.
 *
 * @returns an array literal of PostgreSQL, sorted
 */
export function termsOf(roomId: Id, segment: number, grams: Iterable<string>): string {
  // The upper half is the room's: what a search or a message needs lies together.
  const upper = hash16(`${roomId}:${String(segment)}`) << 16;
  return `{${[...new Set(Array.from(grams, (gram) => upper | hash16(gram)))].sort((a, b) => a - b).join(',')}}`;
}

export const segmentOf = (seq: number): number => seq >> SEGMENT_BITS;

/** The grams of a message's text. */
export const gramsOfMessage = (text: string): Set<string> => gramsOf(fold(text));
