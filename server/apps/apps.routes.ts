import { z } from 'zod';
import type { AppSettings, CreateApp, CreateKey, OperatorSignIn, RotateKey, UpdateApp } from '@co-talk/sdk/protocol';
import { LIMITS } from '@co-talk/sdk/protocol';
import { listAudit } from '../audit/audit.ts';
import { AppError } from '../errors.ts';
import { Answer, type Routes } from '../http.ts';
import { cleanText, id, queryLimit, validator } from '../validate.ts';
import { config } from './apps.ts';
import { consoleCookie, writeConsoleCookie } from './console-cookie.ts';
import { createKey, listKeys, revokeKey, rotateKey } from './keys.ts';
import { createApp, listApps, removeApp, showApp, updateApp } from './manage.ts';
import { signInOperator, signOutOperator } from './operator.ts';

const settings: z.ZodType<Partial<AppSettings>> = z.strictObject({
  emailSearch: z.enum(['partial', 'exact', 'off']).exactOptional(),
  guestRetentionDays: z.int().min(1).max(3650).exactOptional(),
  requireVerifiedEmail: z.boolean().exactOptional(),
  messageLength: z.int().min(1).max(LIMITS.messageLength).nullable().exactOptional(),
});
const name = cleanText(100).trim().min(1);
const changes = {
  origins: z.array(z.string().max(300)).exactOptional(),
  noOrigin: z.boolean().exactOptional(),
  accounts: z.boolean().exactOptional(),
  guests: z.boolean().exactOptional(),
  hostUsers: z.boolean().exactOptional(),
  jwksUrl: z.string().max(2000).nullable().exactOptional(),
  settings: settings.exactOptional(),
};
const createBody: z.ZodType<CreateApp> = z.strictObject({ id: z.string().max(64).exactOptional(), name, ...changes });
const updateBody: z.ZodType<UpdateApp> = z.strictObject({ name: name.exactOptional(), ...changes });
const pem = z.string().max(2000);
const keyBody: z.ZodType<CreateKey> = z.strictObject({
  kind: z.enum(['secret', 'signing', 'public']),
  name,
  publicKey: pem.exactOptional(),
});
const rotateBody: z.ZodType<RotateKey> = z.strictObject({
  overlapHours: z.int().min(0).max(720),
  publicKey: pem.exactOptional(),
});
const signInBody: z.ZodType<OperatorSignIn> = z.strictObject({ key: cleanText(200) });
const auditQuery = validator(
  z.strictObject({
    ...{ cursor: id.optional(), limit: queryLimit },
    action: z
      .string()
      .max(64)
      .regex(/^[a-z-]+(\.[a-z-]+)?$/, 'must be like key or key.create')
      .optional(),
    by: z.enum(['operator', 'key', 'user', 'system']).optional(),
    since: z.iso.datetime().optional(),
    until: z.iso.datetime().optional(),
  }),
);

export function appRoutes(routes: Routes): void {
  routes.open(
    'get',
    '/apps/:appId/config',
    {},
    ({ params }) => params.appId,
    (ctx) => config(ctx),
  );

  routes.operator('get', '/admin/apps', {}, async (db) => ({ items: await listApps(db), next: null }));
  routes.operator('post', '/admin/apps', { body: validator(createBody) }, async (db, { config }, by, { body }) => {
    return new Answer(201, await createApp(db, config, by, body));
  });
  routes.operator('get', '/admin/audit', { query: auditQuery }, (db, _services, _by, { query }) =>
    listAudit(db.orm.em.fork(), { appId: null, ...query }),
  );
  routes.operator('delete', '/admin/apps/:appId', {}, (db, _services, by, { params }) =>
    removeApp(db, by, params.appId),
  );

  routes.admin('get', '/admin/apps/:appId', {}, (ctx) => showApp(ctx.db, ctx.appId));
  routes.admin('patch', '/admin/apps/:appId', { body: validator(updateBody) }, (ctx, by, { body }) =>
    updateApp(ctx.db, ctx.config, by, ctx.appId, body),
  );
  routes.admin('get', '/admin/apps/:appId/keys', {}, (ctx) => listKeys(ctx));
  routes.admin('post', '/admin/apps/:appId/keys', { body: validator(keyBody) }, async (ctx, by, { body }) => {
    return new Answer(201, await createKey(ctx, by, body));
  });
  routes.admin(
    'post',
    '/admin/apps/:appId/keys/:key/rotate',
    { body: validator(rotateBody) },
    async (ctx, by, input) => {
      return new Answer(201, await rotateKey(ctx, by, input.params.key, input.body));
    },
  );
  routes.admin('delete', '/admin/apps/:appId/keys/:key', {}, (ctx, by, { params }) => revokeKey(ctx, by, params.key));
  routes.admin('get', '/admin/apps/:appId/audit', { query: auditQuery }, (ctx, _by, { query }) =>
    listAudit(ctx.em, { appId: ctx.appId, ...query }),
  );

  routes.bare(
    'post',
    '/admin/session',
    { body: validator(signInBody) },
    async (db, { config, limits }, { body, address }) => {
      const cookie = await signInOperator(db, config, body.key).catch((error: unknown) =>
        limits.guesses.wrongKey(address, error),
      );
      return new Answer(204, undefined, { 'Set-Cookie': writeConsoleCookie(cookie, config.publicUrl) });
    },
  );
  routes.operator('get', '/admin/session', {}, (_db, { config }) =>
    Promise.resolve({ operator: true, server: config.publicUrl }),
  );
  routes.operator('delete', '/admin/session', {}, async (db, { config }, _by, { header }) => {
    const cookie = consoleCookie(header);
    if (cookie === undefined) throw new AppError('invalid_request', 'unable to sign out; this is no console session');
    await signOutOperator(db, cookie);
    return new Answer(204, undefined, { 'Set-Cookie': writeConsoleCookie('', config.publicUrl) });
  });
}
