import { expect, it } from 'vitest';
import type { RoomMessagesState, SentMessage } from '@co-talk/sdk';
import { BY_HAND, check } from './check.ts';
import type { Attempt, Evidence, StoredMessage, View } from './evidence.ts';

const SENDERS = ['mina', 'ben'];

const message = (seq: number): StoredMessage => ({
  ...{ id: `id ${seq}`, seq, rev: seq + 1, clientId: `client ${seq}`, text: `text ${seq}` },
  senderId: SENDERS[seq % 2] ?? '',
});

const attempt = ({ text, senderId, seq }: StoredMessage): Attempt => ({
  ...{ text, senderId, seq, roomId: 'room', line: `${senderId}/1`, outcome: 'sent', reason: null, waived: null },
});

function view(userId: string, messages: StoredMessage[]): View {
  const sent = messages.map((one) => ({ ...one, state: 'sent' }) as SentMessage);
  const state = {
    ...{ status: 'ready', messages: sent, readMarkers: new Map([['mina', 2]]) },
    ...{ hasBefore: false, hasAfter: false },
  } as Partial<RoomMessagesState> as RoomMessagesState;
  const readSeq = userId === 'mina' ? 2 : 0;
  const unread = messages.filter(({ seq, senderId }) => seq > readSeq && senderId !== userId).length;
  const row = { lastSeq: 4, rev: 5, unread, readSeq, preview: 'text 4' };
  return {
    ...{ name: userId, userId, isLast: true, states: 1, problems: [] },
    heard: messages.flatMap(({ seq, senderId, text }) =>
      senderId === userId ? [] : [{ roomId: 'room', seq, senderId, text }],
    ),
    rooms: new Map([['room', { state, row }]]),
    people: { friends: ['ben'], incoming: [], outgoing: [], blocks: [] },
  };
}

/** Two people, four messages, and all is well. */
function evidence() {
  const messages = [1, 2, 3, 4].map(message);
  const friends = { friends: ['ben'], incoming: [], outgoing: [], blocks: [] };
  return {
    attempts: messages.map(attempt),
    views: [view('mina', messages), view('ben', messages)] as [View, View],
    rooms: [
      {
        ...{ id: 'room', lastSeq: 4, lastRev: 5, messages },
        members: [
          { userId: 'mina', readSeq: 2 },
          { userId: 'ben', readSeq: 0 },
        ],
      },
    ] as [Evidence['rooms'][number]],
    people: new Map([['mina', friends]]),
    heals: [{ fault: 'cut', view: 'mina', ms: 100, limitMs: 5_000 }] as [Evidence['heals'][number]],
    found: [],
    exits: [] as string[],
  } satisfies Evidence;
}

it('finds nothing where nothing is wrong', () => {
  expect(check(evidence())).toEqual([]);
});

type Case = ReturnType<typeof evidence>;

