import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

export const AVATAR_TYPE = 'image/webp';

/** The picture of a user, as it is served: WebP. A new one gets a new id, so that an address never changes what it shows. */
export const Avatar = defineEntity({
  name: 'Avatar',
  tableName: 'avatars',
  properties: {
    id: p.uuid().primary(),
    appId: p.string().length(64),
    userId: p.uuid().unique(),
    image: p.blob(),
    createdAt: p.datetime().columnType('timestamptz(3)'),
  },
});
export type Avatar = InferEntity<typeof Avatar>;
