import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id, MessageType } from '@co-talk/sdk/protocol';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { toArray } from '../users/lookup.ts';
import { FILE_COLUMNS, type FileRow } from './file.entity.ts';
import { isTaken, isVisibleTo } from './visible.ts';

/** The message that is to have files, as its sender names it. */
interface Into {
  roomId: Id;
  clientId: string;
}

/** Seconds that the message has to be stored. */
const SOON = 3_600;

/**
 * Gives a message that is about to be sent its sender's own files. Doing so again changes nothing.
 *
 * @throws AppError `not_found`: one is not there, not the sender's, not whole, or another message has it
 */
export function attachFiles(ctx: Context, userId: Id, into: Into, ids: Id[]): Promise<FileRow[]> {
  return ctx.em.transactional((em) =>
    attach(em, ctx.appId, userId, into, ids, `f.user_id = :user and (not ${isTaken('f.id')} or ${isMine})`),
  );
}

/**
 * The same of files that its sender can see in another message, for passing that on.
 * @throws AppError `not_found`
 */
export function attachSeenFiles(ctx: Context, userId: Id, into: Into, ids: Id[]): Promise<FileRow[]> {
  return ctx.em.transactional((em) => attach(em, ctx.appId, userId, into, ids, isVisibleTo(':user')));
}

const isMine = `exists (
  select from attachments a
  where a.file_id = f.id and a.room_id = :room and a.sender_id = :user and a.client_id = :client and a.app_id = f.app_id
)`;

async function attach(
  em: EntityManager,
  appId: string,
  userId: Id,
  { roomId, clientId }: Into,
  ids: Id[],
  rule: string,
): Promise<FileRow[]> {
  const named: Record<string, unknown> = { user: userId, room: roomId, client: clientId };
  const values: unknown[] = [toArray(ids), appId];
  const text = rule.replaceAll(/:(user|room|client)\b/g, (_all, name: string) => {
    values.push(named[name]);
    return name === 'client' ? '?' : '?::uuid';
  });
  // The row's lock, so that none goes that is being attached.
  const rows = await em.execute<FileRow[]>(
    `select ${FILE_COLUMNS} from files f
     where f.id = any(?::uuid[]) and f.app_id = ? and f.state = 'ready' and ${text} order by f.id for no key update`,
    values,
  );
  const found = new Map(rows.map((row) => [row.id, row]));
  const files = ids.flatMap((id) => found.get(id) ?? []);
  if (files.length < ids.length) {
    throw new AppError('not_found', 'unable to send the message; a file of it is not there any more; attach it again');
  }
  await em.execute(
    `insert into attachments (file_id, room_id, sender_id, client_id, app_id)
     select id, ?, ?, ?, ? from unnest(?::uuid[]) id on conflict do nothing`,
    [roomId, userId, clientId, appId, toArray(ids)],
  );
  // Whether the message came to be is looked at then.
  await em.execute(
    `update files set expires_at = greatest(expires_at, now() + make_interval(secs => ?)) where id = any(?::uuid[]) and app_id = ?`,
    [SOON, toArray(ids), appId],
  );
  return files;
}

/** What a message with these files is. */
export function typeOf(files: readonly Pick<FileRow, 'kind'>[]): MessageType {
  const kinds = new Set(files.map(({ kind }) => kind));
  const [only] = kinds;
  if (kinds.size !== 1 || only === undefined) return kinds.size === 0 ? 'text' : 'file';
  return only === 'image' || only === 'audio' ? only : 'file';
}