it.each<[string, (all: Case) => unknown, string]>([
  ['acknowledged and gone', ({ rooms: [room] }) => room.messages.pop(), 'P1 lost'],
  [
    'stored twice',
    ({ rooms: [room] }) => room.messages.push({ ...message(5), text: 'text 4', clientId: 'other' }),
    'P2 doubled',
  ],
  ['stored and never sent', ({ rooms: [room] }) => room.messages.push(message(5)), 'P2 invented'],
  ['stored for another sender', ({ attempts }) => Object.assign(attempts[0] ?? {}, { senderId: 'eve' }), 'P2 invented'],
  [
    'stored elsewhere than its answer said',
    ({ attempts }) => Object.assign(attempts[0] ?? {}, { seq: 9 }),
    'P2 reordered',
  ],
  [
    'said to have failed, and stored',
    ({ attempts }) => Object.assign(attempts[0] ?? {}, { outcome: 'failed', reason: 'blocked' }),
    'P6 silent',
  ],
  [
    'failed without a reason',
    ({ attempts }) =>
      attempts.push({ ...attempt(message(9)), text: 'other', outcome: 'failed', seq: null, reason: null }),
    'P6 silent',
  ],
  [
    'never came to an end',
    ({ attempts }) => attempts.push({ ...attempt(message(9)), text: 'other', outcome: 'pending', seq: null }),
    'P6 lost',
  ],
  ['a hole', ({ rooms: [room] }) => room.messages.splice(1, 1), 'P3 reordered'],
  ['a counter that runs ahead', ({ rooms: [room] }) => Object.assign(room, { lastSeq: 5 }), 'P3 lost'],
  ['a revision given twice', ({ rooms: [room] }) => Object.assign(room.messages[0] ?? {}, { rev: 3 }), 'P7 diverged'],
  ['one sender overtaken', ({ attempts }) => attempts.reverse(), 'P5 reordered'],
  ['a client that lacks a message', ({ views: [, ben] }) => stateOf(ben).messages.splice(1, 1), 'P4 lost'],
  [
    'a client with another text',
    ({ views: [, ben] }) => Object.assign(stateOf(ben).messages[1] ?? {}, { text: 'other' }),
    'P4 lost',
  ],
  ['a client that does not know a room', ({ views: [, ben] }) => ben.rooms.clear(), 'P7 diverged'],
  [
    'a wrong unread count',
    ({ views: [mina] }) => Object.assign(mina.rooms.get('room')?.row ?? {}, { unread: 7 }),
    'P7 diverged',
  ],
  ['a list without a friend', ({ views: [mina] }) => mina.people?.friends.pop(), 'P7 diverged'],
  ['told twice', ({ views: [mina] }) => mina.heard.push(...mina.heard.slice(-1)), 'P2 doubled'],
  ['told out of order', ({ views: [mina] }) => mina.heard.reverse(), 'P3 reordered'],
  [
    'told of what is not there',
    ({ views: [mina] }) => mina.heard.push({ roomId: 'room', seq: 9, senderId: 'ben', text: 'x' }),
    'P2 invented',
  ],
  ['read beyond the head', ({ rooms: [room] }) => Object.assign(room.members[0] ?? {}, { readSeq: 9 }), 'P9 marker'],
  [
    'a marker that nobody has set',
    ({ views: [mina] }) => (stateOf(mina).readMarkers as Map<string, number>).set('ben', 3),
    'P9 marker',
  ],
  ['healed too late', ({ heals: [heal] }) => Object.assign(heal, { ms: 5_001 }), 'P4 late'],
  ['a server that has ended', ({ exits }) => exits.push('node 1 ended by itself'), 'P10 exit'],
])('finds: %s', (_what, spoil, expected) => {
  const all = evidence();
  spoil(all);
  expect(check(all).map(({ promise, what }) => `${promise} ${what}`)).toContain(expected);
});

it.each<[string, (all: Case) => unknown]>([
  [
    'what was signed away',
    ({ attempts }) =>
      attempts.push({ ...attempt(message(9)), text: 'other', outcome: 'pending', seq: null, waived: 'signed out' }),
  ],
  ['a page that was closed', ({ views: [mina] }) => Object.assign(mina, { isLast: false, rooms: new Map() })],
  [
    'what was put in by hand',
    ({ rooms: [room], views }) => {
      const one = { ...message(5), clientId: `${BY_HAND}5` };
      room.messages.push(one);
      Object.assign(room, { lastSeq: 5, lastRev: 6 });
      for (const { rooms, userId } of views) {
        const held = rooms.get('room');
        held?.state.messages.push({ ...one, state: 'sent' } as SentMessage);
        const unread = (held?.row.unread ?? 0) + Number(one.senderId !== userId);
        Object.assign(held?.row ?? {}, { lastSeq: 5, rev: 6, preview: 'text 5', unread });
      }
    },
  ],
])('does not complain about %s', (_what, change) => {
  const all = evidence();
  change(all);
  expect(check(all)).toEqual([]);
});

function stateOf(of: View): RoomMessagesState {
  const held = of.rooms.get('room');
  if (!held) throw new Error('the room is not held');
  return held.state;
}
