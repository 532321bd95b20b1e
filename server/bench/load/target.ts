import { v7 as uuidv7 } from 'uuid';

/** What the generator needs to connect: one entry a client. */
export interface Target {
  port: number;
  clients: { token: string; roomId: string }[];
}

/** Rooms of `size` people, enough for `clients` people. */
export function layOut(size: number, clients: number): { roomId: string; userIds: string[] }[] {
  return Array.from({ length: clients / size }, () => ({
    roomId: uuidv7(),
    userIds: Array.from({ length: size }, () => uuidv7()),
  }));
}

export function tellParent(message: Target | 'ready'): void {
  process.send?.(message);
}
