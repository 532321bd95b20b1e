import { createHash, randomBytes } from 'node:crypto';
import {
  LIMITS,
  type CreatedInvite,
  type CreateInvite,
  type Id,
  type Invite,
  type Page,
  type Room,
  type RoomPreview,
} from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { newId } from '../ids.ts';
import { changeRoom, lockMember, lockRoom, requireManager } from './change.ts';
import { letIn, PREVIEW_COLUMNS } from './channels.ts';
import { RoomInvite } from './invite.entity.ts';
import { roomFor } from './rooms.ts';

const HOUR_MS = 3_600_000;

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');
const noInvite = () => new AppError('not_found', 'unable to use the link; it is not, or no longer, valid');

/** Still to be used. */
const VALID = '(i.expires_at is null or i.expires_at > now()) and (i.max_uses is null or i.uses < i.max_uses)';

/**
 * Makes a link by which people join a group or channel. Its token is told this once.
 * @throws AppError `not_found`, `forbidden` (not the owner or an admin), `too_large` (too many links)
 */
export async function createInvite(
  ctx: Context,
  actor: Actor,
  roomId: Id,
  { expiresInHours, maxUses }: CreateInvite,
): Promise<CreatedInvite> {
  const doing = 'make the link';
  return changeRoom(ctx, actor, roomId, doing, async (change) => {
    requireManager(change, doing);
    const { em } = change;
    await em.execute(`delete from room_invites i where i.room_id = ? and i.app_id = ? and not (${VALID})`, [
      roomId,
      ctx.appId,
    ]);
    if ((await em.count(RoomInvite, { roomId })) >= LIMITS.roomInvites) {
      throw new AppError(
        'too_large',
        `unable to make the link; a room has at most ${String(LIMITS.roomInvites)}; revoke one`,
      );
    }
    const token = randomBytes(24).toString('base64url');
    const now = new Date();
    const invite = {
      ...{ id: newId(), appId: ctx.appId, roomId, tokenHash: hashOf(token), createdBy: actor.userId, createdAt: now },
      expiresAt: expiresInHours === undefined ? null : new Date(now.getTime() + expiresInHours * HOUR_MS),
      ...{ maxUses: maxUses ?? null, uses: 0 },
    };
    await em.insert(RoomInvite, invite);
    return { ...toWire(invite), token };
  });
}

/**
 * The links of a room that can still be used, the newest first.
 * @throws AppError `not_found`, `forbidden`
 */
export async function listInvites(ctx: Context, actor: Actor, roomId: Id): Promise<Page<Invite>> {
  const doing = 'list the links';
  return changeRoom(ctx, actor, roomId, doing, async (change) => {
    requireManager(change, doing);
    const now = new Date();
    const rows = await change.em.find(
      RoomInvite,
      { roomId, $or: [{ expiresAt: null }, { expiresAt: { $gt: now } }] },
      { orderBy: { id: 'desc' }, disableIdentityMap: true },
    );
    return { items: rows.filter(({ maxUses, uses }) => maxUses === null || uses < maxUses).map(toWire), next: null };
  });
}

/**
 * Ends a link. Where it has ended, nothing changes.
 * @throws AppError `not_found` (the room), `forbidden`
 */
export async function revokeInvite(ctx: Context, actor: Actor, roomId: Id, inviteId: Id): Promise<void> {
  const doing = 'revoke the link';
  await changeRoom(ctx, actor, roomId, doing, async (change) => {
    requireManager(change, doing);
    await change.em.nativeDelete(RoomInvite, { id: inviteId, roomId });
  });
}

/**
 * What a link leads to.
 * @throws AppError `not_found`
 */
export async function previewInvite(ctx: Context, actor: Actor, token: string): Promise<RoomPreview> {
  const [room] = await ctx.em.execute<RoomPreview[]>(
    `select ${PREVIEW_COLUMNS} from room_invites i join chat_rooms r on r.id = i.room_id and r.app_id = i.app_id
     where i.token_hash = ? and i.app_id = ? and ${VALID} and r.member_count > 0`,
    [actor.userId, hashOf(token), ctx.appId],
  );
  if (!room) throw noInvite();
  return room;
}

/**
 * Joins a room by a link. Who is in it already stays, and uses nothing up.
 * @throws AppError `not_found`, `forbidden` (somebody has removed one), `too_large`
 */
export async function joinByInvite(ctx: Context, actor: Actor, token: string): Promise<Room> {
  const { id: roomId } = await previewInvite(ctx, actor, token);
  return ctx.em.transactional(async (em) => {
    const room = await lockRoom(em, ctx.appId, roomId);
    if (!room || room.memberCount === 0) throw noInvite();
    const inside = { ...ctx, em };
    if (await lockMember(em, ctx.appId, roomId, actor.userId)) return roomFor(inside, actor.userId, roomId);
    // Under the room's lock: of two who come for the last place, one does.
    const used = await em.execute<{ id: Id }[]>(
      `update room_invites i set uses = i.uses + 1 where i.token_hash = ? and i.room_id = ? and i.app_id = ? and ${VALID} returning i.id`,
      [hashOf(token), roomId, ctx.appId],
    );
    if (used.length === 0) throw noInvite();
    return letIn({ ctx: inside, em, room }, actor.userId);
  });
}

const toWire = ({ id, createdBy, createdAt, expiresAt, maxUses, uses }: RoomInvite): Invite => ({
  ...{ id, createdBy, maxUses, uses },
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt?.toISOString() ?? null,
});
