import { closedError } from './errors.ts';
import type { LocalMessage, RoomMessages } from './messages.ts';
import { LIMITS } from './protocol/index.ts';
import type { Id, Message, Reaction } from './protocol/index.ts';

/** What reacting in one room needs of the rest. */
export interface ReactDeps {
  me: () => Id;
  react: (messageId: Id, emoji: string, on: boolean) => Promise<Message>;
}

interface Reacting {
  api: Pick<RoomMessages, 'react'>;
  /** The messages, with what is not answered yet. */
  shown: (messages: LocalMessage[]) => LocalMessage[];
}

/** What somebody's reaction makes of the others. Of those who are not among the named ones, nothing is known. */
export function withReaction(reactions: readonly Reaction[], userId: Id, emoji: string, on: boolean): Reaction[] {
  const held = reactions.find((one) => one.emoji === emoji);
  if ((held?.userIds.includes(userId) ?? false) === on) return [...reactions];
  if (!held) return [...reactions, { emoji, count: 1, userIds: [userId] }];
  const others = held.userIds.filter((id) => id !== userId);
  const userIds = on ? [...others, userId].slice(0, LIMITS.reactionUsers) : others;
  const now = { emoji, count: held.count + (on ? 1 : -1), userIds };
  return reactions.map((one) => (one === held ? now : one)).filter(({ count }) => count > 0);
}

/** Reacts to messages: shown at once, and taken back where the server says no. */
export function createReacting(deps: ReactDeps, publish: () => void, isOver: () => boolean): Reacting {
  const looks = new Map<string, { messageId: Id; emoji: string; on: boolean }>();
  return {
    shown(messages) {
      if (looks.size === 0) return messages;
      const me = deps.me();
      return messages.map((message) => {
        if (message.state !== 'sent' || message.deletedAt) return message;
        const mine = [...looks.values()].filter(({ messageId }) => messageId === message.id);
        const put = (now: Reaction[], { emoji, on }: { emoji: string; on: boolean }) =>
          withReaction(now, me, emoji, on);
        return mine.length > 0 ? { ...message, reactions: mine.reduce(put, message.reactions) } : message;
      });
    },
    api: {
      async react(messageId, emoji, on) {
        if (isOver()) throw closedError();
        const key = messageId + emoji;
        const look = { messageId, emoji, on };
        looks.set(key, look);
        publish();
        try {
          return await deps.react(messageId, emoji, on);
        } finally {
          if (looks.get(key) === look) looks.delete(key);
          publish();
        }
      },
    },
  };
}
