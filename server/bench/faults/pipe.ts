import type { Socket } from 'node:net';

/** One direction of a connection. */
export interface Pipe {
  /** Hands on, `latencyMs` later, in pieces of at most `sliceBytes`. Never out of order. */
  write: (bytes: Buffer, latencyMs: number, sliceBytes: number) => void;
  /** Keeps this until the next write has passed. */
  hold: (bytes: Buffer) => void;
  /** The next write arrives by half, and then everything breaks. */
  halve: () => void;
  /** Whether to stop reading, so that the sender's buffers fill up. */
  stall: (on: boolean) => void;
  stop: () => void;
}

/** What was to be overtaken and was not passes after this time. */
const HELD_MS = 500;

export function createPipe(from: Socket, to: Socket, onBroken: () => void): Pipe {
  const queue: { due: number; bytes: Buffer }[] = [];
  let sliceMost = Infinity;
  let timer: NodeJS.Timeout | undefined;
  let heldTimer: NodeJS.Timeout | undefined;
  let held: Buffer[] = [];
  let halving = false;
  let stalled = false;
  let full = false;

  function flow(): void {
    if (stalled || full) from.pause();
    else from.resume();
  }

  to.on('drain', () => {
    full = false;
    flow();
  });

  function pump(): void {
    timer = undefined;
    for (let [first] = queue; first && first.due <= performance.now(); [first] = queue) {
      queue.shift();
      if (!to.write(first.bytes)) full = true;
      // Slices written in one turn of the event loop would be joined again on the way.
      if (sliceMost < Infinity) break;
    }
    flow();
    const [next] = queue;
    if (next) timer = setTimeout(pump, Math.max(0, next.due - performance.now()));
  }

  function push(bytes: Buffer, latencyMs: number): void {
    const due = Math.max(performance.now() + latencyMs, queue.at(-1)?.due ?? 0);
    for (let start = 0; start < bytes.length; start += sliceMost) {
      queue.push({ due, bytes: bytes.subarray(start, Math.min(bytes.length, start + sliceMost)) });
    }
  }

  function release(): void {
    clearTimeout(heldTimer);
    const due = held;
    held = [];
    for (const bytes of due) push(bytes, 0);
    if (timer === undefined) pump();
  }

  return {
    write(bytes, latencyMs, sliceBytes) {
      sliceMost = sliceBytes;
      if (halving) {
        to.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => onBroken());
        return;
      }
      push(bytes, latencyMs);
      if (held.length > 0) release();
      else if (timer === undefined) pump();
    },
    hold(bytes) {
      held.push(bytes);
      clearTimeout(heldTimer);
      heldTimer = setTimeout(release, HELD_MS);
    },
    halve() {
      halving = true;
    },
    stall(on) {
      stalled = on;
      flow();
    },
    stop() {
      clearTimeout(timer);
      clearTimeout(heldTimer);
      queue.length = 0;
    },
  };
}
