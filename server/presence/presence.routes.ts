import { z } from 'zod';
import { LIMITS, type Id } from '@co-talk/sdk/protocol';
import type { Routes } from '../http.ts';
import { docs } from '../openapi/docs.ts';
import { presence as presenceSchema } from '../openapi/user-schemas.ts';
import { page } from '../openapi/wire.ts';
import { id, validator } from '../validate.ts';
import { presence } from './presence.ts';

const query = validator<{ ids: Id[] }>(
  z.strictObject({
    ids: z
      .string()
      .transform((text) => text.split(','))
      .pipe(z.array(id).max(LIMITS.presenceIds)),
  }),
);

export function presenceRoutes(routes: Routes): void {
  routes.on('get', '/presence', { query }, (ctx, actor, input) => presence(ctx, actor, input.query.ids));
}

export const presenceDocs = docs('Presence', 'Who is online.', {
  'GET /presence': {
    summary: 'Ask who is online',
    notes: 'Of those whom one may see: friends, and the others of direct rooms. Everybody else is left out.',
    answers: { 200: page(presenceSchema) },
  },
});
