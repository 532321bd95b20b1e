import { expect, it } from 'vitest';
import type { LocalMessage, RoomMessagesState } from '@co-talk/sdk';
import { checkState, checkVanished, nothingShown, vanished } from './check-state.ts';

const sent = (seq: number, id = `id ${seq}`): LocalMessage =>
  ({ state: 'sent', seq, id, clientId: `client ${seq}`, senderId: 'mina', text: `text ${seq}` }) as LocalMessage;

const pending = (clientId: string): LocalMessage =>
  ({ state: 'pending', seq: null, id: null, clientId, senderId: 'mina', text: clientId }) as LocalMessage;

const state = (messages: LocalMessage[], more: Partial<RoomMessagesState> = {}): RoomMessagesState =>
  ({ status: 'ready', messages, hasAfter: false, readMarkers: new Map(), ...more }) as RoomMessagesState;

/** What is found when these are shown one after the other. */
function show(...states: RoomMessagesState[]): string[] {
  let shown = nothingShown();
  return states.flatMap((next) => {
    const gone = vanished(shown, next).flatMap((message) => checkVanished(message, null, next));
    const found = [...checkState(shown, next), ...gone];
    shown = { ...shown, state: next };
    return found.map(({ promise, what }) => `${promise} ${what}`);
  });
}

it.each<[string, RoomMessagesState[]]>([
  ['a message that is sent', [state([sent(1), pending('client 2')]), state([sent(1), sent(2)])]],
  ['older messages that come', [state([sent(2)]), state([sent(1), sent(2)])]],
  ['one that waits, not shown while the window is elsewhere', [state([pending('a')]), state([], { hasAfter: true })]],
  ['one that waits, not shown while loading', [state([pending('a')]), state([], { status: 'loading' })]],
  ['a marker that moves forward', [markers(1), markers(2)]],
])('finds nothing in %s', (_what, states) => {
  expect(show(...states)).toEqual([]);
});

it.each<[string, string, RoomMessagesState[]]>([
  ['a message below a later one', 'P3 reordered', [state([sent(2), sent(1)])]],
  ['a message below one that waits', 'P3 reordered', [state([pending('a'), sent(1)])]],
  ['a message shown twice', 'P2 doubled', [state([sent(1), pending('client 1')])]],
  ['another message in the same place', 'P3 reordered', [state([sent(1)]), state([sent(1, 'other')])]],
  ['one that waits and vanishes', 'P6 silent', [state([pending('a')]), state([])]],
  ['a marker that goes back', 'P9 marker', [markers(2), markers(1)]],
])('finds %s', (_what, expected, states) => {
  expect(show(...states)).toEqual([expected]);
});

it('takes one that waited for stored where newer messages have pushed it out of what is shown, and only there', () => {
  const now = state([sent(51), sent(52)]);
  const [gone] = vanished({ ...nothingShown(), state: state([pending('a')]) }, now);
  if (!gone) throw new Error('nothing vanished');
  expect(checkVanished(gone, 50, now)).toEqual([]);
  for (const seq of [51, 60, null]) expect(checkVanished(gone, seq, now)).toHaveLength(1);
});

function markers(seq: number): RoomMessagesState {
  return state([], { readMarkers: new Map([['mina', seq]]) });
}
