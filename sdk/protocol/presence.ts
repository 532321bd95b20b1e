import type { Id, Time } from './users.ts';

/** Whether a person has any device connected, and when they last had. */
export interface Presence {
  userId: Id;
  online: boolean;
  /** `null`: never seen, or online now for the first time. */
  lastSeenAt: Time | null;
}

/** Socket event `typing`, client to server. Send `true` at most every 3 s while typing; it runs out after 6 s. */
export interface Typing {
  roomId: Id;
  typing: boolean;
}
