import { defineEntity, p } from '@mikro-orm/core';

/**
 * What a message is found by: hashes of parts of its text, which say nothing without it. Kept apart from the messages, so that sending
 * pays nothing for it; a trigger takes them away in the transaction in which the text changes or goes.
 */
export const MessageTerms = defineEntity({
  name: 'MessageTerms',
  tableName: 'message_terms',
  indexes: [
    {
      name: 'message_terms_terms_index',
      expression: 'create index message_terms_terms_index on message_terms using gin (terms) with (fastupdate = off)',
    },
  ],
  properties: {
    roomId: p.uuid().primary(),
    seq: p.integer().primary().autoincrement(false),
    appId: p.string().length(64),
    createdAt: p.datetime().columnType('timestamptz(3)'),
    terms: p.array().columnType('int[]').$type<number[]>(),
  },
});

/** How far a room is indexed: all messages up to `seq`, as they were at the room's revision `rev`. */
export const SearchPosition = defineEntity({
  name: 'SearchPosition',
  tableName: 'search_positions',
  properties: {
    roomId: p.uuid().primary(),
    appId: p.string().length(64),
    seq: p.integer(),
    rev: p.integer(),
  },
});
