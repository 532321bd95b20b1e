import { z } from 'zod';
import type { CreateRoom, MarkRead, UpdateRoomMe } from '@co-talk/sdk/protocol';
import { Answer, type Routes } from '../http.ts';
import { counter, id, queryCursor, queryLimit, validator } from '../validate.ts';
import { members } from './members.ts';
import { markRead, unreadCount } from './read.ts';
import { createRoom, listRooms, roomFor, updateRoomMe } from './rooms.ts';

const page = validator(z.strictObject({ cursor: queryCursor, limit: queryLimit }));
const createBody = validator<CreateRoom>(z.strictObject({ type: z.literal('direct'), userId: id }));
const updateMeBody = validator<UpdateRoomMe>(
  z.strictObject({ muted: z.boolean().optional(), pinned: z.boolean().optional(), hidden: z.boolean().optional() }),
);
const readBody = validator<MarkRead>(z.strictObject({ seq: counter }));

export function roomRoutes(routes: Routes): void {
  routes.on('get', '/rooms', { query: page }, (ctx, actor, { query }) => listRooms(ctx, actor, query));
  routes.on('post', '/rooms', { body: createBody }, async (ctx, actor, { body }) => {
    const { room, created } = await createRoom(ctx, actor, body);
    return new Answer(created ? 201 : 200, room);
  });
  routes.on('get', '/rooms/:id', {}, (ctx, actor, { params }) => roomFor(ctx, actor.userId, params.id));
  routes.on('patch', '/rooms/:id/me', { body: updateMeBody }, (ctx, actor, { params, body }) =>
    updateRoomMe(ctx, actor, params.id, body),
  );
  routes.on('get', '/rooms/:id/members', {}, (ctx, actor, { params }) => members(ctx, actor, params.id));
  routes.on('post', '/rooms/:id/read', { body: readBody }, (ctx, actor, { params, body }) =>
    markRead(ctx, actor, { roomId: params.id, seq: body.seq }),
  );
  routes.on('get', '/me/unread', {}, (ctx, actor) => unreadCount(ctx, actor));
}
