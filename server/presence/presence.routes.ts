import { z } from 'zod';
import { LIMITS, type Id } from '@co-talk/sdk/protocol';
import type { Routes } from '../http.ts';
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
