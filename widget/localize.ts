import type { User } from '@co-talk/sdk';
import english, { type Strings } from './locales/en.ts';

export type { Strings } from './locales/en.ts';

/** A language of the widget: its own name for itself, and its file. English is inside and needs no request. */
const languages: Record<string, { name: string; load: () => Promise<{ default: Strings }> }> = {
  en: { name: 'English', load: () => Promise.resolve({ default: english }) },
  ko: { name: '한국어', load: () => import('./locales/ko.ts') },
};

/** `[tag, own name]` of every language there is. */
export const languageNames: readonly (readonly [string, string])[] = Object.entries(languages).map(
  ([tag, { name }]) => [tag, name] as const,
);

/** Sentences and formats of one language; handed down to every component as its `l` property. */
export interface Localizer {
  /** The language of the sentences. */
  readonly lang: string;
  /** The full tag asked for: its region decides between "3:30 PM" and "15:30". */
  readonly locale: string;
  readonly s: Strings;
}

/** Which of the widget's languages stands for a tag such as `ko-KR`; English where none does. */
export function matchLanguage(tag: string): string {
  const language = tag.toLowerCase().split('-')[0] ?? '';
  return Object.hasOwn(languages, language) ? language : 'en';
}

function validTag(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? 'en';
  } catch {
    return 'en';
  }
}

/** The localizer that is there without waiting. */
export const englishLocalizer: Localizer = { lang: 'en', locale: 'en', s: english };

/** Load the language for a tag. Rejects only where its file cannot be fetched. */
export async function loadLocalizer(tag: string): Promise<Localizer> {
  const lang = matchLanguage(tag);
  const file = await languages[lang]?.load();
  const locale = validTag(tag);
  return { lang, locale: locale.toLowerCase().startsWith(lang) ? locale : lang, s: file?.default ?? english };
}

/** What somebody is called; who is gone has no name any more. */
export function nameOf(user: User | undefined, l: Localizer): string | undefined {
  return user?.kind === 'deleted' ? l.s.deletedUser : user?.nickname;
}

/** Wrap a name so that its writing direction cannot disturb the sentence around it. */
export function isolate(text: string): string {
  return `\u2068${text}\u2069`;
}

/** A count as people read it, `99+` above 99. */
export function badge(count: number): string {
  return count > 99 ? '99+' : String(count);
}
