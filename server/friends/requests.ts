import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import type {
  CreateFriendRequest,
  Friend as WireFriend,
  FriendAnswer,
  FriendRequest as WireFriendRequest,
  FriendRequestStatus,
  Id,
  Page,
  RequestDirection,
} from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { cutPage, decodeCursor, type PageQuery } from '../cursor.ts';
import { AppError } from '../errors.ts';
import { newId } from '../ids.ts';
import { ensureDirectRoom } from '../rooms/direct.ts';
import { roomFor } from '../rooms/rooms.ts';
import { loadUsers, readRev } from '../users/lookup.ts';
import { User } from '../users/user.entity.ts';
import { id } from '../validate.ts';
import { Friend, FriendRequest } from './friend.entity.ts';
import { friendNews, friendOf } from './friends.ts';
import { relationOf, tell, withPair, type News, type Telling } from './pair.ts';
import { emit } from '../webhooks/outbox.ts';

/** All open requests from and to a user, the newest first. */
export async function pendingRequestsOf(ctx: Context, userId: Id): Promise<WireFriendRequest[]> {
  const rows = await ctx.em.find(
    FriendRequest,
    { status: 'pending', $or: [{ fromId: userId }, { toId: userId }] },
    { orderBy: { id: 'desc' }, disableIdentityMap: true },
  );
  return toWire(ctx, rows);
}

/** A page of the open requests, the newest first, with the user's `rev` read before them. */
export async function listRequests(
  ctx: Context,
  actor: Actor,
  query: PageQuery & { direction?: RequestDirection | undefined },
): Promise<Page<WireFriendRequest> & { rev: number }> {
  const rev = await readRev(ctx, actor.userId);
  const [after] = query.cursor === undefined ? [] : decodeCursor(z.tuple([id]), query.cursor);
  const sides = {
    incoming: [{ toId: actor.userId }],
    outgoing: [{ fromId: actor.userId }],
    both: [{ toId: actor.userId }, { fromId: actor.userId }],
  };
  const found = await ctx.em.find(
    FriendRequest,
    {
      status: 'pending',
      $or: sides[query.direction ?? 'both'],
      ...(after === undefined ? {} : { id: { $lt: after } }),
    },
    { orderBy: { id: 'desc' }, limit: query.limit + 1, disableIdentityMap: true },
  );
  const { rows, next } = cutPage(found, query.limit, (row) => [row.id]);
  return { items: await toWire(ctx, rows), next, rev };
}

/**
 * Asks somebody to become friends. Where they have asked already, this accepts.
 * @throws AppError `not_found`, `blocked`, `already_friends`, `request_exists`, `invalid_request` (oneself)
 */
export async function createRequest(
  ctx: Context,
  actor: Actor,
  { userId }: CreateFriendRequest,
): Promise<{ request: WireFriendRequest } | FriendAnswer> {
  return withPair(ctx, actor, userId, async (em) => {
    if ((await em.count(User, { id: userId, disabledAt: null })) === 0) {
      throw new AppError('not_found', 'unable to find the user; there is none with this id');
    }
    const { friends, blocked } = await relationOf(em, ctx.appId, actor.userId, userId);
    if (blocked) throw new AppError('blocked', 'unable to send the friend request; one of you has blocked the other');
    if (friends) throw new AppError('already_friends', 'unable to send the friend request; you are friends already');
    const open = await findOpen(em, actor.userId, userId);
    if (open?.toId === actor.userId) return { friend: await befriend(ctx, em, open) };
    if (open) {
      throw new AppError('request_exists', 'unable to send the friend request; you have sent one that is still open');
    }
    const request: FriendRequest = {
      id: newId(),
      appId: ctx.appId,
      fromId: actor.userId,
      toId: userId,
      status: 'pending',
      createdAt: new Date(),
    };
    await em.insert(FriendRequest, request);
    await tell(ctx, em, [
      [actor.userId, requestNews(request.id)],
      [userId, requestNews(request.id)],
    ]);
    return { request: await requestOf({ ...ctx, em }, request.id) };
  });
}

/**
 * Accepts a request: both become friends, with a direct room. Accepting once more changes nothing.
 * @throws AppError `not_found` (none with this id to this user), `conflict` (settled otherwise meanwhile)
 */
export async function acceptRequest(ctx: Context, actor: Actor, requestId: Id): Promise<FriendAnswer> {
  const { fromId } = await findRequest(ctx, requestId, { toId: actor.userId }, 'accept');
  return withPair(ctx, actor, fromId, async (em) => {
    const request = await em.findOneOrFail(FriendRequest, { id: requestId }, { disableIdentityMap: true });
    if (request.status === 'pending') return { friend: await befriend(ctx, em, request) };
    const friend = request.status === 'accepted' ? await friendOf({ ...ctx, em }, actor.userId, fromId) : null;
    if (!friend) throw settled('accept');
    return { friend };
  });
}

