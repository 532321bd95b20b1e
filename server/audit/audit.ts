import type { EntityManager } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import type { AuditEntry as WireEntry, Page } from '@co-talk/sdk/protocol';
import { newId } from '../ids.ts';
import { AuditEntry } from './audit.entity.ts';

/** Who has done something: the operator, a secret key of an app, a user, or the server by itself. */
export interface By {
  kind: 'operator' | 'key' | 'user' | 'system';
  /** The key's or the user's id, or a word. */
  id: string;
}

/** What was done. `details` say what changed, never texts that people wrote, and no secrets. */
export interface Deed {
  appId: string | null;
  by: By;
  /** `app.update`: a noun and what was done with it. */
  action: string;
  target?: { kind: string; id: string };
  details?: Record<string, string | number | boolean | null>;
}

/**
 * Writes down who did what, within the transaction that does it.
 *
 * @example
 * await audit(em, { appId, by, action: 'user.disable', target: { kind: 'user', id } });
 */
export async function audit(em: EntityManager, { appId, by, action, target, details }: Deed): Promise<void> {
  await em.insert(AuditEntry, {
    id: newId(),
    appId,
    byKind: by.kind,
    byId: by.id,
    action,
    targetKind: target?.kind ?? null,
    targetId: target?.id ?? null,
    details: details ?? {},
    createdAt: new Date(),
  });
}

/** Which entries: all of the installation, or those of one app. */
export interface AuditQuery {
  appId: string | null;
  /** One action, `key.create`, or all of a noun, `key`. */
  action?: string | undefined;
  by?: By['kind'] | undefined;
  /** From then on, and before then. */
  since?: string | undefined;
  until?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** The newest first. The cursor is an id: they sort by time. */
export async function listAudit(em: EntityManager, query: AuditQuery): Promise<Page<WireEntry>> {
  const { appId, cursor, limit, action, by, since, until } = query;
  const entries = await em.find(
    AuditEntry,
    {
      ...(appId === null ? {} : { appId }),
      ...(cursor === undefined ? {} : { id: { $lt: cursor } }),
      ...(action === undefined ? {} : { action: action.includes('.') ? action : { $like: `${action}.%` } }),
      ...(by === undefined ? {} : { byKind: by }),
      createdAt: {
        ...(since === undefined ? {} : { $gte: new Date(since) }),
        ...(until === undefined ? {} : { $lt: new Date(until) }),
      },
    },
    { orderBy: { id: 'desc' }, limit: limit + 1, disableIdentityMap: true, filters: { app: appId !== null } },
  );
  const items = entries.slice(0, limit);
  return { items: items.map(toWire), next: entries.length > limit ? (items.at(-1)?.id ?? null) : null };
}

const toWire = (entry: AuditEntry): WireEntry => ({
  id: entry.id,
  appId: entry.appId,
  by: { kind: entry.byKind, id: entry.byId },
  action: entry.action,
  target: entry.targetKind === null ? null : { kind: entry.targetKind, id: entry.targetId ?? '' },
  details: entry.details,
  createdAt: entry.createdAt.toISOString(),
});

/** How long entries are kept: two years, so that last year's are there for this year's review. */
const KEPT = '2 years';

/** Takes away what is older than it has to be: the one change that the table takes. */
export async function forgetOldAudit(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query("set local co_talk.audit_retention = 'on'");
    await client.query('delete from audit_log where created_at < now() - $1::interval', [KEPT]);
    await client.query('commit');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}
