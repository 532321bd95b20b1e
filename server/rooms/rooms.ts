import type {
  CreateRoom,
  Id,
  Message,
  Page,
  Presence,
  Room,
  RoomMe,
  RoomType,
  UpdateRoomMe,
  User,
} from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { cutPage, decodeCursor, timePosition, type PageQuery } from '../cursor.ts';
import { AppError } from '../errors.ts';
import { MESSAGE_COLUMNS, toWire as messageToWire, type MessageRow } from '../messages/message.entity.ts';
import { hiddenPresence, presenceOf } from '../presence/presences.ts';
import type { Statement } from '../statements.ts';
import { bumpRev, loadUser, loadUsers, lockUsers, readRev, toArray } from '../users/lookup.ts';
import { ensureDirectRoom } from './direct.ts';
import { publishRoomMe, requireMember, ROOM_ME_COLUMNS } from './members.ts';

interface RoomRow {
  id: Id;
  type: RoomType;
  name: string | null;
  avatarUrl: string | null;
  createdMs: number;
  activityMs: number;
  firstSeq: number;
  lastSeq: number;
  rev: number;
  memberCount: number;
  me: RoomMe;
  lastMessage: MessageRow | null;
  peerId: Id | null;
  peerSeenMs: number | null;
  /** One of the two has blocked the other, so that neither sees whether the other is there; or the other one is gone. */
  peerHidden: boolean | null;
}

const ROOM_SELECT = `
  select r.id, r.type, r.name, r.avatar_url as "avatarUrl", (extract(epoch from r.created_at) * 1000)::float8 as "createdMs",
    (extract(epoch from r.last_activity_at) * 1000)::float8 as "activityMs", r.first_seq as "firstSeq", r.last_seq as "lastSeq",
    r.last_rev as rev, r.member_count as "memberCount", to_json(me) as me, to_json(last) as "lastMessage",
    peer.user_id as "peerId", peer.seen as "peerSeenMs", peer.hidden as "peerHidden"
  from chat_room_members m
  join chat_rooms r on r.id = m.room_id
  cross join lateral (select ${ROOM_ME_COLUMNS}) me
  left join lateral (
    select ${MESSAGE_COLUMNS} from messages m where m.room_id = r.id and m.seq = r.last_seq
  ) last on true
  left join lateral (
    select p.user_id, (extract(epoch from u.last_seen_at) * 1000)::float8 as seen, u.erased_at is not null or exists (
        select from blocks b where (b.user_id = p.user_id and b.blocked_id = m.user_id) or (b.user_id = m.user_id and b.blocked_id = p.user_id)
      ) as hidden
    from chat_room_members p join users u on u.id = p.user_id
    where r.type = 'direct' and p.room_id = r.id and p.user_id <> m.user_id limit 1
  ) peer on true
  where m.user_id = ? and m.app_id = ? and m.left_at is null`;

async function toWire(ctx: Context, rows: RoomRow[]): Promise<Room[]> {
  const peers = await loadUsers(
    ctx,
    rows.flatMap((row) => row.peerId ?? []),
  );
  return rows.map((row) => {
    const lastMessage: Message | null =
      row.lastMessage && row.lastMessage.seq >= row.me.historyFrom ? messageToWire(row.lastMessage) : null;
    return {
      id: row.id,
      type: row.type,
      name: row.name,
      avatarUrl: row.avatarUrl,
      createdAt: new Date(row.createdMs).toISOString(),
      firstSeq: row.firstSeq,
      lastSeq: row.lastSeq,
      rev: row.rev,
      memberCount: row.memberCount,
      lastMessage,
      ...peerOf(ctx, row, peers),
      me: row.me,
    };
  });
}

function peerOf(ctx: Context, row: RoomRow, peers: Map<Id, User>): { peer?: User; presence?: Presence } {
  const peer = row.peerId === null ? undefined : peers.get(row.peerId);
  if (!peer) return {};
  if (row.peerHidden === true) return { peer, presence: hiddenPresence(peer.id) };
  return {
    peer,
    presence: presenceOf(ctx.presences, peer.id, row.peerSeenMs === null ? null : new Date(row.peerSeenMs)),
  };
}

/** The rooms of the user by last activity, newest first, with the user's `rev` read before them. */
export async function listRooms(ctx: Context, actor: Actor, query: PageQuery): Promise<Page<Room> & { rev: number }> {
  const rev = await readRev(ctx, actor.userId);
  const after = query.cursor === undefined ? [] : decodeCursor(timePosition, query.cursor);
  const rows = await ctx.em.execute<RoomRow[]>(
    `${ROOM_SELECT} ${after.length > 0 ? 'and (r.last_activity_at, r.id) < (to_timestamp(?::float8 / 1000), ?::uuid)' : ''}
     order by r.last_activity_at desc, r.id desc limit ?`,
    [actor.userId, ctx.appId, ...after, query.limit + 1],
  );
  const page = cutPage(rows, query.limit, (row) => [row.activityMs, row.id]);
  return { items: await toWire(ctx, page.rows), next: page.next, rev };
}

