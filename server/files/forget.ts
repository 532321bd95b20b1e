import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id } from '@co-talk/sdk/protocol';
import type { Context } from '../context.ts';
import { removeSome } from './cleanup.ts';

/** Lets everything go that a person has uploaded, as soon as no message has it any more. Within the caller's transaction. */
export async function expireFilesOf(em: EntityManager, appId: string, userId: Id): Promise<void> {
  await em.execute('update files set expires_at = now() where user_id = ? and app_id = ?', [userId, appId]);
}

/**
 * Removes what a person has uploaded, after their messages have let go of it. What somebody else has passed on stays: that is theirs.
 * @returns whether nothing is left
 */
export async function removeFilesOf(ctx: Context, userId: Id, enough: () => boolean): Promise<boolean> {
  while (!enough()) {
    if ((await removeSome(ctx.db.ownPool, ctx.files, userId)) === 0) return true;
  }
  return false;
}
