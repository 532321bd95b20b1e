import { ApiError } from './api.ts';
import type { Localizer } from './localize.ts';

/** What went wrong, in a sentence for the person at the screen. */
export function explain(error: unknown, { s, lang }: Localizer): string {
  if (!(error instanceof ApiError)) return s.errors.internal;
  const [wrong] = error.errors;
  if (wrong && Object.hasOwn(s.fields, wrong.path)) return s.fields[wrong.path as keyof typeof s.fields];
  if (Object.hasOwn(s.errors, error.code)) return s.errors[error.code as keyof typeof s.errors];
  // Its own sentences say most: they name what is wrong and what to do.
  return lang === 'en' ? capital(error.message) : `${s.errors.other} (${error.message})`;
}

/** The field that an error is about, where it is about one. */
export function fieldOf(error: unknown): string | undefined {
  return error instanceof ApiError ? error.errors[0]?.path : undefined;
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
