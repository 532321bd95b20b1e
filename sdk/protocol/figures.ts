import type { Time } from './users.ts';

/**
 * Answer to `GET /admin/figures` (all apps) and `GET /admin/apps/:appId/figures`: what happens on the node that answers, second by
 * second. The lists are of one length, at most 120, the oldest second first.
 */
export interface Figures {
  /** Which node answers: another one has other figures. */
  node: string;
  /** The end of the last second. */
  at: Time;
  /** Open sockets at the end of each second. */
  connections: number[];
  /** Messages stored in each second. */
  messages: number[];
  /** Milliseconds that the database took to store them, on average; `null` where there were none. */
  storeMs: (number | null)[];
}
