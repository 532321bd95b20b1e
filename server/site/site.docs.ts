import { adminRoom, adminUser, importedUser } from '../openapi/site-schemas.ts';
import { docs } from '../openapi/docs.ts';
import { member, message, messagePage } from '../openapi/room-schemas.ts';
import { page } from '../openapi/wire.ts';
import { z } from 'zod';

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
