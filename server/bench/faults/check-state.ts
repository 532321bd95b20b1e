import type { Id, LocalMessage, RoomMessagesState } from '@co-talk/sdk';
import type { Violation } from './evidence.ts';

/** What of one room a client has shown so far. */
export interface Shown {
  state: RoomMessagesState | null;
  /** Which message stood where: `seq` to id. */
  places: Map<number, Id>;
}

export const nothingShown = (): Shown => ({ state: null, places: new Map() });

/** Compares a state of a room with what was shown before it: what a person would be startled by. */
export function checkState(before: Shown, state: RoomMessagesState): Violation[] {
  return [...order(state), ...repeats(state), ...places(before, state), ...markers(before, state)];
}

function* order({ messages }: RoomMessagesState): Iterable<Violation> {
  let last: LocalMessage | undefined;
  for (const message of messages) {
    if (last?.seq === null && message.seq !== null)
      yield { promise: 'P3', what: 'reordered', detail: `${show(message)} is shown below one that waits` };
    if (last && last.seq !== null && message.seq !== null && message.seq <= last.seq)
      yield { promise: 'P3', what: 'reordered', detail: `${show(message)} is shown below ${show(last)}` };
    last = message;
  }
}

function* repeats({ messages }: RoomMessagesState): Iterable<Violation> {
  const seen = new Set<string>();
  for (const message of messages) {
    const key = `${message.senderId}/${message.clientId}`;
    if (seen.has(key)) yield { promise: 'P2', what: 'doubled', detail: `${show(message)} is shown twice` };
    seen.add(key);
  }
}

function* places(before: Shown, { messages }: RoomMessagesState): Iterable<Violation> {
  for (const { seq, id, text } of messages) {
    if (seq === null) continue;
    const held = before.places.get(seq);
    if (held !== undefined && held !== id)
      yield { promise: 'P3', what: 'reordered', detail: `"${text}" stands at ${seq}, where another message stood` };
    before.places.set(seq, id);
  }
}

/** What waited and is not shown any more. Not to be seen: in a window elsewhere, while loading, and of a user who is gone. */
export function vanished(before: Shown, state: RoomMessagesState): LocalMessage[] {
  if (!before.state || state.hasAfter || state.status !== 'ready') return [];
  const now = new Set(state.messages.map(({ clientId }) => clientId));
  return before.state.messages.filter((message) => message.state !== 'sent' && !now.has(message.clientId));
}

/** What waits is shown until it is sent: to be asked once it may be known where it was stored (`seq`). */
export function checkVanished(message: LocalMessage, seq: number | null, { messages }: RoomMessagesState): Violation[] {
  // A page that was away for long shows the newest messages: mine may be among those before them.
  const isAbove = seq !== null && seq < (messages[0]?.seq ?? 0);
  return isAbove ? [] : [{ promise: 'P6', what: 'silent', detail: `${show(message)} is not shown any more` }];
}

function* markers(before: Shown, { readMarkers }: RoomMessagesState): Iterable<Violation> {
  for (const [userId, seq] of before.state?.readMarkers ?? []) {
    const now = readMarkers.get(userId);
    if (now !== undefined && now < seq)
      yield { promise: 'P9', what: 'marker', detail: `a read marker went back from ${seq} to ${now}` };
  }
}

const show = ({ state, seq, text }: LocalMessage): string => `"${text}" (${state}${seq === null ? '' : ` at ${seq}`})`;
