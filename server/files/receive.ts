import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { AppError } from '../errors.ts';
import { cleanName } from './names.ts';

/** What came with an upload. */
export interface Received {
  /** In the work folder. */
  path: string;
  name: string;
  /** The type that its sender says it has. */
  declared: string;
  size: number;
  fields: Record<string, string>;
}

/** Bytes of one field, and fields. */
const FIELD = 4_096;
const FIELDS = 5;

/** Bytes of all that is not the file: boundaries, headers, fields. */
export const AROUND = 65_536;

/** Milliseconds in which nothing comes, until whoever sends is taken to be gone. */
const SILENCE_MS = 30_000;

/**
 * Takes in a body of `multipart/form-data` with one file, `file`, which goes to the disk as it comes and is never in memory as a
 * whole.
 *
 * @param folder for the file; what is left in it after an error is the caller's to remove
 * @param most bytes
 * @throws AppError `too_large`, `unsupported_media` (not multipart), `invalid_request` (broken, too many parts, without a file)
 */
export async function receive(request: IncomingMessage, folder: string, most: number): Promise<Received> {
  const parser = createParser(request, most);
  const path = join(folder, 'received');
  const fields: Record<string, string> = {};
  let file: Promise<Omit<Received, 'fields'>> | undefined;
  let coming: BusboyFileStream | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const broken = (why: string) => {
        reject(new AppError('invalid_request', `unable to take the file; ${why}`));
      };
      const gone = () => {
        broken('the connection ended before it had come whole');
      };
      request.setTimeout(SILENCE_MS, gone);
      request.once('close', () => {
        if (!request.complete) gone();
      });
      request.once('error', gone);
      parser.on('file', (field, stream, name, _encoding, declared) => {
        if (field !== 'file' || file) {
          stream.resume();
          broken(file ? 'there is more than one' : 'its field must be called "file"');
          return;
        }
        coming = stream;
        file = store(stream, path).then((size) => ({ path, name: cleanName(unescape(name)), declared, size }));
        stream.once('limit', () => {
          reject(tooLarge(most));
        });
        file.catch(gone);
      });
      parser.on('field', (name, value, _nameTruncated, truncated) => {
        if (truncated || Object.hasOwn(fields, name)) broken(`the field "${name.slice(0, 50)}" is too long, or twice`);
        else fields[name] = value;
      });
      for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) {
        parser.on(limit, () => {
          broken('the request has too many parts');
        });
      }
      parser.on('error', () => {
        broken('the request is not multipart as it says');
      });
      parser.on('finish', resolve);
      request.pipe(parser);
    });
    const received = await file;
    if (!received) throw new AppError('invalid_request', 'unable to take the file; there is none in the request');
    return { ...received, fields };
  } catch (error) {
    request.unpipe(parser);
    parser.destroy();
    coming?.destroy();
    // It must not write any more when its folder goes.
    await file?.catch(() => undefined);
    throw error;
  } finally {
    request.setTimeout(0);
  }
}

function createParser(request: IncomingMessage, most: number): BusboyInstance {
  const type = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data\b/i.test(type)) throw notMultipart();
  const headers: BusboyHeaders = { 'content-type': type };
  const limits = { fileSize: most, files: 1, fields: FIELDS, parts: FIELDS + 1, fieldSize: FIELD, headerPairs: 20 };
  try {
    return new Busboy({ headers, limits: { ...limits, fieldNameSize: 100, headerSize: 8_192 } });
  } catch {
    // Without a boundary.
    throw notMultipart();
  }
}

async function store(stream: BusboyFileStream, path: string): Promise<number> {
  const target = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  await pipeline(stream, target);
  return target.bytesWritten;
}

/** What browsers write in the place of what would end the name in a form's header. */
const unescape = (name: string): string => name.replaceAll('%22', '"');

function notMultipart(): AppError {
  return new AppError('unsupported_media', 'unable to take the file; the request must be multipart/form-data');
}

/** @param most bytes */
export function tooLarge(most: number): AppError {
  const megabytes = String(Math.floor(most / 1_048_576));
  return new AppError('too_large', `unable to take the file; it is too large; at most ${megabytes} MB fit`);
}
