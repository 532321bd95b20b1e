import { z } from 'zod';
import { LIMITS, type UpdateMe } from '@co-talk/sdk/protocol';
import type { PageQuery } from '../cursor.ts';
import type { Routes } from '../http.ts';
import { docs } from '../openapi/docs.ts';
import { foundUser, me, user } from '../openapi/user-schemas.ts';
import { page } from '../openapi/wire.ts';
import { cleanText, queryLimit, validator } from '../validate.ts';
import { searchUsers } from './search.ts';
import { getMe, getUser, updateMe } from './users.ts';

/** Generous: what a nickname and a text about oneself may be is for the actions to say. */
const FORM_MAX = 1000;
/** A cursor of a search holds a nickname. */
const CURSOR_MAX = 2000;

const updateBody: z.ZodType<UpdateMe> = z.strictObject({
  nickname: cleanText(FORM_MAX).optional(),
  about: cleanText(FORM_MAX).nullable().optional(),
  settings: z.strictObject({ findableByEmail: z.boolean().optional() }).optional(),
});
const search: z.ZodType<PageQuery & { q: string }> = z.strictObject({
  q: cleanText(FORM_MAX).trim().min(1).max(LIMITS.searchMax),
  cursor: z.string().min(1).max(CURSOR_MAX).optional(),
  limit: queryLimit,
});

export function userRoutes(routes: Routes): void {
  routes.on('get', '/me', {}, (ctx, actor) => getMe(ctx, actor));
  routes.on('patch', '/me', { body: validator(updateBody) }, (ctx, actor, { body }) => updateMe(ctx, actor, body));
  routes.on('get', '/users', { query: validator(search) }, (ctx, actor, { query }) => searchUsers(ctx, actor, query));
  routes.on('get', '/users/:id', {}, (ctx, actor, { params }) => getUser(ctx, actor, params.id));
}

export const userDocs = docs('People', 'The signed-in user, and the others of the app.', {
  'GET /me': { summary: 'Read the own profile', answers: { 200: me } },
  'PATCH /me': {
    summary: 'Change the own profile',
    notes: 'Friends, and those one has a direct room with, see it at once.',
    answers: { 200: me },
    errors: ['forbidden', 'invalid_nickname', 'nickname_taken'],
    body: { name: 'UpdateMe', example: { nickname: 'Ada', about: 'Makes the kettles sing' } },
  },
  'PUT /me/avatar': {
    summary: 'Upload the own picture',
    notes:
      'A JPEG, PNG or WebP picture of at most 256 KB and 4096 × 4096 pixels. What is kept is a square of 256 pixels, drawn anew: place, camera and whatever else was in the file are gone.',
    answers: { 200: me },
    errors: ['forbidden'],
  },
  'DELETE /me/avatar': { summary: 'Remove the own picture', answers: { 200: me }, errors: ['forbidden'] },
  'GET /users': {
    summary: 'Search people',
    notes:
      'By a part of the nickname or, from 3 characters on, of the e-mail address before its `@`. Never oneself, and nobody who has blocked the one who asks.',
    answers: { 200: page(foundUser) },
  },
  'GET /users/:id': { summary: 'Read a profile', answers: { 200: user } },
});
