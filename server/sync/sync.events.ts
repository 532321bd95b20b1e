import { z } from 'zod';
import { roomIdsOf } from '../rooms/rooms.ts';
import type { Actor, Context } from '../context.ts';
import type { AppSocket, Events } from '../events.ts';
import { validator } from '../validate.ts';
import { heads, sync } from './sync.ts';
import { readSync } from './sync.routes.ts';

const nothing = validator<Record<string, never>>(z.strictObject({}));

/** Each reads much, and the second one would read the same. */
const AT_ONCE = 2;

/** Milliseconds after a catch-up that could not wait for the other nodes. */
const HEADS_AFTER_MS = 2_000;

export function syncEvents(events: Events): void {
  events.on(
    'sync',
    readSync,
    async (ctx, actor, input, socket) => {
      const before = new Set(socket.rooms);
      await hear(socket, before, await roomIdsOf(ctx, actor.userId));
      if (!(await ctx.heard(socket.rooms))) tellHeadsLater(ctx, actor, socket);
      return sync(ctx, actor, input);
    },
    AT_ONCE,
  );
  events.on('heads', nothing, (ctx, actor) => heads(ctx, actor));
}

/** What other nodes do meanwhile may be missed: the client compares once more. */
function tellHeadsLater(ctx: Context, actor: Actor, socket: AppSocket): void {
  setTimeout(() => {
    if (!socket.connected) return;
    heads(ctx, actor).then(
      (answer) => socket.emit('heads', answer),
      (error: unknown) => {
        ctx.log.warn({ err: error }, 'heads could not be told');
      },
    );
  }, HEADS_AFTER_MS);
}

/**
 * Makes what a socket hears equal to the database, before anything is read: nothing can fall in between. A room that was not
 * there `before` the database was asked is newer than its answer, and stays.
 */
async function hear(socket: AppSocket, before: Set<string>, ids: string[]): Promise<void> {
  const rooms = new Set(ids.map((id) => `room:${id}`));
  for (const room of before) {
    if (room.startsWith('room:') && !rooms.has(room)) await socket.leave(room);
  }
  await socket.join([...rooms].filter((room) => !socket.rooms.has(room)));
}
