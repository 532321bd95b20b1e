import { z } from 'zod';
import { validator } from '../validate.ts';

const EMOJI = new RegExp(String.raw`^\p{RGI_Emoji}$`, 'v');

/** One emoji as everybody's keyboard has it, skin and all, and nothing else. */
export const emoji = z.string().refine((text) => EMOJI.test(text), 'must be one emoji');

export const readEmoji = validator<{ emoji: string }>(z.object({ emoji }));
