import type { Events } from '../events.ts';
import { sendMessage } from './messages.ts';
import { readSendMessageEvent } from './text.ts';

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
}
