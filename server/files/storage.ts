import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Config } from '../config.ts';
import { createS3 } from './s3.ts';

/** Which bytes, both ends included. */
export interface Range {
  start: number;
  end: number;
}

/** Where files are. Keys are made by `keyOf` alone. */
export interface FileStorage {
  /** A new folder for a file on its way, on this machine. Whoever takes it removes it. */
  workFolder: () => Promise<string>;
  /** Takes a file of a work folder in; it need not be there any more afterwards. */
  put: (key: string, path: string, mime: string) => Promise<void>;
  /** @returns `null`: there is none */
  read: (key: string, range: Range | null) => Promise<Readable | null>;
  /** What is not there is fine. */
  remove: (keys: string[]) => Promise<void>;
  /** Removes everything of an app. */
  removeApp: (appId: string) => Promise<void>;
}

/** Milliseconds after which what is in a work folder belongs to a server that has died. */
const ABANDONED_MS = 3_600_000;

/** The storage that the configuration names: an S3 bucket, or a folder. */
export function createStorage(config: Config): FileStorage {
  const root = join(config.dataDir, 'files');
  const work = join(root, '.work');
  const workFolder = async () => {
    await mkdir(work, { recursive: true, mode: 0o700 });
    await removeAbandoned(work);
    return mkdtemp(join(work, 'upload-'));
  };
  return { workFolder, ...(config.s3Url === null ? inFolder(root) : createS3(config.s3Url)) };
}

function inFolder(root: string): Omit<FileStorage, 'workFolder'> {
  return {
    put: async (key, path) => {
      const target = join(root, key);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      // A row that says it is there must not outlive it in a power failure.
      const file = await open(path, 'r+');
      await file.sync();
      await file.close();
      await rename(path, target);
    },
    read: async (key, range) => {
      const path = join(root, key);
      try {
        await stat(path);
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
      return createReadStream(path, range ?? {});
    },
    remove: async (keys) => {
      for (const key of keys) await rm(join(root, key), { force: true });
    },
    removeApp: (appId) => rm(join(root, appId), { recursive: true, force: true }),
  };
}

async function removeAbandoned(work: string): Promise<void> {
  for (const name of await readdir(work)) {
    const path = join(work, name);
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > ABANDONED_MS) await rm(path, { recursive: true, force: true });
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
