import { CoTalkError } from '@co-talk/sdk';
import { say } from './events.ts';
import type { Localizer } from './localize.ts';

/** A failure in plain words of the reader's language. */
export function explain(error: unknown, l: Localizer): string {
  const code = error instanceof CoTalkError ? error.code : 'internal';
  return Object.hasOwn(l.s.errors, code) ? l.s.errors[code] : l.s.errors.internal;
}

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
