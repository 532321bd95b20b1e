import { adminApp, appKey, auditEntry, createdKey, operatorSession } from '../openapi/admin-schemas.ts';
import { appConfig } from '../openapi/auth-schemas.ts';
import { docs } from '../openapi/docs.ts';
import { page } from '../openapi/wire.ts';

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
