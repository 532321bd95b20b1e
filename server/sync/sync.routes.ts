import { z } from 'zod';
import type { SyncRequest } from '@co-talk/sdk/protocol';
import type { Routes } from '../http.ts';
import { counter, id, validator } from '../validate.ts';
import { sync } from './sync.ts';

/** Shared with the socket event. How many rooms are too many is the action's answer: `too_large`. */
export const readSync = validator<SyncRequest>(
  z.strictObject({
    epoch: z.string().max(200).nullable(),
    rev: counter,
    // Each place in the answer would hold the changes of all of them: small questions, huge answers.
    rooms: z
      .array(z.strictObject({ id, rev: counter }))
      .refine((rooms) => new Set(rooms.map((room) => room.id)).size === rooms.length, 'must not repeat a room'),
  }),
);

export function syncRoutes(routes: Routes): void {
  routes.on('post', '/sync', { body: readSync }, (ctx, actor, { body }) => sync(ctx, actor, body));
}
