import type { Id, Message, MessageEvent } from '@co-talk/sdk/protocol';

/** Milliseconds between two times that a room is told of what changes all the time. */
const EVERY_MS = 100;

export interface Often {
  tell: (event: MessageEvent) => void;
  /** Tells what is kept back, at once. */
  close: () => void;
}

interface Waiting {
  timer: NodeJS.Timeout;
  /** Those that nobody was told of. */
  revs: number[];
  /** Each message as it is after the last of its changes. */
  latest: Map<Id, Message>;
}

/**
 * Tells of messages that may change many times a second: of the first change at once, of what follows at most ten times a second. An
 * event then stands for a row of revisions, `from`..`rev`, and never for one that somebody else is told of.
 */
export function createOften(tell: (event: MessageEvent) => void): Often {
  const rooms = new Map<Id, Waiting>();

  const wait = (roomId: Id) => setTimeout(flush, EVERY_MS, roomId).unref();

  function flush(roomId: Id): void {
    const room = rooms.get(roomId);
    rooms.delete(roomId);
    if (!room || room.revs.length === 0) return;
    rooms.set(roomId, { timer: wait(roomId), revs: [], latest: new Map() });
    for (const event of inRows(roomId, room)) tell(event);
  }

  return {
    tell: (event) => {
      const { roomId, rev, message } = event;
      const room = rooms.get(roomId);
      if (!room) {
        rooms.set(roomId, { timer: wait(roomId), revs: [], latest: new Map() });
        tell(event);
        return;
      }
      room.revs.push(rev);
      if (message.rev > (room.latest.get(message.id)?.rev ?? 0)) room.latest.set(message.id, message);
    },
    close: () => {
      for (const [roomId, { timer }] of rooms) {
        clearTimeout(timer);
        flush(roomId);
        clearTimeout(rooms.get(roomId)?.timer);
      }
      rooms.clear();
    },
  };
}

/** As few events as say all of it: each row of revisions ends where another's begins, or where a message is as it stays. */
function inRows(roomId: Id, { revs, latest }: Waiting): MessageEvent[] {
  const messages = [...latest.values()].sort((a, b) => a.rev - b.rev);
  const events: MessageEvent[] = [];
  let from: number | undefined;
  let next = 0;
  revs
    .sort((a, b) => a - b)
    .forEach((rev, place) => {
      from ??= rev;
      const message = messages[next];
      const ends = message?.rev === rev;
      if (!message || (!ends && revs[place + 1] === rev + 1)) return;
      // One that changes again: as it is by then already.
      events.push({ roomId, rev, ...(from < rev ? { from } : {}), message });
      if (ends) next += 1;
      from = undefined;
    });
  return events;
}
