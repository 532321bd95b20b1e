import { randomUUID } from 'node:crypto';
import type { Id, Room, UpdateRoom } from '@co-talk/sdk/protocol';
import { revoke } from '../auth/revocations.ts';
import type { Actor, Context } from '../context.ts';
import { addSystemMessage } from '../messages/system.ts';
import { toPicture } from '../users/picture.ts';
import { emit } from '../webhooks/outbox.ts';
import { changeRoom, changeShared, nextRev, requireManager, requireOwner, type RoomChange } from './change.ts';
import { RoomPicture } from './room.entity.ts';
import { roomFor } from './rooms.ts';

/**
 * Renames a group or channel. The name that it has changes nothing.
 * @throws AppError `not_found`, `forbidden` (not the owner or an admin)
 */
export async function updateRoom(ctx: Context, actor: Actor, roomId: Id, { name }: UpdateRoom): Promise<Room> {
  const doing = 'change the room';
  return changeRoom(ctx, actor, roomId, doing, async (change) => {
    requireManager(change, doing);
    if (name !== undefined && name !== change.room.name) {
      await changeShared(change, 'name = ?', [name]);
      await say(change, actor, { kind: 'renamed', name });
    }
    return roomFor(change.ctx, actor.userId, roomId);
  });
}

/**
 * Takes a photo as the picture of a group or channel, in the place of the one before; `null` removes it.
 * @throws AppError `not_found`, `forbidden`, `unsupported_media`, `too_large`, `overloaded`
 */
export async function setRoomPicture(ctx: Context, actor: Actor, roomId: Id, photo: Buffer | null): Promise<Room> {
  const doing = 'change the picture';
  const image = photo && (await toPicture(photo));
  return changeRoom(ctx, actor, roomId, doing, async (change) => {
    requireManager(change, doing);
    if (!image && change.room.avatarUrl === null) return roomFor(change.ctx, actor.userId, roomId);
    const { em } = change;
    await em.nativeDelete(RoomPicture, { roomId });
    // Not to be guessed, and nothing that tells when it was made.
    const id = randomUUID();
    if (image) await em.insert(RoomPicture, { id, appId: ctx.appId, roomId, image, createdAt: new Date() });
    await changeShared(change, 'avatar_url = ?', [image ? `${ctx.config.publicUrl}/avatars/${id}` : null]);
    await say(change, actor, { kind: 'picture' });
    return roomFor(change.ctx, actor.userId, roomId);
  });
}

/** Says in the room what was changed, and tells the site. */
async function say(change: RoomChange, { userId }: Actor, happening: Parameters<typeof addSystemMessage>[4]) {
  const { em, ctx, room } = change;
  await addSystemMessage(em, ctx, room.id, userId, happening);
  await emit(em, ctx.appId, 'room.updated', { roomId: room.id });
}

/**
 * Ends a group or channel for everybody. Nothing of it is erased: nobody is in it any more.
 * @throws AppError `not_found`, `forbidden` (not the owner)
 */
export async function closeRoom(ctx: Context, actor: Actor, roomId: Id): Promise<void> {
  const doing = 'close the room';
  await changeRoom(ctx, actor, roomId, doing, async (change) => {
    requireOwner(change, doing);
    const { em } = change;
    const rev = await nextRev(em, ctx.appId, roomId);
    const left = await em.execute<{ userId: Id }[]>(
      `update chat_room_members set left_at = now(), rev = ?, role = 'member', read_seq = 0, delivered_seq = 0,
         muted = false, pinned = false, hidden = false
       where room_id = ? and app_id = ? and left_at is null returning user_id as "userId"`,
      [rev, roomId, ctx.appId],
    );
    await emit(em, ctx.appId, 'member.left', ...left.map(({ userId }) => ({ roomId, userId })));
    // Says to each client that they are not in it any more: one event, however many they are.
    await changeShared(change, 'member_count = 0');
    ctx.publish.leave(null, roomId);
    await revoke(em, ctx.appId, { userId: null, sessionId: null, roomId, reason: 'revoked' });
  });
}
