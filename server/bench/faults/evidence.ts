import type { Id, Message, RoomMessagesState } from '@co-talk/sdk';

/** Who wanted to send what. The text is unique in the whole run. */
export interface Attempt {
  text: string;
  roomId: Id;
  senderId: Id;
  /** One line of sends that must keep its order: a tab, over all its reloads. `null`: sent by hand, beside the others. */
  line: string | null;
  /** What the sender was told last. `pending`: nothing yet, or the page was gone before it could be told. */
  outcome: 'pending' | 'sent' | 'failed';
  seq: number | null;
  /** Why it was given up. */
  reason: string | null;
  /** Why nobody may complain if it is gone: what the person did (signed out) or what was done to their device. */
  waived: string | null;
}

/** What one client has shown, from its making to its end. */
export interface View {
  name: string;
  userId: Id;
  /** It was there to the end, with everything applied. */
  isLast: boolean;
  /** States that were shown. */
  states: number;
  /** Messages of others it was told of, in order. */
  heard: Pick<Message, 'roomId' | 'seq' | 'senderId' | 'text'>[];
  /** What was wrong with what it showed, when it showed it. */
  problems: Violation[];
  /** At the end, by room. */
  rooms: Map<Id, FinalRoom>;
  /** At the end: ids of people, sorted. */
  people: People | null;
}

/** Whom somebody has to do with: ids, sorted. */
export interface People {
  friends: Id[];
  incoming: Id[];
  outgoing: Id[];
  blocks: Id[];
}

/** A room as a client holds it at the end. */
export interface FinalRoom {
  state: RoomMessagesState;
  /** From the list of rooms. */
  row: { lastSeq: number; rev: number; unread: number; readSeq: number; preview: string | null };
}

/** A room as the database holds it. */
export interface StoredRoom {
  id: Id;
  lastSeq: number;
  lastRev: number;
  members: { userId: Id; readSeq: number }[];
  messages: StoredMessage[];
}

export type StoredMessage = Pick<Message, 'id' | 'seq' | 'rev' | 'clientId' | 'senderId' | 'text'>;

/** From the end of a fault, or from being connected again where that is later, until nothing was missing. Milliseconds. */
export interface Heal {
  fault: string;
  view: string;
  ms: number;
  limitMs: number;
}

/** Everything that was seen in one run. */
export interface Evidence {
  attempts: Attempt[];
  views: View[];
  rooms: StoredRoom[];
  people: Map<Id, People>;
  heals: Heal[];
  /** What was found wrong on the way. */
  found: Violation[];
  /** Processes that have ended although nobody ended them. */
  exits: string[];
}

/** A broken promise (docs: delivery). */
export interface Violation {
  promise: `P${number}`;
  what: 'lost' | 'doubled' | 'reordered' | 'invented' | 'diverged' | 'silent' | 'marker' | 'late' | 'exit';
  detail: string;
}
