import type { WireError } from './errors.ts';
import type { SharedRoom } from './rooms.ts';
import type { Id, Time, User } from './users.ts';

/** A user as the site's server sees them. */
export interface AdminUser extends User {
  email: string | null;
  emailVerified: boolean;
  /** The site's own id of a `host` user or a `bot`. */
  externalId: string | null;
  /** Shut out: nobody is signed in as them. */
  disabled: boolean;
  lastSeenAt: Time | null;
}

/** Somebody the site knows, or one of its bots. What is left out stays as it is. */
export interface ImportUser {
  /** The site's own id: 1 to 200 characters, the `sub` of the tokens that it signs. */
  externalId: string;
  /** `host` if left out. */
  kind?: 'host' | 'bot';
  /** 1 to 64 graphemes. */
  nickname: string;
  /** An https address, or `null` for none. */
  avatarUrl?: string | null;
  email?: string | null;
  disabled?: boolean;
}

/** Body of `POST /admin/apps/:appId/users`: at most `LIMITS.importUsers`. */
export interface ImportUsers {
  users: ImportUser[];
}

/** What became of one of them, in the order of the question. */
export interface ImportedUser {
  externalId: string;
  /** `null` where it was refused. */
  user: AdminUser | null;
  outcome: 'created' | 'updated' | 'unchanged' | 'refused';
  error: WireError | null;
}

/** Body of `PATCH /admin/apps/:appId/users/:userId`. */
export interface UpdateAdminUser {
  /** `true` ends all their sessions, on every node within two seconds. */
  disabled: boolean;
}

/** Body of `POST /admin/apps/:appId/rooms`. */
export type CreateAdminRoom =
  | { type: 'direct'; userIds: [Id, Id] }
  | {
      type: 'group';
      name: string;
      /** At most `LIMITS.groupMembers`; the first one owns it. */
      memberIds: Id[];
      /** Makes a repeated request find the room of the first. */
      clientId?: string;
    };

/** A room as the site's server sees it. */
export interface AdminRoom extends SharedRoom {
  lastActivityAt: Time;
}

/** Body of `POST /admin/apps/:appId/rooms/:roomId/messages`: a bot says something, in a room that it is a member of. */
export interface PostAsBot {
  userId: Id;
  clientId: string;
  text: string;
}
