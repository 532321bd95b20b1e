import { z } from 'zod';
import { LIMITS, type CreateRoom, type MarkRead, type UpdateRoomMe } from '@co-talk/sdk/protocol';
import { Answer, type Routes } from '../http.ts';
import { docs } from '../openapi/docs.ts';
import { room, roomMe } from '../openapi/room-schemas.ts';
import { count, revisedPage } from '../openapi/wire.ts';
import { cleanText, counter, id, queryCursor, queryLimit, validator } from '../validate.ts';
import { createOwnRoom } from './groups.ts';
import { markRead, unreadCount } from './read.ts';
import { roomName } from './room-name.ts';
import { createRoom, listRooms, roomFor, updateRoomMe } from './rooms.ts';

const pageQuery = validator(z.strictObject({ cursor: queryCursor, limit: queryLimit }));
const createBody = validator<CreateRoom>(
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('direct'), userId: id }),
    z.strictObject({
      type: z.enum(['group', 'channel']),
      name: roomName,
      memberIds: z.array(id).max(LIMITS.groupMembers).exactOptional(),
      clientId: cleanText(LIMITS.clientIdMax).min(1).exactOptional(),
    }),
  ]),
);
const updateMeBody = validator<UpdateRoomMe>(
  z.strictObject({ muted: z.boolean().optional(), pinned: z.boolean().optional(), hidden: z.boolean().optional() }),
);
const readBody = validator<MarkRead>(z.strictObject({ seq: counter }));

export function roomRoutes(routes: Routes): void {
  routes.on('get', '/rooms', { query: pageQuery }, (ctx, actor, { query }) => listRooms(ctx, actor, query));
  routes.on('post', '/rooms', { body: createBody }, async (ctx, actor, { body }) => {
    const { room, created } =
      body.type === 'direct' ? await createRoom(ctx, actor, body) : await createOwnRoom(ctx, actor, body);
    return new Answer(created ? 201 : 200, room);
  });
  routes.on('get', '/rooms/:id', {}, (ctx, actor, { params }) => roomFor(ctx, actor.userId, params.id));
  routes.on('patch', '/rooms/:id/me', { body: updateMeBody }, (ctx, actor, { params, body }) =>
    updateRoomMe(ctx, actor, params.id, body),
  );
  routes.on('post', '/rooms/:id/read', { body: readBody }, (ctx, actor, { params, body }) =>
    markRead(ctx, actor, { roomId: params.id, seq: body.seq }),
  );
  routes.on('get', '/me/unread', {}, (ctx, actor) => unreadCount(ctx, actor));
}

export const roomDocs = docs('Rooms', 'Where people talk. Rooms of others answer like rooms that do not exist.', {
  'GET /rooms': {
    summary: 'List rooms',
    notes: 'By last activity, the newest first. A room that moves meanwhile may come twice: drop repeats by `id`.',
    answers: { 200: revisedPage(room) },
  },
  'POST /rooms': {
    summary: 'Open a room',
    notes:
      '`200` with the room where the two have one already, or where a group or channel was made with this `clientId` before. Whoever makes a group or channel owns it.',
    answers: { 201: room, 200: room },
    errors: ['not_found', 'blocked', 'forbidden'],
    body: { name: 'CreateRoom', example: { type: 'direct', userId: '019aab34-6b1c-7d2e-8f30-4a5b6c7d8e9f' } },
  },
  'GET /rooms/:id': { summary: 'Read a room', answers: { 200: room } },
  'PATCH /rooms/:id/me': {
    summary: 'Mute, pin or hide a room',
    notes: 'For oneself alone. What is hidden comes back with the next message.',
    answers: { 200: roomMe },
    body: { name: 'UpdateRoomMe', example: { muted: true } },
  },
  'POST /rooms/:id/read': {
    summary: 'Mark as read',
    notes: 'Everything up to `seq`. The mark only moves forward, never past the last message.',
    answers: { 204: null },
    body: { name: 'MarkRead', example: { seq: 41 } },
  },
  'GET /me/unread': {
    summary: 'Count unread messages',
    notes: 'Over all rooms that are neither muted nor hidden: cheap, for a badge.',
    answers: { 200: z.object({ count }) },
  },
});
