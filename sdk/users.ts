import type { Http } from './http.ts';
import { createStore } from './store.ts';
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

/** Takes in people as heard of; of two versions the higher `rev` wins. */
export function reduceUsers(known: ReadonlyMap<Id, User>, heard: readonly User[]): ReadonlyMap<Id, User> {
  const news = heard.filter((user) => user.rev > (known.get(user.id)?.rev ?? -1));
  return news.length === 0 ? known : new Map([...known, ...news.map((user): [Id, User] => [user.id, user])]);
}

/** @param heard takes in people for every store at once */
export function createUsers(http: Http, heard: (users: readonly User[]) => void) {
  const store = createStore<ReadonlyMap<Id, User>>(new Map());
  const users: Users = {
    store,
    search: (q, { cursor } = {}) =>
      http.call<Page<FoundUser>>('GET', '/users', {
        query: { q, cursor },
        apply: ({ items }) => heard(items.map(({ friendship: _, ...user }) => user)),
      }),
    get: async (id) =>
      store.get().get(id) ?? http.call<User>('GET', `/users/${id}`, { apply: (user) => heard([user]) }),
  };
  return {
    users,
    /** @returns those that are news, by id */
    apply(people: readonly User[]): ReadonlyMap<Id, User> {
      const before = store.get();
      store.set(reduceUsers(before, people));
      return new Map([...store.get()].filter(([id, user]) => before.get(id) !== user));
    },
    clear: () => store.set(new Map()),
  };
}
