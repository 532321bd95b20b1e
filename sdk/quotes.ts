import { LIMITS } from './protocol/index.ts';
import type { Message, Quote } from './protocol/index.ts';

/** A message as its answers have it. */
export function quoteOf({ id, seq, rev, senderId, text, deletedAt }: Message): Quote {
  const start = Array.from(text.slice(0, 2 * LIMITS.quoteLength)).slice(0, LIMITS.quoteLength);
  return { id, seq, rev, senderId, text: start.join(''), deleted: deletedAt !== null };
}

/** The same with its quote as it is now, where it answers that message and knows an older one. */
export function requote<T extends { replyTo: Quote | null }>(message: T, quoted: Message | undefined): T {
  const { replyTo } = message;
  return quoted && replyTo?.id === quoted.id && quoted.rev > replyTo.rev
    ? { ...message, replyTo: quoteOf(quoted) }
    : message;
}
