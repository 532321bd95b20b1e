import { CoTalkError } from './errors.ts';
import type { OutboxEntry } from './outbox.ts';
import type { Shelf } from './shelf.ts';
import type { Id } from './protocol/index.ts';

/** An entry, and the tab that sends it. */
export interface KeptEntry extends OutboxEntry {
  owner: string;
}

type Edit = (entries: readonly KeptEntry[]) => readonly KeptEntry[];

/** Where entries outlive the page, in the order of sending. A lost write costs a message that is still in memory. */
export interface OutboxStorage {
  /**
   * Changes what is kept of a user, whatever other tabs do meanwhile. Resolves when it is kept, or cannot be.
   * The same array in return changes nothing.
   */
  change(userId: Id, edit: Edit): Promise<void>;
}

/** Keeps the outbox as one JSON text per user. */
export function outboxStorage(shelf: Shelf): OutboxStorage {
  let last: Promise<void> = Promise.resolve();
  /** Changes that wait for the one before, and go together. */
  const waiting = new Map<Id, { edits: Edit[]; done: Promise<void> }>();
  return {
    change(userId, edit) {
      const batch = waiting.get(userId);
      if (batch) {
        batch.edits.push(edit);
        return batch.done;
      }
      const edits = [edit];
      last = last.then(() =>
        shelf.change(`${userId}:outbox`, (text) => {
          waiting.delete(userId);
          const before = parse(text);
          const entries = edits.reduce<readonly KeptEntry[]>((now, next) => next(now), before);
          if (entries === before && text !== null) return text;
          return entries.length > 0 ? JSON.stringify(entries) : null;
        }),
      );
      waiting.set(userId, { edits, done: last });
      return last;
    },
  };
}

/** Whatever cannot be an entry is thrown away. */
function parse(text: string | null): KeptEntry[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter(isEntry).map(revive) : [];
  } catch {
    return [];
  }
}

function isEntry(value: unknown): value is KeptEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { clientId, roomId, text, createdAt, owner } = value as Partial<KeptEntry>;
  return [clientId, roomId, text, createdAt, owner].every((field) => typeof field === 'string');
}

/** An error comes back from JSON as a plain object. */
function revive(entry: KeptEntry): KeptEntry {
  const { error } = entry;
  return { ...entry, error: error ? new CoTalkError(error.code, error.message, error) : null };
}
