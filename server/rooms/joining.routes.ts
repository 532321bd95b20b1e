import { z } from 'zod';
import { LIMITS, type CreateInvite, type InviteToken } from '@co-talk/sdk/protocol';
import { Answer, type Routes } from '../http.ts';
import { historyQuery } from '../messages/messages.routes.ts';
import { docs } from '../openapi/docs.ts';
import { createdInvite, invite, messagePage, room, roomPreview } from '../openapi/room-schemas.ts';
import { page } from '../openapi/wire.ts';
import { cleanText, queryCursor, queryLimit, validator } from '../validate.ts';
import { channelHistory, joinChannel, listChannels } from './channels.ts';
import { createInvite, joinByInvite, listInvites, previewInvite, revokeInvite } from './invites.ts';

const channelsQuery = validator(
  z.strictObject({ q: cleanText(LIMITS.searchMax).min(1).optional(), cursor: queryCursor, limit: queryLimit }),
);
const inviteBody = validator<CreateInvite>(
  z.strictObject({
    expiresInHours: z.int().min(1).max(LIMITS.inviteHoursMax).exactOptional(),
    maxUses: z.int().min(1).max(LIMITS.roomMembers).exactOptional(),
  }),
);
const tokenBody = validator<InviteToken>(z.strictObject({ token: cleanText(100).min(1) }));

export function joiningRoutes(routes: Routes): void {
  routes.on('get', '/channels', { query: channelsQuery }, (ctx, actor, { query }) => listChannels(ctx, actor, query));
  routes.on('get', '/channels/:id/messages', { query: historyQuery }, (ctx, _actor, { params, query }) =>
    channelHistory(ctx, params.id, query),
  );
  routes.on('post', '/rooms/:id/join', {}, (ctx, actor, { params }) => joinChannel(ctx, actor, params.id));
  routes.on('get', '/rooms/:id/invites', {}, (ctx, actor, { params }) => listInvites(ctx, actor, params.id));
  routes.on('post', '/rooms/:id/invites', { body: inviteBody }, async (ctx, actor, { params, body }) => {
    return new Answer(201, await createInvite(ctx, actor, params.id, body));
  });
  routes.on('delete', '/rooms/:id/invites/:inviteId', {}, (ctx, actor, { params }) =>
    revokeInvite(ctx, actor, params.id, params.inviteId),
  );
  routes.on('post', '/invites/preview', { body: tokenBody }, (ctx, actor, { body }) =>
    previewInvite(ctx, actor, body.token),
  );
  routes.on('post', '/invites/join', { body: tokenBody }, (ctx, actor, { body }) =>
    joinByInvite(ctx, actor, body.token),
  );
}

const TOKEN = { token: 'kV3nQ8wT1yR6uP0sA5dF2gH7jK4lZ9xC' };

export const joiningDocs = docs(
  'Joining',
  'Public channels, which everybody of the app finds and joins, and links by which people join a room.',
  {
    'GET /channels': {
      summary: 'Browse channels',
      notes: 'Those with most members first; `q` is a part of the name.',
      answers: { 200: page(roomPreview) },
    },
    'GET /channels/:id/messages': {
      summary: 'Read a channel before joining it',
      notes: 'Pages as of any room, for everybody of the app.',
      answers: { 200: messagePage },
    },
    'POST /rooms/:id/join': {
      summary: 'Join a channel',
      notes: 'Who is in it already stays. Who was removed has to be added.',
      answers: { 200: room },
      errors: ['forbidden', 'too_large'],
    },
    'GET /rooms/:id/invites': {
      summary: 'List invite links',
      notes: 'By its owner or an admin: those that can still be used, without their tokens.',
      answers: { 200: page(invite) },
      errors: ['forbidden'],
    },
    'POST /rooms/:id/invites': {
      summary: 'Make an invite link',
      notes: 'By its owner or an admin. The token is told this once; what the link looks like is the site’s choice.',
      answers: { 201: createdInvite },
      errors: ['forbidden', 'too_large'],
      body: { name: 'CreateInvite', example: { expiresInHours: 168, maxUses: 10 } },
    },
    'DELETE /rooms/:id/invites/:inviteId': {
      summary: 'Revoke an invite link',
      notes: 'By its owner or an admin.',
      answers: { 204: null },
      errors: ['forbidden'],
    },
    'POST /invites/preview': {
      summary: 'See what an invite link leads to',
      answers: { 200: roomPreview },
      errors: ['not_found'],
      body: { name: 'InviteToken', example: TOKEN },
    },
    'POST /invites/join': {
      summary: 'Join a room by an invite link',
      notes: 'Who is in it already stays. Who was removed has to be added.',
      answers: { 200: room },
      errors: ['not_found', 'forbidden', 'too_large'],
      body: { name: 'InviteToken', example: TOKEN },
    },
  },
);
