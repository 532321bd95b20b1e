import { z } from 'zod';
import {
  LIMITS,
  type CreateAdminRoom,
  type ImportUser,
  type ImportUsers,
  type PostAsBot,
  type UpdateAdminUser,
} from '@co-talk/sdk/protocol';
import { Answer, type Routes } from '../http.ts';
import { historyQuery } from '../messages/messages.routes.ts';
import { removeMessage } from '../messages/remove.ts';
import { docs } from '../openapi/docs.ts';
import { member, message, messagePage } from '../openapi/room-schemas.ts';
import { adminRoom, adminUser, importedUser } from '../openapi/site-schemas.ts';
import { page } from '../openapi/wire.ts';
import { roomName } from '../rooms/room-name.ts';
import { disableUser } from '../users/disable.ts';
import { cleanText, id, queryCursor, queryLimit, validator } from '../validate.ts';
import { createRoom, listRooms, postAsBot, readHistory, showMembers, showRoom } from './site-rooms.ts';
import { importUsers, listUsers, showUser } from './site-users.ts';

const usersQuery = validator(
  z.strictObject({ q: cleanText(LIMITS.searchMax).min(1).optional(), cursor: queryCursor, limit: queryLimit }),
);
const roomsQuery = validator(z.strictObject({ userId: id.optional(), cursor: queryCursor, limit: queryLimit }));
const pageQuery = validator(z.strictObject({ cursor: queryCursor, limit: queryLimit }));
const user: z.ZodType<ImportUser> = z.strictObject({
  externalId: cleanText(200).min(1),
  kind: z.enum(['host', 'bot']).exactOptional(),
  nickname: cleanText(1_000),
  avatarUrl: cleanText(2_000).nullable().exactOptional(),
  email: cleanText(LIMITS.emailMax).nullable().exactOptional(),
  disabled: z.boolean().exactOptional(),
});
const importBody: z.ZodType<ImportUsers> = z.strictObject({ users: z.array(user).min(1).max(LIMITS.importUsers) });
const userBody: z.ZodType<UpdateAdminUser> = z.strictObject({ disabled: z.boolean() });
const roomBody: z.ZodType<CreateAdminRoom> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('direct'), userIds: z.tuple([id, id]) }),
  z.strictObject({
    type: z.literal('group'),
    name: roomName,
    memberIds: z.array(id).min(1).max(LIMITS.groupMembers),
    clientId: cleanText(LIMITS.clientIdMax).min(1).exactOptional(),
  }),
]);
const postBody: z.ZodType<PostAsBot> = z.strictObject({
  userId: id,
  clientId: cleanText(LIMITS.clientIdMax).min(1),
  text: z.string(),
});

/** For the site's own server: the people, rooms and messages of its app. */
export function siteRoutes(routes: Routes): void {
  routes.admin('get', '/admin/apps/:appId/users', { query: usersQuery }, (ctx, _by, { query }) =>
    listUsers(ctx, query),
  );
  routes.admin('post', '/admin/apps/:appId/users', { body: validator(importBody) }, (ctx, by, { body }) =>
    importUsers(ctx, by, body.users),
  );
  routes.admin('get', '/admin/apps/:appId/users/:userId', {}, (ctx, _by, { params }) => showUser(ctx, params.userId));
  routes.admin('patch', '/admin/apps/:appId/users/:userId', { body: validator(userBody) }, async (ctx, by, input) => {
    await disableUser(ctx, input.params.userId, input.body.disabled, by);
    return showUser(ctx, input.params.userId);
  });

  routes.admin('get', '/admin/apps/:appId/rooms', { query: roomsQuery }, (ctx, _by, { query }) =>
    listRooms(ctx, query),
  );
  routes.admin('post', '/admin/apps/:appId/rooms', { body: validator(roomBody) }, async (ctx, by, { body }) => {
    const { room, created } = await createRoom(ctx, by, body);
    return new Answer(created ? 201 : 200, room);
  });
  routes.admin('get', '/admin/apps/:appId/rooms/:roomId', {}, (ctx, _by, { params }) => showRoom(ctx, params.roomId));
  routes.admin('get', '/admin/apps/:appId/rooms/:roomId/members', { query: pageQuery }, (ctx, _by, input) =>
    showMembers(ctx, input.params.roomId, input.query),
  );
  routes.admin('get', '/admin/apps/:appId/rooms/:roomId/messages', { query: historyQuery }, (ctx, by, input) =>
    readHistory(ctx, by, input.params.roomId, input.query),
  );
  routes.admin(
    'post',
    '/admin/apps/:appId/rooms/:roomId/messages',
    { body: validator(postBody) },
    async (ctx, _by, input) => {
      const { message, stored } = await postAsBot(ctx, input.params.roomId, input.body);
      return new Answer(stored ? 201 : 200, message);
    },
  );
  routes.admin('delete', '/admin/apps/:appId/rooms/:roomId/messages/:messageId', {}, (ctx, by, { params }) =>
    removeMessage(ctx, by, params.roomId, params.messageId),
  );
}

