/**
 * A value that changes, with listeners. `get` and `subscribe` are bound, so they may be passed around:
 * it is a Svelte store as it is, and fits React's `useSyncExternalStore(store.subscribe, store.get)`.
 *
 * @example
 * const stop = client.rooms.store.subscribe(({ unread }) => (document.title = unread ? `(${unread}) Chat` : 'Chat'));
 */
export interface Store<T> {
  /** The current value: an immutable snapshot, the same object until something changes. */
  get(this: void): T;
  /** Calls the listener at once with the current value and then on every change. Returns the way to stop. */
  subscribe(this: void, listener: (value: T) => void): () => void;
}

/** A store for the one who owns the value. */
export interface WritableStore<T> extends Store<T> {
  set(this: void, value: T): void;
}

export function createStore<T>(initial: T): WritableStore<T> {
  let value = initial;
  let turn = 0;
  const listeners = new Set<{ call: (value: T) => void }>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      const mine = ++turn;
      for (const listener of [...listeners]) {
        // A listener that sets the store has told everybody the newer value already.
        if (mine !== turn) return;
        if (listeners.has(listener)) notify(listener.call, next);
      }
    },
    subscribe(call) {
      const listener = { call };
      listeners.add(listener);
      notify(call, value);
      return () => void listeners.delete(listener);
    },
  };
}

/** A listener that throws must not keep the others, or the socket behind them, from going on. */
export function notify<T>(listener: (value: T) => void, value: T): void {
  try {
    listener(value);
  } catch (error) {
    console.error(error);
  }
}