/**
 * Turns a request down; its sender may ask again. Once more changes nothing.
 * @throws AppError `not_found` (none with this id to this user), `conflict` (settled otherwise meanwhile)
 */
export async function rejectRequest(ctx: Context, actor: Actor, requestId: Id): Promise<void> {
  const { fromId } = await findRequest(ctx, requestId, { toId: actor.userId }, 'reject');
  await withPair(ctx, actor, fromId, (em) => close(ctx, em, requestId, 'rejected', 'reject'));
}

/**
 * Takes an own request back. Once more changes nothing.
 * @throws AppError `not_found` (none with this id from this user), `conflict` (settled otherwise meanwhile)
 */
export async function cancelRequest(ctx: Context, actor: Actor, requestId: Id): Promise<void> {
  const { toId } = await findRequest(ctx, requestId, { fromId: actor.userId }, 'cancel');
  await withPair(ctx, actor, toId, (em) => close(ctx, em, requestId, 'cancelled', 'cancel'));
}

/** The open request between two people, in whichever direction. */
export async function findOpen(em: EntityManager, one: Id, other: Id): Promise<FriendRequest | null> {
  const directions = [
    { fromId: one, toId: other },
    { fromId: other, toId: one },
  ];
  return em.findOne(FriendRequest, { status: 'pending', $or: directions }, { disableIdentityMap: true });
}

/** What both hear of a request: how it stands now. */
export function requestNews(requestId: Id) {
  return async (ctx: Context): Promise<News> => ({ change: 'requests', item: await requestOf(ctx, requestId) });
}

export async function setStatus(em: EntityManager, requestId: Id, status: FriendRequestStatus): Promise<void> {
  await em.nativeUpdate(FriendRequest, { id: requestId }, { status });
}

async function close(
  ctx: Context,
  em: EntityManager,
  requestId: Id,
  status: 'rejected' | 'cancelled',
  doing: string,
): Promise<void> {
  const request = await em.findOneOrFail(FriendRequest, { id: requestId }, { disableIdentityMap: true });
  if (request.status === status) return;
  if (request.status !== 'pending') throw settled(doing);
  await setStatus(em, requestId, status);
  await tell(ctx, em, [
    [request.fromId, requestNews(requestId)],
    [request.toId, requestNews(requestId)],
  ]);
}

async function befriend(ctx: Context, em: EntityManager, request: FriendRequest): Promise<WireFriend> {
  const { id: requestId, fromId, toId } = request;
  await setStatus(em, requestId, 'accepted');
  const { roomId, created } = await ensureDirectRoom(em, ctx.appId, fromId, toId);
  const side = { appId: ctx.appId, roomId, since: new Date() };
  await em.insertMany(Friend, [
    { ...side, userId: fromId, friendId: toId },
    { ...side, userId: toId, friendId: fromId },
  ]);
  await emit(em, ctx.appId, 'friend.created', { userIds: [fromId, toId] });
  const opened: Telling[] = [
    [fromId, roomNews(fromId, roomId)],
    [toId, roomNews(toId, roomId)],
  ];
  await tell(ctx, em, [
    ...(created ? opened : []),
    [fromId, requestNews(requestId)],
    [toId, requestNews(requestId)],
    [fromId, friendNews(fromId, toId)],
    [toId, friendNews(toId, fromId)],
  ]);
  const friend = await friendOf({ ...ctx, em }, toId, fromId);
  if (!friend) throw new Error('a friendship vanished');
  return friend;
}

function roomNews(userId: Id, roomId: Id) {
  return async (ctx: Context): Promise<News> => {
    ctx.publish.join(userId, roomId);
    return { change: 'rooms', item: await roomFor(ctx, userId, roomId) };
  };
}

async function findRequest(
  ctx: Context,
  requestId: Id,
  side: { fromId: Id } | { toId: Id },
  doing: string,
): Promise<FriendRequest> {
  const request = await ctx.em.findOne(FriendRequest, { id: requestId, ...side }, { disableIdentityMap: true });
  if (!request) throw new AppError('not_found', `unable to ${doing} the friend request; there is none with this id`);
  return request;
}

const settled = (doing: string) =>
  new AppError('conflict', `unable to ${doing} the friend request; it has been settled meanwhile`);

async function requestOf(ctx: Context, requestId: Id): Promise<WireFriendRequest> {
  const rows = await ctx.em.find(FriendRequest, { id: requestId }, { disableIdentityMap: true });
  const [request] = await toWire(ctx, rows);
  if (!request) throw new Error('a friend request vanished');
  return request;
}

async function toWire(ctx: Context, rows: FriendRequest[]): Promise<WireFriendRequest[]> {
  const users = await loadUsers(
    ctx,
    rows.flatMap((row) => [row.fromId, row.toId]),
  );
  return rows.flatMap(({ id: requestId, fromId, toId, status, createdAt }) => {
    const from = users.get(fromId);
    const to = users.get(toId);
    return from && to ? [{ id: requestId, from, to, status, createdAt: createdAt.toISOString() }] : [];
  });
}
