import type { Id, Time } from './users.ts';

/** Body of `DELETE /me`. */
export interface EraseMe {
  /** Of an account: to confirm. Guests and users of the host site leave it out. */
  password?: string;
}

/**
 * What an erasure has removed, and how far it is. Answer to `DELETE /me` and its twin for admins: 200 when it is finished, 202
 * while it goes on by itself.
 */
export interface ErasureReport {
  userId: Id;
  startedAt: Time;
  /** `null`: it goes on; ask again for how far it is. */
  finishedAt: Time | null;
  /** How many were removed so far: of `messages` the texts, of `rooms` the memberships. */
  removed: {
    messages: number;
    rooms: number;
    friends: number;
    requests: number;
    blocks: number;
    sessions: number;
    avatars: number;
  };
}
