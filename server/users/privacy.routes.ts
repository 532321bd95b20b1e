import { z } from 'zod';
import type { EraseMe, ErasureReport, Id } from '@co-talk/sdk/protocol';
import type { Context } from '../context.ts';
import { Answer, type Routes } from '../http.ts';
import { docs } from '../openapi/docs.ts';
import { erasureReport, userExport } from '../openapi/privacy-schemas.ts';
import { cleanText, validator, withSchema } from '../validate.ts';
import { eraseMe, patience } from './erase-me.ts';
import { eraseUser } from './erase.ts';
import { exportUser } from './export.ts';

const eraseBody: z.ZodType<EraseMe> = z.strictObject({ password: cleanText(1000).optional() });
const readErase = withSchema((input) => validator(eraseBody)(input ?? {}), eraseBody);

export function privacyRoutes(routes: Routes): void {
  routes.on('get', '/me/export', {}, (ctx, actor) => download(ctx, actor.userId));
  routes.on('delete', '/me', { body: readErase }, async (ctx, actor, { body }) =>
    answer(await eraseMe(ctx, actor, body)),
  );
  routes.admin('get', '/admin/apps/:appId/users/:userId/export', {}, (ctx, _by, { params }) =>
    download(ctx, params.userId),
  );
  routes.admin('delete', '/admin/apps/:appId/users/:userId', {}, async (ctx, by, { params }) =>
    answer(await eraseUser(ctx, params.userId, by, patience())),
  );
}

const answer = (report: ErasureReport) => new Answer(report.finishedAt === null ? 202 : 200, report);

async function download(ctx: Context, userId: Id): Promise<Answer> {
  const { name, bytes, body } = await exportUser(ctx, userId);
  return new Answer(200, body, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(bytes),
    'Content-Disposition': `attachment; filename="${name}"`,
  });
}

const EXPORT_NOTES =
  'One JSON file of one moment: profile, picture, devices, friends, requests, blocks, rooms with read markers, what the person has reported, and the messages that they have written. What others wrote is not in it.';
const ERASE_NOTES =
  'The profile, the devices and the picture are gone with the answer; friendships, memberships and the texts of messages in batches, which go on by themselves where the answer is 202. Messages keep their place, as deleted ones of a user of kind `deleted`.';

export const privacyDocs = docs('Privacy', 'What is kept of a person: to be had, and to be removed.', {
  'GET /me/export': { summary: 'Export everything of oneself', notes: EXPORT_NOTES, answers: { 200: userExport } },
  'DELETE /me': {
    summary: 'Erase oneself',
    notes: `Accounts confirm with their password. ${ERASE_NOTES}`,
    answers: { 200: erasureReport, 202: erasureReport },
    body: { name: 'EraseMe', example: { password: 'kettle-on-the-hob' } },
  },
  'GET /admin/apps/:appId/users/:userId/export': {
    summary: 'Export everything of a user',
    notes: EXPORT_NOTES,
    answers: { 200: userExport },
  },
  'DELETE /admin/apps/:appId/users/:userId': {
    summary: 'Erase a user',
    notes: `${ERASE_NOTES} Asking again tells how far it is.`,
    answers: { 200: erasureReport, 202: erasureReport },
  },
});
