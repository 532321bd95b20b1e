import type { Localizer } from './localize.ts';

export interface Emoji {
  emoji: string;
  name: string;
  /** All that it is found by, folded. */
  words: string;
}

/** Emojis by group, in the order of keyboards. */
export type EmojiGroups = readonly (readonly Emoji[])[];

const loaders: Partial<Record<string, () => Promise<{ default: string[] }>>> = { ko: () => import('./emoji-ko.ts') };

/** Fetches the emojis with their names, from our own server. Rejects where they cannot be fetched. */
export async function loadEmojis({ lang }: Localizer): Promise<EmojiGroups> {
  const file = await (loaders[lang] ?? (() => import('./emoji-en.ts')))();
  return file.default.map((group) => group.split('\n').map(toEmoji));
}

function toEmoji(line: string): Emoji {
  const end = line.indexOf(' ');
  const words = line.slice(end + 1);
  return { emoji: line.slice(0, end), name: words.split(',')[0] ?? '', words: fold(words) };
}

const fold = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** Those in whose names every word occurs; whose name begins like it first. */
export function findEmojis(groups: EmojiGroups, term: string): Emoji[] {
  const wanted = fold(term).split(/\s+/).filter(Boolean);
  const found = groups.flat().filter(({ words }) => wanted.every((word) => words.includes(word)));
  const begins = ({ words }: Emoji) => Number(words.startsWith(wanted[0] ?? ''));
  return found.sort((a, b) => begins(b) - begins(a));
}

const KEY = 'co-talk:emojis';
const RECENT_MAX = 16;

/** Those that were used in this browser, the last one first. */
export function recentEmojis(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string').slice(0, RECENT_MAX) : [];
  } catch {
    // Kept by nobody, or by somebody else.
    return [];
  }
}

export function rememberEmoji(emoji: string): void {
  const kept = [emoji, ...recentEmojis().filter((one) => one !== emoji)].slice(0, RECENT_MAX);
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // Private windows keep nothing.
  }
}
