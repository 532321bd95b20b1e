import { createHmac, timingSafeEqual } from 'node:crypto';
import parseRange from 'range-parser';
import type { FileUrl, FileUrls, Id } from '@co-talk/sdk/protocol';
import type { Config } from '../config.ts';
import type { Actor, Context, Services } from '../context.ts';
import { AppError } from '../errors.ts';
import { Answer } from '../http.ts';
import { deriveFrom, rootKey, rootKeys, type RootKey } from '../keyring.ts';
import type { Database } from '../orm.ts';
import type { Statement } from '../statements.ts';
import { toArray } from '../users/lookup.ts';
import { keyOf } from './file.entity.ts';
import { disposition } from './names.ts';
import type { Range } from './storage.ts';
import { isVisibleTo } from './visible.ts';

/** Seconds for which an address holds, at most and at least: within a step it stays the same, so that a browser knows it again. */
const STEP_SECONDS = 300;
const STEPS = 2;

/** Seconds for which a browser keeps a file: no longer than its address. */
const KEPT_SECONDS = STEP_SECONDS * STEPS;

/** What an address says. All but the signature can be read by anybody. */
export interface SignedQuery {
  session: Id;
  /** Seconds since 1970. */
  expires: number;
  signature: string;
  variant?: string | undefined;
  /** `1`: for saving. */
  download?: '1' | undefined;
}

function sign(key: RootKey, id: Id, session: Id, expires: number): string {
  return createHmac('sha256', deriveFrom(key, 'file-url'))
    .update(`${id}.${session}.${String(expires)}`)
    .digest('base64url');
}

const VISIBLE: Statement = {
  name: 'files-visible',
  text: `select f.id, f.variants from files f
    where f.id = any($1::uuid[]) and f.app_id = $2 and f.state = 'ready' and ${isVisibleTo('$3::uuid')}`,
};

/**
 * Addresses of files, for this session alone and at most ten minutes. What one may not have, or is not there, has none.
 */
export async function fileUrls(ctx: Context, actor: Actor, ids: Id[]): Promise<FileUrls> {
  const values = [toArray(ids), ctx.appId, actor.userId];
  const rows = await ctx.read<{ id: Id; variants: Record<string, number> }>(VISIBLE, values);
  const [key] = rootKeys(ctx.config);
  const now = Math.floor(Date.now() / 1_000);
  const expires = (Math.floor(now / STEP_SECONDS) + STEPS) * STEP_SECONDS;
  const items = rows.map(({ id, variants }): FileUrl => {
    const signature = `${key.id}.${sign(key, id, actor.sessionId, expires)}`;
    const query = new URLSearchParams({ session: actor.sessionId, expires: String(expires), signature });
    const url = `/api/v1/files/${id}?${query.toString()}`;
    const smaller = Object.keys(variants).map((name) => [name, `${url}&variant=${name}`]);
    return { id, url, variants: Object.fromEntries(smaller) as Record<string, string>, expiresIn: expires - now };
  });
  return { items };
}

interface Found {
  appId: string;
  kind: string;
  name: string;
  mime: string;
  size: number;
  variants: Record<string, number>;
}

const FIND: Statement = {
  name: 'file-of-address',
  text: `select f.app_id as "appId", f.kind, f.name, f.mime, f.size, f.variants
    from files f
    join apps p on p.id = f.app_id and p.removed_at is null
    join sessions s on s.id = $2 and s.app_id = f.app_id and s.ended_at is null
    join users u on u.id = s.user_id and u.app_id = f.app_id and u.disabled_at is null
    where f.id = $1 and f.state = 'ready' and ${isVisibleTo('u.id')}`,
};

/**
 * A file, or a part of it, for an address that {@link fileUrls} has made. Whether its session may still have it is looked up each time.
 * @throws AppError `not_found`, `token_expired` (the address: ask for another)
 */
export async function serveFile(
  db: Database,
  { config, files }: Services,
  id: Id,
  query: SignedQuery,
  header: (name: string) => string | undefined,
): Promise<Answer> {
  checkSignature(config, id, query);
  const [file] = await db.read<Found>(FIND, [id, query.session]);
  const { variant } = query;
  const size = variant === undefined ? file?.size : file?.variants[variant];
  if (!file || size === undefined) throw unknown();

  const etag = `"${id}${variant === undefined ? '' : `.${variant}`}"`;
  const shown = query.download === undefined && file.kind !== 'file';
  const headers = {
    // What is for saving alone is nothing that anybody opens by its type.
    'Content-Type':
      variant !== undefined ? 'image/webp' : file.kind === 'file' ? 'application/octet-stream' : file.mime,
    'Content-Disposition': disposition(shown ? 'inline' : 'attachment', file.name),
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': `private, max-age=${String(KEPT_SECONDS)}, immutable`,
    'Accept-Ranges': 'bytes',
    ETag: etag,
  };
  if (header('if-none-match')?.includes(etag)) return new Answer(304, undefined, headers);
  const range = rangeOf(header, etag, size);
  if (range === 'none') return new Answer(416, undefined, { ...headers, 'Content-Range': `bytes */${String(size)}` });
  const body = await files.read(keyOf({ appId: file.appId, id }, variant), range);
  if (!body) throw unknown();
  if (!range) return new Answer(200, body, { ...headers, 'Content-Length': String(size) });
  const { start, end } = range;
  return new Answer(206, body, {
    ...headers,
    'Content-Length': String(end - start + 1),
    'Content-Range': `bytes ${String(start)}-${String(end)}/${String(size)}`,
  });
}

function checkSignature(config: Config, id: Id, { session, expires, signature }: SignedQuery): void {
  const [keyId = '', given = ''] = signature.split('.');
  const key = rootKey(config, keyId);
  if (!key) throw unknown();
  const right = Buffer.from(sign(key, id, session, expires));
  const said = Buffer.from(given);
  if (said.length !== right.length || !timingSafeEqual(said, right)) throw unknown();
  if (expires * 1_000 < Date.now()) {
    throw new AppError('token_expired', 'unable to show the file; its address has expired; ask for another');
  }
}

/** One part at most: several in one answer nobody asks for. `none`: it lies outside. */
function rangeOf(header: (name: string) => string | undefined, etag: string, size: number): Range | 'none' | null {
  const asked = header('range');
  const only = header('if-range');
  if (asked === undefined || (only !== undefined && only !== etag)) return null;
  const parts = parseRange(size, asked);
  if (parts === -1) return 'none';
  const [part] = parts === -2 || parts.type !== 'bytes' || parts.length > 1 ? [] : parts;
  return part ?? null;
}

function unknown(): AppError {
  return new AppError('not_found', 'unable to show the file; there is none at this address');
}
