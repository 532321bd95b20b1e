import { LIMITS, type Id, type Room, type RoomSync } from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { MESSAGE_COLUMNS, toWire, type MessageRow } from '../messages/message.entity.ts';
import { memberChanges } from '../rooms/members.ts';
import { roomsFor } from '../rooms/rooms.ts';
import type { Statement } from '../statements.ts';

/** Where a room stands. */
export interface Head {
  id: Id;
  lastRev: number;
  roomRev: number;
  lastSeq: number;
  historyFrom: number;
  memberCount: number;
}

/** Where a client stands in it. `reset`: nothing can be built on what it has. */
export interface Cursor extends Head {
  rev: number;
  reset: boolean;
}

type MemberChange = Awaited<ReturnType<typeof memberChanges>>[number];

/** Bytes of rows in one answer; the rest comes with `more`. */
const ANSWER_BYTES = 1_000_000;
/** What a message costs beside its text, and a member at most. */
const ROW_BYTES = 500;

/** What is new since a `rev` is found by position, and what changed by its index: see {@link Message}. */
const CHANGED_MESSAGES: Statement = {
  name: 'changed-messages',
  text: `select ${MESSAGE_COLUMNS} from jsonb_to_recordset($1::jsonb) c(id uuid, place int, rev int, after int, "from" int)
    cross join lateral (
      select * from messages n where n.room_id = c.id and n.seq > c.after and n.seq >= c."from" and n.rev > c.rev and n.app_id = $2
      union all
      select * from messages o
      where o.room_id = c.id and o.changed and o.rev > c.rev and o.seq >= c."from" and o.seq <= c.after and o.app_id = $2
      order by rev limit $3
    ) m
    order by c.place, m.rev limit $3`,
};

/** One query per kind over all rooms. What goes over the limit is cut at a `rev`, and comes with the next call. */
export async function changes(ctx: Context, actor: Actor, cursors: Cursor[]): Promise<RoomSync[]> {
  const behind = fitting(cursors.filter(isBehind));
  if (behind.length === 0) return cursors.map(untouched);
  const limit = LIMITS.syncRows + 1;
  const since = behind.map(({ id, rev, reset, lastSeq, lastRev, historyFrom, memberCount }, place) => {
    // Every message takes a rev, so no more have come than the head has moved.
    const after = lastSeq - (reset ? LIMITS.pageDefault : lastRev - rev);
    const from = reset ? Math.max(historyFrom, after + 1) : historyFrom;
    return { id, place, rev: reset ? -1 : rev, reset, after, from, members: !reset || fewEnough(memberCount) };
  });
  const touched = behind.filter((cursor) => cursor.reset || cursor.roomRev > cursor.rev).map((cursor) => cursor.id);
  const [messages, members, rooms] = await Promise.all([
    ctx.read<MessageRow>(CHANGED_MESSAGES, [JSON.stringify(since), ctx.appId, limit]),
    memberChanges(
      ctx,
      since.filter((cursor) => cursor.members),
      limit,
    ),
    roomsFor(ctx, actor.userId, touched),
  ]);
  const places = new Map(since.map(({ id, place }) => [id, place]));
  const cut = firstLeftOut(messages, members, places);
  const fits = (row: { roomId: Id; rev: number }) =>
    cut === undefined || isBefore(placeOf(places, row), row.rev, cut.place, cut.rev);
  const sent = Map.groupBy(messages.filter(fits), (row) => row.roomId);
  const changed = Map.groupBy(members.filter(fits), (row) => row.roomId);
  const shown = new Map<Id, Room>(rooms.map((room) => [room.id, room]));
  return cursors.map((cursor) => {
    const { id, lastRev: head, reset } = cursor;
    const place = places.get(id);
    const more = cut !== undefined && place !== undefined && place >= cut.place;
    // Half a new page would be shown as a whole one.
    if (place === undefined || place > (cut?.place ?? Infinity) || (more && reset)) return untouched(cursor);
    return {
      id,
      rev: more ? Math.min(cut.rev - 1, head) : head,
      head,
      changes: {
        messages: (sent.get(id) ?? []).map(toWire),
        members: (changed.get(id) ?? []).map(({ userId, member }) => ({ userId, member })),
        room: shown.get(id) ?? null,
      },
      more,
      reset,
    };
  });
}

const isBehind = ({ rev, lastRev, reset }: Cursor): boolean => rev < lastRev || reset;

/** Whether a room's members travel with its newest page. Of others, the client asks for the list when it shows it. */
const fewEnough = (memberCount: number): boolean => memberCount <= LIMITS.readMarkerMembers;

/** The rooms up to where an answer is full: no more rows come of one than its head has moved. What cannot fit is not read. */
function fitting(behind: Cursor[]): Cursor[] {
  let rows = 0;
  return behind.filter(({ rev, lastRev, reset, memberCount }) => {
    const fits = rows < LIMITS.syncRows;
    rows += reset ? LIMITS.pageDefault + (fewEnough(memberCount) ? memberCount : 0) : lastRev - rev;
    return fits;
  });
}

const placeOf = (places: Map<Id, number>, row: { roomId: Id }): number => places.get(row.roomId) ?? Infinity;

const isBefore = (place: number, rev: number, otherPlace: number, otherRev: number): boolean =>
  place < otherPlace || (place === otherPlace && rev < otherRev);

/** The first row that does not fit into one answer, in the order of rooms and then of `rev`. At least one always fits. */
function firstLeftOut(
  messages: MessageRow[],
  members: MemberChange[],
  places: Map<Id, number>,
): { place: number; rev: number } | undefined {
  const rows = [
    ...messages.map((row) => ({ ...at(places, row), bytes: bytesOf(row) })),
    ...members.map((row) => ({ ...at(places, row), bytes: ROW_BYTES })),
  ].sort((a, b) => a.place - b.place || a.rev - b.rev);
  let bytes = 0;
  return rows.find((row, index) => {
    bytes += row.bytes;
    return index >= LIMITS.syncRows || (index > 0 && bytes > ANSWER_BYTES);
  });
}

const bytesOf = ({ text, extra, quote }: MessageRow): number =>
  Buffer.byteLength(JSON.stringify(text)) + (extra ? Buffer.byteLength(JSON.stringify([extra, quote])) : 0) + ROW_BYTES;

const at = (places: Map<Id, number>, row: { roomId: Id; rev: number }) => ({
  place: placeOf(places, row),
  rev: row.rev,
});

/** A room of which nothing is sent: there is nothing new, or no space for it. What has to start anew starts from nothing. */
function untouched(cursor: Cursor): RoomSync {
  const { id, reset, lastRev: head } = cursor;
  const changes = { messages: [], members: [], room: null };
  return { id, rev: reset ? 0 : cursor.rev, head, changes, more: isBehind(cursor), reset };
}
