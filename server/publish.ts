import type { Id, ServerToClientEvents, SessionEndReason } from '@co-talk/sdk/protocol';

type Payload<E extends keyof ServerToClientEvents> = Parameters<ServerToClientEvents[E]>;

/** Tells devices what was committed. */
export interface Publish {
  /** To every member's devices, but for the socket `except`. */
  room: <E extends keyof ServerToClientEvents>(roomId: Id, event: E, payload: Payload<E>, except?: string) => void;
  /** To all devices of one user. */
  user: <E extends keyof ServerToClientEvents>(userId: Id, event: E, payload: Payload<E>) => void;
  /** From now on the user's devices hear this room. */
  join: (userId: Id, roomId: Id) => void;
  /** Closes the sockets of a session. */
  endSession: (sessionId: Id, reason: SessionEndReason) => void;
}

/** A {@link Publish} that keeps the news until `flush`: an action that fails has told nobody anything. */
export function deferPublish(publish: Publish): { publish: Publish; flush: () => void } {
  let waiting: (() => void)[] = [];
  return {
    publish: {
      room: (...args) =>
        void waiting.push(() => {
          publish.room(...args);
        }),
      user: (...args) =>
        void waiting.push(() => {
          publish.user(...args);
        }),
      join: (...args) =>
        void waiting.push(() => {
          publish.join(...args);
        }),
      // At once: a session that ends because its token was copied ends although the request fails.
      endSession: publish.endSession,
    },
    flush: () => {
      const due = waiting;
      waiting = [];
      for (const run of due) run();
    },
  };
}
