import { CoTalkError, closedError } from './errors.ts';
import { newId } from './ids.ts';
import type { LocalMessage, RoomMessages } from './messages.ts';
import { LIMITS, countGraphemes, trimText } from './protocol/index.ts';
import type { ForwardAnswer, ForwardTarget, Id, Message } from './protocol/index.ts';

/** What changing the messages of one room needs of the rest. */
export interface ChangeDeps {
  /** @param text the new one; `null` deletes it */
  change: (messageId: Id, text: string | null) => Promise<Message>;
  forward: (messageId: Id, targets: ForwardTarget[]) => Promise<ForwardAnswer>;
}

interface Changing {
  api: Pick<RoomMessages, 'edit' | 'delete' | 'forward'>;
  /** The messages, with what is not answered yet. */
  shown: (messages: LocalMessage[]) => LocalMessage[];
}

/**
 * Changes messages: shown at once, and taken back where the server says no.
 * @param isOver nothing happens here any more
 */
export function createChanging(deps: ChangeDeps, publish: () => void, isOver: () => boolean): Changing {
  const looks = new Map<Id, Partial<Message>>();
  /** Kept until it is there: asked for twice, it is forwarded once. */
  const forwarding = new Map<string, string>();

  async function change(messageId: Id, text: string | null): Promise<Message> {
    if (isOver()) throw closedError();
    const now = new Date().toISOString();
    const look = text === null ? { text: '', attachments: [], reactions: [], deletedAt: now } : { text, editedAt: now };
    looks.set(messageId, look);
    publish();
    try {
      return await deps.change(messageId, text);
    } finally {
      if (looks.get(messageId) === look) looks.delete(messageId);
      publish();
    }
  }

  return {
    shown(messages) {
      if (looks.size === 0) return messages;
      return messages.map((message) => {
        const look = message.state === 'sent' && looks.get(message.id);
        return look ? { ...message, ...look } : message;
      });
    },
    api: {
      edit(messageId, text) {
        const trimmed = trimText(text);
        const count = countGraphemes(trimmed);
        if (count <= LIMITS.messageLength) return change(messageId, trimmed);
        const why = `it has ${count} characters, at most ${LIMITS.messageLength} fit`;
        return Promise.reject(new CoTalkError('invalid_request', `unable to change the message; ${why}`));
      },
      delete: (messageId) => change(messageId, null),
      async forward(messageId, roomIds) {
        if (isOver()) throw closedError();
        const targets = roomIds.map((roomId) => {
          const clientId = forwarding.get(messageId + roomId) ?? newId();
          forwarding.set(messageId + roomId, clientId);
          return { roomId, clientId };
        });
        const { items } = await deps.forward(messageId, targets);
        for (const item of items) if ('message' in item) forwarding.delete(messageId + item.roomId);
        return items;
      },
    },
  };
}
