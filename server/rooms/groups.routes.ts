import { z } from 'zod';
import { LIMITS, type AddMembers, type UpdateMember, type UpdateRoom } from '@co-talk/sdk/protocol';
import type { Routes } from '../http.ts';
import { docs } from '../openapi/docs.ts';
import { member, memberPage, room } from '../openapi/room-schemas.ts';
import { page } from '../openapi/wire.ts';
import { PICTURE_TYPES } from '../users/picture.ts';
import { cleanText, id, queryCursor, queryLimit, validator } from '../validate.ts';
import { leaveRoom } from './leave.ts';
import { members } from './members.ts';
import { addMembers, removeMember } from './membership.ts';
import { changeRole } from './roles.ts';
import { roomName } from './room-name.ts';
import { closeRoom, setRoomPicture, updateRoom } from './update.ts';

const membersQuery = validator(
  z.strictObject({ q: cleanText(LIMITS.searchMax).min(1).optional(), cursor: queryCursor, limit: queryLimit }),
);
const addBody = validator<AddMembers>(z.strictObject({ userIds: z.array(id).min(1).max(LIMITS.groupMembers) }));
const roleBody = validator<UpdateMember>(z.strictObject({ role: z.enum(['owner', 'admin', 'member']) }));
const updateBody = validator<UpdateRoom>(z.strictObject({ name: roomName.exactOptional() }));
const photo = validator<Buffer>(z.instanceof(Buffer));
const binary = { types: PICTURE_TYPES, bytes: LIMITS.avatarBytes };

export function groupRoutes(routes: Routes): void {
  routes.on('patch', '/rooms/:id', { body: updateBody }, (ctx, actor, { params, body }) =>
    updateRoom(ctx, actor, params.id, body),
  );
  routes.on('delete', '/rooms/:id', {}, (ctx, actor, { params }) => closeRoom(ctx, actor, params.id));
  routes.on('put', '/rooms/:id/picture', { body: photo, binary }, (ctx, actor, { params, body }) =>
    setRoomPicture(ctx, actor, params.id, body),
  );
  routes.on('delete', '/rooms/:id/picture', {}, (ctx, actor, { params }) =>
    setRoomPicture(ctx, actor, params.id, null),
  );
  routes.on('get', '/rooms/:id/members', { query: membersQuery }, (ctx, actor, { params, query }) =>
    members(ctx, actor, params.id, query),
  );
  routes.on('post', '/rooms/:id/members', { body: addBody }, (ctx, actor, { params, body }) =>
    addMembers(ctx, actor, params.id, body.userIds),
  );
  routes.on('patch', '/rooms/:id/members/:userId', { body: roleBody }, (ctx, actor, { params, body }) =>
    changeRole(ctx, actor, params.id, params.userId, body.role),
  );
  routes.on('delete', '/rooms/:id/members/:userId', {}, (ctx, actor, { params }) =>
    removeMember(ctx, actor, params.id, params.userId),
  );
  routes.on('post', '/rooms/:id/leave', {}, (ctx, actor, { params }) => leaveRoom(ctx, actor, params.id));
}

export const groupDocs = docs(
  'Groups',
  'Rooms of many: who is in them, and what they are called. An owner, admins and members; a room always has an owner.',
  {
    'PATCH /rooms/:id': {
      summary: 'Rename a room',
      notes: 'By its owner or an admin.',
      answers: { 200: room },
      errors: ['forbidden'],
      body: { name: 'UpdateRoom', example: { name: 'Tea club' } },
    },
    'DELETE /rooms/:id': {
      summary: 'Close a room',
      notes: 'By its owner: nobody is in it any more.',
      answers: { 204: null },
      errors: ['forbidden'],
    },
    'PUT /rooms/:id/picture': {
      summary: 'Set a room’s picture',
      notes: `By its owner or an admin. A JPEG, PNG or WebP file of at most ${String(LIMITS.avatarBytes / 1024)} KB and 4096 × 4096 pixels.`,
      answers: { 200: room },
      errors: ['forbidden', 'too_large', 'unsupported_media', 'overloaded'],
    },
    'DELETE /rooms/:id/picture': { summary: 'Remove a room’s picture', answers: { 200: room }, errors: ['forbidden'] },
    'GET /rooms/:id/members': {
      summary: 'List members',
      notes:
        'The owner, admins, then the others, each in order of joining. `rev` is the room’s, read before the rows: changes above it may be missing.',
      answers: { 200: memberPage },
    },
    'POST /rooms/:id/members': {
      summary: 'Add people to a room',
      notes:
        'By its owner or an admin. Answers those who have come in; who was in it already stays. In a group they read what is written from then on.',
      answers: { 200: page(member) },
      errors: ['forbidden', 'blocked', 'too_large'],
      body: { name: 'AddMembers', example: { userIds: ['019aab34-6b1c-7d2e-8f30-4a5b6c7d8e9f'] } },
    },
    'PATCH /rooms/:id/members/:userId': {
      summary: 'Change a member’s role',
      notes: 'By its owner. With `owner`, the room is handed over: whoever had it is an admin then.',
      answers: { 200: member },
      errors: ['forbidden', 'conflict'],
      body: { name: 'UpdateMember', example: { role: 'admin' } },
    },
    'DELETE /rooms/:id/members/:userId': {
      summary: 'Remove a member',
      notes:
        'By its owner, or an admin where it is a member. They hear nothing more on any node within two seconds, and come back only where they are added.',
      answers: { 204: null },
      errors: ['forbidden', 'conflict'],
    },
    'POST /rooms/:id/leave': {
      summary: 'Leave a room',
      notes:
        'Where its owner leaves, the admin who has been there longest is the next one, or else the member. Without members, it is over.',
      answers: { 204: null },
      errors: ['forbidden'],
    },
  },
);
