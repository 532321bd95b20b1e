import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Me, User as WireUser, UserKind } from '@co-talk/sdk/protocol';

/** A person in one app. `emailKey` and `nicknameKey` are the normalised forms that uniqueness is about. */
export const User = defineEntity({
  name: 'User',
  tableName: 'users',
  indexes: [
    {
      name: 'users_search_index',
      expression:
        'create index users_search_index on users using gin (lower(nickname) gin_trgm_ops, email_key gin_trgm_ops)',
    },
    {
      name: 'users_guests_index',
      expression: "create index users_guests_index on users (created_at) where kind = 'guest'",
    },
  ],
  uniques: [
    {
      name: 'users_app_id_email_key_unique',
      expression:
        "create unique index users_app_id_email_key_unique on users (app_id, email_key) where kind = 'account'",
    },
    {
      name: 'users_app_id_nickname_key_unique',
      expression:
        "create unique index users_app_id_nickname_key_unique on users (app_id, nickname_key) where kind = 'account'",
    },
    {
      name: 'users_app_id_external_id_unique',
      expression:
        "create unique index users_app_id_external_id_unique on users (app_id, external_id) where kind = 'host'",
    },
    {
      name: 'users_app_id_bot_external_id_unique',
      expression:
        "create unique index users_app_id_bot_external_id_unique on users (app_id, external_id) where kind = 'bot'",
    },
  ],
  properties: {
    id: p.uuid().primary(),
    appId: p.string().length(64),
    kind: p.string().$type<UserKind>().length(16),
    /** Of kinds `host` and `bot`: who this is on the site. */
    externalId: p.string().length(200).nullable().strictNullable(),
    /** Counts the changes of friends, requests, blocks, room list, own part in rooms and profile: only ever moved by `bumpRev`. */
    rev: p.integer().default(0),
    nickname: p.string().length(256),
    nicknameKey: p.string().length(256),
    email: p.string().length(254).nullable().strictNullable(),
    emailKey: p.string().length(254).nullable().strictNullable(),
    emailVerified: p.boolean().default(false),
    passwordHash: p.string().length(100).nullable().strictNullable(),
    about: p.string().length(1000).nullable().strictNullable(),
    avatarUrl: p.string().length(2000).nullable().strictNullable(),
    createdAt: p.datetime().columnType('timestamptz(3)'),
    lastSeenAt: p.datetime().columnType('timestamptz(3)').nullable().strictNullable(),
    disabledAt: p.datetime().columnType('timestamptz(3)').nullable().strictNullable(),
    /** Whether people may find them by their e-mail address, where the app lets people search by it. */
    findableByEmail: p.boolean().default(true),
    /** From then on this row only stands for somebody who is gone: see `eraseUser`. */
    erasedAt: p.datetime().columnType('timestamptz(3)').nullable().strictNullable(),
  },
});
export type User = InferEntity<typeof User>;

/** The columns that {@link toWire} needs. */
export type UserRow = Pick<User, 'id' | 'rev' | 'nickname' | 'about' | 'avatarUrl' | 'kind' | 'createdAt'>;

/** A user as everybody in the app may see them. */
export function toWire(user: UserRow): WireUser {
  return {
    id: user.id,
    rev: user.rev,
    nickname: user.nickname,
    about: user.about,
    avatarUrl: user.avatarUrl,
    kind: user.kind,
    createdAt: user.createdAt.toISOString(),
  };
}

/** A user as only they see themself. */
export function toWireMe(user: User): Me {
  return {
    ...toWire(user),
    email: user.email,
    emailVerified: user.emailVerified,
    settings: { findableByEmail: user.findableByEmail },
  };
}
