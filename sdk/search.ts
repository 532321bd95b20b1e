import type { Http } from './http.ts';
import type { FoundMessages, Id, User } from './protocol/index.ts';

/** What was said. People are found with {@link Users.search}. */
export interface Search {
  /**
   * Finds messages, the newest first: in all rooms, or with `roomId` in one. All words of `q` are in each, as words or parts of words,
   * without regard to case and accents; `"words in quotation marks"` stand together. A message is found a moment after it was sent.
   * Pages have up to `limit` messages (50 unless told, at most 100); pass `next` back as `cursor` while there is one. Feature `search`.
   *
   * Rejects with `invalid_request` (over 100 characters; or no word of two characters, or of one in Chinese, Japanese or Korean),
   * `not_found` (not in this room), `rate_limited`, `unauthenticated`, `network` or `timeout`.
   *
   * @example
   * const { items } = await client.search.messages('물');
   * for (const { message, matches } of items) {
   *   const marked = matches.map(({ from, to }) => message.text.slice(from, to));
   * }
   */
  messages(q: string, options?: { roomId?: Id; cursor?: string; limit?: number }): Promise<FoundMessages>;
}

/** @param heard takes in people for every store */
export function createSearch(http: Http, heard: (users: readonly User[]) => void): Search {
  return {
    messages: (q, options = {}) =>
      http.call<FoundMessages>('GET', '/search/messages', {
        query: { q, ...options },
        apply: ({ users }) => heard(users),
      }),
  };
}
