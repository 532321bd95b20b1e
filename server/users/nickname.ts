import { createHash } from 'node:crypto';
import unhomoglyph from 'unhomoglyph';
import { countGraphemes, LIMITS } from '@co-talk/sdk/protocol';

/** Characters beyond which 20 graphemes are no name any more; what the column holds. */
const CODE_POINTS_MAX = 200;
const KEY_MAX = 256;

/** A nickname as it is kept: composed, with single spaces. */
export const cleanNickname = (nickname: string): string =>
  nickname
    .normalize('NFC')
    .trim()
    .replace(/\p{Zs}+/gu, ' ');

// Invisible joiners that words need: in Persian between letters, in Indic scripts after a virama.
const JOINERS =
  /(?<=\p{Script=Arabic})\u200c(?=\p{Script=Arabic})|(?<=[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039])[\u200c\u200d](?=\p{L})/gu;
// Not a literal: the compiler's target is older than the flag, Node is not.
const EMOJI = new RegExp('\\p{RGI_Emoji}', 'gv');
const HIDDEN = /[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u2800]/u;
const MARKS_STACKED = /[\p{Mn}\p{Me}]{3}/u;
const MARK_ALONE = /(^|[^\p{L}\p{N}\p{M}])\p{M}/u;
const SAYS_SOMETHING = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;

/** What is wrong with a nickname, or `undefined`. */
export function nicknameProblem(nickname: string): string | undefined {
  const clean = cleanNickname(nickname);
  const length = countGraphemes(clean);
  if (length < LIMITS.nicknameMin) return `must have at least ${String(LIMITS.nicknameMin)} characters`;
  if (length > LIMITS.nicknameMax) return `must have at most ${String(LIMITS.nicknameMax)} characters`;
  const rest = clean.replace(EMOJI, 'x').replace(JOINERS, '');
  if (HIDDEN.test(rest)) return 'must not have characters that cannot be seen';
  if (
    MARK_ALONE.test(rest) ||
    MARKS_STACKED.test(rest.normalize('NFD')) ||
    Array.from(clean).length > CODE_POINTS_MAX
  ) {
    return 'must not have accents without a letter or stacked on each other';
  }
  if (!SAYS_SOMETHING.test(clean)) return 'must have a letter, a digit or an emoji';
  return undefined;
}

const STACK = /([\p{Mn}\p{Me}]{2})[\p{Mn}\p{Me}]+/gu;
const ALONE = /(^|[^\p{L}\p{N}\p{M}])\p{M}+/gu;
const HIDDEN_OR_JOINER = new RegExp(`(${JOINERS.source})|${HIDDEN.source}`, 'gu');
const BETWEEN_EMOJI = new RegExp(`(${EMOJI.source})`, 'v');

/**
 * A name that a host site gives, without what an account's must not have: whoever bears it has not chosen it and could not sign
 * in at all.
 */
export function cleanHostNickname(nickname: string): string {
  const parts = nickname.normalize('NFC').replace(/\s+/gu, ' ').split(BETWEEN_EMOJI);
  return cleanNickname(parts.map((part, place) => (place % 2 === 0 ? withoutTricks(part) : part)).join(''));
}

const withoutTricks = (text: string): string =>
  text
    .replace(HIDDEN_OR_JOINER, (_hidden, joiner?: string) => joiner ?? '')
    .replace(ALONE, '$1')
    .normalize('NFD')
    .replace(STACK, '$1');

/** What is wrong with a name that a host site gives, cleaned, or `undefined`. */
export function hostNicknameProblem(clean: string): string | undefined {
  if (!SAYS_SOMETHING.test(clean)) return 'must have a letter, a digit or an emoji';
  const tooLong = countGraphemes(clean) > LIMITS.hostNicknameMax || Array.from(clean).length > CODE_POINTS_MAX;
  return tooLong ? `must have at most ${String(LIMITS.hostNicknameMax)} characters` : undefined;
}

/**
 * The form of a nickname that uniqueness is about: letter case, width and look-alikes (Unicode TR 39, and `I` `l` `1` `i`)
 * do not count; accents do, since René and Rene are two people.
 */
export function nicknameKey(nickname: string): string {
  const folded = cleanNickname(nickname)
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  const words = folded.split(/\p{Z}+/u).map((word) => (MIXED.test(word) ? lookAlike(word) : word));
  // As capitals first: more of them look alike across alphabets. What is left may look alike in lower case.
  const lower = lookAlike(words.join(' ').toUpperCase()).toLowerCase();
  const key = lookAlike(lower).toLowerCase().replaceAll('ς', 'σ').replaceAll('i', 'l').normalize('NFC');
  return key.length <= KEY_MAX ? key : createHash('sha256').update(key).digest('base64');
}

/** Latin with letters of another alphabet: these stand for what they look like as they are written. */
const MIXED = /(?=.*\p{Script=Latin})(?=.*[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}])/su;

/** Korean syllables are kept whole: taken apart, different names would become alike (국기, 구끼). */
const lookAlike = (text: string): string =>
  text.replace(/[^\uac00-\ud7a3]+/gu, (part) => unhomoglyph(part.normalize('NFD')));
