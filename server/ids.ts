import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** Random bytes, fetched for many ids at once: asking the system for sixteen at a time cost more than all else of an id. */
const pool = Buffer.allocUnsafe(16 * 512);
let used = pool.length;

/** A new id: a UUID version 7. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += 16;
  return v7({ random: pool.subarray(used - 16, used) });
}
