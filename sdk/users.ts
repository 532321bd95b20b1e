import type { Store } from './store.ts';
import type { FoundUser, Id, Page, User } from './protocol/index.ts';

/** The people of the app. */
export interface Users {
  /** Everybody heard of since signing in, by id. Names here follow changes. */
  readonly store: Store<ReadonlyMap<Id, User>>;

  /**
   * Finds people by a part of their nickname or e-mail address (from 3 characters on), never oneself.
   * Pages have 50 people; pass `next` back as `cursor`.
   *
   * Rejects with `invalid_request` (empty, or over 100 characters), `rate_limited`, `unauthenticated`, `network` or `timeout`.
   *
   * @example
   * const { items } = await client.users.search('min');
   * const strangers = items.filter((user) => user.friendship === 'none');
   */
  search(q: string, options?: { cursor?: string }): Promise<Page<FoundUser>>;

  /**
   * One person, from the store when known, else fetched.
   *
   * Rejects with `not_found`, `unauthenticated`, `network` or `timeout`.
   *
   * @example
   * const { nickname } = await client.users.get(message.senderId);
   */
  get(id: Id): Promise<User>;
}
