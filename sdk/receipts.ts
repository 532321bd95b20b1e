import { createReader } from './reader.ts';
import type { Reader } from './reader.ts';
import type { Id, Room } from './protocol/index.ts';

/** Whoever looks at the room reads it within this time, which says as much. */
const PATIENCE_MS = 500;
/** In larger rooms nobody asks whether everybody's devices have a message, and all of them saying so would be much. */
const MEMBERS_MAX = 20;

export interface ReceiptsDeps {
  /** How far this user has read, as far as is known. */
  readSeq: (roomId: Id) => number;
  /** Rejects with a CoTalkError. */
  tell: (roomId: Id, seq: number) => Promise<unknown>;
}

/** Tells the senders in small rooms how far this device has received: seldom, and not what reading says anyway. */
export function createReceipts({ readSeq, tell }: ReceiptsDeps) {
  const readers = new Map<Id, Reader>();
  /** One at a time: there may be as many as rooms. */
  let last: Promise<unknown> = Promise.resolve();

  function open(roomId: Id): Reader {
    let told = 0;
    const reader = createReader(
      () => Math.max(told, readSeq(roomId)),
      async (seq) => {
        const turn = last.then(() => tell(roomId, seq));
        last = turn.catch(() => undefined);
        await turn;
        told = seq;
      },
      PATIENCE_MS,
    );
    readers.set(roomId, reader);
    return reader;
  }

  return {
    /** What others wrote is here, up to `seq`. */
    received(room: Room | undefined, seq: number): void {
      if (room && room.memberCount <= MEMBERS_MAX) (readers.get(room.id) ?? open(room.id)).want(seq);
    },
    clear(): void {
      for (const reader of readers.values()) reader.reset();
      readers.clear();
    },
  };
}
