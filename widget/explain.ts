import { CoTalkError } from '@co-talk/sdk';
import { say } from './events.ts';
import type { Localizer } from './localize.ts';

/** A failure in plain words of the reader's language. */
export function explain(error: unknown, l: Localizer): string {
  const code = error instanceof CoTalkError ? error.code : 'internal';
  return Object.hasOwn(l.s.errors, code) ? l.s.errors[code] : l.s.errors.internal;
}

/** Something that the people who have set the chat up must mend: the error's own sentence says how. */
export const isSetup = (error: unknown): error is CoTalkError =>
  error instanceof CoTalkError && (error.code === 'origin_not_allowed' || error.code === 'app_unknown');

/** Do something on somebody's behalf; where it fails, say so. `false` where it did. */
export async function attempt(host: HTMLElement, l: Localizer, act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    // Signed out meanwhile: nobody is there to be told.
    if (!(error instanceof CoTalkError && error.code === 'closed')) say(host, 'notice', { text: explain(error, l) });
    return false;
  }
}
