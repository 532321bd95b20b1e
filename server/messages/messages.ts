import type { Id, Message, SendMessage } from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { newId } from '../ids.ts';
import { memberOf } from '../rooms/members.ts';
import { MESSAGE_COLUMNS, messageId, toWire, type MessageRow } from './message.entity.ts';
import { readText } from './text.ts';

/** A stored message, and whether this call stored it. */
export interface SendResult {
  message: Message;
  stored: boolean;
}

/**
 * Sends a message. Any number of sends with one `clientId` are one message; a repeated one is published again as it is now,
 * for those who missed it.
 *
 * @param except the sender's own socket, which hears of it by the answer
 * @throws AppError `invalid_request`, `not_found`, `blocked`, `overloaded`
 */
export async function sendMessage(
  ctx: Context,
  actor: Actor,
  input: SendMessage & { roomId: Id },
  except?: string,
): Promise<SendResult> {
  const text = readText(input.text, ctx.messageLength());
  const id = newId();
  const { roomId, clientId } = input;
  const sent = await ctx.sendQueue.send({ appId: ctx.appId, roomId, senderId: actor.userId, clientId, id, text });
  if (sent.outcome === 'new') {
    const message = toWire({
      ...{
        id: messageId(id, sent.seq),
        roomId,
        seq: sent.seq,
        rev: sent.rev,
        clientId,
        senderId: actor.userId,
        type: 'text',
        text,
      },
      ...{ createdMs: sent.createdMs, editedMs: null, deletedMs: null },
    });
    ctx.publish.room(roomId, 'message', [{ roomId, rev: message.rev, message }], except);
    return { message, stored: true };
  }
  const message = await readMessage(ctx, roomId, sent.seq);
  if (await memberOf(ctx, roomId, actor.userId)) {
    ctx.publish.room(roomId, 'message', [{ roomId, rev: message.rev, message }], except);
  }
  return { message, stored: false };
}

async function readMessage(ctx: Context, roomId: Id, seq: number): Promise<Message> {
  const [row] = await ctx.em.execute<MessageRow[]>(
    `select ${MESSAGE_COLUMNS} from messages m where m.room_id = ? and m.seq = ? and m.app_id = ?`,
    [roomId, seq, ctx.appId],
  );
  if (!row) throw new AppError('not_found', 'unable to find the message; there is none with this id');
  return toWire(row);
}
