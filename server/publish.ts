import type { Id, MessageEvent, ServerToClientEvents, SessionEndReason } from '@co-talk/sdk/protocol';

type Payload<E extends keyof ServerToClientEvents> = Parameters<ServerToClientEvents[E]>;

/** Tells devices what was committed. */
export interface Publish {
  /** To every member's devices, but for the socket `except`. */
  room: <E extends keyof ServerToClientEvents>(roomId: Id, event: E, payload: Payload<E>, except?: string) => void;
  /** To every member's devices, of a message that changes many times a second: at most ten times. */
  often: (event: MessageEvent) => void;
  /** To all devices of one user. */
  user: <E extends keyof ServerToClientEvents>(userId: Id, event: E, payload: Payload<E>) => void;
  /** From now on the user's devices hear this room. */
  join: (userId: Id, roomId: Id) => void;
  /** From now on they do not, nor anybody's where there is no user. */
  leave: (userId: Id | null, roomId: Id) => void;
  /** Closes the sockets of a session. */
  endSession: (sessionId: Id, reason: SessionEndReason) => void;
}

/**
 * A {@link Publish} that keeps the news until `flush`: an action that fails has told nobody anything. A class, since there is one
 * for every request and event.
 */
export class DeferredPublish implements Publish {
  readonly #publish: Publish;
  #waiting: (() => void)[] = [];

  constructor(publish: Publish) {
    this.#publish = publish;
  }

  room<E extends keyof ServerToClientEvents>(roomId: Id, event: E, payload: Payload<E>, except?: string): void {
    this.#waiting.push(() => {
      this.#publish.room(roomId, event, payload, except);
    });
  }

  often(event: MessageEvent): void {
    this.#waiting.push(() => {
      this.#publish.often(event);
    });
  }

  user<E extends keyof ServerToClientEvents>(userId: Id, event: E, payload: Payload<E>): void {
    this.#waiting.push(() => {
      this.#publish.user(userId, event, payload);
    });
  }

  join(userId: Id, roomId: Id): void {
    this.#waiting.push(() => {
      this.#publish.join(userId, roomId);
    });
  }

  leave(userId: Id | null, roomId: Id): void {
    this.#waiting.push(() => {
      this.#publish.leave(userId, roomId);
    });
  }

  /** At once: a session that ends because its token was copied ends although the request fails. */
  endSession(sessionId: Id, reason: SessionEndReason): void {
    this.#publish.endSession(sessionId, reason);
  }

  /** What was told of a transaction that came to nothing is told to nobody. */
  discard(): void {
    this.#waiting = [];
  }

  flush(): void {
    const due = this.#waiting;
    this.#waiting = [];
    for (const run of due) run();
  }
}
