import { z } from 'zod';
import type { Id, MarkRead } from '@co-talk/sdk/protocol';
import type { Events } from '../events.ts';
import { counter, id, validator } from '../validate.ts';
import { markDelivered, markRead } from './read.ts';

const marker = validator<MarkRead & { roomId: Id }>(z.strictObject({ roomId: id, seq: counter }));

export function roomEvents(events: Events): void {
  events.on('room:read', marker, async (ctx, actor, input) => {
    await markRead(ctx, actor, input);
    return null;
  });
  events.on('room:delivered', marker, async (ctx, actor, input) => {
    await markDelivered(ctx, actor, input);
    return null;
  });
}
