import { v7 as uuidv7 } from 'uuid';

/** What the generator needs to connect: one entry a client. */
export interface Target {
  port: number;
  clients: { token: string; roomId: string }[];
}

/** What a server under test uses, after a garbage collection. */
export interface Usage {
  /** Bytes in memory, and bytes of them that JavaScript holds (with its buffers). */
  rss: number;
  heap: number;
  /** Microseconds of processor time so far. */
  cpu: number;
  /** Statements sent to the database so far. */
  queries: number;
}

/** Someone who comes back to many rooms. */
export interface Absence {
  port: number;
  token: string;
  rooms: { id: string; head: number }[];
}

/** Somebody who searches: in one room, or in all of theirs. */
export interface Asker {
  who: string;
  token: string;
  roomId?: string;
}

/** What filling a database took. */
export interface Seconds {
  messages: number;
  terms: number;
  index: number;
}

export type Question =
  | { kind: 'rooms'; size: number; clients: number }
  | { kind: 'usage' }
  /** One room with that many messages. */
  | { kind: 'history'; messages: number }
  /** Rooms of one person, the first of them with that many messages and the others with a few. */
  | { kind: 'absence'; rooms: number; messages: number }
  /** A million messages in many rooms. */
  | { kind: 'search' };

export interface Answers {
  rooms: Target;
  usage: Usage;
  history: Target;
  absence: Absence;
  search: { port: number; askers: Asker[]; seconds: Seconds };
}

/** Rooms of `size` people, enough for `clients` people. */
export function layOut(size: number, clients: number): { roomId: string; userIds: string[] }[] {
  return Array.from({ length: clients / size }, () => ({
    roomId: uuidv7(),
    userIds: Array.from({ length: size }, () => uuidv7()),
  }));
}

export function tellParent(message: Answers[Question['kind']] | 'ready'): void {
  process.send?.(message);
}

/** @param queries statements sent to the database so far */
export function usage(queries: number): Usage {
  // The last resort also gives back the pages that V8 keeps for garbage to come; the first leaves work for the second.
  for (let time = 0; time < 2; time += 1) {
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return { rss, heap: heapUsed + external, cpu: user + system, queries };
}
