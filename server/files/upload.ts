import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { LIMITS, type Attachment, type Id } from '@co-talk/sdk/protocol';
import type { Actor, Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { newId } from '../ids.ts';
import { lockUsers } from '../users/lookup.ts';
import { validator } from '../validate.ts';
import { keyOf, StoredFile, toWire } from './file.entity.ts';
import { inspect, PICTURES } from './inspect.ts';
import { checkSpace, fileLimits, type FileLimits } from './limits.ts';
import { withEnding } from './names.ts';
import { drawAnew, sizesOf } from './picture.ts';
import { AROUND, receive, tooLarge, type Received } from './receive.ts';

/** A stored file, and whether this call stored it. */
export interface Uploaded {
  file: Attachment;
  stored: boolean;
}

/** At once, of one person. */
const AT_ONCE = 6;
/** Milliseconds in which bytes that are still under way after a refusal are let in, so that it is heard. */
const LINGER_MS = 3_000;
/** Seconds after which a repeated upload does not wait any more for the one before. */
const ABANDONED_SECONDS = 60;
/** Milliseconds for which a file waits for a message to have it. */
const UNATTACHED_MS = 24 * 3_600_000;
/** The same for one whose bytes are not all there. */
const UNFINISHED_MS = 3_600_000;

const readFields = validator(
  z.strictObject({
    clientId: z
      .string()
      .min(1)
      .max(LIMITS.clientIdMax)
      .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u)
      .optional(),
    durationMs: z.coerce.number().int().min(0).max(86_400_000).optional(),
    waveform: z
      .string()
      .regex(/^\d{1,3}(,\d{1,3})*$/)
      .transform((text) => text.split(',').map(Number))
      .pipe(z.array(z.int().max(100)).max(LIMITS.waveformBars))
      .optional(),
  }),
);
type Fields = ReturnType<typeof readFields>;

const underWay = new Map<Id, number>();

/**
 * Takes a file. Any number of uploads with one `clientId` are one file. What is left half-way leaves nothing.
 *
 * @throws AppError `too_large`, `unsupported_media`, `quota_exceeded`, `invalid_request`, `not_available` (the app takes no files),
 * `overloaded`
 */
export async function uploadFile(ctx: Context, actor: Actor, request: IncomingMessage): Promise<Uploaded> {
  const { userId } = actor;
  let folder: string | undefined;
  const count = (underWay.get(userId) ?? 0) + 1;
  underWay.set(userId, count);
  try {
    if (count > AT_ONCE) {
      const options = { retryAfterMs: 2_000 };
      throw new AppError('overloaded', 'unable to take the file; others of yours are still on their way', options);
    }
    const limits = await fileLimits(ctx);
    const announced = Number(request.headers['content-length'] ?? 0);
    if (limits.file === 0) throw new AppError('not_available', 'unable to take the file; this site takes none');
    if (announced > limits.file + AROUND) throw tooLarge(limits.file);
    await checkSpace(ctx.em, ctx.appId, userId, limits, Math.max(0, announced - AROUND));
    folder = await ctx.files.workFolder();
    const received = await receive(request, folder, limits.file);
    return await keep(ctx, userId, limits, await prepare(received, folder, userId, ctx.appId));
  } catch (error) {
    linger(request);
    throw error;
  } finally {
    const left = (underWay.get(userId) ?? 1) - 1;
    if (left > 0) underWay.set(userId, left);
    else underWay.delete(userId);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** A file that is whole, in the work folder. */
interface Ready {
  row: StoredFile;
  /** By variant; `''` is the file itself. */
  paths: Record<string, string>;
}

async function prepare(received: Received, folder: string, userId: Id, appId: string): Promise<Ready> {
  const fields: Fields = readFields(received.fields);
  if (received.size === 0) throw new AppError('invalid_request', 'unable to take the file; it is empty');
  const { kind, mime } = await inspect(received.path, received.name, received.declared);
  const drawn = kind === 'image' ? await drawAnew(received.path, mime, folder) : null;
  const paths = drawn ? { '': drawn.path, ...drawn.variants } : { '': received.path };
  const { '': size = 0, ...variants } = await sizesOf(paths);
  const id = newId();
  const lasts = kind === 'audio' || kind === 'video';
  const row: StoredFile = {
    ...{ id, appId, userId, clientId: fields.clientId ?? id, state: 'storing', kind, mime: drawn?.mime ?? mime },
    name: drawn ? withEnding(received.name, PICTURES[drawn.mime] ?? []) : received.name,
    ...{ size, variants, stored: Object.values(variants).reduce((sum, bytes) => sum + bytes, size) },
    ...{ width: drawn?.width ?? null, height: drawn?.height ?? null, blurhash: drawn?.blurhash ?? null },
    durationMs: lasts ? (fields.durationMs ?? null) : null,
    waveform: kind === 'audio' ? (fields.waveform ?? null) : null,
    ...{ createdAt: new Date(), expiresAt: new Date(Date.now() + UNFINISHED_MS) },
  };
  return { row, paths };
}

/** The row first: were the server to end now, what it has stored would be found by it, and go. */
async function keep(ctx: Context, userId: Id, limits: FileLimits, { row, paths }: Ready): Promise<Uploaded> {
  const known = await ctx.em.transactional(async (em) => {
    await lockUsers(em, ctx.appId, [userId]);
    const before = await em.findOne(StoredFile, { userId, clientId: row.clientId }, { disableIdentityMap: true });
    if (before && before.state === 'ready') return before;
    if (before) {
      if (Date.now() - before.createdAt.getTime() < ABANDONED_SECONDS * 1_000) {
        const options = { retryAfterMs: 2_000 };
        throw new AppError('overloaded', 'unable to take the file; it is on its way already; try again', options);
      }
      await em.nativeUpdate(StoredFile, { id: before.id }, { clientId: before.id, expiresAt: new Date() });
    }
    await checkSpace(em, ctx.appId, userId, limits, row.stored);
    await em.insert(StoredFile, row);
    return null;
  });
  if (known) return { file: toWire(known), stored: false };
  const keys = Object.keys(paths).map((variant) => keyOf(row, variant || undefined));
  try {
    for (const [index, path] of Object.values(paths).entries()) {
      await ctx.files.put(keys[index] ?? '', path, index === 0 ? row.mime : 'image/webp');
    }
    const ready = { state: 'ready', expiresAt: new Date(Date.now() + UNATTACHED_MS) } as const;
    const there = await ctx.em.nativeUpdate(StoredFile, { id: row.id, state: 'storing' }, ready);
    if (there === 0) throw new AppError('not_found', 'unable to take the file; whoever sent it is gone');
  } catch (error) {
    await ctx.files.remove(keys);
    await ctx.em.nativeDelete(StoredFile, { id: row.id });
    throw error;
  }
  return { file: toWire(row), stored: true };
}

/** Whoever is refused in the middle of sending hears of it; whoever then sends on is cut off. */
function linger(request: IncomingMessage): void {
  if (request.complete) return;
  request.resume();
  setTimeout(() => {
    if (!request.complete) request.destroy();
  }, LINGER_MS).unref();
}
