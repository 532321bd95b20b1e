import type { Id, Message, SendMessage } from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { attachFiles, attachSeenFiles, typeOf } from '../files/attach.ts';
import { newId } from '../ids.ts';
import { memberOf } from '../rooms/members.ts';
import { findMessage } from './find.ts';
import { MESSAGE_COLUMNS, messageId, toQuote, toWire, type MessageExtra, type MessageRow } from './message.entity.ts';
import type { Send, Sent } from './send-store.ts';
import { readText } from './text.ts';

/** A stored message, and whether this call stored it. */
export interface SendResult {
  message: Message;
  stored: boolean;
}

type Input = SendMessage & { roomId: Id; forwarded?: true };

/** What of a message is looked up before it is stored. */
type Found = Pick<MessageRow, 'extra' | 'quote' | 'attachments'>;

const NO_QUOTE = { quoted: null, changes: 0 };

/** The same, and how many changes of the room, beside new messages, `quote` surely knows of. */
type LookedUp = Found & { changes?: number; before?: Sent };

const NOTHING: Found = { extra: null, quote: null, attachments: null };

/**
 * Sends a message. Any number of sends with one `clientId` are one message; a repeated one is published again as it is now,
 * for those who missed it.
 *
 * @param except the sender's own socket, which hears of it by the answer
 * @throws AppError `invalid_request`, `not_found` (the room, what it answers, or a file), `conflict` (what it answers is deleted), `blocked`,
 *   `overloaded`
 */
export async function sendMessage(ctx: Context, actor: Actor, input: Input, except?: string): Promise<SendResult> {
  const text = readText(input.text, ctx.messageLength(), input.attachmentIds !== undefined);
  const { roomId, clientId } = input;
  const send: Send = { appId: ctx.appId, roomId, senderId: actor.userId, clientId, id: newId(), text };
  const key = roomId + actor.userId;
  if (
    input.replyToId === undefined &&
    input.attachmentIds === undefined &&
    !input.forwarded &&
    !ctx.sendOrder.busy(key)
  ) {
    const sent = await ctx.sendQueue.send(send);
    return sent.outcome === 'new' ? tell(ctx, send, sent, NOTHING, except) : repeat(ctx, send, sent, except);
  }
  const { found, sent } = await ctx.sendOrder.run(key, async () => {
    const looked = await lookUp(ctx, input, send);
    if (looked.extra) send.extra = looked.extra;
    // Not waited for here: whoever is next only has to come behind it.
    return { found: looked, sent: looked.before ? Promise.resolve(looked.before) : ctx.sendQueue.send(send) };
  });
  const stored = await sent;
  // Every change takes a `rev`, and only new messages a `seq`.
  if (found.quote && stored.rev - stored.seq !== found.changes) {
    // Edited or deleted before this one was stored, it was told so before: the old text must not come after that.
    const now = await findMessage(ctx.em, ctx.appId, roomId, found.quote.id);
    found.quote = now && toQuote(now);
  }
  return stored.outcome === 'new' ? tell(ctx, send, stored, found, except) : repeat(ctx, send, stored, except);
}

function tell(ctx: Context, send: Send, sent: Sent, { extra, quote, attachments }: Found, except?: string): SendResult {
  const { roomId, clientId, senderId, text, type = 'text' } = send;
  const { seq, rev, createdMs } = sent;
  const id = messageId(send.id, seq);
  const message = toWire({
    ...{ id, roomId, seq, rev, clientId, senderId, type, text, extra, quote, attachments, reactions: null, createdMs },
    ...{ editedMs: null, deletedMs: null },
  });
  ctx.publish.room(roomId, 'message', [{ roomId, rev, message }], except);
  return { message, stored: true };
}

async function repeat(ctx: Context, { roomId, senderId }: Send, { seq }: Sent, except?: string): Promise<SendResult> {
  const message = await readMessage(ctx, roomId, seq);
  if (await memberOf(ctx, roomId, senderId)) {
    ctx.publish.room(roomId, 'message', [{ roomId, rev: message.rev, message }], except);
  }
  return { message, stored: false };
}

/** Looks up what it refers to. `before`: that is impossible now, but it was stored when it was not. */
async function lookUp(ctx: Context, input: Input, send: Send): Promise<LookedUp> {
  const { replyToId, attachmentIds, forwarded } = input;
  if (replyToId === undefined && attachmentIds === undefined && !forwarded) return NOTHING;
  try {
    const extra: MessageExtra = {};
    const { quoted, changes } = replyToId === undefined ? NO_QUOTE : await findQuoted(ctx, send, replyToId);
    const attach = forwarded ? attachSeenFiles : attachFiles;
    const attachments = attachmentIds === undefined ? null : await attach(ctx, send.senderId, input, attachmentIds);
    if (quoted) extra.replyTo = quoted.seq;
    if (forwarded) extra.forwarded = true;
    if (attachmentIds) extra.attachments = attachmentIds;
    if (attachments) send.type = typeOf(attachments);
    return { extra, quote: quoted && toQuote(quoted), attachments, changes };
  } catch (error) {
    const before = await storedBefore(ctx, send);
    if (!before) throw error;
    return { ...NOTHING, before };
  }
}

async function findQuoted(
  ctx: Context,
  { roomId, senderId }: Send,
  id: Id,
): Promise<{ quoted: MessageRow; changes: number }> {
  const me = await memberOf(ctx, roomId, senderId);
  const found = me && (await findMessage(ctx.em, ctx.appId, roomId, id));
  if (!found || found.seq < me.historyFrom)
    throw new AppError('not_found', 'unable to answer the message; there is none with this id');
  if (found.deletedMs !== null) throw new AppError('conflict', 'unable to answer the message; it has been deleted');
  if (found.type === 'system') throw new AppError('conflict', 'unable to answer the message; nobody has written it');
  return { quoted: found, changes: me.lastRev - me.lastSeq };
}

async function storedBefore(ctx: Context, { roomId, senderId, clientId }: Send): Promise<Sent | null> {
  const [row] = await ctx.em.execute<{ seq: number; rev: number; createdMs: number }[]>(
    `select m.seq, m.rev, (extract(epoch from m.created_at) * 1000)::float8 as "createdMs" from messages m
     where m.room_id = ? and m.sender_id = ? and m.client_id = ? and m.app_id = ?`,
    [roomId, senderId, clientId, ctx.appId],
  );
  return row ? { outcome: 'duplicate', ...row } : null;
}

async function readMessage(ctx: Context, roomId: Id, seq: number): Promise<Message> {
  const [row] = await ctx.em.execute<MessageRow[]>(
    `select ${MESSAGE_COLUMNS} from messages m where m.room_id = ? and m.seq = ? and m.app_id = ?`,
    [roomId, seq, ctx.appId],
  );
  if (!row) throw new AppError('not_found', 'unable to find the message; there is none with this id');
  return toWire(row);
}
