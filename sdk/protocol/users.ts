/** An id: a UUID (version 7, so ids sort by time of creation) in lower-case text form. */
export type Id = string;

/** A time: ISO 8601 in UTC with milliseconds, `2026-11-22T08:44:00.000Z`. */
export type Time = string;

/** A list answer. Pass `next` back as `?cursor=`; `null` is the end. Drop repeats by id. */
export interface Page<T> {
  items: T[];
  next: string | null;
}

/**
 * `account`: e-mail and password here · `host`: signed in by the host site · `guest`: no account · `bot` · `deleted`: somebody who is
 * gone, and of whom only the id is left. Treat a kind you do not know as `account`.
 */
export type UserKind = 'account' | 'host' | 'guest' | 'bot' | 'deleted';

/** A person as everybody in the app may see them. */
export interface User {
  id: Id;
  /** Counts this user's changes that concern themself: friends, requests, blocks, room list, profile. */
  rev: number;
  nickname: string;
  /** A short text about oneself, at most `LIMITS.aboutMax` graphemes. */
  about: string | null;
  /** The address of a picture: on this server, or wherever the host site has it. It may be gone: fall back to something else. */
  avatarUrl: string | null;
  kind: UserKind;
  createdAt: Time;
}

/** What somebody has chosen for themself. */
export interface UserSettings {
  /** Whether others find them by their e-mail address, where the app lets people search by it. */
  findableByEmail: boolean;
}

/** The signed-in user as only they see themself. */
export interface Me extends User {
  email: string | null;
  emailVerified: boolean;
  settings: UserSettings;
}

/** Body of `PATCH /me`: what is left out stays. */
export interface UpdateMe {
  nickname?: string;
  about?: string | null;
  /** What is left out in it stays. */
  settings?: Partial<UserSettings>;
}

/** How a person found by search relates to the one who searches. */
export type Friendship = 'none' | 'friend' | 'incoming' | 'outgoing' | 'blocked';

/** A row of `GET /users?q=`. */
export interface FoundUser extends User {
  friendship: Friendship;
}
