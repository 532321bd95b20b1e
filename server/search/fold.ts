/** Marks that people leave out when they search: of Latin, Greek and Cyrillic letters, of Hebrew and Arabic; never of kana. */
const MARKS =
  /[\u0300-\u036f]|[\u0591-\u05bd]|\u05bf|[\u05c1-\u05c2]|[\u05c4-\u05c5]|\u05c7|[\u064b-\u065f]|\u0670|[\u1ab0-\u1aff]|[\u1dc0-\u1dff]|[\u20d0-\u20ff]|[\ufe20-\ufe2f]/g;

/** Joiners, variation selectors, soft hyphens: nobody sees them. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/** Letters that Unicode takes apart in no normal form. */
const LETTERS: Record<string, string> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i', ħ: 'h', ς: 'σ' },
};
const ODD_LETTERS = /[ßæœøłđðþıħς]/g;

const ASCII = /^[\t-~]*$/;
const SPACES = /\s+/g;

/** A piece of text that folds by itself: a syllable of Korean letters, a letter with its marks, those of half width too. */
const CLUSTERS =
  /[\u1100-\u115f\ua960-\ua97c][\u1160-\u11a7\ud7b0-\ud7c6]*[\u11a8-\u11ff\ud7cb-\ud7fb]*\p{M}*|\P{M}[\p{M}\uff9e\uff9f]*|\p{M}+/gsu;

const foldPiece = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(MARKS, '')
    .replace(INVISIBLE, '')
    .normalize('NFC')
    .replace(ODD_LETTERS, (letter) => LETTERS[letter] ?? letter);

/**
 * Text as it is compared: without case, accents, width and what nobody sees; white space of any length is one space.
 *
 * @example
 * fold('Café  ＯＫ'); // 'cafe ok'
 */
export function fold(text: string): string {
  return (ASCII.test(text) ? text.toLowerCase() : foldPiece(text)).replace(SPACES, ' ');
}

/** Folded text that knows where it comes from: the character at `n` stands for the original from `starts[n]` to `ends[n]`. */
export interface Folded {
  text: string;
  starts: number[];
  ends: number[];
}

export function foldInPlace(original: string): Folded {
  const starts: number[] = [];
  const ends: number[] = [];
  let text = '';
  for (const { 0: cluster, index } of original.matchAll(CLUSTERS)) {
    const piece = fold(cluster);
    if (piece === ' ' && text.endsWith(' ')) continue;
    text += piece;
    for (let at = 0; at < piece.length; at += 1) {
      starts.push(index);
      ends.push(index + cluster.length);
    }
  }
  return { text, starts, ends };
}
