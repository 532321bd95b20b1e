import { z } from 'zod';
import { LIMITS, type HistoryQuery, type SendMessage } from '@co-talk/sdk/protocol';
import { Answer, type Routes } from '../http.ts';
import { docs } from '../openapi/docs.ts';
import { message, messagePage } from '../openapi/room-schemas.ts';
import { queryCounter, queryLimit, validator, withSchema } from '../validate.ts';
import { history } from './history.ts';
import { sendMessage } from './messages.ts';
import { readSendMessage } from './text.ts';

/** Which page of a history. */
export const historyQuery = validator<HistoryQuery & { limit: number }>(
  z
    .strictObject({
      before: queryCounter.optional(),
      after: queryCounter.optional(),
      around: queryCounter.optional(),
      limit: queryLimit,
    })
    .refine(({ before, after, around }) => [before, after, around].filter((at) => at !== undefined).length <= 1, {
      message: 'takes only one of before, after and around',
    }),
);

export const sendBody = withSchema<SendMessage>(
  readSendMessage,
  z.strictObject({
    clientId: z
      .string()
      .min(1)
      .max(LIMITS.clientIdMax)
      .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u)
      .refine((text) => text.isWellFormed()),
    text: z.string(),
    replyToId: z.uuid().optional(),
  }),
);

export function messageRoutes(routes: Routes): void {
  routes.on('get', '/rooms/:id/messages', { query: historyQuery }, (ctx, actor, { params, query }) =>
    history(ctx, actor, params.id, query),
  );
  routes.on('post', '/rooms/:id/messages', { body: sendBody }, async (ctx, actor, { params, body }) => {
    const { message, stored } = await sendMessage(ctx, actor, { roomId: params.id, ...body });
    return new Answer(stored ? 201 : 200, message);
  });
}

export const messageDocs = docs(
  'Messages',
  'What people say. Ordered by `seq`, without gaps, the same for everybody.',
  {
    'GET /rooms/:id/messages': {
      summary: 'Read the history',
      notes: 'At most one of `before`, `after` and `around`; none is the newest page. Always ascending by `seq`.',
      answers: { 200: messagePage },
    },
    'POST /rooms/:id/messages': {
      summary: 'Send a message',
      notes:
        'Any number of sends with one `clientId` are one message: `200` with it where it was stored before. `overloaded` and a lost connection are safe to try again.',
      answers: { 201: message, 200: message },
      errors: ['blocked'],
      body: {
        name: 'SendMessage',
        example: { clientId: '7b0c2f4e-6a8d-4c1b-9e3f-5d7a9b1c3e5f', text: 'The water is on. Two cups?' },
      },
    },
  },
);
