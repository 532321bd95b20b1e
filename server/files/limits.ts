import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id } from '@co-talk/sdk/protocol';
import { settingsOf } from '../apps/apps.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';

/** Bytes. */
export interface FileLimits {
  file: number;
  user: number;
  app: number;
}

/** What holds in the app. */
export async function fileLimits(ctx: Context): Promise<FileLimits> {
  const { fileBytes, fileBytesPerUser, fileBytesPerApp } = settingsOf(await ctx.app());
  return { file: fileBytes, user: fileBytesPerUser, app: fileBytesPerApp };
}

/**
 * Checks that so many bytes more fit into the space of the user and of the app.
 * @throws AppError `quota_exceeded`
 */
export async function checkSpace(
  em: EntityManager,
  appId: string,
  userId: Id,
  limits: FileLimits,
  bytes: number,
): Promise<void> {
  const [used] = await em.execute<{ user: number; app: number }[]>(
    `select coalesce(sum(stored) filter (where user_id = ?), 0)::float8 as user, coalesce(sum(stored), 0)::float8 as app
     from files where app_id = ?`,
    [userId, appId],
  );
  if ((used?.user ?? 0) + bytes > limits.user) {
    throw new AppError('quota_exceeded', 'unable to take the file; the space for your files is full; delete some');
  }
  if ((used?.app ?? 0) + bytes > limits.app) {
    throw new AppError('quota_exceeded', 'unable to take the file; the space for the files of this site is full');
  }
}
