import { refreshed, sessionInfo, signedIn } from '../openapi/auth-schemas.ts';
import { docs } from '../openapi/docs.ts';
import { page } from '../openapi/wire.ts';

export const authDocs = docs('Signing in', 'Accounts, and the devices on which people are signed in.', {
  'POST /auth/signup': {
    summary: 'Open an account',
    notes:
      'Opens an account with an e-mail address and a password, and signs in. `errors` names every field that is wrong.',
    answers: { 201: signedIn },
    errors: ['invalid_email', 'invalid_nickname', 'weak_password', 'email_taken', 'nickname_taken'],
    body: {
      name: 'SignUp',
      example: { app: 'default', email: 'ada@example.com', password: 'kettle-on-the-hob', nickname: 'Ada' },
    },
  },
  'POST /auth/login': {
    summary: 'Sign in',
    notes: 'An unknown address, a wrong password and a disabled account answer alike, in the same time.',
    answers: { 200: signedIn },
    errors: ['unauthenticated'],
    body: { name: 'LogIn', example: { app: 'default', email: 'ada@example.com', password: 'kettle-on-the-hob' } },
  },
  'POST /auth/refresh': {
    summary: 'Renew the tokens',
    notes:
      'Both tokens change. The refresh token that was used is accepted until its successor is, and 60 s after; an older one ends the session.',
    answers: { 200: refreshed },
    errors: ['session_ended'],
    body: { name: 'Refresh', example: { refreshToken: 'Q2hhbmdlcyB3aXRoIGV2ZXJ5IHVzZQ' } },
  },
  'POST /auth/logout': {
    summary: 'Sign out',
    notes: 'Ends the session of this device. Its sockets are closed on every node.',
    answers: { 204: null },
  },
  'GET /me/sessions': {
    summary: 'List the signed-in devices',
    answers: { 200: page(sessionInfo) },
  },
  'DELETE /me/sessions/:id': { summary: 'Sign a device out', answers: { 204: null } },
});
