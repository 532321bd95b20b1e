import { DatabaseError, type Pool } from 'pg';
import type { Id, MessageType } from '@co-talk/sdk/protocol';
import type { Statement } from '../statements.ts';
import type { MessageExtra } from './message.entity.ts';

/** A message on its way into its room. */
export interface Send {
  appId: string;
  roomId: Id;
  senderId: Id;
  clientId: string;
  /** A new UUID (version 7): with `messageId` and its `seq`, the id it gets if it is new. */
  id: Id;
  text: string;
  /** Default: `text`. */
  type?: MessageType;
  extra?: MessageExtra;
}

/** Where a message stands. `duplicate`: it had been stored before, under another id. `createdMs`: milliseconds since 1970. */
export interface Sent {
  outcome: 'new' | 'duplicate';
  seq: number;
  rev: number;
  createdMs: number;
}

/** `locked`: somebody else holds the room's lock. The others are for ever. */
export type Refused = 'locked' | 'blocked' | 'not_found';

/** Stores a batch in one transaction. Answers in the order of the messages. */
export interface SendStore {
  /** @param wait for rooms whose lock somebody else holds; otherwise their messages are `locked` */
  store: (messages: Send[], wait: boolean) => Promise<(Sent | Refused)[]>;
}

/** After a batch that was not as usual, so many take the careful way at once: trying is not free. */
const CAREFUL_BATCHES = 8;

/** PostgreSQL's code for a unique key that is there already: here, a message that is stored already. */
const UNIQUE_VIOLATION = '23505';

const NEW: Statement = {
  name: 'send-new',
  text: 'select seqs, revs, ms from send_new($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)',
};
const ANY: Statement = {
  name: 'send-messages',
  text: 'select ord, outcome, seq, rev, ms from send_messages($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
};

export function createSendStore(pool: Pool): SendStore {
  let careful = 0;

  async function storeNew(messages: Send[]): Promise<Sent[] | null> {
    const batch = layOut(messages);
    if (!batch) return null;
    const { rooms, apps, counts, room, place } = batch;
    try {
      const { rows } = await pool.query<[seqs: number[], revs: number[], createdMs: number]>({
        ...NEW,
        values: [list(rooms), texts(apps), list(counts), list(room), list(place), ...columns(messages)],
        rowMode: 'array',
      });
      const [row] = rows;
      if (!row) return null;
      const [seqs, revs, createdMs] = row;
      return messages.map((_message, index) => {
        const at = (room[index] ?? 0) - 1;
        const nth = place[index] ?? 0;
        return { outcome: 'new', seq: (seqs[at] ?? 0) + nth, rev: (revs[at] ?? 0) + nth, createdMs };
      });
    } catch (error) {
      if (error instanceof DatabaseError && error.code === UNIQUE_VIOLATION) return null;
      throw error;
    }
  }

  async function storeAny(all: Send[], wait: boolean): Promise<(Sent | Refused)[]> {
    const { firsts: messages, places: firstOf } = fold(all);
    const rooms = [...new Set(messages.map((message) => message.roomId))].sort();
    const places = new Map(rooms.map((roomId, index) => [roomId, index + 1]));
    const room = messages.map((message) => places.get(message.roomId) ?? 0);
    const apps = messages.map((message) => message.appId);
    const { rows } = await pool.query<[number, 'new' | 'duplicate' | Refused, number | null, number | null, number]>({
      ...ANY,
      values: [list(rooms), wait, texts(apps), list(room), ...columns(messages)],
      rowMode: 'array',
    });
    const answers = new Map<Send, Sent | Refused>();
    for (const [ord, outcome, seq, rev, createdMs] of rows) {
      const stored = outcome === 'new' || outcome === 'duplicate';
      const answer = stored ? { outcome, seq: seq ?? 0, rev: rev ?? 0, createdMs } : outcome;
      const message = messages[ord - 1];
      if (message) answers.set(message, answer);
    }
    return all.map((message, index) => {
      const first = messages[firstOf[index] ?? 0] ?? message;
      const answer = answers.get(first) ?? 'not_found';
      return first === message || typeof answer === 'string' ? answer : { ...answer, outcome: 'duplicate' };
    });
  }

  return {
    store: async (messages, wait) => {
      if (!wait && careful === 0) {
        const sent = await storeNew(messages);
        if (sent) return sent;
        careful = CAREFUL_BATCHES;
      } else if (careful > 0) careful -= 1;
      return storeAny(messages, wait);
    },
  };
}

/** Sends of one message within a batch are one row: the first stands for its copies. `places`: each message's first. */
function fold(messages: Send[]): { firsts: Send[]; places: number[] } {
  const known = new Map<string, number>();
  const firsts: Send[] = [];
  const places = messages.map((message) => {
    const key = message.roomId + message.senderId + message.clientId;
    const place = known.get(key) ?? firsts.length;
    if (place === firsts.length) {
      known.set(key, place);
      firsts.push(message);
    }
    return place;
  });
  return { firsts, places };
}

interface Batch {
  rooms: Id[];
  apps: string[];
  counts: number[];
  room: number[];
  place: number[];
}

/** The rooms of a batch in ascending order, and where each message stands. `null` when two apps name one room. */
function layOut(messages: Send[]): Batch | null {
  const known = new Map<Id, { appId: string; count: number; index: number }>();
  const place: number[] = [];
  for (const { roomId, appId } of messages) {
    const room = known.get(roomId);
    if (room && room.appId !== appId) return null;
    if (room) place.push((room.count += 1));
    else {
      known.set(roomId, { appId, count: 1, index: 0 });
      place.push(1);
    }
  }
  const rooms = [...known.keys()].sort();
  const apps: string[] = [];
  const counts: number[] = [];
  for (const [index, roomId] of rooms.entries()) {
    const room = known.get(roomId);
    if (!room) continue;
    room.index = index + 1;
    apps.push(room.appId);
    counts.push(room.count);
  }
  return { rooms, apps, counts, room: messages.map(({ roomId }) => known.get(roomId)?.index ?? 0), place };
}

const columns = (messages: Send[]): string[] => [
  list(messages.map((message) => message.senderId)),
  texts(messages.map((message) => message.clientId)),
  list(messages.map((message) => message.id)),
  texts(messages.map((message) => message.text)),
  rare(messages, (message) => message.type),
  rare(messages, (message) => message.extra && JSON.stringify(message.extra)),
];

/** What few messages have: nothing at all where none of them has it. */
function rare(messages: Send[], read: (message: Send) => string | undefined): string {
  if (messages.every((message) => read(message) === undefined)) return '{}';
  return `{${messages.map((message) => quoteOr(read(message))).join(',')}}`;
}

const quoteOr = (value: string | undefined): string => (value === undefined ? 'null' : quote(value));

/** An array as PostgreSQL reads it, of ids or numbers. The driver takes four times as long over one of its own. */
const list = (values: readonly (string | number)[]): string => `{${values.join(',')}}`;

/** The same of any text. */
const texts = (values: readonly string[]): string => `{${values.map(quote).join(',')}}`;

const SPECIAL = /["\\]/;
const quote = (value: string): string =>
  `"${SPECIAL.test(value) ? value.replaceAll(/["\\]/g, String.raw`\$&`) : value}"`;
