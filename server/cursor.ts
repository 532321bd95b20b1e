import { z } from 'zod';
import { AppError } from './errors.ts';
import { id } from './validate.ts';

/** Where a list was left, as clients hand it back: opaque to them, checked like any input here. */
export function encodeCursor(position: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** @throws AppError `invalid_request` for a cursor that is not one from here */
export function decodeCursor<T>(schema: z.ZodType<T>, cursor: string): T {
  const position = schema.safeParse(parse(cursor));
  if (position.success) return position.data;
  const errors = [{ path: 'cursor', message: 'is not one from here' }];
  throw new AppError('invalid_request', 'unable to list more; the cursor is not one from here', { errors });
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** A page out of one row more than it holds, which tells whether there is another one. */
export function cutPage<R>(
  rows: R[],
  limit: number,
  positionOf: (row: R) => readonly unknown[],
): { rows: R[]; next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last ? encodeCursor(positionOf(last)) : null };
}

/** The end of the year 9999: later dates have a form that PostgreSQL does not read. */
export const TIME_MAX = Date.UTC(9999, 11, 31);

/** The position in a list by time (milliseconds since 1970) and id. */
export const timePosition = z.tuple([z.int().min(0).max(TIME_MAX), id]);

/** What a list by time and id is asked for. */
export interface PageQuery {
  cursor?: string | undefined;
  limit: number;
}
