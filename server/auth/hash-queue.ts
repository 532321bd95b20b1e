import { availableParallelism } from 'node:os';
import { createLine, type Line } from '../line.ts';

/**
 * Keeps password hashing from taking all processors and all of libuv's threads.
 *
 * @param running how many jobs run at once
 * @param waiting how many more may wait; beyond that a job is refused with `overloaded`
 */
export function createHashQueue(running = Math.min(4, availableParallelism()), waiting = 100): Line {
  return createLine(running, waiting, 'unable to sign in; too many people sign in just now; try again');
}
