import type { Events } from '../realtime.ts';
import { sendMessage } from './messages.ts';
import { readSendMessageEvent } from './text.ts';

export function messageEvents(events: Events): void {
  events.on('message:send', readSendMessageEvent, async (ctx, actor, input, socket) => {
    const { message } = await sendMessage(ctx, actor, input, socket.id);
    return message;
  });
}
