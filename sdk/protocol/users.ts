/** An id: a UUID (version 7, so ids sort by time of creation) in lower-case text form. */
export type Id = string;

/** A time: ISO 8601 in UTC with milliseconds, `2026-11-22T08:44:00.000Z`. */
export type Time = string;

/** A list answer. Pass `next` back as `?cursor=`; `null` is the end. Drop repeats by id. */
export interface Page<T> {
  items: T[];
  next: string | null;
}

/** `account`: e-mail and password here · `host`: signed in by the host site · `guest`: no account · `bot`. */
export type UserKind = 'account' | 'host' | 'guest' | 'bot';

/** A person as everybody in the app may see them. */
export interface User {
  id: Id;
  /** Counts this user's changes that concern themself: friends, requests, blocks, room list, profile. */
  rev: number;
  nickname: string;
  /** A short text about oneself, at most `LIMITS.aboutMax` graphemes. */
  about: string | null;
  avatarUrl: string | null;
  kind: UserKind;
  createdAt: Time;
}

/** The signed-in user as only they see themself. */
export interface Me extends User {
  email: string | null;
  emailVerified: boolean;
  settings: Record<string, never>;
}

/** Body of `PATCH /me`: what is left out stays. */
export interface UpdateMe {
  nickname?: string;
  about?: string | null;
}

/** How a person found by search relates to the one who searches. */
export type Friendship = 'none' | 'friend' | 'incoming' | 'outgoing' | 'blocked';

/** A row of `GET /users?q=`. */
export interface FoundUser extends User {
  friendship: Friendship;
}
