import { z } from 'zod';
import { docs } from '../openapi/docs.ts';
import { member, room, roomMe } from '../openapi/room-schemas.ts';
import { count, page, revisedPage } from '../openapi/wire.ts';

export const roomDocs = docs('Rooms', 'Where people talk. Rooms of others answer like rooms that do not exist.', {
  'GET /rooms': {
    summary: 'List rooms',
    notes: 'By last activity, the newest first. A room that moves meanwhile may come twice: drop repeats by `id`.',
    answers: { 200: revisedPage(room) },
  },
  'POST /rooms': {
    summary: 'Open a room',
    notes: '`200` with the room where the two have one already.',
    answers: { 201: room, 200: room },
    errors: ['not_found', 'blocked'],
    body: { name: 'CreateRoom', example: { type: 'direct', userId: '019aab34-6b1c-7d2e-8f30-4a5b6c7d8e9f' } },
  },
  'GET /rooms/:id': { summary: 'Read a room', answers: { 200: room } },
  'PATCH /rooms/:id/me': {
    summary: 'Mute, pin or hide a room',
    notes: 'For oneself alone.',
    answers: { 200: roomMe },
    body: { name: 'UpdateRoomMe', example: { muted: true } },
  },
  'GET /rooms/:id/members': { summary: 'List members', answers: { 200: page(member) } },
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
