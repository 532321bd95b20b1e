import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id, ReportMessage } from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { newId } from '../ids.ts';
import { findMessage } from '../messages/find.ts';
import type { MessageRow } from '../messages/message.entity.ts';
import { requireMember } from '../rooms/members.ts';
import { lockUsers } from '../users/lookup.ts';
import { emit } from '../webhooks/outbox.ts';
import { Report } from './report.entity.ts';

/** What a report is about. */
interface About {
  roomId: Id;
  messageId: Id;
}

/**
 * Tells those who moderate that a message is wrong. The same person reporting it again only changes the reason; what was decided stays
 * so, unless the message has been edited since.
 *
 * @throws AppError `not_found` (not a member, or nothing that the member may see), `forbidden` (one's own, or nobody's), `conflict`
 * (deleted)
 */
export async function reportMessage(
  ctx: Context,
  actor: Actor,
  { roomId, messageId }: About,
  { reason }: ReportMessage,
): Promise<void> {
  const { firstSeq, historyFrom } = await requireMember(ctx, actor, roomId);
  const seen = await findMessage(ctx.em, ctx.appId, roomId, messageId);
  if (!seen || seen.seq < Math.max(firstSeq, historyFrom)) throw noMessage();
  if (seen.senderId === actor.userId) throw new AppError('forbidden', 'unable to report the message; it is your own');
  if (seen.type === 'system') throw new AppError('forbidden', 'unable to report the message; nobody has written it');
  await ctx.em.transactional(async (em) => {
    // Whoever of the two is being erased leaves no report behind; and one person's reports come one after the other.
    await lockUsers(em, ctx.appId, [actor.userId, seen.senderId]);
    // Whoever removes the message settles its reports: this one comes before that, or not at all.
    const message = await findMessage(em, ctx.appId, roomId, messageId, 'share');
    if (!message) throw noMessage();
    if (message.deletedMs !== null) {
      throw new AppError('conflict', 'unable to report the message; it is deleted already');
    }
    await keep(em, ctx.appId, actor.userId, message, reason);
  });
}

async function keep(
  em: EntityManager,
  appId: string,
  reporterId: Id,
  message: MessageRow,
  reason: string,
): Promise<void> {
  const { roomId, id: messageId, seq, senderId: authorId } = message;
  const which = { roomId, messageId, reporterId };
  const [known] = await em.find(Report, which, { orderBy: { id: 'desc' }, limit: 1, disableIdentityMap: true });
  const resolvedAt = known?.resolvedAt ?? null;
  if (known && resolvedAt === null) {
    await em.nativeUpdate(Report, { ...which, resolvedAt: null }, { reason });
    return;
  }
  if (resolvedAt !== null && (message.editedMs ?? 0) <= resolvedAt.getTime()) return;
  const id = newId();
  await em.insert(Report, {
    ...{ id, appId, roomId, messageId, seq, authorId, reporterId, reason, createdAt: new Date() },
    ...{ resolvedAt: null, resolvedByKind: null, resolvedById: null, resolution: null },
  });
  await emit(em, appId, 'report.created', { reportId: id, roomId, seq });
}

const noMessage = () => new AppError('not_found', 'unable to find the message; there is none with this id');
