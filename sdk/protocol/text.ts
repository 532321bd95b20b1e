/** Printable ASCII and line feeds: one code unit is one grapheme (a carriage return is not, it joins a line feed). */
const PLAIN = /^[\x20-\x7e\n]*$/;

let segmenter: Intl.Segmenter | undefined;

/**
 * Counts what people see as characters: an emoji with a skin tone, a flag or a letter with accents counts once.
 * Limits of texts are in these units.
 *
 * @example
 * countGraphemes('👍🏽 ok'); // 4
 */
export function countGraphemes(text: string): number {
  if (PLAIN.test(text)) return text.length;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  let count = 0;
  for (const _ of segmenter.segment(text)) count += 1;
  return count;
}

/** A message text as it is stored: without white space at both ends. Client and server trim alike, so what was sent can be compared. */
export function trimText(text: string): string {
  return text.trim();
}
