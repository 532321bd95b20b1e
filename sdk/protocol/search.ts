import type { Message } from './messages.ts';
import type { Room } from './rooms.ts';
import type { Id, User } from './users.ts';

/** Query of `GET /search/messages`. */
export interface MessageSearch {
  /**
   * Words, each of which is in the message, in any order and anywhere in a word; `"words in quotation marks"` stand together. Without
   * regard to case, accents and width. At most `LIMITS.searchMax` characters, one word of two characters at least; of Chinese, Japanese and
   * Korean, one character is enough. Words of one or two letters are found where words begin.
   */
  q: string;
  /** In this room alone; otherwise in all of one's own. */
  roomId?: Id;
  cursor?: string;
  limit?: number;
}

/** A message that was found. */
export interface FoundMessage {
  message: Message;
  /** What matches in `message.text`: places in it, in order, without overlap, in UTF-16 code units; `to` is the first one behind. */
  matches: { from: number; to: number }[];
  /** The messages before and after it in its room; `null`: there is none, or it is deleted. */
  context: { before: Message | null; after: Message | null };
}

/** Messages found, the newest first. A page may have fewer than `limit`: it ends where `next` is `null`. */
export interface FoundMessages {
  items: FoundMessage[];
  /** Every sender, mentioned and quoted person in `items`. */
  users: User[];
  /** The rooms of `items`, each once. */
  rooms: Room[];
  next: string | null;
}
