import { openAsBlob } from 'node:fs';
import { Readable } from 'node:stream';
import { S3mini } from 's3mini';
import type { FileStorage } from './storage.ts';

/** Milliseconds for one request to the bucket, a part of a large file included. */
const TIMEOUT_MS = 120_000;

/**
 * A bucket of any S3-compatible service.
 *
 * @param url `https://key:secret@host/bucket?region=eu-central-1`
 */
export function createS3(url: string): Omit<FileStorage, 'workFolder'> {
  const { username, password, protocol, host, pathname, searchParams } = new URL(url);
  const bucket = {
    accessKeyId: decodeURIComponent(username),
    secretAccessKey: decodeURIComponent(password),
    endpoint: `${protocol}//${host}${pathname.replace(/\/+$/, '')}`,
    region: searchParams.get('region') ?? 'us-east-1',
  };
  const s3 = new S3mini({ ...bucket, requestAbortTimeout: TIMEOUT_MS });
  // Whoever reads may be slow: the time would run out in the middle of a film.
  const reader = new S3mini(bucket);
  return {
    // A blob of a file is read in parts as they are sent, and never whole.
    put: async (key, path, mime) => {
      await s3.putAnyObject(key, await openAsBlob(path), mime);
    },
    read: async (key, range) => {
      // It takes the first byte that is not wanted any more.
      const asked = range ? reader.getObjectRaw(key, false, range.start, range.end + 1) : reader.getObjectRaw(key);
      const answer = await asked.catch((error: unknown) => {
        if (isMissing(error)) return null;
        throw error;
      });
      return answer?.body ? Readable.fromWeb(answer.body) : null;
    },
    remove: async (keys) => {
      for (const key of keys) await s3.deleteObject(key);
    },
    removeApp: async (appId) => {
      for (;;) {
        const page = await s3.listObjectsPaged(undefined, `${appId}/`, 500);
        const keys = (page?.objects ?? []).map(({ Key }) => Key);
        if (keys.length === 0) return;
        // One by one: not every service deletes many at once.
        for (const key of keys) await s3.deleteObject(key);
      }
    },
  };
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'status' in error && error.status === 404;
