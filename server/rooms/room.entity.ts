import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Role, RoomType } from '@co-talk/sdk/protocol';

/**
 * A chat room with its two counters. They only move together, under this row's lock, in `send_messages` and `bumpRoomRev`;
 * no column that they share an update with is indexed, so those updates stay HOT.
 */
export const Room = defineEntity({
  name: 'Room',
  tableName: 'chat_rooms',
  indexes: [
    {
      name: 'chat_rooms_channels_index',
      expression:
        "create index chat_rooms_channels_index on chat_rooms (app_id, member_count, id) where type = 'channel'",
    },
  ],
  uniques: [
    {
      name: 'chat_rooms_app_id_client_id_unique',
      expression:
        'create unique index chat_rooms_app_id_client_id_unique on chat_rooms (app_id, client_id) where client_id is not null',
    },
    {
      name: 'chat_rooms_app_id_direct_key_unique',
      expression:
        'create unique index chat_rooms_app_id_direct_key_unique on chat_rooms (app_id, direct_key) where direct_key is not null',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    appId: p.string().length(64),
    /** Of whoever made it: the same again finds it. */
    clientId: p.string().length(128).nullable().strictNullable(),
    type: p.string().$type<RoomType>().length(16),
    name: p.string().length(400).nullable().strictNullable(),
    avatarUrl: p.string().length(2000).nullable().strictNullable(),
    /** Both ids of a direct room in order: one room per pair. */
    directKey: p.string().length(80).nullable().strictNullable(),
    /** One of a direct room's two has blocked the other: kept here so that sending need not look. See `markBlocked`. */
    blocked: p.boolean().default(false),
    memberCount: p.integer(),
    firstSeq: p.integer().default(1),
    lastSeq: p.integer().default(0),
    lastRev: p.integer().default(0),
    /** `lastRev` at the last change of this row itself (name, picture, bounds). */
    rev: p.integer().default(0),
    lastActivityAt: p.datetime().columnType('timestamptz(3)'),
    createdAt: p.datetime().columnType('timestamptz(3)'),
  },
});
export type Room = InferEntity<typeof Room>;

/** Someone in a room. A leaving member's row stays, with `leftAt`. */
export const RoomMember = defineEntity({
  name: 'RoomMember',
  tableName: 'chat_room_members',
  indexes: [
    {
      name: 'chat_room_members_user_id_index',
      expression: 'create index chat_room_members_user_id_index on chat_room_members (user_id) where left_at is null',
    },
    {
      name: 'chat_room_members_left_index',
      expression: 'create index chat_room_members_left_index on chat_room_members (user_id) where left_at is not null',
    },
  ],
  properties: {
    roomId: p.uuid().primary(),
    userId: p.uuid().primary(),
    appId: p.string().length(64),
    role: p.string().$type<Role>().length(16),
    rev: p.integer(),
    readSeq: p.integer().default(0),
    deliveredSeq: p.integer().default(0),
    historyFrom: p.integer().default(1),
    muted: p.boolean().default(false),
    pinned: p.boolean().default(false),
    hidden: p.boolean().default(false),
    /** The room's `lastSeq` when it was hidden: a later message brings it back, without a write to anybody's row. */
    hiddenSeq: p.integer().default(0),
    /** Taken out by somebody else: they come back only where they are added, not by themselves. */
    removed: p.boolean().default(false),
    joinedAt: p.datetime().columnType('timestamptz(3)'),
    leftAt: p.datetime().columnType('timestamptz(3)').nullable().strictNullable(),
  },
});
export type RoomMember = InferEntity<typeof RoomMember>;

/** The picture of a room of many, as it is served: WebP. A new one gets a new id, so that an address never changes what it shows. */
export const RoomPicture = defineEntity({
  name: 'RoomPicture',
  tableName: 'room_pictures',
  properties: {
    id: p.uuid().primary(),
    appId: p.string().length(64),
    roomId: p.uuid().unique(),
    image: p.blob(),
    createdAt: p.datetime().columnType('timestamptz(3)'),
  },
});
export type RoomPicture = InferEntity<typeof RoomPicture>;
