import { z } from 'zod';
import {
  type AppSettings,
  type CreateApp,
  type CreateKey,
  type OperatorSignIn,
  type RotateKey,
  type UpdateApp,
  LIMITS,
} from '@co-talk/sdk/protocol';
import { listAudit } from '../audit/audit.ts';
import { AppError } from '../errors.ts';
import { Answer, type Routes } from '../http.ts';
import { adminApp, appKey, auditEntry, createdKey, operatorSession } from '../openapi/admin-schemas.ts';
import { appConfig } from '../openapi/auth-schemas.ts';
import { docs } from '../openapi/docs.ts';
import { page } from '../openapi/wire.ts';
import { cleanText, id, instant, queryLimit, validator } from '../validate.ts';
import { config } from './apps.ts';
import { consoleCookie, writeConsoleCookie } from './console-cookie.ts';
import { createKey, listKeys, revokeKey, rotateKey } from './keys.ts';
import { createApp, listApps, removeApp, showApp, updateApp } from './manage.ts';
import { signInOperator, signOutOperator } from './operator.ts';

/** Ten years: whoever wants no end says so. */
const EDIT_MINUTES = 5_256_000;

const settings: z.ZodType<Partial<AppSettings>> = z.strictObject({
  emailSearch: z.enum(['partial', 'exact', 'off']).exactOptional(),
  guestRetentionDays: z.int().min(1).max(3650).exactOptional(),
  requireVerifiedEmail: z.boolean().exactOptional(),
  messageLength: z.int().min(1).max(LIMITS.messageLength).nullable().exactOptional(),
  editWindowMinutes: z.int().min(0).max(EDIT_MINUTES).nullable().exactOptional(),
  fileBytes: z.int().min(0).max(LIMITS.fileBytes).exactOptional(),
  fileBytesPerUser: z.int().min(0).exactOptional(),
  fileBytesPerApp: z.int().min(0).exactOptional(),
});
const name = cleanText(100).trim().min(1);
const changes = {
  origins: z.array(z.string().max(300)).exactOptional(),
  noOrigin: z.boolean().exactOptional(),
  accounts: z.boolean().exactOptional(),
  guests: z.boolean().exactOptional(),
  hostUsers: z.boolean().exactOptional(),
  jwksUrl: cleanText(2000).min(1).nullable().exactOptional(),
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
    since: instant().optional(),
    until: instant().optional(),
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

export const appDocs = docs('App', 'What a client must know before anybody signs in.', {
  'GET /apps/:appId/config': { summary: 'Read the public settings of an app', answers: { 200: appConfig } },
});

export const manageDocs = docs(
  'Managing apps',
  'Apps, their keys, and what was done with them: for the operator, and for an app by a secret key of its own.',
  {
    'GET /admin/apps': { summary: 'List apps', answers: { 200: page(adminApp) } },
    'POST /admin/apps': {
      summary: 'Create an app',
      answers: { 201: adminApp },
      errors: ['conflict'],
      body: { name: 'CreateApp', example: { name: 'Kettles & Co.', origins: ['https://shop.example'], guests: true } },
    },
    'GET /admin/apps/:appId': { summary: 'Read an app', answers: { 200: adminApp } },
    'PATCH /admin/apps/:appId': {
      summary: 'Change an app',
      notes: 'Holds on every node within seconds.',
      answers: { 200: adminApp },
      body: { name: 'UpdateApp', example: { origins: ['https://shop.example', 'https://*.kettles.example'] } },
    },
    'DELETE /admin/apps/:appId': {
      summary: 'Remove an app',
      notes: 'With everything in it. Nobody can use it from that moment on; its id is never given out again.',
      answers: { 204: null },
      errors: ['app_unknown'],
    },
    'GET /admin/apps/:appId/keys': {
      summary: 'List the keys of an app',
      answers: { 200: page(appKey) },
    },
    'POST /admin/apps/:appId/keys': {
      summary: 'Create a key',
      notes: 'This answer is the only one that ever holds the secret.',
      answers: { 201: createdKey },
      body: { name: 'CreateKey', example: { kind: 'signing', name: 'Shop server' } },
    },
    'POST /admin/apps/:appId/keys/:key/rotate': {
      summary: 'Replace a key',
      notes: 'By one of the same kind and name. The old one holds for `overlapHours` more.',
      answers: { 201: createdKey },
      body: { name: 'RotateKey', example: { overlapHours: 24 } },
    },
    'DELETE /admin/apps/:appId/keys/:key': {
      summary: 'Revoke a key',
      notes: 'At once. Sessions that it has vouched for end.',
      answers: { 204: null },
    },
    'GET /admin/apps/:appId/audit': {
      summary: 'Read the audit log of an app',
      notes: 'The newest first. `action` is one, `key.create`, or all of a noun, `key`.',
      answers: { 200: page(auditEntry) },
    },
    'GET /admin/audit': {
      summary: 'Read the audit log',
      notes:
        'Of the installation and of all apps, the newest first. `action` is one, `key.create`, or all of a noun, `key`.',
      answers: { 200: page(auditEntry) },
    },
  },
);

export const consoleDocs = docs('Console', 'The session of the console, in a cookie.', {
  'POST /admin/session': {
    summary: 'Sign in to the console',
    notes: 'The answer sets the cookie.',
    answers: { 204: null },
    errors: ['unauthenticated'],
    body: { name: 'OperatorSignIn', example: { key: 'the OPERATOR_KEY of the server' } },
  },
  'GET /admin/session': {
    summary: 'Ask who one is',
    answers: { 200: operatorSession },
  },
  'DELETE /admin/session': { summary: 'Sign out of the console', answers: { 204: null } },
});
