import { countGraphemes, LIMITS } from '@co-talk/sdk/protocol';
import { cleanText } from '../validate.ts';

const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;
/** Controls, and what turns the direction of the text around it. */
const UNWANTED = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

/** The name of a group or channel. */
export const roomName = cleanText(1_000)
  .normalize()
  .trim()
  .refine((name) => VISIBLE.test(name) && !UNWANTED.test(name), 'must be on one line and have something to see')
  .refine(
    (name) => countGraphemes(name) <= LIMITS.roomNameMax,
    `must have at most ${String(LIMITS.roomNameMax)} characters`,
  );