const USER_ID = '019aab34-6b1c-7d2e-8f30-4a5b6c7d8e9f';

export const siteDocs = docs(
  'For the site’s server',
  'The people, rooms and messages of an app, for the site’s own server, by a secret key. Nothing of another app is ever seen.',
  {
    'GET /admin/apps/:appId/users': {
      summary: 'List users',
      notes: 'The newest first. `q` is a part of the nickname or the e-mail address, or a whole `externalId`.',
      answers: { 200: page(adminUser) },
    },
    'POST /admin/apps/:appId/users': {
      summary: 'Create and change users in bulk',
      notes:
        'Users of the site and bots, by the site’s own ids. One that is refused holds up no other; the same again changes nothing.',
      answers: { 200: z.object({ items: z.array(importedUser) }) },
      body: { name: 'ImportUsers', example: { users: [{ externalId: '4711', nickname: 'Ada' }] } },
    },
    'GET /admin/apps/:appId/users/:userId': { summary: 'Read a user', answers: { 200: adminUser } },
    'PATCH /admin/apps/:appId/users/:userId': {
      summary: 'Shut a user out, or let them in again',
      answers: { 200: adminUser },
      body: { name: 'UpdateAdminUser', example: { disabled: true } },
    },
    'GET /admin/apps/:appId/rooms': {
      summary: 'List rooms',
      notes: 'By last activity, the newest first; with `userId`, those that somebody is in.',
      answers: { 200: page(adminRoom) },
    },
    'POST /admin/apps/:appId/rooms': {
      summary: 'Create a room',
      notes: '`200` with the room where there is one already: for two people, or by the same `clientId`.',
      answers: { 201: adminRoom, 200: adminRoom },
      errors: ['not_found', 'blocked'],
      body: { name: 'CreateAdminRoom', example: { type: 'group', name: 'Order 4711', memberIds: [USER_ID] } },
    },
    'GET /admin/apps/:appId/rooms/:roomId': { summary: 'Read a room', answers: { 200: adminRoom } },
    'GET /admin/apps/:appId/rooms/:roomId/members': {
      summary: 'List the members of a room',
      answers: { 200: page(member) },
    },
    'GET /admin/apps/:appId/rooms/:roomId/messages': {
      summary: 'Read the messages of a room',
      notes: 'That somebody has looked is written to the audit log.',
      answers: { 200: messagePage },
    },
    'POST /admin/apps/:appId/rooms/:roomId/messages': {
      summary: 'Send a message as a bot',
      notes: 'The bot is a member of the room. `200` where this `clientId` was sent before.',
      answers: { 201: message, 200: message },
      errors: ['forbidden'],
      body: {
        name: 'PostAsBot',
        example: { userId: USER_ID, clientId: 'order-4711-sent', text: 'Your kettle is on its way.' },
      },
    },
    'DELETE /admin/apps/:appId/rooms/:roomId/messages/:messageId': {
      summary: 'Remove a message',
      notes: 'Its content, for everybody; its place is kept.',
      answers: { 200: message },
    },
  },
);
