import { REPORT_REASONS } from '@co-talk/sdk/protocol';
import type { Strings } from './localize.ts';

/** Why something was reported, for the person at the screen: the reasons of the widget in their language, and words as they are. */
export function readReason(reason: string, s: Strings): { label: string | null; words: string } {
  const known = REPORT_REASONS.find((one) => reason === one || reason.startsWith(`${one}: `));
  if (known === undefined) return { label: null, words: reason };
  return { label: s.reportReasons[known], words: reason.slice(known.length + 2) };
}
