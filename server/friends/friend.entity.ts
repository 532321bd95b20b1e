import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { FriendRequestStatus } from '@co-talk/sdk/protocol';

/** One side of a friendship: every pair has two rows. */
export const Friend = defineEntity({
  name: 'Friend',
  tableName: 'friends',
  properties: {
    userId: p.uuid().primary(),
    friendId: p.uuid().primary(),
    appId: p.string().length(64),
    roomId: p.uuid(),
    since: p.datetime().columnType('timestamptz(3)'),
  },
});
export type Friend = InferEntity<typeof Friend>;

/** Asking to become friends. Between two people at most one is pending, in either direction. */
export const FriendRequest = defineEntity({
  name: 'FriendRequest',
  tableName: 'friend_requests',
  indexes: [{ properties: ['fromId', 'status'] }, { properties: ['toId', 'status'] }],
  uniques: [
    {
      name: 'friend_requests_pending_unique',
      expression:
        "create unique index friend_requests_pending_unique on friend_requests (app_id, least(from_id, to_id), greatest(from_id, to_id)) where status = 'pending'",
    },
  ],
  properties: {
    id: p.uuid().primary(),
    appId: p.string().length(64),
    fromId: p.uuid(),
    toId: p.uuid(),
    status: p.string().$type<FriendRequestStatus>().length(16),
    createdAt: p.datetime().columnType('timestamptz(3)'),
  },
});
export type FriendRequest = InferEntity<typeof FriendRequest>;

/** `userId` has blocked `blockedId`. */
export const Block = defineEntity({
  name: 'Block',
  tableName: 'blocks',
  indexes: [{ properties: ['blockedId'] }],
  properties: {
    userId: p.uuid().primary(),
    blockedId: p.uuid().primary(),
    appId: p.string().length(64),
    createdAt: p.datetime().columnType('timestamptz(3)'),
  },
});
export type Block = InferEntity<typeof Block>;
