import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** `forgot`: a link for a new password · `verify`: a link that confirms an address · `changed`: the password is another one. */
export type MailKind = 'forgot' | 'verify' | 'changed';

/**
 * A mail that is still to be sent: what it is about, never what it says. Its text and its token are made when it goes out, so
 * that whoever reads this table can do nothing with it.
 */
export const Mail = defineEntity({
  name: 'Mail',
  tableName: 'mails',
  indexes: [{ properties: ['dueAt'] }],
  properties: {
    id: p.uuid().primary(),
    appId: p.string().length(64),
    kind: p.string().$type<MailKind>().length(16),
    /** `null` for `forgot`: whether there is such a user is found out after the answer. */
    userId: p.uuid().nullable().strictNullable(),
    /** The normalised address that somebody asked about; `null` but for `forgot`. */
    address: p.string().length(254).nullable().strictNullable(),
    language: p.string().length(8),
    attempts: p.integer().default(0),
    /** When it is to be tried (again). While somebody tries, when they count as gone. */
    dueAt: p.datetime().columnType('timestamptz(3)'),
    createdAt: p.datetime().columnType('timestamptz(3)'),
  },
});
export type Mail = InferEntity<typeof Mail>;

/** The token of a link that was mailed, kept as its SHA-256. */
export const MailToken = defineEntity({
  name: 'MailToken',
  tableName: 'mail_tokens',
  indexes: [{ properties: ['userId', 'kind'] }, { properties: ['expiresAt'] }],
  properties: {
    hash: p.string().length(64).primary(),
    appId: p.string().length(64),
    userId: p.uuid(),
    kind: p.string().$type<MailKind>().length(16),
    /** The mail it went out with: one that is tried again gets another token. */
    mailId: p.uuid(),
    /** The normalised address it was sent to: it says nothing about another one. */
    address: p.string().length(254),
    createdAt: p.datetime().columnType('timestamptz(3)'),
    expiresAt: p.datetime().columnType('timestamptz(3)'),
  },
});
export type MailToken = InferEntity<typeof MailToken>;
