import { z } from 'zod';
import type { SyncRequest } from '@co-talk/sdk/protocol';
import type { Routes } from '../http.ts';
import { docs } from '../openapi/docs.ts';
import { syncAnswer } from '../openapi/sync-schemas.ts';
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

export const syncDocs = docs('Catching up', 'What a client has missed.', {
  'POST /sync': {
    summary: 'Catch up',
    notes:
      'Says where a client stands, and brings what has changed since. A room with `more` is asked for again; one that is `gone` is left, or not there.',
    answers: { 200: syncAnswer },
    errors: ['too_large'],
    body: {
      name: 'SyncRequest',
      example: { epoch: null, rev: 0, rooms: [{ id: '019aab34-9f8e-7d6c-8b5a-493827160504', rev: 57 }] },
    },
  },
});
