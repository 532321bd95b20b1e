import { randomUUID } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { IsolationLevel } from '@mikro-orm/core';
import type { Id } from '@co-talk/sdk/protocol';
import type { Context } from '../context.ts';
import { createTurns } from '../turns.ts';
import { exportParts } from './export-parts.ts';

/** A file to be sent. Whoever takes it reads it to its end, or destroys it. */
export interface Download {
  name: string;
  bytes: number;
  body: Readable;
}

/** On one server: each holds a connection while it collects. */
const AT_ONCE = 2;
const turns = createTurns();

/**
 * Everything that is kept of a user, as one JSON document (`UserExport`) of one moment. It is collected into a file that no
 * name leads to, and goes with it: memory holds a page of it at a time, and a slow reader holds up no connection and no vacuum.
 *
 * @throws AppError `not_found`: none with this id in this app, or erased; `overloaded`
 */
export function exportUser(ctx: Context, userId: Id): Promise<Download> {
  return turns.run('export', AT_ONCE, async () => {
    const file = await openNameless();
    try {
      await ctx.em.transactional((em) => collect(file, exportParts(em, ctx.appId, userId)), {
        isolationLevel: IsolationLevel.REPEATABLE_READ,
        readOnly: true,
      });
      const { size } = await file.stat();
      const day = new Date().toISOString().slice(0, 10);
      return { name: `co-talk-export-${day}.json`, bytes: size, body: file.createReadStream({ start: 0 }) };
    } catch (error) {
      await file.close();
      throw error;
    }
  });
}

async function openNameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `co-talk-export-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
}

async function collect(file: FileHandle, parts: AsyncIterable<string>): Promise<void> {
  for await (const part of parts) await file.write(part);
}
