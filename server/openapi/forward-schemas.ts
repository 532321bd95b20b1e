import { z } from 'zod';
import type { ForwardAnswer, Forwarded } from '@co-talk/sdk/protocol';
import { message } from './room-schemas.ts';
import { wireError } from './site-schemas.ts';
import { id, wire } from './wire.ts';

const forwarded = wire<Forwarded>().named(
  'Forwarded',
  z.union([z.object({ roomId: id, message }), z.object({ roomId: id, error: wireError })]),
);

export const forwardAnswer = wire<ForwardAnswer>().named('ForwardAnswer', z.object({ items: z.array(forwarded) }));
