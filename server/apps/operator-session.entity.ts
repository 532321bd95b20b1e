import { defineEntity, p } from '@mikro-orm/core';

/** The operator, signed in to the console in one browser. */
export const OperatorSession = defineEntity({
  name: 'OperatorSession',
  tableName: 'operator_sessions',
  properties: {
    /** SHA-256 of the cookie. */
    hash: p.string().length(64).primary(),
    /** SHA-256 of the operator key that opened it: with another key it is over. */
    keyHash: p.string().length(64),
    createdAt: p.datetime().columnType('timestamptz(3)'),
    expiresAt: p.datetime().columnType('timestamptz(3)'),
  },
});
