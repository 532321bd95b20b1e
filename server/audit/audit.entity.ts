import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** Something that somebody with power over others has done. Rows are only ever added, which a trigger holds to. */
export const AuditEntry = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_log',
  indexes: [{ properties: ['appId', 'id'] }],
  properties: {
    id: p.uuid().primary(),
    /** `null`: it concerns the whole installation. */
    appId: p.string().length(64).nullable().strictNullable(),
    byKind: p.string().$type<'operator' | 'key' | 'user' | 'system'>().length(16),
    byId: p.string().length(64),
    action: p.string().length(64),
    targetKind: p.string().length(32).nullable().strictNullable(),
    targetId: p.string().length(200).nullable().strictNullable(),
    details: p.json<Record<string, string | number | boolean | null>>(),
    createdAt: p.datetime().columnType('timestamptz(3)'),
  },
});
export type AuditEntry = InferEntity<typeof AuditEntry>;
