import { z } from 'zod';
import type { EditMessage, MessageRef, React } from '@co-talk/sdk/protocol';
import type { Events } from '../events.ts';
import { id, validator } from '../validate.ts';
import { deleteMessage } from './delete.ts';
import { editMessage } from './edit.ts';
import { emoji } from './emoji.ts';
import { sendMessage } from './messages.ts';
import { react } from './reactions.ts';
import { readSendMessageEvent } from './text.ts';

const ref = { roomId: id, messageId: id };
const reaction = validator<React>(z.strictObject({ ...ref, emoji, on: z.boolean() }));
const edit = validator<EditMessage & MessageRef>(z.strictObject({ ...ref, text: z.string() }));

/** More than of other events: they share commits, and an outbox may hold many. */
const AT_ONCE = 2_000;

export function messageEvents(events: Events): void {
  events.on(
    'message:send',
    readSendMessageEvent,
    async (ctx, actor, input, socket) => {
      const { message } = await sendMessage(ctx, actor, input, socket.id);
      return message;
    },
    AT_ONCE,
  );
  events.on('message:edit', edit, editMessage);
  events.on('message:react', reaction, react);
  events.on('message:delete', validator<MessageRef>(z.strictObject(ref)), deleteMessage);
}
