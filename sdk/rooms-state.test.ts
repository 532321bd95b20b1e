import { expect, test } from 'vitest';
import { NO_ROOMS, reduceRooms, viewRooms, type RoomMap, type RoomsChange } from './rooms-state.ts';
import { message, room, ROOM_ME, user } from './testing.ts';
import { UNREAD_MAX, type Message, type Room } from './protocol/index.ts';

const run = (changes: RoomsChange[], from: RoomMap = NO_ROOMS) =>
  changes.reduce((rooms, change) => reduceRooms(rooms, change, 'me'), from);
const row = (more: Partial<Room> = {}): RoomsChange => ({ kind: 'row', room: room(more) });
const came = (one: Message): RoomsChange => ({ kind: 'message', roomId: 'room', rev: one.rev, message: one });
const held = (rooms: RoomMap) => rooms.get('room')?.room;

test("somebody's message is the last one, moves the head and is unread; mine is not", () => {
  const rooms = run([row(), came(message(1)), came(message(2, { senderId: 'me' }))]);
  expect(held(rooms)).toMatchObject({ lastSeq: 2, rev: 2, lastMessage: { seq: 2 }, me: { unread: 1, readSeq: 0 } });
});

test('a message that the row has already counts no second time', () => {
  const rooms = run([
    row({ rev: 3, lastSeq: 3, lastMessage: message(3), me: { ...ROOM_ME, unread: 3 } }),
    came(message(3)),
  ]);
  expect(held(rooms)?.me?.unread).toBe(3);
});

test('an edit of the last message changes the preview, an edit of another does not', () => {
  const rooms = run([row(), came(message(1)), came(message(2)), came(message(1, { rev: 3, text: 'old edited' }))]);
  expect(held(rooms)?.lastMessage?.text).toBe('text 2');
  expect(held(run([came(message(2, { rev: 4, text: 'edited' }))], rooms))).toMatchObject({
    lastMessage: { text: 'edited' },
    rev: 4,
    me: { unread: 2 },
  });
});

test('unread stops at its maximum', () => {
  const rooms = run([row(), ...Array.from({ length: 150 }, (_, index) => came(message(index + 1)))]);
  expect(held(rooms)?.me?.unread).toBe(UNREAD_MAX);
  const read: RoomsChange = { kind: 'room:me', rev: 1, roomId: 'room', me: { ...ROOM_ME, readSeq: 145, unread: 5 } };
  expect(held(run([read], rooms))?.me?.unread).toBe(5);
});

test('a read mark that crosses new messages on its way loses none of them', () => {
  // Counted on the server when message 2 was the last one.
  const read: RoomsChange = { kind: 'room:me', rev: 1, roomId: 'room', me: { ...ROOM_ME, readSeq: 2, unread: 0 } };
  const rooms = run([row(), came(message(1)), came(message(2)), came(message(3)), came(message(4)), read]);
  expect(held(rooms)?.me).toMatchObject({ readSeq: 2, unread: 2 });
});

test('a read mark that is ahead of its messages counts them once', () => {
  // Counted on the server when message 3 was the last one; 2 and 3 are still on their way.
  const read: RoomsChange = { kind: 'room:me', rev: 1, roomId: 'room', me: { ...ROOM_ME, readSeq: 1, unread: 2 } };
  const rooms = run([row(), came(message(1)), read, came(message(2)), came(message(3))]);
  expect(held(rooms)?.me).toMatchObject({ readSeq: 1, unread: 2 });
});

test('an older row neither takes messages away nor moves the marker back', () => {
  const read: RoomsChange = { kind: 'read', roomId: 'room', seq: 2 };
  const rooms = run([row(), came(message(1)), came(message(2)), read, came(message(3)), row({ rev: 1, lastSeq: 1 })]);
  expect(held(rooms)).toMatchObject({ lastSeq: 3, rev: 3, me: { readSeq: 2, unread: 1 } });
});

test('catching up counts what came meanwhile, edited or not, in any order of revisions', () => {
  const catchup = {
    id: 'room',
    rev: 9,
    messages: [message(2, { rev: 9, text: 'edited at once' }), message(3), message(4, { senderId: 'me' })],
    members: [],
    room: null,
    reset: false,
  };
  const rooms = run([row(), came(message(1)), { kind: 'catchup', catchup }]);
  expect(held(rooms)).toMatchObject({ lastSeq: 4, rev: 9, lastMessage: { seq: 4 }, me: { unread: 3 } });
});

test('a room event keeps what only this user sees', () => {
  const {
    me: _me,
    peer: _peer,
    presence: _presence,
    lastMessage: _last,
    ...shared
  } = room({ name: 'Tea', lastSeq: 9, rev: 9 });
  const rooms = run([row(), came(message(1)), { kind: 'room', roomId: 'room', rev: 2, room: shared }]);
  expect(held(rooms)).toMatchObject({ name: 'Tea', lastSeq: 1, rev: 2, peer: { id: 'other' }, me: { unread: 1 } });
});

test('leaving, being removed and a room that is gone take it off the list', () => {
  for (const gone of [
    { kind: 'member', roomId: 'room', rev: 2, userId: 'me', member: null },
    { kind: 'gone', roomId: 'room' },
    { kind: 'row', room: room({ me: null }) },
    { kind: 'list', rooms: [], whole: true },
  ] satisfies RoomsChange[]) {
    expect(run([row(), gone]).size).toBe(0);
  }
  expect(run([row(), { kind: 'list', rooms: [], whole: false }]).size).toBe(1);
});

test('names and presence follow', () => {
  const rooms = run([
    row(),
    { kind: 'users', users: new Map([['other', user('other', { rev: 2, nickname: 'Jun' })]]) },
    { kind: 'presence', presence: { userId: 'other', online: true, lastSeenAt: null } },
    { kind: 'users', users: new Map([['other', user('other', { rev: 1, nickname: 'older' })]]) },
  ]);
  expect(held(rooms)).toMatchObject({ peer: { nickname: 'Jun' }, presence: { online: true } });
});

test('what concerns no room held leaves the state as it is, the same object', () => {
  const rooms = run([row()]);
  const foreign: RoomsChange[] = [
    { kind: 'message', roomId: 'another', rev: 1, message: message(1) },
    { kind: 'room:me', rev: 1, roomId: 'another', me: ROOM_ME },
    { kind: 'users', users: new Map([['third', user('third')]]) },
    { kind: 'presence', presence: { userId: 'third', online: true, lastSeenAt: null } },
    { kind: 'gone', roomId: 'another' },
  ];
  for (const change of foreign) expect(run([change], rooms)).toBe(rooms);
});

test('the list: pinned first, then by last activity; hidden left out; muted not counted', () => {
  const list = [
    room({ id: 'quiet', createdAt: '2026-01-01T00:00:00.000Z' }),
    room({ id: 'busy', lastMessage: message(9), me: { ...ROOM_ME, unread: 2 } }),
    room({ id: 'pinned', me: { ...ROOM_ME, pinned: true, unread: 1 } }),
    room({ id: 'muted', lastMessage: message(5), me: { ...ROOM_ME, muted: true, unread: 7 } }),
    room({ id: 'hidden', lastMessage: message(20), me: { ...ROOM_ME, hidden: true, unread: 9 } }),
  ];
  const view = viewRooms(run([{ kind: 'list', rooms: list, whole: true }]));
  expect(view.rooms.map(({ id }) => id)).toEqual(['pinned', 'busy', 'muted', 'quiet']);
  expect(view.unread).toBe(3);
});
