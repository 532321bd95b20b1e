import { z } from 'zod';
import { roomIdsOf } from '../rooms/rooms.ts';
import type { AppSocket, Events } from '../realtime.ts';
import { validator } from '../validate.ts';
import { heads, sync } from './sync.ts';
import { readSync } from './sync.routes.ts';

const nothing = validator<Record<string, never>>(z.strictObject({}));

export function syncEvents(events: Events): void {
  events.on('sync', readSync, async (ctx, actor, input, socket) => {
    await hear(socket, await roomIdsOf(ctx, actor.userId));
    return sync(ctx, actor, input);
  });
  events.on('heads', nothing, (ctx, actor) => heads(ctx, actor));
}

/** Makes what a socket hears equal to the database, before anything is read: nothing can fall in between. */
async function hear(socket: AppSocket, ids: string[]): Promise<void> {
  const rooms = new Set(ids.map((id) => `room:${id}`));
  for (const room of socket.rooms) {
    if (room.startsWith('room:') && !rooms.has(room)) await socket.leave(room);
  }
  await socket.join([...rooms].filter((room) => !socket.rooms.has(room)));
}
