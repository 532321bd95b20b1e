import { z } from 'zod';
import type { MeLists, ReadMarker, RoomChanges, RoomSync, SyncAnswer } from '@co-talk/sdk/protocol';
import { member, message, room } from './room-schemas.ts';
import { block, friend, friendRequest, user } from './user-schemas.ts';
import { count, id, wire } from './wire.ts';

const meLists = wire<MeLists>().named(
  'MeLists',
  z.object({
    rev: count,
    friends: z.array(friend),
    requests: z.array(friendRequest),
    blocks: z.array(block),
    rooms: z.array(room),
  }),
);
const roomChanges = wire<RoomChanges>().named(
  'RoomChanges',
  z.object({
    messages: z.array(message),
    members: z.array(z.object({ userId: id, member: member.nullable() })),
    room: room.nullable(),
  }),
);
const roomSync = wire<RoomSync>().named(
  'RoomSync',
  z.union([
    z.object({ id, rev: count, head: count, changes: roomChanges, more: z.boolean(), reset: z.boolean() }),
    z.object({ id, gone: z.literal(true) }),
  ]),
);
const readMarker = wire<ReadMarker>().named('ReadMarker', z.object({ roomId: id, userId: id, seq: count }));

export const syncAnswer = wire<SyncAnswer>().named(
  'SyncAnswer',
  z.object({
    epoch: z.string(),
    rev: count,
    me: meLists.nullable(),
    users: z.array(user),
    rooms: z.array(roomSync),
    readMarkers: z.array(readMarker),
  }),
);
