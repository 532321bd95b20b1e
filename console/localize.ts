import english, { type Strings } from './locales/en.ts';

export type { Strings } from './locales/en.ts';

/** A language of the console: its own name for itself, and its file. English is inside and needs no request. */
export const languages: Record<string, { name: string; load: () => Promise<{ default: Strings }> }> = {
  en: { name: 'English', load: () => Promise.resolve({ default: english }) },
  ko: { name: '한국어', load: () => import('./locales/ko.ts') },
};

/** Sentences and formats of one language; handed down to every component as its `l` property. */
export interface Localizer {
  readonly lang: string;
  readonly s: Strings;
  /** `Nov 22, 2026, 8:44 AM` */
  readonly moment: (time: string) => string;
  /** `4 minutes ago`, `yesterday`; the whole moment where it is long ago. */
  readonly ago: (time: string) => string;
  /** `1,234` */
  readonly number: (value: number) => string;
}

function localizer(lang: string, s: Strings): Localizer {
  const moments = new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short' });
  const relative = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' });
  const numbers = new Intl.NumberFormat(lang, { maximumFractionDigits: 1 });
  const moment = (time: string) => moments.format(new Date(time));
  return {
    lang,
    s,
    moment,
    ago: (time) => {
      const seconds = (Date.parse(time) - Date.now()) / 1000;
      if (Math.abs(seconds) < 60) return relative.format(0, 'second');
      if (Math.abs(seconds) < 3600) return relative.format(Math.trunc(seconds / 60), 'minute');
      if (Math.abs(seconds) < 86_400) return relative.format(Math.trunc(seconds / 3600), 'hour');
      if (Math.abs(seconds) < 7 * 86_400) return relative.format(Math.trunc(seconds / 86_400), 'day');
      return moment(time);
    },
    number: (value) => numbers.format(value),
  };
}

/** The localizer that is there without waiting. */
export const englishLocalizer: Localizer = localizer('en', english);

/** The language for a list of wishes, the first that there is; English where there is none. */
export function matchLanguage(wishes: readonly string[]): string {
  const known = wishes.map((tag) => tag.toLowerCase().split('-')[0] ?? '');
  return known.find((lang) => Object.hasOwn(languages, lang)) ?? 'en';
}

/** Load a language. Rejects where its file cannot be fetched. */
export async function loadLocalizer(lang: string): Promise<Localizer> {
  const file = await languages[lang]?.load();
  return file ? localizer(lang, file.default) : englishLocalizer;
}
