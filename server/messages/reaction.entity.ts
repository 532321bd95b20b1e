import { defineEntity, p } from '@mikro-orm/core';
import { LIMITS } from '@co-talk/sdk/protocol';

/** That somebody has put an emoji on a message. Goes with the message's content, by a trigger. */
export const Reaction = defineEntity({
  name: 'Reaction',
  tableName: 'message_reactions',
  indexes: [{ properties: ['userId', 'roomId'] }],
  properties: {
    roomId: p.uuid().primary(),
    seq: p.integer().primary().autoincrement(false),
    emoji: p.string().length(16).primary(),
    userId: p.uuid().primary(),
    appId: p.string().length(64),
    createdAt: p.datetime().columnType('timestamptz(6)'),
  },
});

/** Who has reacted to a message `m`, as `Reaction[]` of the protocol, what came first first; null where nobody has. */
export const REACTIONS = `case when m.reacted and m.deleted_at is null then (
    select jsonb_agg(jsonb_build_object('emoji', g.emoji, 'count', g.count, 'userIds', g.users) order by g.first, g.emoji)
    from (
      select x.emoji, count(*) as count, min(x.created_at) as first,
        to_jsonb((array_agg(x.user_id order by x.created_at, x.user_id))[:${String(LIMITS.reactionUsers)}]) as users
      from message_reactions x where x.room_id = m.room_id and x.seq = m.seq and x.app_id = m.app_id group by x.emoji
    ) g
  ) end`;

/** Whether a message `m` has any, now that they have changed. */
export const REACTED = `exists (select from message_reactions x where x.room_id = m.room_id and x.seq = m.seq and x.app_id = m.app_id)`;
