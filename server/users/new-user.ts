import { newId } from '../ids.ts';
import { nicknameKey } from './nickname.ts';
import type { User } from './user.entity.ts';

/** Somebody new in an app, with what is known of them; to be inserted. */
export function newUser(appId: string, known: Pick<User, 'kind' | 'nickname'> & Partial<User>): User {
  return {
    ...{ id: newId(), appId, externalId: null, rev: 0, nicknameKey: nicknameKey(known.nickname) },
    ...{ email: null, emailKey: null, emailVerified: false, passwordHash: null, findableByEmail: true },
    ...{ about: null, avatarUrl: null },
    ...{ createdAt: new Date(), lastSeenAt: null, disabledAt: null, erasedAt: null },
    ...known,
  };
}
