import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** A link by which people join a room. Of its token only the hash is kept. */
export const RoomInvite = defineEntity({
  name: 'RoomInvite',
  tableName: 'room_invites',
  properties: {
    id: p.uuid().primary(),
    appId: p.string().length(64),
    roomId: p.uuid().index('room_invites_room_id_index'),
    tokenHash: p.string().length(64).unique(),
    createdBy: p.uuid(),
    expiresAt: p.datetime().columnType('timestamptz(3)').nullable().strictNullable(),
    maxUses: p.integer().nullable().strictNullable(),
    uses: p.integer().default(0),
    createdAt: p.datetime().columnType('timestamptz(3)'),
  },
});
export type RoomInvite = InferEntity<typeof RoomInvite>;
