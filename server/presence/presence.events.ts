import { z } from 'zod';
import type { Typing } from '@co-talk/sdk/protocol';
import type { Events } from '../events.ts';
import { id, validator } from '../validate.ts';
import { typing } from './presence.ts';

const typingInput = validator<Typing>(z.strictObject({ roomId: id, typing: z.boolean() }));

export function presenceEvents(events: Events): void {
  events.on('typing', typingInput, async (ctx, actor, input, socket) => {
    await typing(ctx, actor, input, socket.id);
    return null;
  });
}
