import { createHash } from 'node:crypto';
import type { Id } from '@co-talk/sdk';
import type { Attempt, Evidence, Heal, People, StoredMessage, StoredRoom, View, Violation } from './evidence.ts';

/** Holds what everybody has seen against the database. Nothing of it may be left over: no violation, all promises kept. */
export function check(evidence: Evidence): Violation[] {
  const { attempts, views, rooms, people, heals, found, exits } = evidence;
  return [
    ...rooms.flatMap((room) => [...counters(room)]),
    ...stored(attempts, rooms),
    ...order(attempts, rooms),
    ...views.flatMap((view) => [
      ...view.problems,
      ...heard(view, rooms),
      ...(view.isLast ? [...converged(view, rooms), ...lists(view, people)] : []),
    ]),
    ...heals.flatMap(late),
    ...found,
    ...exits.map((detail): Violation => ({ promise: 'P10', what: 'exit', detail })),
  ];
}

/** Starts the client id of messages that were put into the database by hand. */
export const BY_HAND = 'by hand ';

/** The same for two who hold the same. */
export function hashOf(messages: readonly StoredMessage[]): string {
  const hash = createHash('sha256');
  for (const { id, seq, rev, clientId, senderId, text } of messages) {
    hash.update(JSON.stringify([id, seq, rev, clientId, senderId, text]));
  }
  return hash.digest('hex');
}

/** Positions are 1 to the head, each once; no revision is given twice, none is above the head. */
function* counters({ id, messages, lastSeq, lastRev, members }: StoredRoom): Iterable<Violation> {
  const seqs = messages.map(({ seq }) => seq);
  if (seqs.some((seq, index) => seq !== index + 1))
    yield { promise: 'P3', what: 'reordered', detail: `the positions of room ${id} are not dense: ${brief(seqs)}` };
  if (lastSeq !== (seqs.at(-1) ?? 0))
    yield {
      promise: 'P3',
      what: 'lost',
      detail: `room ${id} ends at ${String(seqs.at(-1))}, its counter says ${lastSeq}`,
    };
  const revs = messages.map(({ rev }) => rev);
  if (new Set(revs).size < revs.length || revs.some((rev) => rev > lastRev))
    yield { promise: 'P7', what: 'diverged', detail: `the revisions of room ${id} are not sound: ${brief(revs)}` };
  for (const { userId, readSeq } of members) {
    if (readSeq > lastSeq)
      yield {
        promise: 'P9',
        what: 'marker',
        detail: `${userId} has read up to ${readSeq} of ${lastSeq} in room ${id}`,
      };
  }
}

/** What was acknowledged is stored once, what was refused is not, and nothing else is there. */
function* stored(attempts: readonly Attempt[], rooms: readonly StoredRoom[]): Iterable<Violation> {
  const rows = Map.groupBy(
    rooms.flatMap((room) => room.messages.map((message) => ({ ...message, roomId: room.id }))),
    ({ text }) => text,
  );
  for (const attempt of attempts) {
    const { text, roomId, senderId, outcome, seq, reason, waived } = attempt;
    const found = rows.get(text) ?? [];
    rows.delete(text);
    const [row] = found;
    if (found.length > 1) yield { promise: 'P2', what: 'doubled', detail: `"${text}" is stored ${found.length} times` };
    if (row && (row.roomId !== roomId || row.senderId !== senderId))
      yield { promise: 'P2', what: 'invented', detail: `"${text}" is stored in another room or for another sender` };
    if (outcome === 'sent' && !row)
      yield { promise: 'P1', what: 'lost', detail: `"${text}" was acknowledged and is gone` };
    if (outcome === 'sent' && row && row.seq !== seq)
      yield {
        promise: 'P2',
        what: 'reordered',
        detail: `"${text}" stands at ${row.seq}; its answer said ${String(seq)}`,
      };
    if (outcome === 'failed' && row)
      yield {
        promise: 'P6',
        what: 'silent',
        detail: `"${text}" is said to have failed (${String(reason)}) and is stored`,
      };
    if (outcome === 'failed' && !reason)
      yield { promise: 'P6', what: 'silent', detail: `"${text}" failed without a reason` };
    if (outcome === 'pending' && waived === null)
      yield { promise: 'P6', what: row ? 'silent' : 'lost', detail: `"${text}" never came to an end` };
  }
  for (const [text, [row]] of rows) {
    if (!row?.clientId.startsWith(BY_HAND))
      yield { promise: 'P2', what: 'invented', detail: `"${text}" is stored and nobody has sent it` };
  }
}

/** Each line of sends stands in the room in the order in which it was sent. Who failed and was sent again is a line of its own. */
function* order(attempts: readonly Attempt[], rooms: readonly StoredRoom[]): Iterable<Violation> {
  const seqs = new Map(rooms.flatMap((room) => room.messages.map(({ text, seq }) => [text, seq] as const)));
  const lines = Map.groupBy(
    attempts.filter(({ line }) => line !== null),
    ({ line, roomId }) => `${String(line)}/${roomId}`,
  );
  for (const line of lines.values()) {
    let last = 0;
    for (const { text } of line) {
      const seq = seqs.get(text);
      if (seq === undefined) continue;
      if (seq < last)
        yield {
          promise: 'P5',
          what: 'reordered',
          detail: `"${text}" stands at ${seq}, after it was sent behind ${last}`,
        };
      last = Math.max(last, seq);
    }
  }
}

