import { createStore } from './store.ts';
import type { Store } from './store.ts';
import type { Id, Presence, Typing, TypingEvent } from './protocol/index.ts';

/** Who is online and who is typing. */
export interface PresenceApi {
  /** Friends and people in direct rooms, by user id. `lastSeenAt` is an ISO time. */
  readonly store: Store<ReadonlyMap<Id, Presence>>;
  /** Others who are typing, by room id. Runs out after 6 s, or with their message. */
  readonly typing: Store<ReadonlyMap<Id, readonly Id[]>>;

  /**
   * Tells a room that this user is typing. Call it on every keystroke: it is sent at most every 3 s.
   * `false` says at once that they stopped; it is not needed after sending.
   *
   * @example
   * input.oninput = () => client.presence.setTyping(roomId, input.value !== '');
   */
  setTyping(roomId: Id, typing: boolean): void;
}

/** How often typing is told again, and how long it holds without that. */
const TYPING_MS = { again: 3_000, over: 6_000 };

/** @param tell sends `typing` where there is a connection */
export function createPresence(tell: (typing: Typing) => void) {
  const store = createStore<ReadonlyMap<Id, Presence>>(new Map());
  const typing = createStore<ReadonlyMap<Id, readonly Id[]>>(new Map());
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** When each room was last told that this user types. */
  const told = new Map<Id, number>();

  function hear({ roomId, userId, typing: on }: TypingEvent): void {
    const key = roomId + userId;
    clearTimeout(timers.get(key));
    timers.delete(key);
    const held = typing.get().get(roomId) ?? [];
    if (on)
      timers.set(
        key,
        setTimeout(() => hear({ roomId, userId, typing: false }), TYPING_MS.over),
      );
    if (held.includes(userId) === on) return;
    const now = on ? [...held, userId] : held.filter((id) => id !== userId);
    const rooms = new Map(typing.get());
    if (now.length > 0) rooms.set(roomId, now);
    else rooms.delete(roomId);
    typing.set(rooms);
  }

  function quiet(): void {
    timers.forEach(clearTimeout);
    timers.clear();
    told.clear();
    if (typing.get().size > 0) typing.set(new Map());
  }

  const presence: PresenceApi = {
    store,
    typing,
    setTyping(roomId, on) {
      const now = performance.now();
      const last = told.get(roomId) ?? -Infinity;
      if (on ? now - last < TYPING_MS.again : now - last >= TYPING_MS.over) return;
      if (on) told.set(roomId, now);
      else told.delete(roomId);
      tell({ roomId, typing: on });
    },
  };
  return {
    presence,
    hear,
    apply(heard: readonly Presence[]) {
      if (heard.length > 0)
        store.set(new Map([...store.get(), ...heard.map((one): [Id, Presence] => [one.userId, one])]));
    },
    /** A message of mine is on its way: others hear of it by that, and the next keystroke counts anew. */
    sent: (roomId: Id) => void told.delete(roomId),
    /** The connection is gone: nobody would hear that somebody stopped. */
    quiet,
    clear() {
      quiet();
      store.set(new Map());
    },
  };
}
