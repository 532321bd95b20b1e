import { CoTalkError } from './errors.ts';
import type { OutboxEntry, OutboxStorage } from './outbox.ts';
import type { SessionStorage } from './session-storage.ts';
import type { Id } from './protocol/index.ts';

/**
 * Keeps the outbox as one JSON text per user beside the session.
 * @param storage one that does not throw
 */
export function outboxStorage(storage: SessionStorage, prefix: string): OutboxStorage {
  let last: Promise<unknown> = Promise.resolve();
  const key = (userId: Id) => `${prefix}:${userId}:outbox`;

  async function read(userId: Id): Promise<OutboxEntry[]> {
    const raw = (await storage.get(key(userId))) ?? '[]';
    try {
      const value: unknown = JSON.parse(raw);
      return Array.isArray(value) ? value.filter(isEntry).map(revive) : [];
    } catch {
      return [];
    }
  }

  /** Another tab writes the same text: it is read anew for every change, and changes do not overtake each other. */
  function change(userId: Id, edit: (entries: OutboxEntry[]) => OutboxEntry[]): void {
    last = last.then(async () => {
      const entries = edit(await read(userId));
      return entries.length > 0 ? storage.set(key(userId), JSON.stringify(entries)) : storage.remove(key(userId));
    });
  }

  return {
    load: (userId) => (last = last.then(() => read(userId))) as Promise<OutboxEntry[]>,
    put: (userId, entry) =>
      change(userId, (entries) => {
        const place = entries.findIndex((one) => one.clientId === entry.clientId);
        return place < 0 ? [...entries, entry] : entries.with(place, entry);
      }),
    remove: (userId, clientId) => change(userId, (entries) => entries.filter((one) => one.clientId !== clientId)),
    erase: (userId) => change(userId, () => []),
  };
}

function isEntry(value: unknown): value is OutboxEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { clientId, roomId, text, createdAt } = value as Partial<OutboxEntry>;
  return [clientId, roomId, text, createdAt].every((field) => typeof field === 'string');
}

/** An error comes back from JSON as a plain object. */
function revive(entry: OutboxEntry): OutboxEntry {
  const { error } = entry;
  return { ...entry, error: error ? new CoTalkError(error.code, error.message, error) : null };
}