/** Rooms by id as `viewerId` sees them; those they are not in are left out. */
export async function roomsFor(ctx: Context, viewerId: Id, ids: Id[]): Promise<Room[]> {
  if (ids.length === 0) return [];
  const rows = await ctx.em.execute<RoomRow[]>(`${ROOM_SELECT} and r.id = any(?::uuid[])`, [
    viewerId,
    ctx.appId,
    toArray(ids),
  ]);
  return toWire(ctx, rows);
}

/**
 * A room as `viewerId` sees it.
 * @throws AppError `not_found`
 */
export async function roomFor(ctx: Context, viewerId: Id, roomId: Id): Promise<Room> {
  const [room] = await roomsFor(ctx, viewerId, [roomId]);
  if (!room) throw new AppError('not_found', 'unable to open the room; there is none with this id');
  return room;
}

const ROOM_IDS: Statement = {
  name: 'room-ids',
  text: 'select room_id as id from chat_room_members where user_id = $1 and app_id = $2 and left_at is null',
};

/** Ids of all rooms of a user: what their sockets hear. */
export async function roomIdsOf(ctx: Context, userId: Id): Promise<Id[]> {
  const rows = await ctx.read<{ id: Id }>(ROOM_IDS, [userId, ctx.appId]);
  return rows.map((row) => row.id);
}

/**
 * Opens the direct room with somebody: the one there is, or a new one.
 * @throws AppError `not_found`, `blocked`, `invalid_request` (with oneself)
 */
export async function createRoom(
  ctx: Context,
  actor: Actor,
  input: CreateRoom & { type: 'direct' },
): Promise<{ room: Room; created: boolean }> {
  if (input.userId === actor.userId) {
    throw new AppError('invalid_request', 'unable to open the room; it takes somebody else', {
      errors: [{ path: 'userId', message: 'must be somebody else' }],
    });
  }
  await loadUser(ctx, input.userId);
  const both = [actor.userId, input.userId];
  const made = await ctx.em.transactional(async (em) => {
    await lockUsers(em, ctx.appId, both);
    const [known] = await em.execute<{ blocked: boolean }[]>(
      `select exists (select from blocks where app_id = ? and
         ((user_id = ? and blocked_id = ?) or (user_id = ? and blocked_id = ?))) as blocked`,
      [ctx.appId, actor.userId, input.userId, input.userId, actor.userId],
    );
    if (known?.blocked) throw new AppError('blocked', 'unable to open the room; one of you has blocked the other');
    const { roomId, created } = await ensureDirectRoom(em, ctx.appId, actor.userId, input.userId);
    const revs = new Map<Id, number>();
    if (created) for (const userId of both) revs.set(userId, await bumpRev(em, userId));
    return { roomId, created, revs };
  });
  for (const [userId, rev] of made.revs) await publishNewRoom(ctx, userId, made.roomId, rev);
  return { room: await roomFor(ctx, actor.userId, made.roomId), created: made.created };
}

/** Tells a user's devices of a room that is new to them, at the revision it took. */
export async function publishNewRoom(ctx: Context, userId: Id, roomId: Id, rev: number): Promise<void> {
  const item = await roomFor(ctx, userId, roomId);
  ctx.publish.join(userId, roomId);
  ctx.publish.user(userId, 'me', [{ rev, change: 'rooms', item }]);
}

/**
 * Mutes, pins or hides a room for the user alone. What is hidden comes back with the next message.
 * @throws AppError `not_found`
 */
export async function updateRoomMe(ctx: Context, actor: Actor, roomId: Id, input: UpdateRoomMe): Promise<RoomMe> {
  await requireMember(ctx, actor, roomId);
  return ctx.em.transactional(async (em) => {
    await em.execute(
      `update chat_room_members m set muted = coalesce(?, m.muted), pinned = coalesce(?, m.pinned), hidden = coalesce(?, m.hidden),
         hidden_seq = case when ? then r.last_seq else m.hidden_seq end
       from chat_rooms r where r.id = m.room_id and m.room_id = ? and m.user_id = ? and m.app_id = ?`,
      [
        ...[input.muted ?? null, input.pinned ?? null, input.hidden ?? null, input.hidden === true],
        ...[roomId, actor.userId, ctx.appId],
      ],
    );
    return publishRoomMe(ctx, em, roomId, actor.userId);
  });
}
