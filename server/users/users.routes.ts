import { z } from 'zod';
import { LIMITS, type UpdateMe } from '@co-talk/sdk/protocol';
import type { PageQuery } from '../cursor.ts';
import type { Routes } from '../http.ts';
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