/** What a client was told of is told once, in order, and as it is stored. */
function* heard({ name, userId, heard: told }: View, rooms: readonly StoredRoom[]): Iterable<Violation> {
  const texts = new Map(rooms.map((room) => [room.id, new Map(room.messages.map(({ seq, text }) => [seq, text]))]));
  const last = new Map<Id, number>();
  for (const { roomId, seq, senderId, text } of told) {
    const before = last.get(roomId) ?? 0;
    last.set(roomId, seq);
    const detail = `${name} was told of "${text}" at ${seq}`;
    if (seq === before) yield { promise: 'P2', what: 'doubled', detail: `${detail} twice` };
    else if (seq < before) yield { promise: 'P3', what: 'reordered', detail: `${detail} after ${before}` };
    if (senderId === userId) yield { promise: 'P2', what: 'doubled', detail: `${detail}, which is its own` };
    if (texts.get(roomId)?.get(seq) !== text)
      yield { promise: 'P2', what: 'invented', detail: `${detail}, which is not stored` };
  }
}

/** Everything the client holds at the end equals the database. */
function* converged({ name, userId, rooms: held }: View, rooms: readonly StoredRoom[]): Iterable<Violation> {
  for (const room of rooms) {
    const member = room.members.find((one) => one.userId === userId);
    if (!member) continue;
    const final = held.get(room.id);
    if (!final) {
      yield { promise: 'P7', what: 'diverged', detail: `${name} does not know room ${room.id}` };
      continue;
    }
    // Of a very long history only the newest part is opened.
    const { hasBefore } = final.state;
    const sent = final.state.messages.flatMap((message) => (message.state === 'sent' ? [message] : []));
    const expected = hasBefore ? room.messages.slice(-sent.length) : room.messages;
    if (final.state.status !== 'ready' || hashOf(sent) !== hashOf(expected))
      yield {
        promise: 'P4',
        what: 'lost',
        detail: `${name} shows ${difference(sent, expected)} in room ${room.id} (${final.state.status})`,
      };
    const unread = Math.min(
      100,
      room.messages.filter(({ seq, senderId }) => seq > member.readSeq && senderId !== userId).length,
    );
    const row = {
      lastSeq: room.lastSeq,
      rev: room.lastRev,
      readSeq: member.readSeq,
      unread,
      preview: room.messages.at(-1)?.text ?? null,
    };
    const wrong = (Object.keys(row) as (keyof typeof row)[]).filter((key) => final.row[key] !== row[key]);
    for (const key of wrong) {
      const detail = `${name} lists ${key} ${String(final.row[key])} instead of ${String(row[key])} for room ${room.id}`;
      yield { promise: 'P7', what: 'diverged', detail };
    }
    for (const { userId: reader, readSeq } of room.members) {
      const seen = final.state.readMarkers.get(reader) ?? 0;
      if (seen > readSeq)
        yield { promise: 'P9', what: 'marker', detail: `${name} shows a marker at ${seen}; it is at ${readSeq}` };
    }
  }
}

/** Friends, requests and blocks are those of the database. */
function* lists({ name, userId, people }: View, stored: ReadonlyMap<Id, People>): Iterable<Violation> {
  const expected = stored.get(userId);
  if (!expected) return;
  for (const key of ['friends', 'incoming', 'outgoing', 'blocks'] as const) {
    const [held, real] = [people?.[key].join(), expected[key].join()];
    if (held !== real)
      yield { promise: 'P7', what: 'diverged', detail: `${name} lists ${key} [${String(held)}] instead of [${real}]` };
  }
}

function late({ fault, view, ms, limitMs }: Heal): Violation[] {
  if (ms <= limitMs) return [];
  return [
    {
      promise: 'P4',
      what: 'late',
      detail: `${view} was not whole ${Math.round(ms)} ms after "${fault}" (limit ${limitMs})`,
    },
  ];
}

function difference(shown: readonly StoredMessage[], expected: readonly StoredMessage[]): string {
  const index = expected.findIndex((message, place) => hashOf([message]) !== hashOf(shown.slice(place, place + 1)));
  const place = index < 0 ? expected.length : index;
  const say = (message: StoredMessage | undefined) =>
    message ? `"${message.text}" (${message.seq}, rev ${message.rev})` : 'nothing';
  return `${shown.length} of ${expected.length} messages, first ${say(shown[place])} instead of ${say(expected[place])}`;
}

const brief = (numbers: number[]): string => {
  const from = Math.max(0, numbers.findIndex((value, index) => value !== index + 1) - 2);
  return `… ${numbers.slice(from, from + 6).join(', ')} …`;
};
