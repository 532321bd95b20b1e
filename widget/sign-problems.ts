import { CoTalkError } from '@co-talk/sdk';
import { explain } from './explain.ts';
import type { Localizer } from './localize.ts';

export const FIELDS = ['email', 'nickname', 'password'] as const;
export type Field = (typeof FIELDS)[number];

/** A function, for the language may change meanwhile. */
export type Phrase = (l: Localizer) => string;
export type Problems = Partial<Record<Field, Phrase>>;

const FIELD_OF: Partial<Record<CoTalkError['code'], Field>> = {
  invalid_email: 'email',
  email_taken: 'email',
  invalid_nickname: 'nickname',
  nickname_taken: 'nickname',
  weak_password: 'password',
};

/** Where the server names a field without a code of its own. */
const NAMED: Record<Field, Phrase> = {
  email: (l) => l.s.errors.invalid_email,
  nickname: (l) => l.s.errors.invalid_nickname,
  password: (l) => l.s.errors.weak_password,
};

/** What is wrong with the fields that an error speaks of; nothing where it speaks of none. */
export function problemsOf(error: unknown): Problems {
  if (!(error instanceof CoTalkError)) return {};
  const field = FIELD_OF[error.code];
  if (field) return { [field]: (l: Localizer) => explain(error, l) };
  const named = FIELDS.filter((name) => error.errors?.some(({ path }) => path === name));
  return Object.fromEntries(named.map((name) => [name, NAMED[name]]));
}
