import type { CoTalkError } from './errors.ts';
import { notify } from './store.ts';
import type { Id, Me, Message, SessionEndReason } from './protocol/index.ts';

/** What happens, by name. State is in the stores; these are for sounds, notifications and logs. */
export interface ClientEvents {
  /** A new message of somebody else, live or by catch-up, once. */
  message: { message: Message };
  /** A message sent from this client is stored. */
  sent: { message: Message };
  /**
   * Somebody else is here than before, or nobody (`null`). Nothing of the one before is in any store by then. Not told of somebody
   * whom `createClient` finds in the storage at once.
   */
  user: { user: Me | null; previous: Me | null };
  /** The user is signed out: by `logOut()` here or in another tab, by another device, or because the session expired. */
  'session-ended': { reason: SessionEndReason };
  /**
   * The server's state replaced what was held: of one room, which was too far behind to be caught up with, or (`null`) of
   * everything, after the server was restored from a backup. Stores show the new state already; what an app has put
   * beside them, such as a scroll position, may be void.
   */
  reset: { roomId: Id | null };
  /** A failure in the background that nobody awaits. */
  error: { error: CoTalkError };
}

export type Emit = <K extends keyof ClientEvents>(event: K, payload: ClientEvents[K]) => void;
export type On = <K extends keyof ClientEvents>(event: K, listener: (event: ClientEvents[K]) => void) => () => void;

export function createEvents(): { emit: Emit; on: On } {
  const listeners = new Set<{ event: keyof ClientEvents; call: (payload: never) => void }>();
  return {
    emit(event, payload) {
      for (const listener of [...listeners]) {
        if (listener.event === event) notify(listener.call as (value: typeof payload) => void, payload);
      }
    },
    on(event, call) {
      const listener = { event, call };
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
