import type { FoundMessage, Id, Room } from '@co-talk/sdk';

/** A search as it was left for one of its messages: whoever comes back finds it so. */
export interface SearchMemory {
  term: string;
  items: FoundMessage[];
  rooms: ReadonlyMap<Id, Room>;
  next: string | null;
  /** The message that was opened. */
  opened: Id | null;
}

/** By room; that in all rooms by an empty id. */
export type SearchMemories = Map<Id, SearchMemory>;
