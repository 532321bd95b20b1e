import type { Id, Message } from '@co-talk/sdk/protocol';

/** Everybody who is named in a message: who wrote it, who is quoted, who is mentioned, who has reacted, and of whom it tells. */
export function peopleIn({ senderId, replyTo, mentions, reactions, system }: Message): Id[] {
  const named = [replyTo?.senderId, system?.byId, system?.userId].filter((id) => id !== undefined);
  return [senderId, ...named, ...mentions, ...reactions.flatMap(({ userIds }) => userIds)];
}
