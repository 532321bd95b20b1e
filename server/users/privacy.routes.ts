import { z } from 'zod';
import type { EraseMe, ErasureReport, Id } from '@co-talk/sdk/protocol';
import type { Context } from '../context.ts';
import { Answer, type Routes } from '../http.ts';
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
