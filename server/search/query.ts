import { AppError } from '../errors.ts';
import { fold, foldInPlace } from './fold.ts';
import { gramsWithin, isShort, startsWord } from './grams.ts';

/** A word or phrase that must be there. */
interface Wanted {
  text: string;
  /** Only where a word begins. */
  atStart: boolean;
}

/** What somebody looks for. */
export interface Query {
  wanted: Wanted[];
  /** By which the index finds candidates. */
  grams: string[];
}

/** Each is a look into every part of every room; three leave next to nothing to the comparison. */
const GRAMS_MAX = 3;

/** Ranges that are marked in one message. */
const MATCHES_MAX = 50;

const PARTS = /"([^"]+)"|[^\s"]+/g;

/**
 * Words, each of which must be in the text, in any order; and phrases in quotation marks.
 * @throws AppError `invalid_request`: nothing in it is long enough to be looked for
 */
export function readQuery(q: string): Query {
  const texts = Array.from(fold(q.replaceAll(/[“”„«»]/g, '"')).matchAll(PARTS), ([part, phrase]) =>
    (phrase ?? part).trim(),
  );
  const wanted = [...new Set(texts)]
    .filter((text) => text !== '')
    .map((text) => ({ text, atStart: isShort(Array.from(text.split(' ')[0] ?? '')) }));
  const grams = [...new Set(wanted.flatMap(({ text }) => gramsWithin(text)))];
  if (grams.length === 0) {
    const message = 'must have a word of two characters or more, or of one in Chinese, Japanese or Korean';
    throw new AppError('invalid_request', `unable to search; q ${message}`, { errors: [{ path: 'q', message }] });
  }
  return { wanted, grams: spread(grams, GRAMS_MAX) };
}

/** Some of them from all over. */
function spread(all: string[], count: number): string[] {
  if (all.length <= count) return all;
  return Array.from({ length: count }, (_, at) => all[Math.round((at * (all.length - 1)) / (count - 1))] ?? '');
}

/** Whether all of it is in a text. */
export function isIn({ wanted }: Query, text: string): boolean {
  const folded = fold(text);
  return wanted.every((one) => placeOf(folded, one, 0) >= 0);
}

function placeOf(folded: string, { text, atStart }: Wanted, from: number): number {
  for (let at = folded.indexOf(text, from); at >= 0; at = folded.indexOf(text, at + 1)) {
    if (!atStart || beginsAt(folded, at)) return at;
  }
  return -1;
}

function beginsAt(folded: string, at: number): boolean {
  const before = Array.from(folded.slice(Math.max(0, at - 2), at)).slice(-1);
  return startsWord([...before, ...Array.from(folded.slice(at, at + 2)).slice(0, 1)], before.length);
}

/** Where it is in a text: ranges of UTF-16 code units, in order, that do not overlap. */
export function matchesIn({ wanted }: Query, original: string): [from: number, to: number][] {
  const { text, starts, ends } = foldInPlace(original);
  const found: [number, number][] = [];
  for (const one of wanted) {
    for (let at = placeOf(text, one, 0); at >= 0; at = placeOf(text, one, at + one.text.length)) {
      found.push([starts[at] ?? 0, ends[at + one.text.length - 1] ?? 0]);
    }
  }
  found.sort(([a], [b]) => a - b);
  const ranges: [number, number][] = [];
  for (const [from, to] of found) {
    const last = ranges.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else ranges.push([from, to]);
  }
  return ranges.slice(0, MATCHES_MAX);
}
