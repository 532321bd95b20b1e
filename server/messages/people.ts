import type { Id, Message } from '@co-talk/sdk/protocol';

/** Everybody who is named in a message: who wrote it, who is quoted, who is mentioned, and of whom it tells. */
export function peopleIn({ senderId, replyTo, mentions, system }: Message): Id[] {
  const named = [replyTo?.senderId, system?.byId, system?.userId].filter((id) => id !== undefined);
  return [senderId, ...named, ...mentions];
}
