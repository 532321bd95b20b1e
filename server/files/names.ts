/** Characters of a file's name, its ending included. */
const NAME_MAX = 120;

/** What would let a name lie about its end, break a header, or hide. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** The letters after the last dot of a name, in lower case; empty where there are none. */
export const endingOf = (name: string): string => /\.([A-Za-z0-9]{1,10})$/.exec(name)?.[1]?.toLowerCase() ?? '';

/**
 * A file's name as it is shown and offered for saving: the last part of what was given as a path, well-formed, without what cannot be
 * seen, and short. It is never a path of ours.
 */
export function cleanName(given: string): string {
  const last = given.toWellFormed().normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const clean = last.replaceAll(UNSEEN, '').replace(/^[\s.]+|\s+$/g, '');
  const ending = endingOf(clean);
  const stem = Array.from(ending ? clean.slice(0, -ending.length - 1) : clean);
  const short = stem
    .slice(0, NAME_MAX - ending.length - 1)
    .join('')
    .trimEnd();
  return `${short || 'file'}${ending && `.${clean.slice(-ending.length)}`}`;
}

/** The name with another ending, where it has one that does not fit. */
export function withEnding(name: string, endings: readonly string[]): string {
  const ending = endingOf(name);
  if (endings.includes(ending)) return name;
  return `${ending ? name.slice(0, -ending.length - 1) : name}.${endings[0] ?? ''}`;
}

/** The header under which a browser shows, or saves, a file of this name (RFC 6266). */
export function disposition(how: 'inline' | 'attachment', name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  const exact = encodeURIComponent(name).replaceAll(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `${how}; filename="${plain}"; filename*=UTF-8''${exact}`;
}
