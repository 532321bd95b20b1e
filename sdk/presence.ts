import type { Store } from './store.ts';
import type { Id, Presence } from './protocol/index.ts';

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
