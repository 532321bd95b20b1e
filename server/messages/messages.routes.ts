import { z } from 'zod';
import {
  LIMITS,
  type EditMessage,
  type ForwardMessage,
  type HistoryQuery,
  type SendMessage,
} from '@co-talk/sdk/protocol';
import { Answer, type Routes } from '../http.ts';
import { docs } from '../openapi/docs.ts';
import { forwardAnswer } from '../openapi/forward-schemas.ts';
import { message, messagePage } from '../openapi/room-schemas.ts';
import { id, queryCounter, queryLimit, validator, withSchema } from '../validate.ts';
import { deleteMessage } from './delete.ts';
import { editMessage } from './edit.ts';
import { readEmoji } from './emoji.ts';
import { forwardMessage } from './forward.ts';
import { history } from './history.ts';
import { sendMessage } from './messages.ts';
import { react } from './reactions.ts';
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

const clientId = z
  .string()
  .min(1)
  .max(LIMITS.clientIdMax)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u)
  .refine((text) => text.isWellFormed());

export const sendBody = withSchema<SendMessage>(
  readSendMessage,
  z.strictObject({
    clientId,
    text: z.string(),
    attachmentIds: z.array(z.uuid()).min(1).max(LIMITS.attachments).optional(),
    replyToId: z.uuid().optional(),
  }),
);

const editBody: z.ZodType<EditMessage> = z.strictObject({ text: z.string() });
const forwardBody: z.ZodType<ForwardMessage> = z.strictObject({
  targets: z
    .array(z.strictObject({ roomId: id, clientId }))
    .min(1)
    .max(LIMITS.forwardTargets)
    .refine((targets) => new Set(targets.map(({ roomId }) => roomId)).size === targets.length, {
      message: 'must not name a room twice',
    }),
});

export function messageRoutes(routes: Routes): void {
  routes.on('get', '/rooms/:id/messages', { query: historyQuery }, (ctx, actor, { params, query }) =>
    history(ctx, actor, params.id, query),
  );
  routes.on('post', '/rooms/:id/messages', { body: sendBody }, async (ctx, actor, { params, body }) => {
    const { message, stored } = await sendMessage(ctx, actor, { roomId: params.id, ...body });
    return new Answer(stored ? 201 : 200, message);
  });
  const one = '/rooms/:id/messages/:messageId';
  routes.on('patch', one, { body: validator(editBody) }, (ctx, actor, { params: { id: roomId, messageId }, body }) =>
    editMessage(ctx, actor, { roomId, messageId, ...body }),
  );
  routes.on('delete', one, {}, (ctx, actor, { params: { id: roomId, messageId } }) =>
    deleteMessage(ctx, actor, { roomId, messageId }),
  );
  for (const method of ['put', 'delete'] as const) {
    routes.on(method, `${one}/reactions/:emoji`, {}, (ctx, actor, { params: { id: roomId, messageId, emoji } }) =>
      react(ctx, actor, { roomId, messageId, ...readEmoji({ emoji }), on: method === 'put' }),
    );
  }
  routes.on(
    'post',
    `${one}/forward`,
    { body: validator(forwardBody) },
    (ctx, actor, { params: { id: roomId, messageId }, body }) =>
      forwardMessage(ctx, actor, { roomId, messageId, ...body }),
  );
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
    'PATCH /rooms/:id/messages/:messageId': {
      summary: 'Edit a message',
      notes:
        'One’s own: `forbidden` for those of others. `conflict` where it is deleted, or older than the app’s `editWindowMinutes`. The same text changes nothing.',
      answers: { 200: message },
      errors: ['forbidden', 'conflict', 'blocked'],
      body: { name: 'EditMessage', example: { text: 'The water is on. Three cups?' } },
    },
    'DELETE /rooms/:id/messages/:messageId': {
      summary: 'Delete a message for everybody',
      notes:
        'One’s own; in groups and channels the owner and admins delete those of others, too. Its place stays, without content. Doing it again changes nothing.',
      answers: { 200: message },
      errors: ['forbidden'],
    },
    'PUT /rooms/:id/messages/:messageId/reactions/:emoji': {
      summary: 'React to a message',
      notes:
        'With any one emoji, percent-encoded. `conflict` where the message is deleted, where nobody has written it, and where it has 20 different emojis already. Doing it again changes nothing.',
      answers: { 200: message },
      errors: ['invalid_request', 'conflict', 'blocked'],
    },
    'DELETE /rooms/:id/messages/:messageId/reactions/:emoji': {
      summary: 'Take a reaction back',
      notes: 'One’s own. Doing it again changes nothing.',
      answers: { 200: message },
      errors: ['invalid_request', 'conflict', 'blocked'],
    },
    'POST /rooms/:id/messages/:messageId/forward': {
      summary: 'Forward a message',
      notes:
        'What it says is sent on as one’s own message, marked `forwarded`. Each room answers for itself, in the order of the targets: with the message, or with an error. `conflict` for deleted messages and for those of nobody.',
      answers: { 200: forwardAnswer },
      errors: ['conflict'],
      body: {
        name: 'ForwardMessage',
        example: {
          targets: [
            { roomId: '019aab34-9f8e-7d6c-8b5a-493827160504', clientId: '0d9c8b7a-6f5e-4d3c-8b2a-190807f6e5d4' },
          ],
        },
      },
    },
  },
);
